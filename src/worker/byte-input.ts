import { createByteDecoder } from '../core/index.ts';
import type { WorkerPlatform } from './platform.ts';

/** Takes the bytes of a file and gives text to an analysis; unpacks gzip on the way, whatever the file is called. */
export interface ByteInput {
  /** Resolves when the bytes are analysed; rejects when they are gzip data of which nothing can be unpacked. */
  push(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
  /** Bytes so far, unpacked. */
  readonly length: number;
  /** Why gzip data could not be unpacked to its end; what stands before the damage was given to the analysis. */
  readonly damage: string | null;
}

interface Sink {
  push(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export function createByteInput(platform: WorkerPlatform, onText: (text: string) => void): ByteInput {
  const decoder = createByteDecoder((bytes) => platform.decodeBytes(bytes));
  let sink: Sink | null = null;
  let length = 0;
  let damage: string | null = null;

  function takePlain(bytes: Uint8Array): void {
    length += bytes.length;
    onText(decoder.decode(bytes));
  }

  async function unpack(step: () => Promise<void>): Promise<void> {
    if (damage !== null) return;
    try {
      await step();
    } catch (error) {
      if (length === 0) throw error;
      damage = error instanceof Error ? error.message : String(error);
    }
  }

  function createSink(first: Uint8Array): Sink {
    if (!isGzip(first)) return { push: async (plain) => takePlain(plain), end: async () => undefined };
    const gunzip = platform.createGunzip(takePlain);
    return { push: (packed) => unpack(() => gunzip.push(packed)), end: () => unpack(() => gunzip.end()) };
  }

  return {
    async push(bytes) {
      if (bytes.length === 0) return;
      sink ??= createSink(bytes);
      await sink.push(bytes);
    },
    async end() {
      await sink?.end();
      onText(decoder.end());
    },
    get length() {
      return length;
    },
    get damage() {
      return damage;
    },
  };
}

/** The magic number of RFC 1952. Nobody hands over a file's first byte alone. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
