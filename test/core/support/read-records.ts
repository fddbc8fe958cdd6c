import type { Dialect } from '../../../src/core/dialects/dialect.ts';
import type { DmaEvent } from '../../../src/core/model/events.ts';
import { createRecordReader } from '../../../src/core/syntax/record-reader.ts';
import type { LineScanner } from '../../../src/core/text/line-scanner.ts';
import { createLineScanner, MORE_TEXT } from '../../../src/core/text/line-scanner.ts';

/** What the reader made of one place in a text. */
export type ReadRecord =
  | {
      readonly kind: 'event';
      readonly event: DmaEvent;
      readonly dialect: string;
      readonly at: number;
      readonly spliced: boolean;
    }
  | { readonly kind: 'malformed' | 'cut' | 'nothing'; readonly at: number };

/** Reads texts as the analysis does, each as an input of its own. `at` is the column of the anchor that was hit. */
export function createTextReader(dialects: readonly Dialect[]): (text: string) => ReadRecord[] {
  const reader = createRecordReader(dialects, true);
  let records: ReadRecord[] = [];
  let scanner: LineScanner | null = null;
  let waiting = false;

  function createScanner(): LineScanner {
    return createLineScanner(reader.anchors, (hit) => {
      const reading = reader.read(hit);
      waiting = reading.end === MORE_TEXT && hit.mayGrow;
      if (waiting) return MORE_TEXT;
      const at = hit.anchorStart - hit.lineStart;
      // The reader may use its event again.
      records.push(
        reading.kind === 'event'
          ? {
              kind: 'event',
              event: { ...reading.event },
              dialect: reading.source.id,
              at,
              spliced: reading.spliced === true,
            }
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
    // A line that another writer may have cut goes on in the next one: there is nothing in it.
    if (waiting) scanner.push('\r\n');
    if (!text.endsWith('\n')) {
      scanner.end();
      scanner = null;
    }
    return records;
  };
}
