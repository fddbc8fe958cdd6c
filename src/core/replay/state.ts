import type { Address } from '../model/address.ts';
import { addBytes, subtractBytes } from '../model/address.ts';
import type { Journal } from '../journal/journal.ts';
import type { StepKind } from '../model/step.ts';
import { STEP_KINDS } from '../model/step.ts';
import type { BootIndex } from './boot-index.ts';
import { KIND, kindTable } from './kinds.ts';
import type { LiveSet } from './live-set.ts';
import { createLiveSet } from './live-set.ts';

/** Where a boot stands behind a step. */
export interface State {
  /** How many steps of a kind there were so far. */
  count(kind: StepKind): number;
  /** Map() calls that failed so far: where the error was printed, and where none is, at the call. */
  readonly failures: number;
  /** Host memory that live mappings hold. */
  readonly liveBytes: Address;
  /** Ids. */
  readonly mappings: LiveSet;
  readonly buffers: LiveSet;
  /** Steps where calls were entered whose result comes later, ascending. */
  readonly openCalls: readonly number[];
}

/** A state that goes from step to step, in both directions. */
export interface MovingState extends State {
  /** Does what a step tells. */
  redo(step: number): void;
  /** Takes it back. */
  undo(step: number): void;
  /** Counts, from now on, the live mappings that are in a set. */
  readonly watch: (set: LiveSet) => Watch;
  snapshot(): Snapshot;
  load(snapshot: Snapshot): void;
}

export interface Watch {
  readonly count: number;
}

/** A state at rest. */
export interface Snapshot {
  readonly counts: Uint32Array;
  readonly failures: number;
  readonly liveBytes: Address;
  readonly mappings: Uint32Array;
  readonly buffers: Uint32Array;
  readonly openCalls: readonly number[];
}

/** Steps that do more than to be counted. */
const CHANGES = kindTable([
  'map-called',
  'mapped',
  'map-failed',
  'mapping-lost',
  'unmapped',
  'allocate-called',
  'allocated',
  'freed',
  'buffer-lost',
]);

/** The state before the first step. */
export function createState({ kinds, subjects, heldBytes }: Journal, index: BootIndex): MovingState {
  const counts = new Uint32Array(STEP_KINDS.length);
  const mappings = createLiveSet(index.mapped.length - 1);
  const buffers = createLiveSet(index.allocated.length - 1);
  let openCalls: number[] = [];
  let failures = 0;
  let liveBytes: Address = 0;
  const watches: { readonly set: LiveSet; count: number }[] = [];

  function setLive(id: number, live: boolean): void {
    const held = heldBytes[id] ?? 0;
    if (live) mappings.add(id);
    else mappings.delete(id);
    liveBytes = live ? addBytes(liveBytes, held) : subtractBytes(liveBytes, held);
    for (const watch of watches) if (watch.set.has(id)) watch.count += live ? 1 : -1;
  }

  function setAllocated(id: number, live: boolean): void {
    if (live) buffers.add(id);
    else buffers.delete(id);
  }

  /** `stepPlusOne`: as the index tells it. Calls nest only a few levels deep. */
  function setOpen(stepPlusOne: number, open: boolean): void {
    const step = stepPlusOne - 1;
    if (step < 0) return;
    const at = openCalls.findIndex((each) => each >= step);
    if (open) openCalls.splice(at < 0 ? openCalls.length : at, 0, step);
    else if (openCalls[at] === step) openCalls.splice(at, 1);
  }

  function change(kind: number, step: number, forth: boolean): void {
    const subject = subjects[step] ?? 0;
    switch (kind) {
      case KIND['map-called']:
        // A failed call is open up to its error; where none is printed, see `open-calls.ts`.
        if (subject > 0 || (index.failedResults[-subject] ?? 0) > 0) setOpen(step + 1, forth);
        else if (subject < 0) failures += forth ? 1 : -1;
        break;
      case KIND.mapped:
        setLive(subject, forth);
        setOpen(index.mapCalls[subject] ?? 0, !forth);
        break;
      case KIND['map-failed']:
        failures += forth ? 1 : -1;
        setOpen(index.failedCalls[-subject] ?? 0, !forth);
        break;
      case KIND['mapping-lost']:
      case KIND.unmapped:
        setLive(subject, !forth);
        break;
      case KIND['allocate-called']:
        if (subject > 0) setOpen(step + 1, forth);
        break;
      case KIND.allocated:
        setAllocated(subject, forth);
        setOpen(index.allocateCalls[subject] ?? 0, !forth);
        break;
      case KIND.freed:
      case KIND['buffer-lost']:
        setAllocated(subject, !forth);
        break;
      default:
    }
  }

  function move(step: number, forth: boolean): void {
    const kind = kinds[step] ?? 0;
    counts[kind] = (counts[kind] ?? 0) + (forth ? 1 : -1);
    if (CHANGES[kind] === 1) change(kind, step, forth);
  }

  return {
    count: (kind) => counts[KIND[kind]] ?? 0,
    get failures() {
      return failures;
    },
    get liveBytes() {
      return liveBytes;
    },
    mappings,
    buffers,
    get openCalls() {
      return openCalls;
    },
    redo: (step) => move(step, true),
    undo: (step) => move(step, false),
    watch(set) {
      const watch = { set, count: countShared(mappings, set) };
      watches.push(watch);
      return watch;
    },
    snapshot: () => ({
      counts: counts.slice(),
      failures,
      liveBytes,
      mappings: mappings.toIds(),
      buffers: buffers.toIds(),
      openCalls: [...openCalls],
    }),
    load(snapshot) {
      counts.set(snapshot.counts);
      failures = snapshot.failures;
      liveBytes = snapshot.liveBytes;
      mappings.load(snapshot.mappings);
      buffers.load(snapshot.buffers);
      openCalls = [...snapshot.openCalls];
      for (const watch of watches) watch.count = countShared(mappings, watch.set);
    },
  };
}

function countShared(live: LiveSet, set: LiveSet): number {
  let count = 0;
  for (const id of live.toIds()) if (set.has(id)) count++;
  return count;
}
