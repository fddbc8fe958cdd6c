import type { Inflater } from './gzip-members.ts';

/** What is needed of Node's `zlib.InflateRaw`: the core knows no Node, and two hosts have one. */
export interface InflateStream {
  /** Packed bytes that it took, ever. */
  readonly bytesWritten: number;
  on(event: 'data', listener: (bytes: Uint8Array) => void): unknown;
  once(event: 'error', listener: (error: Error) => void): unknown;
  once(event: 'end', listener: () => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'end', listener: () => void): unknown;
  write(bytes: Uint8Array, done: () => void): unknown;
  destroy(): unknown;
}

/** `onBytes` gets the result piece by piece. */
export function toInflater(stream: InflateStream, onBytes: (bytes: Uint8Array) => void): Inflater {
  let ended = false;
  stream.on('data', onBytes);
  return {
    push: (bytes) =>
      new Promise<number>((resolve, reject) => {
        const before = stream.bytesWritten;
        const done = (): void => {
          stream.off('error', reject);
          stream.off('end', end);
          resolve(stream.bytesWritten - before);
        };
        const end = (): void => {
          ended = true;
          done();
          stream.destroy();
        };
        stream.once('error', reject);
        // Of bytes behind the end of its data it is not told otherwise.
        stream.once('end', end);
        stream.write(bytes, done);
      }),
    get ended() {
      return ended;
    },
  };
}
