import type { ReportBuffer, ReportFailedMap, ReportMapping, ReportTrace } from '../model/report.ts';

/** What a line of the log has to do with DMA, and in which role. */
export type LineSubject =
  | {
      readonly kind: 'mapping';
      readonly trace: ReportTrace;
      readonly mapping: ReportMapping;
      readonly role: MappingRole;
    }
  | { readonly kind: 'buffer'; readonly trace: ReportTrace; readonly buffer: ReportBuffer; readonly role: BufferRole }
  | { readonly kind: 'failed-map'; readonly trace: ReportTrace; readonly failedMap: ReportFailedMap }
  | { readonly kind: 'exit-marker'; readonly trace: ReportTrace }
  | { readonly kind: 'exit-callback'; readonly trace: ReportTrace; readonly callbackIndex: number }
  | { readonly kind: 'cleanup'; readonly trace: ReportTrace }
  | { readonly kind: 'handoff'; readonly trace: ReportTrace };

export type MappingRole = 'called' | 'mapped' | 'unmapped' | 'other';
export type BufferRole = 'called' | 'allocated' | 'freed';

export interface LineIndex {
  /** What the 1-based line belongs to, in the order of the report; empty for a line of no interest. */
  subjectsAt(line: number): readonly LineSubject[];
}

/** The kinds and roles of an entry, by number: a long log has millions of entries, so each is kept as three numbers. */
const ENTRY_KINDS = [
  'mapping called',
  'mapping mapped',
  'mapping unmapped',
  'mapping other',
  'buffer called',
  'buffer allocated',
  'buffer freed',
  'failed-map',
  'exit-marker',
  'exit-callback',
  'cleanup',
  'handoff',
] as const;
type EntryKind = (typeof ENTRY_KINDS)[number];

/** Looks up lines by number alone, in O(log n); nobody downstream of the dialects reads text again. */
export function createLineIndex(traces: readonly ReportTrace[]): LineIndex {
  const entries = collectEntries(traces);
  const keys = toSortedKeys(entries.lines);

  return {
    subjectsAt(line) {
      const subjects: LineSubject[] = [];
      const count = entries.lines.length;
      for (let at = firstNotBelow(keys, line * count); at < keys.length; at++) {
        const key = keys[at] ?? Infinity;
        if (key >= (line + 1) * count) break;
        const subject = toSubject(traces, entries, key - line * count);
        if (subject !== null) subjects.push(subject);
      }
      return subjects;
    },
  };
}

interface Entries {
  readonly lines: number[];
  readonly kinds: number[];
  readonly traceIndices: number[];
  readonly itemIndices: number[];
}

function collectEntries(traces: readonly ReportTrace[]): Entries {
  const entries: Entries = { lines: [], kinds: [], traceIndices: [], itemIndices: [] };

  traces.forEach((trace, traceIndex) => {
    function add(line: number | null | undefined, kind: EntryKind, itemIndex: number): void {
      if (line === null || line === undefined) return;
      entries.lines.push(line);
      entries.kinds.push(ENTRY_KINDS.indexOf(kind));
      entries.traceIndices.push(traceIndex);
      entries.itemIndices.push(itemIndex);
    }

    const exit = trace.exitBootServices;
    add(exit?.markerLine, 'exit-marker', 0);
    exit?.callbacks.forEach((callback, index) => add(callback.line, 'exit-callback', index));
    add(exit?.cleanup?.line, 'cleanup', 0);
    add(trace.handoff?.line, 'handoff', 0);
    trace.mappings.forEach((mapping, index) => {
      add(mapping.calledLine, 'mapping called', index);
      add(mapping.mappedLine, 'mapping mapped', index);
      add(mapping.unmappedLine, 'mapping unmapped', index);
      for (const line of mapping.otherLines) add(line, 'mapping other', index);
    });
    trace.buffers.forEach((buffer, index) => {
      add(buffer.calledLine, 'buffer called', index);
      add(buffer.allocatedLine, 'buffer allocated', index);
      add(buffer.freedLine, 'buffer freed', index);
    });
    trace.failedMaps.forEach((failedMap, index) => add(failedMap.calledLine, 'failed-map', index));
  });
  return entries;
}

/** Line and number of entry in one key: sorting numbers is an order of magnitude faster than sorting objects. */
function toSortedKeys(lines: readonly number[]): Float64Array {
  return Float64Array.from(lines, (line, entry) => line * lines.length + entry).sort();
}

function firstNotBelow(keys: Float64Array, wanted: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? Infinity) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function toSubject(traces: readonly ReportTrace[], entries: Entries, entry: number): LineSubject | null {
  const trace = traces[entries.traceIndices[entry] ?? -1];
  const kind = ENTRY_KINDS[entries.kinds[entry] ?? -1];
  if (trace === undefined || kind === undefined) return null;
  const itemIndex = entries.itemIndices[entry] ?? -1;
  switch (kind) {
    case 'mapping called':
      return mappingSubject(trace, itemIndex, 'called');
    case 'mapping mapped':
      return mappingSubject(trace, itemIndex, 'mapped');
    case 'mapping unmapped':
      return mappingSubject(trace, itemIndex, 'unmapped');
    case 'mapping other':
      return mappingSubject(trace, itemIndex, 'other');
    case 'buffer called':
      return bufferSubject(trace, itemIndex, 'called');
    case 'buffer allocated':
      return bufferSubject(trace, itemIndex, 'allocated');
    case 'buffer freed':
      return bufferSubject(trace, itemIndex, 'freed');
    case 'failed-map': {
      const failedMap = trace.failedMaps[itemIndex];
      return failedMap === undefined ? null : { kind, trace, failedMap };
    }
    case 'exit-callback':
      return { kind, trace, callbackIndex: itemIndex };
    case 'exit-marker':
    case 'cleanup':
    case 'handoff':
      return { kind, trace };
  }
}

function mappingSubject(trace: ReportTrace, index: number, role: MappingRole): LineSubject | null {
  const mapping = trace.mappings[index];
  return mapping === undefined ? null : { kind: 'mapping', trace, mapping, role };
}

function bufferSubject(trace: ReportTrace, index: number, role: BufferRole): LineSubject | null {
  const buffer = trace.buffers[index];
  return buffer === undefined ? null : { kind: 'buffer', trace, buffer, role };
}
