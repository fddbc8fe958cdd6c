import type { WorkerPlatform } from './platform.ts';

/** Takes the bytes of a file and gives text to an analysis; unpacks gzip on the way, whatever the file is called. */
export interface ByteInput {
  /** Resolves when the bytes are analysed; rejects when they are damaged gzip data. */
  push(bytes: Uint8Array): Promise<void>;
  end(): Promise<void>;
}

export function createByteInput(platform: WorkerPlatform, onText: (text: string) => void): ByteInput {
  const decode = createDecoder(platform, onText);
  let sink: ByteInput | null = null;

  return {
    async push(bytes) {
      if (bytes.length === 0) return;
      sink ??= isGzip(bytes) ? platform.createGunzip(decode) : { push: async (plain) => decode(plain), end: nothing };
      await sink.push(bytes);
    },
    async end() {
      await sink?.end();
    },
  };
}

/**
 * Logs are bytes, and what their records consist of is ASCII. Only where a byte order mark says so is it UTF-16: the
 * PowerShell of Windows writes that when the output of QEMU goes to a file.
 */
function createDecoder(platform: WorkerPlatform, onText: (text: string) => void): (bytes: Uint8Array) => void {
  let utf16: TextDecoder | null | undefined;
  return (bytes) => {
    if (utf16 === undefined) utf16 = isUtf16(bytes) ? new TextDecoder('utf-16le') : null;
    onText(utf16 === null ? platform.decodeBytes(bytes) : utf16.decode(bytes, { stream: true }));
  };
}

/** The magic number of RFC 1952. Nobody hands over a file's first byte alone. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function isUtf16(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xfe;
}

async function nothing(): Promise<void> {
  // Plain text needs no end.
}
