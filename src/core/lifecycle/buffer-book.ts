import type { Address } from '../model/address.ts';
import { addBytes, pagesToBytes } from '../model/address.ts';
import type { Buffer } from '../model/trace.ts';
import { createRangeIndex } from './range-index.ts';
import { createRecent } from './recent.ts';

/** The buffers that are allocated, and the last one freed at each address. */
export interface BufferBook {
  /** Returns the buffer that was live at the same address, of which the log lost the end; else `null`. */
  add(buffer: Buffer): Buffer | null;
  free(buffer: Buffer): void;
  /** The live buffer that holds the whole range, or `null`. */
  readonly around: (host: Address, bytes: Address) => Buffer | null;
  /** The live buffer that begins at `host`, else one that the range touches, else `null`. */
  at(host: Address, bytes: Address): Buffer | null;
  readonly beginningAt: (host: Address) => Buffer | null;
  lastFreedAt(host: Address): Buffer | null;
  readonly live: Iterable<Buffer>;
}

export function createBufferBook(): BufferBook {
  const byHost = new Map<Address, Buffer>();
  const ranges = createRangeIndex<Buffer>((buffer) => buffer.host, bufferBytes);
  const freed = createRecent<Buffer>(() => false);

  return {
    add(buffer) {
      const stale = byHost.get(buffer.host) ?? null;
      if (stale) ranges.delete(stale);
      byHost.set(buffer.host, buffer);
      ranges.add(buffer);
      return stale;
    },
    free(buffer) {
      byHost.delete(buffer.host);
      ranges.delete(buffer);
      freed.set(buffer.host, buffer);
    },
    around(host, bytes) {
      const end = addBytes(host, bytes);
      return (
        ranges.overlapping(
          host,
          bytes,
          (buffer) => buffer.host <= host && end <= addBytes(buffer.host, bufferBytes(buffer)),
        )[0] ?? null
      );
    },
    at: (host, bytes) => byHost.get(host) ?? ranges.overlapping(host, bytes)[0] ?? null,
    beginningAt: (host) => byHost.get(host) ?? null,
    lastFreedAt: (host) => freed.get(host),
    get live() {
      return byHost.values();
    },
  };
}

/** One byte where the log lost the size: enough to be found by its address. */
function bufferBytes(buffer: Buffer): Address {
  return buffer.pages === null ? 1 : pagesToBytes(buffer.pages);
}
