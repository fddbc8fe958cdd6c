import type { Dialect } from '../../../src/core/dialects/dialect.ts';
import type { DmaEvent } from '../../../src/core/model/events.ts';
import { createRecordReader } from '../../../src/core/syntax/record-reader.ts';
import type { LineScanner } from '../../../src/core/text/line-scanner.ts';
import { createLineScanner } from '../../../src/core/text/line-scanner.ts';

/** What the reader made of one place in a text. */
export type ReadRecord =
  | { readonly kind: 'event'; readonly event: DmaEvent; readonly dialect: string; readonly at: number }
  | { readonly kind: 'malformed' | 'cut' | 'nothing'; readonly at: number };

/** Reads texts as the analysis does, each as an input of its own. `at` is the column of the anchor that was hit. */
export function createTextReader(dialects: readonly Dialect[]): (text: string) => ReadRecord[] {
  const reader = createRecordReader(dialects, true);
  let records: ReadRecord[] = [];
  let scanner: LineScanner | null = null;

  function createScanner(): LineScanner {
    return createLineScanner(reader.anchors, (hit) => {
      const reading = reader.read(hit);
      const at = hit.anchorStart - hit.lineStart;
      // The reader may use its event again.
      records.push(
        reading.kind === 'event'
          ? { kind: 'event', event: { ...reading.event }, dialect: reading.source.id, at }
          : { kind: reading.kind, at },
      );
      return reading.end;
    });
  }

  return (text) => {
    records = [];
    // To make a scanner costs more than to read a thousand lines; behind a whole line it can be used again.
    scanner ??= createScanner();
    scanner.push(text);
    if (!text.endsWith('\n')) {
      scanner.end();
      scanner = null;
    }
    return records;
  };
}
