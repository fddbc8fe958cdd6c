import { appendFileSync, mkdtempSync, rmSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { followFile } from '../../src/capture/follow-file.node.ts';

const folder = mkdtempSync(join(tmpdir(), 'dma-handoff-follow-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;

function freshPath(): string {
  return join(folder, `${++files}.log`);
}

/** Follows a file, with all that it gave so far. */
function follow(path: string) {
  const end = new AbortController();
  const chunks = followFile(path, { signal: end.signal, pollMilliseconds: 1 });
  return {
    end: () => end.abort(),
    /** Reads on until this many bytes have come. */
    async take(bytes: number): Promise<string> {
      const parts: Buffer[] = [];
      while (Buffer.concat(parts).length < bytes) {
        const next = await chunks.next();
        if (next.done === true) break;
        parts.push(Buffer.from(next.value));
      }
      return Buffer.concat(parts).toString('latin1');
    },
    async rest(): Promise<string> {
      const parts: Uint8Array[] = [];
      for await (const chunk of chunks) parts.push(chunk);
      return Buffer.concat(parts).toString('latin1');
    },
    stop: () => chunks.return(undefined),
  };
}

describe('a file that is followed', () => {
  test('gives what is appended, piece by piece, until it is ended', async () => {
    const path = freshPath();
    writeFileSync(path, 'one ');
    const log = follow(path);
    expect(await log.take(4)).toBe('one ');
    for (const piece of ['two ', 'three ', 'f']) {
      appendFileSync(path, piece);
      expect(await log.take(piece.length)).toBe(piece);
    }
    log.end();
    expect(await log.rest()).toBe('');
  });

  test('is read to its end after the signal, so that the last words are not lost', async () => {
    const path = freshPath();
    writeFileSync(path, 'begin ');
    const log = follow(path);
    await log.take(6);
    const rest = log.rest();
    appendFileSync(path, 'x'.repeat(3 << 20));
    log.end();
    expect((await rest).length).toBe(3 << 20);
  });

  test('and was ended before the first look is still read once', async () => {
    const path = freshPath();
    writeFileSync(path, 'all of it');
    const log = follow(path);
    log.end();
    expect(await log.rest()).toBe('all of it');
  });

  test('may come late', async () => {
    const path = freshPath();
    const log = follow(path);
    const first = log.take(5);
    writeFileSync(path, 'hello');
    expect(await first).toBe('hello');
    log.end();
    expect(await log.rest()).toBe('');
  });

  test('and never comes gives nothing', async () => {
    const log = follow(freshPath());
    const rest = log.rest();
    log.end();
    expect(await rest).toBe('');
  });

  test('that is cut to less gives nothing twice, and what is written behind the place it was read to', async () => {
    const path = freshPath();
    writeFileSync(path, '0123456789');
    const log = follow(path);
    expect(await log.take(10)).toBe('0123456789');
    truncateSync(path, 4);
    appendFileSync(path, 'abcdefgh');
    log.end();
    expect(await log.rest()).toBe('gh');
  });

  test('that is removed while it is read is read to the end that it had', async () => {
    const path = freshPath();
    writeFileSync(path, 'first ');
    const log = follow(path);
    await log.take(6);
    appendFileSync(path, 'second');
    unlinkSync(path);
    log.end();
    expect(await log.rest()).toBe('second');
  });

  test('that is a folder is an error', async () => {
    const log = follow(folder);
    await expect(log.rest()).rejects.toThrow(/EISDIR/);
  });

  test('may be left at any time', async () => {
    const path = freshPath();
    writeFileSync(path, 'some');
    const log = follow(path);
    await log.take(4);
    expect(await log.stop()).toEqual({ done: true, value: undefined });
    expect(await log.rest()).toBe('');
  });

  test('does not change what it gave before', async () => {
    const path = freshPath();
    const end = new AbortController();
    writeFileSync(path, 'aaaa');
    const chunks = followFile(path, { signal: end.signal, pollMilliseconds: 1 });
    const first = await chunks.next();
    appendFileSync(path, 'bbbb');
    await chunks.next();
    expect(Buffer.from(first.value as Uint8Array).toString()).toBe('aaaa');
    await chunks.return(undefined);
  });

  test('is the file, byte for byte, wherever its pieces end', async () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 64 }), { minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(pieces, async (written) => {
        const path = freshPath();
        writeFileSync(path, '');
        const log = follow(path);
        let got = '';
        for (const piece of written) {
          appendFileSync(path, piece);
          got += await log.take(piece.length);
        }
        log.end();
        got += await log.rest();
        expect(got).toBe(Buffer.concat(written).toString('latin1'));
      }),
      { numRuns: 20 },
    );
  });
});
