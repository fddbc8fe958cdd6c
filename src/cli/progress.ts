import type { WriteStream } from 'node:tty';
import { formatBytes } from '../core/index.ts';

/** A line on the terminal that tells how far a long analysis is. Nothing on a pipe, and nothing in the first second. */
export interface Progress {
  update(state: { readonly bytesRead: number; readonly lines: number }): void;
  /** Removes the line. */
  clear(): void;
}

const FIRST_AFTER_MILLISECONDS = 1000;
const EVERY_MILLISECONDS = 100;

export function createProgress(
  stream: Pick<WriteStream, 'write' | 'isTTY'>,
  name: string,
  totalBytes: number | null,
  now: () => number,
): Progress {
  let next = now() + FIRST_AFTER_MILLISECONDS;
  let shown = false;
  return {
    update({ bytesRead, lines }) {
      if (!stream.isTTY) return;
      const time = now();
      if (time < next) return;
      next = time + EVERY_MILLISECONDS;
      const share =
        totalBytes === null || totalBytes === 0
          ? ''
          : ` ${Math.min(100, Math.floor((bytesRead / totalBytes) * 100))} %`;
      stream.write(`\r\u001b[K${name}:${share} ${formatBytes(bytesRead)}, ${lines.toLocaleString('en')} lines`);
      shown = true;
    },
    clear() {
      if (shown) stream.write('\r\u001b[K');
      shown = false;
    },
  };
}
