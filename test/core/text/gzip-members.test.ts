import { crc32, createInflateRaw, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { GzipHost } from '../../../src/core/index.ts';
import { createGzipReader } from '../../../src/core/index.ts';

const HOST: GzipHost = {
  createInflater(onBytes) {
    const stream = createInflateRaw().on('data', onBytes);
    let ended = false;
    return {
      push: (bytes) =>
        new Promise((resolve, reject) => {
          const before = stream.bytesWritten;
          const done = (): void => resolve(stream.bytesWritten - before);
          stream.once('error', reject);
          stream.once('end', () => {
            ended = true;
            done();
          });
          stream.write(bytes, done);
        }),
      get ended() {
        return ended;
      },
    };
  },
  crc32,
};

const TEXT = 'IoMmuMap: Operation=Write Host=0x1E36CE98 Bytes=0xFF\r\n'.repeat(50);

async function unpack(bytes: Buffer, size: number): Promise<{ text: string; complete: boolean }> {
  const pieces: Uint8Array[] = [];
  const reader = createGzipReader(HOST, (piece) => pieces.push(piece));
  for (let start = 0; start < bytes.length; start += size) await reader.push(bytes.subarray(start, start + size));
  return { text: Buffer.concat(pieces).toString('latin1'), complete: reader.complete };
}

/** A member with all that a header may hold. */
function richMember(text: string): Buffer {
  const data = Buffer.from(text, 'latin1');
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.length, 4);
  const header = [0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 2, 0, 0x41, 0x42, ...Buffer.from('debug.log\0note\0'), 0, 0];
  return Buffer.concat([Buffer.from(header), deflateRawSync(data), trailer]);
}

describe('gzip', () => {
  test.each([
    ['of one member', gzipSync(TEXT)],
    ['of members, one of them empty', Buffer.concat([gzipSync(TEXT), gzipSync(''), gzipSync('')])],
    ['with a name, a comment and more in its header', richMember(TEXT)],
    ['that was not compressed', gzipSync(TEXT, { level: 0 })],
    ['with NULs behind it', Buffer.concat([gzipSync(TEXT), Buffer.alloc(512)])],
    ['with something else behind it', Buffer.concat([gzipSync(TEXT), Buffer.from('\u001fgarbage')])],
  ])('%s is unpacked, whatever the pieces', async (_, bytes) => {
    for (const size of [1, 2, 7, 4096]) expect(await unpack(bytes, size)).toEqual({ text: TEXT, complete: true });
  });

  test('is not complete if it is cut, wherever', async () => {
    const bytes = richMember(TEXT);
    for (let end = 1; end < bytes.length; end += 3) {
      const { text, complete } = await unpack(bytes.subarray(0, end), 4096);
      expect(complete).toBe(false);
      expect(TEXT.startsWith(text)).toBe(true);
    }
  });

  test.each([
    ['its header', 2],
    ['the reserved bits of its header', 3],
    ['its data', 40],
    ['its checksum', -8],
    ['its length', -4],
  ])('is refused if %s is damaged', async (_, at) => {
    const bytes = gzipSync(TEXT);
    bytes.writeUInt8(0xf7, at < 0 ? bytes.length + at : at);
    await expect(unpack(bytes, 4096)).rejects.toThrow();
  });
});
