import { addBytes, bytesToPages, pagesToBytes, parseHex, type Address } from '../model/address.ts';
import type { Journal } from '../journal/journal.ts';
import type { ReportBuffer, ReportFinding, ReportMapping, ReportTrace } from '../model/report.ts';
import type { BootIndex } from './boot-index.ts';
import { createBootIndex } from './boot-index.ts';
import type { Checkpoints, Cursor } from './cursor.ts';
import { createCheckpoints, createCursor } from './cursor.ts';
import type { Machine } from './machine.ts';
import { createMachine } from './machine.ts';

/** One boot of a replay: its steps, its report, and how to get from the ones to the other. */
export interface Boot {
  /** 0-based. */
  readonly place: number;
  /** The boot's first step, through all boots. */
  readonly firstStep: number;
  readonly trace: ReportTrace;
  readonly journal: Journal;
  readonly index: BootIndex;
  readonly checkpoints: Checkpoints;
  /** Of whoever looks around; a search has its own. */
  readonly cursor: Cursor;
  newCursor(): Cursor;
  readonly machine: Machine;
  /** `null`: there is none. */
  mapping(id: number): ReportMapping | null;
  buffer(id: number): ReportBuffer | null;
  findingsOf(subject: 'mapping' | 'buffer', id: number): readonly ReportFinding[];
}

/** Everything but the report and the journal is made when it is first asked for. */
export function createBoot(place: number, firstStep: number, trace: ReportTrace, journal: Journal): Boot {
  const index = once(() =>
    createBootIndex(journal, {
      mappings: trace.mappings.length,
      buffers: trace.buffers.length,
      failedMaps: trace.failedMaps.length,
    }),
  );
  const checkpoints = once(() => createCheckpoints(journal, index()));
  const newCursor = (): Cursor => createCursor(journal, index(), checkpoints());
  const cursor = once(newCursor);
  const machine = once(() => createMachine(journal, trace));
  const mappingFindings = once(() => groupBy(trace.findings, ({ mapping }) => mapping));
  const bufferFindings = once(() => groupBy(trace.findings, ({ buffer }) => buffer));

  return {
    place,
    firstStep,
    trace,
    journal,
    get index() {
      return index();
    },
    get checkpoints() {
      return checkpoints();
    },
    get cursor() {
      return cursor();
    },
    newCursor,
    get machine() {
      return machine();
    },
    mapping: (id) => withId(trace.mappings, id),
    buffer: (id) => withId(trace.buffers, id),
    findingsOf: (subject, id) => (subject === 'mapping' ? mappingFindings() : bufferFindings()).get(id) ?? [],
  };
}

/** The journal counts ids from 1, and the report lists them in order. */
function withId<Item extends { readonly id: number }>(items: readonly Item[], id: number): Item | null {
  const item = items[id - 1];
  return item?.id === id ? item : null;
}

/** Half-open. */
export interface Range {
  readonly start: Address;
  readonly end: Address;
}

/** The memory that a mapping holds, as the host sees it. */
export function hostRange(mapping: ReportMapping, heldBytes: number): Range {
  return rangeFrom(addressOf(mapping.host), toWhole(heldBytes));
}

/** As the device sees it: a bounce buffer is whole pages, memory seen in place is just as long as was asked. */
export function deviceRange(mapping: ReportMapping, heldBytes: number): Range {
  const bytes = toWhole(heldBytes);
  const seenInPlace = mapping.device === mapping.host;
  return rangeFrom(addressOf(mapping.device), seenInPlace ? bytes : pagesToBytes(bytesToPages(bytes)));
}

/** `null`: the log lost how long the buffer is. */
export function bufferRange(buffer: ReportBuffer): Range | null {
  return buffer.pages === null ? null : rangeFrom(addressOf(buffer.host), pagesToBytes(toWhole(buffer.pages)));
}

export function contains({ start, end }: Range, address: Address): boolean {
  return address >= start && address < end;
}

/** An address as the report writes it. */
export function addressOf(text: string): Address {
  return parseHex(text.slice(2)) ?? 0;
}

function rangeFrom(start: Address, bytes: Address): Range {
  return { start, end: addBytes(start, bytes) };
}

/** A count that was rounded on its way into the report. */
function toWhole(count: number): Address {
  return Number.isSafeInteger(count) ? count : BigInt(count);
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}

function groupBy(
  findings: readonly ReportFinding[],
  keyOf: (finding: ReportFinding) => number | null,
): Map<number, ReportFinding[]> {
  const groups = new Map<number, ReportFinding[]>();
  for (const finding of findings) {
    const key = keyOf(finding);
    if (key === null) continue;
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return groups;
}
