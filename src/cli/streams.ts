import type { EventEmitter } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes and waits while the other side is slower. */
export async function write(stream: Writable, text: string): Promise<void> {
  if (text !== '' && !stream.write(text)) await untilReady(stream);
}

/** Resolves when a stream that is full drains or closes, and leaves no listener behind. */
function untilReady(stream: EventEmitter): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}
