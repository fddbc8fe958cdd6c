import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGunzip } from 'node:zlib';
import { glob, isDynamicPattern } from 'tinyglobby';

/** One log to read. */
export interface Input {
  readonly name: string;
  /** Size on disk, or `null` where it is not known ahead. */
  readonly bytes: number | null;
  open(): Readable;
}

export type InputResult =
  { readonly kind: 'input'; readonly input: Input } | { readonly kind: 'error'; readonly message: string };

/** 1 MiB: below, the pipeline's overhead shows; above, nothing is gained. */
const CHUNK_BYTES = 1 << 20;

/** Finds the inputs that an operand names: a file that exists, else a glob, else an error. Matches of a glob come sorted. */
export async function findInputs(operand: string, stdin: Readable): Promise<InputResult[]> {
  if (operand === '-') return [{ kind: 'input', input: { name: '(standard input)', bytes: null, open: () => stdin } }];
  const found = await stat(operand).catch((error: unknown) => error as NodeJS.ErrnoException);
  if (!(found instanceof Error)) {
    if (found.isDirectory())
      return [{ kind: 'error', message: `${operand} is a directory; name its logs, for example "${operand}/*.log"` }];
    return [
      {
        kind: 'input',
        input: {
          name: operand,
          bytes: found.isFile() ? found.size : null,
          open: () => createReadStream(operand, { highWaterMark: CHUNK_BYTES }),
        },
      },
    ];
  }
  if (!isDynamicPattern(operand)) return [{ kind: 'error', message: `${operand} cannot be read: ${reasonOf(found)}` }];
  const paths = await glob(operand.replaceAll('\\', '/'), { dot: true, expandDirectories: false, onlyFiles: true });
  if (paths.length === 0) return [{ kind: 'error', message: `${operand} matches no file` }];
  const results = await Promise.all(paths.sort().map((path) => findInputs(path, stdin)));
  return results.flat();
}

/**
 * The text of an input, one byte to one UTF-16 unit. Gzip is recognised by its first bytes, whatever the name; of a damaged or
 * cut archive all that can be unpacked is read, and `onDamage` is told.
 */
export async function* readText(
  input: Input,
  hooks: { readonly onBytes: (bytes: number) => void; readonly onDamage: (reason: string) => void },
): AsyncGenerator<string> {
  const source = input.open();
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  // A pipe may deliver single bytes; the format shows in the first two.
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const next = await chunks.next();
    if (next.done === true) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  async function* raw(): AsyncGenerator<Buffer> {
    hooks.onBytes(head.length);
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) {
      hooks.onBytes(next.value.length);
      yield next.value;
    }
  }
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    for await (const chunk of raw()) yield chunk.toString('latin1');
    return;
  }
  yield* unpack(raw(), hooks.onDamage);
}

/** Small, because what is being unpacked when damage shows is lost with it. */
const UNPACKED_CHUNK_BYTES = 1 << 16;
/** Packed bytes that are unpacked at once: what damage takes with it. */
const PACKED_PIECE_BYTES = 1 << 12;
/** Unpacked chunks that wait for the analysis before the unpacker rests. */
const MOST_WAITING = 16;

async function* unpack(packed: AsyncGenerator<Buffer>, onDamage: (reason: string) => void): AsyncGenerator<string> {
  // A capture that was cut ends in the middle of the last block: flush what there is instead of failing.
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  // Events instead of iteration: an iterator drops what was unpacked ahead of an error.
  const waiting: Buffer[] = [];
  const state: { damage: unknown; over: boolean } = { damage: null, over: false };
  let wake = (): void => undefined;
  gunzip.on('data', (chunk: Buffer) => {
    waiting.push(chunk);
    wake();
  });
  gunzip.on('error', (error) => {
    state.damage = error;
  });
  gunzip.on('close', () => {
    state.over = true;
    wake();
  });
  const feeding = feed(packed, gunzip, () => waiting.length < MOST_WAITING);
  for (;;) {
    const chunk = waiting.shift();
    if (chunk) {
      yield chunk.toString('latin1');
    } else if (state.over) {
      break;
    } else {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await woken;
    }
  }
  const failure = await feeding;
  if (failure !== null) throw failure as Error;
  if (state.damage !== null)
    onDamage(`its gzip data is damaged (${reasonOf(state.damage)}); what stands before the damage was analysed`);
}

/** Returns the error of the source, if it failed; the unpacker's own errors surface where it is read. */
async function feed(
  packed: AsyncGenerator<Buffer>,
  gunzip: ReturnType<typeof createGunzip>,
  hasRoom: () => boolean,
): Promise<unknown> {
  try {
    for await (const chunk of packed) {
      // In small pieces: a kilobyte can unpack to a megabyte.
      for (let start = 0; start < chunk.length; start += PACKED_PIECE_BYTES) {
        while (!hasRoom() && !gunzip.destroyed) await nextTurn();
        if (gunzip.destroyed) return null;
        await writePiece(gunzip, chunk.subarray(start, start + PACKED_PIECE_BYTES));
      }
    }
  } catch (error) {
    if (gunzip.destroyed) return null;
    gunzip.destroy();
    return error;
  }
  if (!gunzip.destroyed) gunzip.end();
  return null;
}

/** Resolves when the piece is unpacked and all it gave has been handed over, or when the unpacker failed. */
async function writePiece(gunzip: ReturnType<typeof createGunzip>, piece: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      gunzip.off('close', done);
      resolve();
    };
    // Of a failure the callback is not told.
    gunzip.on('close', done);
    gunzip.write(piece, done);
  });
  await nextTurn();
}

/** A system error in words, without the call and the path that Node repeats. */
export function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a directory';
    default:
      return message;
  }
}
