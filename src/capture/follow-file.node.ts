import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

export interface FollowOptions {
  /** Ends it: what the file holds by then is still read. */
  readonly signal: AbortSignal;
  /** Time between two looks at a file that had no more. Default: 100. */
  readonly pollMilliseconds?: number;
}

const CHUNK_BYTES = 1 << 20;

/**
 * The bytes of a file that somebody else is writing, as they come. It looks again and again, since notifications about files
 * are not to be had everywhere. Bytes that were read once are not read again, even if the file is cut to less. Throws what
 * opening and reading throw, but waits for a file that is not there yet.
 */
export async function* followFile(
  path: string,
  { signal, pollMilliseconds = 100 }: FollowOptions,
): AsyncGenerator<Uint8Array> {
  const file = await openWhenThere(path, signal, pollMilliseconds);
  if (file === null) return;
  try {
    let position = 0;
    for (;;) {
      // Whether this is the last look is decided before it, so that what was written until then is seen.
      const last = signal.aborted;
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      if (bytesRead > 0) {
        position += bytesRead;
        yield chunk.subarray(0, bytesRead);
      } else if (last) {
        return;
      } else {
        await pause(pollMilliseconds, signal);
      }
    }
  } finally {
    await file.close();
  }
}

async function openWhenThere(path: string, signal: AbortSignal, pollMilliseconds: number) {
  for (;;) {
    const last = signal.aborted;
    try {
      return await open(path, 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      if (last) return null;
      await pause(pollMilliseconds, signal);
    }
  }
}

/** Ends early when the signal is aborted. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
}
