import type { DmaEvent } from '../model/events.ts';
import type { Companion, CompanionEvent } from './companion.ts';

/**
 * Puts the events of a companion between those of the log. Where both carry times on the same axis, by time. Otherwise by what
 * both tell: that translation was switched, that a controller was started by its driver, that ExitBootServices begins. What
 * lies between two of those is placed no later than the second, so its order against the log's own calls is not exact.
 */
export interface Merge {
  /** Events that come before one of the log. */
  before(event: DmaEvent, seconds: number | null): readonly CompanionEvent[];
  /** What is left when the log ends. */
  rest(): readonly CompanionEvent[];
  readonly summary: MergeSummary;
}

export interface MergeSummary {
  readonly name: string;
  readonly lines: number;
  readonly events: number;
  /** `none`: nothing that both tell was found. */
  readonly order: 'time' | 'evidence' | 'none';
  /** Events that both tell, by which the order was found; 0 for `time`. */
  readonly shared: number;
}

/** Drivers whose line about their start stands for the start of their controller. */
const STARTED_BY: Readonly<Record<string, string>> = {
  XhciDxe: 'xhci',
  EhciDxe: 'ehci',
  UhciDxe: 'uhci',
  NvmExpressDxe: 'nvme',
  SdMmcPciHcDxe: 'sdhci',
};

const NONE: readonly CompanionEvent[] = [];

export function createMerge(companion: Companion): Merge {
  const { name, lines, events } = companion;
  const times = events.flatMap(({ seconds }) => (seconds === null ? [] : [seconds]));
  const first = times[0] ?? null;
  const last = times[times.length - 1] ?? null;
  const landmarks = createLandmarks(events);
  let next = 0;
  let shared = 0;
  let order: 'time' | 'evidence' | null = null;
  let exitSeen = false;
  let everExited = false;

  function takeTo(end: number): readonly CompanionEvent[] {
    if (end <= next) return NONE;
    const taken = events.slice(next, end);
    next = end;
    // In bulk it is not known what was mapped at the moment of an access.
    const placed = order === 'time' ? taken : taken.filter(({ event }) => event.kind !== 'dma-access');
    return placed.map((each) => withPlace(each, name));
  }

  /** By time if the log's first times lie on the companion's axis. */
  function decide(seconds: number | null): void {
    if (order !== null || seconds === null || first === null || last === null) return;
    const margin = Math.max(60, last - first);
    order = seconds >= first - margin && seconds <= last + margin && isSameKind(seconds, first) ? 'time' : 'evidence';
  }

  return {
    before(event, seconds) {
      decide(seconds);
      if (order === 'time') {
        if (seconds === null) return NONE;
        let end = next;
        while (end < events.length && (events[end]?.seconds ?? -Infinity) <= seconds) end++;
        return takeTo(end);
      }
      if (isExit(event) && !exitSeen) {
        exitSeen = true;
        everExited = true;
        order ??= 'evidence';
        return takeTo(landmarks.endOfBoot(next));
      }
      if (isStart(event)) exitSeen = false;
      const landmark = landmarkOfLog(event);
      const at = landmark === null ? -1 : landmarks.find(landmark, next);
      if (at < 0) return NONE;
      order ??= 'evidence';
      shared++;
      return takeTo(at + 1);
    },
    rest() {
      if (order === 'time') return takeTo(events.length);
      if (!exitSeen) return NONE;
      // What the operating system, or the machine in its time, tells of faults is certainly behind hand-off.
      const from = Math.max(next, landmarks.operatingSystem(next));
      next = events.length;
      return events
        .slice(from)
        .filter(
          ({ event }) => event.kind === 'handoff-proof' || (event.kind === 'dma-access' && event.outcome === 'fault'),
        )
        .map((each) => withPlace(each, name));
    },
    get summary(): MergeSummary {
      const found = order === 'time' ? 'time' : shared > 0 || everExited ? 'evidence' : 'none';
      return { name, lines, events: events.length, order: found, shared };
    },
  };
}

/** Line numbers of a report are those of the log: that of the companion goes into the words. */
function withPlace(each: CompanionEvent, name: string): CompanionEvent {
  const place = `${name}, line ${each.lineIndex + 1}`;
  const { event } = each;
  switch (event.kind) {
    case 'controller-state':
      return { ...each, event: { ...event, how: `${event.how} (${place})` } };
    case 'dma-access':
      return { ...each, event: { ...event, reporter: `${event.reporter}: ${place}` } };
    case 'handoff-proof':
      return { ...each, event: { ...event, evidence: `${event.evidence} (${place})` } };
    default:
      return each;
  }
}

/** Whether it shows that ExitBootServices() runs. Every record of a tracer tells that. */
function isExit(event: DmaEvent): boolean {
  if (event.kind === 'tracer-record') return event.phase === 'ebs';
  return event.kind === 'exit-callback' || event.kind === 'cleanup-started';
}

function isStart(event: DmaEvent): boolean {
  return event.kind === 'boot-started' || (event.kind === 'tracer-record' && event.told.what === 'hello');
}

/** Seconds since 1970 and seconds since a start are not on one axis, however wide the margin. */
function isSameKind(a: number, b: number): boolean {
  const EPOCH_LIKE = 500_000_000;
  return a > EPOCH_LIKE === b > EPOCH_LIKE;
}

function landmarkOfLog(event: DmaEvent): string | null {
  if (event.kind === 'translation-set' && event.how === 'set') return `translation ${event.enabled ? 'on' : 'off'}`;
  if (event.kind === 'owner-hint' && event.how === 'started') {
    const controller = STARTED_BY[event.driver];
    return controller === undefined ? null : `start ${controller}`;
  }
  return null;
}

function landmarkOfCompanion(event: DmaEvent): string | null {
  if (event.kind === 'translation-set') return `translation ${event.enabled ? 'on' : 'off'}`;
  if (event.kind === 'controller-state' && event.running) return `start ${event.controller}`;
  return null;
}

interface Landmarks {
  /** Index of the next event from `from` with this landmark, or -1. */
  find(landmark: string, from: number): number;
  /** Where the firmware's part ends, looked at from `from`: at the switching off of translation, or at the operating system's work. */
  endOfBoot(from: number): number;
  /** Where the operating system is first seen at work. */
  operatingSystem(from: number): number;
}

function createLandmarks(events: readonly CompanionEvent[]): Landmarks {
  const places = new Map<string, number[]>();
  const ends: number[] = [];
  const systems: number[] = [];
  for (const [index, { event }] of events.entries()) {
    const landmark = landmarkOfCompanion(event);
    if (landmark !== null) {
      const list = places.get(landmark);
      if (list) list.push(index);
      else places.set(landmark, [index]);
    }
    if (isOperatingSystems(event)) systems.push(index);
    if (landmark === 'translation off' || isOperatingSystems(event)) ends.push(index);
  }
  return {
    find: (landmark, from) => firstFrom(places.get(landmark) ?? [], from) ?? -1,
    endOfBoot: (from) => firstFrom(ends, from) ?? events.length,
    operatingSystem: (from) => firstFrom(systems, from) ?? events.length,
  };
}

/** Linux sets Interrupt Disable of every device when it enumerates (drivers/pci/probe.c, pci_intx_mask_broken()); edk2 never does. */
function isOperatingSystems(event: DmaEvent): boolean {
  return event.kind === 'handoff-proof' || (event.kind === 'device-command' && event.interruptDisable === true);
}

/** The first number from `from` on in an ascending list. */
function firstFrom(list: readonly number[], from: number): number | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  return list[low];
}
