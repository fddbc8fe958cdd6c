import type { LinePrefix } from './line-prefix.ts';
import { readPrefix } from './line-prefix.ts';
import type { AnchorHit } from './line-scanner.ts';

/** The times of the lines that are looked at, as far as their prefixes carry any. */
export interface LineTimes {
  /**
   * The time of the line that a hit stands in, in seconds on the log's own axis, which does not turn back at midnight; `null`
   * where the line has no prefix that is known.
   */
  secondsAt(hit: Pick<AnchorHit, 'text' | 'lineStart' | 'anchorStart'>): number | null;
  /** The prefix of most of the lines that were looked at; `null` if most have none. */
  readonly prefix: LinePrefix | null;
}

const DAY_SECONDS = 86_400;

export function createLineTimes(): LineTimes {
  const counts = new Map<LinePrefix, number>();
  let lines = 0;
  let current: LinePrefix | null = null;
  let midnights = 0;
  let lastOfDay = 0;

  return {
    secondsAt({ text, lineStart, anchorStart }) {
      lines++;
      // A record that begins its line has nothing before it.
      if (anchorStart === lineStart) return null;
      const reading = readPrefix(text, lineStart, current);
      if (!reading) return null;
      const { prefix, seconds } = reading;
      current = prefix;
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
      if (prefix.time !== 'clock') return seconds;
      if (seconds < lastOfDay - DAY_SECONDS / 2) midnights++;
      lastOfDay = seconds;
      return midnights * DAY_SECONDS + seconds;
    },
    get prefix() {
      let most: LinePrefix | null = null;
      for (const [prefix, count] of counts) if (count > (most === null ? 0 : (counts.get(most) ?? 0))) most = prefix;
      return most !== null && (counts.get(most) ?? 0) * 2 > lines ? most : null;
    },
  };
}
