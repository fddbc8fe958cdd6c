import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
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
  const first = await chunks.next();
  if (first.done === true) return;
  async function* raw(): AsyncGenerator<Buffer> {
    for (let next: IteratorResult<Buffer> = first; next.done !== true; next = await chunks.next()) {
      hooks.onBytes(next.value.length);
      yield next.value;
    }
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    for await (const chunk of raw()) yield chunk.toString('latin1');
    return;
  }
  yield* unpack(raw(), hooks.onDamage);
}

async function* unpack(packed: AsyncGenerator<Buffer>, onDamage: (reason: string) => void): AsyncGenerator<string> {
  // A capture that was cut ends in the middle of the last block: flush what there is instead of failing.
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH });
  const feeding = feed(packed, gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) yield chunk.toString('latin1');
  } catch (error) {
    onDamage(`its gzip data is damaged (${reasonOf(error)}); what stands before the damage was analysed`);
  }
  const failure = await feeding;
  if (failure !== null) throw failure;
}

/** Returns the error of the source, if it failed; the unpacker's own errors surface where it is read. */
async function feed(packed: AsyncGenerator<Buffer>, gunzip: ReturnType<typeof createGunzip>): Promise<Error | null> {
  try {
    for await (const chunk of packed) {
      if (gunzip.destroyed) break;
      if (!gunzip.write(chunk))
        await new Promise<void>((resolve) => {
          gunzip.once('drain', resolve);
          gunzip.once('close', resolve);
        });
    }
    gunzip.end();
    return null;
  } catch (error) {
    gunzip.destroy();
    return error instanceof Error ? error : new Error(String(error));
  }
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
