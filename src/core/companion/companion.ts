import { DIALECTS } from '../dialects/registry.ts';
import type { DmaEvent } from '../model/events.ts';
import { createRecordReader } from '../syntax/record-reader.ts';
import { createLineTimes } from '../text/line-times.ts';
import { createLineScanner } from '../text/line-scanner.ts';

/** A second log of the same boot, such as the trace of the machine, read for what it tells about devices and faults. */
export interface Companion {
  readonly name: string;
  readonly lines: number;
  readonly events: readonly CompanionEvent[];
  /** Whether there were more events than are kept. */
  readonly cut: boolean;
}

export interface CompanionEvent {
  readonly event: DmaEvent;
  readonly dialectId: string;
  /** 0-based line of the companion. */
  readonly lineIndex: number;
  /** On the time axis of the companion; `null` where its lines carry no time. */
  readonly seconds: number | null;
}

/** Reads a companion as it comes in. Never throws on any input. */
export interface CompanionReader {
  readonly push: (chunk: string) => void;
  finish(): Companion;
}

/** A trace of all that a device accesses grows without end. */
const MOST_EVENTS = 1_000_000;

/** What a companion can add. Calls, callbacks and boots are the firmware's own log's to tell. */
const WANTED: ReadonlySet<DmaEvent['kind']> = new Set([
  'device-command',
  'controller-state',
  'translation-set',
  'dma-access',
  'handoff-proof',
]);

export function createCompanionReader(name: string): CompanionReader {
  const reader = createRecordReader(DIALECTS, false);
  const events: CompanionEvent[] = [];
  const times = createLineTimes();
  let cut = false;
  const scanner = createLineScanner(reader.anchors, (hit) => {
    const reading = reader.read(hit);
    if (reading.kind === 'event' && WANTED.has(reading.event.kind)) {
      if (events.length >= MOST_EVENTS) cut = true;
      else
        events.push({
          event: reading.event,
          dialectId: reading.source.id,
          lineIndex: hit.lineIndex,
          seconds: times.secondsAt(hit, 'machine', null),
        });
    }
    return reading.end;
  });
  return {
    push: scanner.push,
    finish() {
      scanner.end();
      return { name, lines: scanner.lineCount, events, cut };
    },
  };
}
