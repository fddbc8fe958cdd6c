import zlib from 'node:zlib';
import { createGzipReader, toInflater } from '../core/index.ts';
import type { Gunzip } from './platform.ts';

/** Packed bytes that are unpacked at once: what damage takes with it. */
const PACKED_PIECE_BYTES = 1 << 14;

/** Node has it since 20.15 and 22.2. */
const CRC32 = (zlib as { readonly crc32?: (bytes: Uint8Array, previous: number) => number }).crc32 ?? null;

export function createGunzip(onBytes: (bytes: Uint8Array) => void): Gunzip {
  // Pieces of half a megabyte instead of 16 KiB would hold the thread for longer, but so few are hardly faster.
  const reader = createGzipReader(
    { createInflater: (taken) => toInflater(zlib.createInflateRaw(), taken), crc32: CRC32 },
    onBytes,
  );
  return {
    async push(bytes) {
      for (let start = 0; start < bytes.length; start += PACKED_PIECE_BYTES)
        await reader.push(bytes.subarray(start, start + PACKED_PIECE_BYTES));
    },
    async end() {
      if (!reader.complete) throw new Error('unexpected end of file');
    },
  };
}
