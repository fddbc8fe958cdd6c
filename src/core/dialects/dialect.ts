import type { DmaEvent } from '../model/events.ts';
import type { RecordDefinition } from '../syntax/record-template.ts';

/**
 * One language of log lines, with the program that prints it. A dialect is one file: this definition and nothing else.
 * The contract tests hold every dialect to it (test/contracts/dialects.test.ts).
 */
export interface Dialect {
  /** Kebab-case; also the name of its file, its docs page and its entry in the report. */
  readonly id: string;
  readonly title: string;
  /** Whose lines these are, if not the firmware's. */
  readonly writer?: 'machine' | 'operating-system';
  /** Source file and function that print the records, with versions. */
  readonly producer: readonly string[];
  /**
   * Literal fragments: a line is looked at only if it holds one. A record that begins with text begins with an anchor;
   * one that begins with a `{word}` holds an anchor inside that word.
   */
  readonly anchors: readonly string[];
  readonly records: readonly RecordDefinition[];
  readonly samples: readonly DialectSample[];
  /** Whether its events are DMA calls, which make a trace; `false` for a dialect that only tells about their surroundings. */
  readonly tracesDma: boolean;
}

export interface DialectSample {
  readonly line: string;
  /** `null`: well-formed, but says nothing about DMA. `malformed`: looks like a record and is none. */
  readonly expect: DmaEvent | null | 'malformed';
}

export function defineDialect(dialect: Dialect): Dialect {
  return dialect;
}
