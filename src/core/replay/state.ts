import type { Address } from '../model/address.ts';
import { addBytes, subtractBytes } from '../model/address.ts';
import type { Journal } from '../journal/journal.ts';
import type { StepKind } from '../model/step.ts';
import { STEP_KINDS } from '../model/step.ts';
import type { BootIndex } from './boot-index.ts';
import { KIND, kindTable } from './kinds.ts';
import type { LiveIds } from './live-ids.ts';
import { createLiveIds } from './live-ids.ts';

/** Where a boot stands behind a step. */
export interface State {
  /** How many steps of a kind there were so far. */
  count(kind: StepKind): number;
  /** Map() calls that failed so far: where the error was printed, and where none is, at the call. */
  readonly failures: number;
  /** Host memory that live mappings hold. */
  readonly liveBytes: Address;
  readonly mappings: LiveIds;
  readonly buffers: LiveIds;
  /** Steps where calls were entered whose result comes later, ascending. */
  readonly openCalls: readonly number[];
}

/** A state that goes from step to step, in both directions. */
export interface MovingState extends State {
  /** How many steps are done. */
  readonly stepsDone: number;
  /** Does the next step. */
  redo(): void;
  /** Takes the last one back. */
  undo(): void;
  /** Counts, from now on, the live mappings that are marked by 1 in a table by id. */
  readonly watch: (marked: Uint8Array) => Watch;
  snapshot(): Snapshot;
  load(snapshot: Snapshot): void;
}

export interface Watch {
  readonly count: number;
}

/** A state at rest. */
export interface Snapshot {
  readonly stepsDone: number;
  readonly counts: Uint32Array;
  readonly failures: number;
  readonly liveBytes: Address;
  readonly mappings: Uint16Array;
  readonly buffers: Uint16Array;
  readonly openCalls: readonly number[];
}

// The loop below runs over millions of steps.
const MAP_CALLED = KIND['map-called'];
const MAPPED = KIND.mapped;
const MAP_FAILED = KIND['map-failed'];
const MAPPING_LOST = KIND['mapping-lost'];
const UNMAPPED = KIND.unmapped;
const ALLOCATE_CALLED = KIND['allocate-called'];
const ALLOCATED = KIND.allocated;
const FREED = KIND.freed;
const BUFFER_LOST = KIND['buffer-lost'];

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
  const mappings = createLiveIds(index.mappings, () => stepsDone);
  const buffers = createLiveIds(index.buffers, () => stepsDone);
  const openCalls: number[] = [];
  let stepsDone = 0;
  let failures = 0;
  let liveBytes: Address = 0;
  const watches: { readonly marked: Uint8Array; count: number }[] = [];

  function setLive(id: number, live: boolean): void {
    const held = heldBytes[id] ?? 0;
    mappings.change(id, live ? 1 : -1);
    liveBytes = live ? addBytes(liveBytes, held) : subtractBytes(liveBytes, held);
    for (const watch of watches) if (watch.marked[id] === 1) watch.count += live ? 1 : -1;
  }

  /** `stepPlusOne`: as the index tells it. Calls nest only a few levels deep, and nearly always it is the innermost. */
  function setOpen(stepPlusOne: number, open: boolean): void {
    const step = stepPlusOne - 1;
    if (step < 0) return;
    let at = openCalls.length;
    while (at > 0 && (openCalls[at - 1] ?? 0) > step) at--;
    const isInnermost = at === openCalls.length;
    if (open && isInnermost) openCalls.push(step);
    else if (open) openCalls.splice(at, 0, step);
    else if (openCalls[at - 1] !== step) return;
    else if (isInnermost) openCalls.pop();
    else openCalls.splice(at - 1, 1);
  }

  function change(kind: number, step: number, forth: boolean): void {
    const subject = subjects[step] ?? 0;
    switch (kind) {
      case MAP_CALLED:
        // A failed call is open up to its error; where none is printed, see `open-calls.ts`.
        if (subject > 0 || (index.failedResults[-subject] ?? 0) > 0) setOpen(step + 1, forth);
        else if (subject < 0) failures += forth ? 1 : -1;
        break;
      case MAPPED:
        setLive(subject, forth);
        setOpen(index.mapCalls[subject] ?? 0, !forth);
        break;
      case MAP_FAILED:
        failures += forth ? 1 : -1;
        setOpen(index.failedCalls[-subject] ?? 0, !forth);
        break;
      case MAPPING_LOST:
      case UNMAPPED:
        setLive(subject, !forth);
        break;
      case ALLOCATE_CALLED:
        if (subject > 0) setOpen(step + 1, forth);
        break;
      case ALLOCATED:
        buffers.change(subject, forth ? 1 : -1);
        setOpen(index.allocateCalls[subject] ?? 0, !forth);
        break;
      case FREED:
      case BUFFER_LOST:
        buffers.change(subject, forth ? -1 : 1);
        break;
      default:
    }
  }

  function move(step: number, forth: boolean): void {
    const kind = kinds[step] ?? 0;
    counts[kind] = (counts[kind] ?? 0) + (forth ? 1 : -1);
    if (CHANGES[kind] === 1) change(kind, step, forth);
  }

  function countMarked(marked: Uint8Array): number {
    return mappings.toIds().reduce((sum, id) => sum + (marked[id] ?? 0), 0);
  }

  return {
    get stepsDone() {
      return stepsDone;
    },
    count: (kind) => counts[KIND[kind]] ?? 0,
    get failures() {
      return failures;
    },
    get liveBytes() {
      return liveBytes;
    },
    mappings,
    buffers,
    openCalls,
    redo: () => move(stepsDone++, true),
    undo: () => move(--stepsDone, false),
    watch(marked) {
      const watch = { marked, count: countMarked(marked) };
      watches.push(watch);
      return watch;
    },
    snapshot: () => ({
      stepsDone,
      counts: counts.slice(),
      failures,
      liveBytes,
      mappings: mappings.snapshot(),
      buffers: buffers.snapshot(),
      openCalls: [...openCalls],
    }),
    load(snapshot) {
      ({ stepsDone, failures, liveBytes } = snapshot);
      counts.set(snapshot.counts);
      mappings.load(snapshot.mappings);
      buffers.load(snapshot.buffers);
      openCalls.splice(0, openCalls.length, ...snapshot.openCalls);
      for (const watch of watches) watch.count = countMarked(watch.marked);
    },
  };
}
