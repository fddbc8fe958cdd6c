import type { LinePrefix } from './line-prefix.ts';
import { readPrefix } from './line-prefix.ts';
import type { AnchorHit } from './line-scanner.ts';

/** The times of the lines that are looked at, as far as their prefixes carry any. */
export interface LineTimes {
  /**
   * The time of the line that a hit stands in, in seconds on the log's own axis, which does not turn back at midnight; `null`
   * where the log has none. The first prefix that is seen is the axis: lines of others that came into the log with a time of
   * their own say nothing about it. Where only the machine's lines have one, a line of the firmware has that of the last of them.
   * `told` is what the record itself says, as the tracer's do, and the axis where no prefix came before; `null` if it says none.
   */
  secondsAt(
    hit: Pick<AnchorHit, 'text' | 'lineStart' | 'anchorStart'>,
    writer: Writer,
    told: number | null,
  ): number | null;
  /** Whether the axis is that of the records, which is no other log's. */
  readonly isTold: boolean;
  /** Another boot begins: nothing carries over. */
  restart(): void;
  /** The prefix of most of the lines that were looked at; else what the tracer tells, if it does; else `null`. */
  readonly prefix: LinePrefix | null;
}

/** Who wrote a line: an operating system's time begins anew and makes no axis. */
export type Writer = 'firmware' | 'machine' | 'operating-system';

const DAY_SECONDS = 86_400;

/** The `t=` of docs/trace-format.md. */
const TOLD: LinePrefix = { id: 'dma-trace', title: 'time since the tracer was loaded', time: 'elapsed' };

export function createLineTimes(): LineTimes {
  const counts = new Map<LinePrefix, number>();
  let lines = 0;
  let axis: LinePrefix | null = null;
  let isMachines = false;
  let last: number | null = null;
  let midnights = 0;
  let lastOfDay = 0;
  let everTold = false;

  return {
    secondsAt({ text, lineStart, anchorStart }, writer, told) {
      lines++;
      // A record that begins its line has nothing before it.
      const reading = anchorStart === lineStart ? null : readPrefix(text, lineStart, axis === TOLD ? null : axis);
      if (!reading) {
        if (told !== null && (axis === null || axis === TOLD)) {
          axis = TOLD;
          last = told;
          everTold = true;
        }
        return isMachines || axis === TOLD ? last : null;
      }
      const { prefix, seconds } = reading;
      counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
      if (axis === null && writer !== 'operating-system') {
        axis = prefix;
        isMachines = writer === 'machine';
      }
      if (prefix !== axis) return null;
      if (prefix.time === 'clock' && seconds < lastOfDay - DAY_SECONDS / 2) midnights++;
      lastOfDay = seconds;
      last = midnights * DAY_SECONDS + seconds;
      return last;
    },
    get isTold() {
      return axis === TOLD;
    },
    restart() {
      axis = null;
      isMachines = false;
      last = null;
      midnights = 0;
      lastOfDay = 0;
    },
    get prefix() {
      let most: LinePrefix | null = null;
      for (const [prefix, times] of counts) if (times > (most === null ? 0 : (counts.get(most) ?? 0))) most = prefix;
      if (most !== null && (counts.get(most) ?? 0) * 2 > lines) return most;
      return everTold ? TOLD : null;
    },
  };
}
