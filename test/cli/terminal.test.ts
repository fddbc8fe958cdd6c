import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckInvocation } from '../../src/cli/arguments.ts';
import { parseArguments } from '../../src/cli/arguments.ts';
import { check } from '../../src/cli/check.ts';
import { readText } from '../../src/cli/inputs.ts';
import { createProgress } from '../../src/cli/progress.ts';
import type { LogFolder } from './support/logs.ts';
import { createLogFolder, TEXTS, zip } from './support/logs.ts';

let folder: LogFolder;

beforeAll(() => {
  folder = createLogFolder();
});

afterAll(() => {
  folder.remove();
});

function createStream(isTTY: boolean): {
  readonly stream: PassThrough & { readonly isTTY: boolean };
  readonly text: () => string;
} {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let text = '';
  stream.on('data', (data: Buffer) => (text += data.toString()));
  return { stream, text: () => text };
}

async function checkOnTerminal(options: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const [stdout, stderr] = [createStream(true), createStream(true)];
  const invocation = parseArguments(['check', folder.log('leaking'), ...options]) as CheckInvocation;
  await check(
    invocation,
    { stdin: new PassThrough(), stdout: stdout.stream, stderr: stderr.stream, environment },
    '0.0.0',
  );
  return stdout.text();
}

describe('on a terminal', () => {
  test('the text is coloured', async () => {
    expect(await checkOnTerminal([])).toMatch(/^\u001b\[31mERROR\u001b\[0m/);
  });

  test.each([
    ['NO_COLOR is set', [], { NO_COLOR: '1' }],
    ['the terminal is dumb', [], { TERM: 'dumb' }],
    ['--color never is given', ['--color', 'never'], {}],
    ['the format is JSON', ['--format', 'json'], {}],
  ])('nothing is coloured if %s', async (_, options, environment) => {
    expect(await checkOnTerminal(options, environment)).not.toContain('\u001b');
  });

  test('an empty NO_COLOR means nothing, and --color always wins', async () => {
    expect(await checkOnTerminal([], { NO_COLOR: '' })).toContain('\u001b[31m');
    expect(await checkOnTerminal(['--color', 'always'], { NO_COLOR: '1' })).toContain('\u001b[31m');
  });
});

describe('the progress', () => {
  function follow(isTTY: boolean, totalBytes: number | null, times: readonly number[]): string[] {
    const written: string[] = [];
    let time = 0;
    const stream = { isTTY, write: (text: string) => written.push(text) > 0 };
    const progress = createProgress(stream, 'debug.log', totalBytes, () => time);
    for (const each of times) {
      time = each;
      progress.update({ bytesRead: 500_000, lines: 12_345 });
    }
    progress.clear();
    return written;
  }

  test('comes after a second, and not too often', () => {
    expect(follow(true, 1_000_000, [0, 500, 999])).toEqual([]);
    const written = follow(true, 1_000_000, [1000, 1050, 1100, 1101, 1200]);
    expect(written).toHaveLength(4);
    expect(written[0]).toBe('\r\u001b[Kdebug.log: 50 % 488.3 KiB, 12,345 lines');
    expect(written.at(-1)).toBe('\r\u001b[K');
  });

  test('names no share where the size is unknown', () => {
    expect(follow(true, null, [2000])[0]).toBe('\r\u001b[Kdebug.log: 488.3 KiB, 12,345 lines');
    expect(follow(true, 0, [2000])[0]).not.toContain('%');
  });

  test('never exceeds all of it: a log can grow while it is read', () => {
    expect(follow(true, 1000, [2000])[0]).toContain(' 100 %');
  });

  test('is not shown on a pipe', () => {
    expect(follow(false, 1_000_000, [1000, 5000])).toEqual([]);
  });
});

describe('the text of an input', () => {
  async function readChunks(chunks: readonly Buffer[]): Promise<{ text: string; bytes: number; damage: string[] }> {
    const damage: string[] = [];
    let bytes = 0;
    let text = '';
    const open = (): PassThrough => {
      const stream = new PassThrough({ readableObjectMode: true, writableObjectMode: true });
      for (const chunk of chunks) stream.write(chunk);
      stream.end();
      return stream;
    };
    const hooks = { onBytes: (count: number) => (bytes += count), onDamage: (reason: string) => damage.push(reason) };
    for await (const chunk of readText({ name: 'x', bytes: null, open }, hooks)) text += chunk;
    return { text, bytes, damage };
  }

  const packed = zip(TEXTS.leaking);

  test.each([
    ['plain bytes', [Buffer.from([0, 0x80, 0xff]), Buffer.from('text')], '\0\u0080\u00fftext'],
    ['nothing', [], ''],
    ['gzip in one chunk', [packed], TEXTS.leaking],
    ['gzip that comes byte by byte', [...packed].map((byte) => Buffer.from([byte])), TEXTS.leaking],
    [
      'gzip whose first byte comes alone, as a pipe may deliver it',
      [packed.subarray(0, 1), packed.subarray(1)],
      TEXTS.leaking,
    ],
    ['gzip padded with zeros, as tapes do', [Buffer.concat([packed, Buffer.alloc(512)])], TEXTS.leaking],
    ['a lone byte that gzip could begin with', [Buffer.from([0x1f]), Buffer.from('x')], '\u001fx'],
  ])('is read whole from %s', async (_, chunks, text) => {
    const read = await readChunks(chunks);
    expect(read.text).toBe(text);
    expect(read.damage).toEqual([]);
    expect(read.bytes).toBe(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  });
});
