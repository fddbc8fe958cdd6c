import type { Address } from '../model/address.ts';
import type { LiveCount, Value } from './expression/syntax-tree.ts';
import type { Scope } from './expression/evaluate.ts';
import type { Boot } from './boot.ts';
import { addressOf, contains, deviceRange, hostRange } from './boot.ts';
import { callbackAt, phaseAt } from './phase.ts';
import type { State } from './state.ts';
import type { StepSubject } from './subject.ts';
import { ageAt, bytesOf, eventAt, pagesOf, subjectAt } from './subject.ts';

/** A step of a boot, as expressions see it. What is not asked for is not worked out. */
interface Place {
  readonly boot: Boot;
  /** Counted from the begin of the boot. */
  step: number;
  readonly state: () => State;
  readonly subject: () => StepSubject;
}

type Reader = (place: Place) => Value;

/** Of each name of `EXPRESSION_NAMES` what it stands for. */
const READERS = new Map<string, Reader>(
  Object.entries({
    step: ({ boot, step }) => boot.firstStep + step,
    line: ({ boot, step }) => boot.journal.lines[step] ?? null,
    time: ({ boot, step }) => boot.journal.seconds?.[step] ?? null,
    boot: ({ boot }) => boot.place + 1,
    phase: ({ boot, state }) => phaseAt(state(), boot.trace).phase,
    attempt: ({ boot, state }) => phaseAt(state(), boot.trace).attempt,
    callback: ({ boot, state }) => callbackAt(state(), boot.trace)?.name ?? null,
    translation: ({ boot, step }) => boot.machine.isTranslatingAt(step),

    live: ({ state }) => state().mappings.size,
    liveBytes: ({ state }) => state().liveBytes,
    maps: ({ state }) => state().count('mapped'),
    unmaps: ({ state }) => unmapsOf(state()),
    buffers: ({ state }) => state().buffers.size,
    allocations: ({ state }) => state().count('allocated'),
    frees: ({ state }) => freesOf(state()),
    failures: ({ state }) => state().failures,
    faults: ({ state }) => state().count('fault'),

    kind: ({ subject }) => subject().kind,
    event: ({ boot, step }) => eventAt(boot, step),
    op: ({ subject }) => (subject().mapping ?? subject().failedMap)?.operation ?? null,
    owner: ({ subject }) => subject().mapping?.owner?.name ?? null,
    certain: ({ subject }) => subject().mapping?.owner?.certain ?? null,
    pci: ({ subject }) => subject().mapping?.pci?.address ?? pciOfNote(subject()),
    handle: ({ subject }) => addressIn(subject().mapping?.handle),
    device: ({ subject }) => addressIn(subject().mapping?.device),
    host: ({ subject }) => addressIn(hostOf(subject())),
    address: ({ subject }) => addressIn(subject().mapping?.device ?? hostOf(subject())),
    bytes: ({ subject }) => bytesOf(subject()),
    pages: ({ subject }) => pagesOf(subject()),
    leaked: ({ subject }) => subject().mapping?.liveAtHandoff ?? null,
    age: ({ boot, step, subject }) => ageAt(boot, step, subject()),
  } satisfies Record<string, Reader>),
);

/** As the report counts: Unmap() calls, and those of what was not live. */
export function unmapsOf(state: State): number {
  return state.count('unmapped') + state.count('unmap-refused');
}

export function freesOf(state: State): number {
  return state.count('freed') + state.count('trimmed') + state.count('free-refused');
}

/** What expressions see from one step of a boot after the other. */
export interface MovingScope {
  /** `step`: counted from the begin of the boot. Gives the same scope each time. */
  goTo(step: number): Scope;
}

/** `countLive`: a search counts along the way; whoever asks once counts what is live. */
export function createScope(
  boot: Boot,
  stateAt: (step: number) => State,
  countLive?: (call: LiveCount, step: number) => number,
): MovingScope {
  let subject: StepSubject | null = null;
  const place: Place = {
    boot,
    step: 0,
    state: () => stateAt(place.step),
    subject: () => (subject ??= subjectAt(boot, place.step)),
  };
  const scope: Scope = {
    read: (name) => READERS.get(name)?.(place) ?? null,
    countLive: (call) => countLive?.(call, place.step) ?? countAmong(boot, place.state(), call),
  };
  return {
    goTo(step) {
      place.step = step;
      subject = null;
      return scope;
    },
  };
}

function countAmong(boot: Boot, state: State, call: LiveCount): number {
  const matches = matcherOf(boot, call);
  let count = 0;
  for (const id of state.mappings.toIds()) if (matches(id)) count++;
  return count;
}

/** By id 1 for all mappings of the boot that a `LiveCount` counts while they are live. */
export function markMappings(boot: Boot, call: LiveCount): Uint8Array {
  const matches = matcherOf(boot, call);
  const marked = new Uint8Array(boot.index.mapCalls.length);
  for (let id = 1; id < marked.length; id++) marked[id] = matches(id) ? 1 : 0;
  return marked;
}

function matcherOf(boot: Boot, call: LiveCount): (id: number) => boolean {
  switch (call.of) {
    case 'owner':
      return (id) => boot.mapping(id)?.owner?.name === call.argument;
    case 'operation': {
      const wide = `${call.argument}64`;
      return (id) => {
        const operation = boot.mapping(id)?.operation;
        return operation === call.argument || operation === wide;
      };
    }
    case 'address':
      return (id) => coversAddress(boot, id, call.argument) !== null;
  }
}

/** Whether a mapping covers an address, and as whom one has to be to see it there. */
export function coversAddress(boot: Boot, id: number, address: Address): 'device' | 'host' | null {
  const mapping = boot.mapping(id);
  if (!mapping) return null;
  const held = boot.journal.heldBytes[id] ?? 0;
  if (contains(deviceRange(mapping, held), address)) return 'device';
  return contains(hostRange(mapping, held), address) ? 'host' : null;
}

function hostOf({ mapping, buffer, failedMap }: StepSubject): string | undefined {
  return (mapping ?? buffer ?? failedMap)?.host;
}

function pciOfNote({ note }: StepSubject): string | null {
  return note?.kind === 'device' ? note.pci : null;
}

function addressIn(text: string | null | undefined): Address | null {
  return text === null || text === undefined ? null : addressOf(text);
}
