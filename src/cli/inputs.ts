import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import zlib from 'node:zlib';
import { glob, isDynamicPattern } from 'tinyglobby';
import { createByteDecoder, createGzipReader, toInflater } from '../core/index.ts';

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

export interface ReadHooks {
  /** Bytes were read, packed or not. */
  readonly onBytes: (bytes: number) => void;
  /** Bytes were unpacked, or need not be. */
  readonly onPlainBytes?: (bytes: number) => void;
  readonly onDamage: (reason: string) => void;
}

/**
 * The text of an input, as far as it goes when it is read: a file may grow or shrink meanwhile. Gzip is recognised by its first
 * bytes, whatever the name; of a damaged or cut archive all that can be unpacked is read, and `onDamage` is told.
 */
export async function* readText(input: Input, hooks: ReadHooks): AsyncGenerator<string> {
  const decoder = createByteDecoder(decodeLatin1);
  for await (const bytes of readPlain(input, hooks)) {
    hooks.onPlainBytes?.(bytes.length);
    yield decoder.decode(bytes);
  }
  yield decoder.end();
}

/** One UTF-16 unit of each byte. */
export function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

async function* readPlain(input: Input, hooks: ReadHooks): AsyncGenerator<Uint8Array> {
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
    yield* raw();
    return;
  }
  yield* unpack(raw(), hooks.onDamage);
}

/** Packed bytes that are unpacked at once: what damage takes with it. */
const PACKED_PIECE_BYTES = 1 << 12;

async function* unpack(packed: AsyncGenerator<Buffer>, onDamage: (reason: string) => void): AsyncGenerator<Uint8Array> {
  let unpacked: Uint8Array[] = [];
  const reader = createGzipReader(
    {
      createInflater: (taken) => toInflater(zlib.createInflateRaw({ chunkSize: UNPACKED_CHUNK_BYTES }), taken),
      crc32: CRC32,
    },
    (bytes) => unpacked.push(bytes),
  );
  // What the last piece gave is analysed while the next one is unpacked.
  let work: Promise<Error | null> = Promise.resolve(null);
  for await (const chunk of packed)
    for (let start = 0; start < chunk.length; start += PACKED_PIECE_BYTES) {
      const damage = await work;
      const ready = unpacked;
      unpacked = [];
      if (damage === null) work = failureOf(reader.push(chunk.subarray(start, start + PACKED_PIECE_BYTES)));
      yield* ready;
      if (damage === null) continue;
      onDamage(`its gzip data is damaged (${damage.message}); what stands before the damage was analysed`);
      return;
    }
  const damage = await work;
  yield* unpacked;
  if (damage !== null)
    onDamage(`its gzip data is damaged (${damage.message}); what stands before the damage was analysed`);
}

async function failureOf(work: Promise<void>): Promise<Error | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** Node has it since 20.15 and 22.2. */
const CRC32 = (zlib as { readonly crc32?: (bytes: Uint8Array, previous: number) => number }).crc32 ?? null;

const UNPACKED_CHUNK_BYTES = 1 << 16;

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
