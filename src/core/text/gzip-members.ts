/** Inflates the data of one member of a gzip file. */
export interface Inflater {
  /** Resolves when the bytes are inflated, with how many of them it took; rejects when they are damaged. */
  push(bytes: Uint8Array): Promise<number>;
  /** Whether the data has ended: what was not taken is not its own. */
  readonly ended: boolean;
}

/** What reading gzip needs of its host. */
export interface GzipHost {
  /** `onBytes` gets the result piece by piece. */
  createInflater(onBytes: (bytes: Uint8Array) => void): Inflater;
  /** The checksum of RFC 1952, going on from `previous`; `null` where the host has none and the checksum is not looked at. */
  readonly crc32: ((bytes: Uint8Array, previous: number) => number) | null;
}

export interface GzipReader {
  /** Resolves when what the bytes hold has been handed over; rejects when they are damaged. */
  push(bytes: Uint8Array): Promise<void>;
  /** Whether the input may end here: behind a member, or in what is none. */
  readonly complete: boolean;
}

const TRAILER_LENGTH = 8;
/** A header is short but for a name and a comment. */
const LONGEST_HEADER = 1 << 16;

/**
 * Unpacks a file of any number of members (RFC 1952), as log rotation and `cat` make it. What stands behind the last one and is
 * none is left alone, as gzip does: the unpackers of hosts fail there, and what they have not handed over is lost.
 */
export function createGzipReader(host: GzipHost, onBytes: (bytes: Uint8Array) => void): GzipReader {
  let state: 'header' | 'data' | 'trailer' | 'garbage' = 'header';
  let pending: Uint8Array = new Uint8Array(0);
  let inflater: Inflater | null = null;
  let members = 0;
  let crc = 0;
  let length = 0;

  function take(bytes: Uint8Array): void {
    crc = host.crc32?.(bytes, crc) ?? 0;
    length = (length + bytes.length) % 2 ** 32;
    onBytes(bytes);
  }

  /** What follows the header, or `null` if it is not whole. */
  function readHeader(bytes: Uint8Array): Uint8Array | null {
    const end = endOfHeader(bytes);
    if (end === 0 && bytes.length < LONGEST_HEADER) return null;
    if (end <= 0) {
      if (members === 0) throw new Error('incorrect header');
      state = 'garbage';
      return bytes;
    }
    state = 'data';
    [inflater, crc, length] = [host.createInflater(take), 0, 0];
    return bytes.subarray(end);
  }

  async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
    const taken = (await inflater?.push(bytes)) ?? 0;
    if (inflater?.ended === true) state = 'trailer';
    return bytes.subarray(taken);
  }

  /** As `readHeader`. */
  function readTrailer(bytes: Uint8Array): Uint8Array | null {
    if (bytes.length < TRAILER_LENGTH) return null;
    const view = new DataView(bytes.buffer, bytes.byteOffset, TRAILER_LENGTH);
    if (host.crc32 && view.getUint32(0, true) !== crc) throw new Error('incorrect checksum');
    if (view.getUint32(4, true) !== length) throw new Error('incorrect length');
    members++;
    state = 'header';
    return bytes.subarray(TRAILER_LENGTH);
  }

  return {
    async push(bytes) {
      let rest: Uint8Array | null = joined(pending, bytes);
      while (rest !== null && rest.length > 0 && state !== 'garbage') {
        pending = rest;
        rest = state === 'header' ? readHeader(rest) : state === 'data' ? await inflate(rest) : readTrailer(rest);
      }
      if (rest !== null) pending = new Uint8Array(0);
    },
    get complete() {
      return state === 'garbage' || (state === 'header' && members > 0);
    },
  };
}

/** 0: the header is not whole. -1: there is none. */
function endOfHeader(bytes: Uint8Array): number {
  const magic = [0x1f, 0x8b, 0x08];
  for (const [index, byte] of magic.entries()) if (index < bytes.length && bytes[index] !== byte) return -1;
  if (bytes.length < 10) return 0;
  const flags = bytes[3] ?? 0;
  // Bits that RFC 1952 reserves.
  if ((flags & 0xe0) !== 0) return -1;
  let end = 10;
  if ((flags & 0x04) !== 0) end += 2 + ((bytes[10] ?? 0) | ((bytes[11] ?? 0) << 8));
  for (const flag of [0x08, 0x10]) {
    if ((flags & flag) === 0) continue;
    const nul = bytes.indexOf(0, end);
    if (nul < 0) return 0;
    end = nul + 1;
  }
  if ((flags & 0x02) !== 0) end += 2;
  return end <= bytes.length ? end : 0;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
