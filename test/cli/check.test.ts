import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import type { Report } from '../../src/core/index.ts';
import { renderJsonReport, renderTextReport } from '../../src/core/index.ts';
import { analyse } from '../core/support/analyse.ts';
import { logPath, readLog } from '../core/support/logs.ts';
import { compileReportSchema } from '../core/support/report-schema.ts';
import type { LogFolder, LogName } from './support/logs.ts';
import { createLogFolder, TEXTS, zip } from './support/logs.ts';
import { run } from './support/run.ts';

let folder: LogFolder;

beforeAll(() => {
  folder = createLogFolder();
});

afterAll(() => {
  folder.remove();
});

function reportOf(name: LogName, sourceName = folder.log(name)): Report {
  return analyse(TEXTS[name], { sourceName, version: manifest.version });
}

function textOf(name: LogName): string {
  return renderTextReport(reportOf(name), { color: false });
}

describe('the exit status', () => {
  test.each<[number, LogName, string[]]>([
    [0, 'healthy', []],
    [0, 'pending', []],
    [1, 'pending', ['--fail-on', 'warning']],
    [1, 'leaking', []],
    [1, 'unmapsTwice', []],
    [1, 'healthy', ['--fail-on', 'information']],
    [0, 'leaking', ['--fail-on', 'never']],
    [0, 'leaking', ['--rule', 'common-buffer-left-mapped=off']],
    [0, 'leaking', ['--rule=common-buffer-left-mapped=warning']],
    [1, 'pending', ['--rule', 'read-write-pending-at-exit=error']],
    [3, 'quiet', ['--fail-on', 'never']],
    [3, 'foreign', []],
  ])('is %i for the log “%s” with %j', async (status, name, options) => {
    expect((await run(['check', folder.log(name), ...options])).status).toBe(status);
  });

  test('is the gravest of all inputs', async () => {
    expect((await run(['check', folder.log('leaking'), folder.log('healthy')])).status).toBe(1);
    expect((await run(['check', folder.log('leaking'), folder.log('quiet'), folder.log('healthy')])).status).toBe(3);
  });
});

describe('check --with', () => {
  const [log, trace] = [logPath('vtd-xhci-traced'), join(logPath('vtd-xhci-traced'), '../vtd-xhci-traced.trace.gz')];

  test('adds what a second log tells, and says how it was put in', async () => {
    const { status, stdout, stderr } = await run(['check', log, '--with', trace]);
    expect([status, stderr]).toEqual([1, '']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /vtd-xhci-traced\.trace\.gz \(\d+ lines that tell something\) was put in by the order of 3 events/,
    );
    expect(stdout).toContain('qemu-xhci 00:02.0');
  });

  test('reads an empty one, too', async () => {
    const { stdout } = await run(['check', log, '--with', folder.write('empty.trace', '')]);
    expect(stdout).toContain('empty.trace tells nothing about devices or faults');
  });

  test('fails where the second log cannot be read, and reports nothing', async () => {
    const { status, stdout, stderr } = await run(['check', log, '--with', 'no-such.trace']);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^dma-handoff: no-such\.trace cannot be read: /);
  });
});

describe('check --platform', () => {
  test('goes before what the log tells', async () => {
    expect((await run(['check', folder.log('leaking'), '--platform', 'permit'])).status).toBe(0);
    expect((await run(['check', folder.log('leaking'), '--platform', 'deny'])).status).toBe(1);
  });
});

describe('check --format text', () => {
  test('is the default, and prints the report', async () => {
    expect(await run(['check', folder.log('leaking')])).toEqual({ status: 1, stdout: textOf('leaking'), stderr: '' });
  });

  test('prints the reports of several logs behind each other', async () => {
    const { stdout } = await run(['check', '--format', 'text', folder.log('healthy'), folder.log('leaking')]);
    expect(stdout).toBe(`${textOf('healthy')}\n${textOf('leaking')}`);
  });

  test('prints no colour to a pipe, unless it must', async () => {
    expect((await run(['check', folder.log('leaking'), '--color', 'never'])).stdout).toBe(textOf('leaking'));
    expect(
      (await run(['check', folder.log('leaking'), '--color=always'], { environment: { NO_COLOR: '1' } })).stdout,
    ).toBe(renderTextReport(reportOf('leaking'), { color: true }));
  });

  test('shows no progress on a pipe', async () => {
    expect((await run(['check', logPath('buggy-no-teardown')])).stderr).toBe('');
  });
});

describe('check --format json', () => {
  test('prints the report, which fits its schema', async () => {
    const { status, stdout, stderr } = await run(['check', '--format', 'json', logPath('buggy-xhci-free-in-ebs')]);
    expect([status, stderr]).toEqual([1, '']);
    const report = analyse(readLog('buggy-xhci-free-in-ebs'), {
      sourceName: logPath('buggy-xhci-free-in-ebs'),
      version: manifest.version,
    });
    expect(stdout).toBe([...renderJsonReport(report)].join(''));
    const validate = compileReportSchema();
    validate(JSON.parse(stdout));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('prints an array for several logs', async () => {
    const { stdout } = await run([
      'check',
      '--format=json',
      folder.log('healthy'),
      folder.log('leaking'),
      folder.log('quiet'),
    ]);
    expect(JSON.parse(stdout)).toEqual(
      JSON.parse(JSON.stringify([reportOf('healthy'), reportOf('leaking'), reportOf('quiet')])),
    );
  });

  test('prints valid JSON even if one of several logs fails while it is read', async () => {
    const socket = createServer().listen(join(folder.path, 'socket.log'));
    await once(socket, 'listening');
    const { status, stdout, stderr } = await run([
      'check',
      '--format',
      'json',
      folder.log('healthy'),
      join(folder.path, 'socket.log'),
      folder.log('leaking'),
    ]);
    socket.close();
    expect(status).toBe(3);
    expect(stderr).toContain('socket.log cannot be read');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify([reportOf('healthy'), reportOf('leaking')])));
  });

  test('tells people, beside the report, why a log holds no call', async () => {
    const { stdout, stderr } = await run(['check', '--format', 'json', folder.log('quiet')]);
    expect(JSON.parse(stdout)).toMatchObject({ input: { notes: [expect.stringMatching(/no IOMMU protocol/)] } });
    expect(stderr).toMatch(/^dma-handoff: .*quiet\.log: DEBUG_VERBOSE is built in/);
  });
});

describe('check --format jsonl', () => {
  test('prints one object a line: what the report holds, as it becomes final', async () => {
    const { stdout } = await run(['check', '--format', 'jsonl', folder.log('pending')]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const { schemaVersion, tool, source, traces, input } = JSON.parse(JSON.stringify(reportOf('pending'))) as Report;
    const { mappings, buffers, findings, failedMaps, summary, ...trace } = traces[0]!;
    expect(lines[0]).toEqual({ report: { schemaVersion, tool } });
    expect(lines.at(-1)).toEqual({ source, input });
    expect(lines).toContainEqual({ boot: 1, trace });
    expect(lines.at(-2)).toEqual({ boot: 1, summary });
    const parts = { mapping: mappings, buffer: buffers, finding: findings, failedMap: failedMaps };
    for (const [kind, items] of Object.entries(parts)) {
      const printed = lines.filter((line) => kind in line);
      expect(printed).toHaveLength(items.length);
      for (const item of items) expect(printed).toContainEqual({ boot: 1, [kind]: item });
    }
  });

  test('numbers the boots of a log', async () => {
    const { stdout } = await run(['check', '--format', 'jsonl', '-'], { input: TEXTS.healthy + TEXTS.leaking });
    const boots = stdout
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        const { boot, summary } = JSON.parse(line) as { boot?: number; summary?: { errors: number } };
        return summary ? [[boot, summary.errors]] : [];
      });
    expect(boots).toEqual([
      [1, 0],
      [2, 1],
    ]);
  });

  test('begins anew for each of several logs', async () => {
    const { stdout } = await run(['check', '--format', 'jsonl', folder.log('healthy'), folder.log('leaking')]);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, { name: string } | undefined>);
    expect(lines.filter(({ report }) => report)).toHaveLength(2);
    expect(lines.flatMap(({ source }) => (source ? [source.name] : []))).toEqual([
      folder.log('healthy'),
      folder.log('leaking'),
    ]);
  });
});

describe('an input', () => {
  test('may be standard input', async () => {
    expect(await run(['check', '-'], { input: TEXTS.leaking })).toEqual({
      status: 1,
      stdout: renderTextReport(reportOf('leaking', '(standard input)'), { color: false }),
      stderr: '',
    });
  });

  test('may be gzip, whatever its name, and come through a pipe', async () => {
    const path = folder.write('packed.txt', zip(TEXTS.leaking));
    expect((await run(['check', path])).stdout).toBe(textOf('leaking').replace('leaking.log', 'packed.txt'));
    expect((await run(['check', '-'], { input: zip(TEXTS.leaking) })).status).toBe(1);
  });

  test('may be gzip of several members, as log rotation and cat make it', async () => {
    const half = Math.floor(TEXTS.leaking.length / 2);
    const path = folder.write(
      'members.gz',
      Buffer.concat([zip(TEXTS.leaking.slice(0, half)), zip(TEXTS.leaking.slice(half))]),
    );
    expect((await run(['check', path])).stdout).toBe(textOf('leaking').replace('leaking.log', 'members.gz'));
  });

  test('may be cut gzip: what can be unpacked is analysed', async () => {
    const { status, stdout } = await run(['check', '-'], { input: zip(readLog('sevlike-ahci')).subarray(0, -4000) });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^INCOMPLETE {2}\(standard input\): the log ends before hand-off/);
  });

  test('may be damaged gzip: what stands before the damage is analysed, and the damage is told', async () => {
    const packed = zip(readLog('sevlike-ahci'));
    packed.fill(0xff, packed.length - 400, packed.length - 300);
    const { status, stdout, stderr } = await run(['check', folder.write('damaged.gz', packed)]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^INCOMPLETE/);
    expect(stderr).toMatch(/^dma-handoff: .*damaged\.gz: its gzip data is damaged/);
  });

  test('may be gzip with something else behind it', async () => {
    const path = folder.write('garbage.gz', Buffer.concat([zip(TEXTS.leaking), Buffer.from('garbage')]));
    expect((await run(['check', path])).stdout).toBe(textOf('leaking').replace('leaking.log', 'garbage.gz'));
  });

  test.each([
    ['UTF-16, as PowerShell writes it', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['big-endian UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16 without a byte order mark', (text: string) => Buffer.from(text, 'utf16le')],
    ['UTF-8 with a byte order mark', (text: string) => Buffer.from(`\ufeff${text}`, 'utf8')],
  ])('may be %s, packed or not, and its length is that of its bytes', async (_, encode) => {
    const bytes = encode(TEXTS.leaking);
    for (const content of [bytes, gzipSync(bytes)]) {
      const { status, stdout } = await run(['check', '--format=json', folder.write('encoded.log', content)]);
      expect(status).toBe(1);
      const report = JSON.parse(stdout) as Report;
      expect(report.source.bytes).toBe(bytes.length);
      expect(report.traces).toEqual(reportOf('leaking').traces);
    }
  });

  test('may be a glob, whose matches come sorted', async () => {
    for (const name of ['2.globbed', '10.globbed', '1.globbed']) folder.write(name, TEXTS.healthy);
    const { status, stdout } = await run(['check', '*.globbed'], { cwd: folder.path });
    expect(status).toBe(0);
    expect(stdout.match(/\S+\.globbed/g)).toEqual(['1.globbed', '10.globbed', '2.globbed']);
  });

  test('may have a name that looks like a glob', async () => {
    folder.write('boot [1] (a).log', TEXTS.leaking);
    folder.write('boot 1 a.log', TEXTS.healthy);
    expect((await run(['check', 'boot [1] (a).log'], { cwd: folder.path })).status).toBe(1);
  });

  test('may have a name that looks like an option, behind --', async () => {
    folder.write('--version', TEXTS.leaking);
    expect((await run(['check', '--', '--version'], { cwd: folder.path })).status).toBe(1);
  });

  test('may have a name that would steer a terminal, and does not', async () => {
    const path = folder.write('\u001b[31mred\u0007.log', TEXTS.healthy);
    const { stdout } = await run(['check', path]);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect((await run(['check', `${path}.missing`])).stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  });

  test.each([
    ['an empty file', 'empty.log', ''],
    ['a single gzip byte', 'byte.log', Buffer.from([0x1f])],
    ['a gzip header alone', 'header.log', zip(TEXTS.healthy).subarray(0, 10)],
    ['zeros', 'zeros.log', Buffer.alloc(100_000)],
  ])('that is %s holds no call', async (_, name, content) => {
    const { status, stdout } = await run(['check', folder.write(name, content)]);
    expect(status).toBe(3);
    expect(stdout).toMatch(/^NO TRACE/);
  });

  test.each([
    ['a file that is missing', 'missing.log', /missing\.log cannot be read: there is no such file/],
    ['a directory', '.', /\. is a directory; name its logs, for example "\.\/\*\.log"/],
    ['a glob without a match', '*.nothing', /\*\.nothing matches no file/],
    ['a file below a file', 'healthy.log/x.log', /cannot be read/],
  ])('that is %s is an error, and the others are analysed', async (_, operand, message) => {
    const { status, stdout, stderr } = await run(['check', operand, 'healthy.log'], { cwd: folder.path });
    expect(status).toBe(3);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toMatch(/^OK {2}healthy\.log/);
  });
});

describe('a log without a call is told why', () => {
  const sev = readLog('sevlike-ahci').split('\r\n');
  /** What a build without DEBUG_VERBOSE does not print. */
  const VERBOSE =
    /^(?:IoMmu(?!Dxe)|InternalAllocateBuffer|EfiGetMemoryAttributes|ValidateSetVariable|SetUefiImageMemoryAttributes)/;

  test.each([
    ['no IOMMU protocol is installed', () => readLog('stock-ahci'), /no IOMMU protocol is installed/],
    [
      'the verbose level is missing',
      () => sev.filter((line) => !VERBOSE.test(line)).join('\r\n'),
      /DEBUG_VERBOSE.*built without.*PcdDebugPrintErrorLevel/,
    ],
    ['it is no firmware log', () => TEXTS.foreign, /not a debug log of edk2 firmware/],
  ])('%s', async (_, makeText, reason) => {
    const { status, stdout, stderr } = await run(['check', '-'], { input: makeText() });
    expect([status, stderr]).toEqual([3, '']);
    expect(stdout).toMatch(/^NO TRACE {2}\(standard input\): no DMA call in this log\n/);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(reason);
  });
});
