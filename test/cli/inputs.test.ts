import { appendFileSync, truncateSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findInputs, readText } from '../../src/cli/inputs.ts';
import { createAnalysis } from '../../src/core/index.ts';
import type { LogFolder } from './support/logs.ts';
import { createLogFolder, TEXTS } from './support/logs.ts';

let folder: LogFolder;

beforeAll(() => {
  folder = createLogFolder();
});

afterAll(() => {
  folder.remove();
});

const MEBIBYTE = 1 << 20;
const FILLER = `${'x'.repeat(1022)}\r\n`;

interface Seen {
  readonly lines: number;
  readonly bytes: number;
  readonly plainBytes: number;
  readonly damage: readonly string[];
}

/** Analyses a file; `onFirst` runs when its first piece has been read. */
async function read(path: string, onFirst: () => void): Promise<Seen> {
  const [found] = await findInputs(path, process.stdin);
  if (found?.kind !== 'input') throw new Error(`${path} is no input`);
  const seen = { bytes: 0, plainBytes: 0, damage: new Array<string>() };
  const analysis = createAnalysis({ sourceName: path, version: '0.0.0' });
  let pieces = 0;
  for await (const piece of readText(found.input, {
    onBytes: (bytes) => (seen.bytes += bytes),
    onPlainBytes: (bytes) => (seen.plainBytes += bytes),
    onDamage: (reason) => seen.damage.push(reason),
  })) {
    if (++pieces === 1) onFirst();
    analysis.push(piece);
  }
  const { source, input } = analysis.finish(seen.plainBytes);
  expect(source.bytes).toBe(seen.plainBytes);
  expect(input.truncated).toBe(false);
  return { ...seen, lines: source.lines };
}

describe('a file that changes while it is read', () => {
  test('is read to the end that it then has, if it grows', async () => {
    const path = folder.write('growing.log', FILLER.repeat(3 * 1024));
    const { lines, bytes, damage } = await read(path, () => {
      appendFileSync(path, TEXTS.leaking);
    });
    expect(bytes).toBe(3 * MEBIBYTE + TEXTS.leaking.length);
    expect(lines).toBe(3 * 1024 + TEXTS.leaking.split('\n').length - 1);
    expect(damage).toEqual([]);
  });

  test('is read as far as it goes, if it shrinks', async () => {
    const path = folder.write('shrinking.log', FILLER.repeat(8 * 1024));
    const { lines, bytes } = await read(path, () => {
      truncateSync(path, 0);
    });
    expect(bytes).toBeGreaterThanOrEqual(MEBIBYTE);
    expect(bytes).toBeLessThan(8 * MEBIBYTE);
    expect(lines).toBe(bytes / 1024);
  });

  test('is an empty log, if it is emptied', async () => {
    const path = folder.write('empty.log', '');
    expect(await read(path, () => undefined)).toEqual({ lines: 0, bytes: 0, plainBytes: 0, damage: [] });
  });
});
