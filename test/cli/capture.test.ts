import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../../src/core/index.ts';
import { logPath, readLog } from '../core/support/logs.ts';
import { compileReportSchema } from '../core/support/report-schema.ts';
import { PROGRAM } from './support/run.ts';
import { createWorkplace, type Step, type Workplace } from './support/stand-in.ts';

const CLEAN = readLog('tracer-v2-virtio-legacy');
const LEAKING = readLog('tracer-v2-xhci');
/** The same boot, as far as the first attempt to leave boot services. */
const BEFORE_EXIT = LEAKING.slice(0, LEAKING.indexOf(' ph=ebs ') - 40).replace(/[^\n]*$/, '');
const UNTRACED = readLog('sevlike-xhci');
const SEABIOS =
  'SeaBIOS (version 1.16.2-debian-1.16.2-1)\nBUILD: gcc: (Debian) binutils: (GNU Binutils for Debian) 2.40\n';

/** QEMU's trace of the boot of a log. */
function readTrace(name: string): string {
  return gunzipSync(readFileSync(logPath(name).replace(/log\.gz$/, 'trace.gz'))).toString('latin1');
}

const QUICKLY = ['--linger', '0'];
const UNTIL_ASKED: Step = { await: 'SIGTERM' };
const QEMU = 'qemu-system-x86_64';

let work: Workplace;

beforeEach(() => {
  work = createWorkplace();
});

afterEach(() => {
  work.remove();
});

describe('a capture', () => {
  test('boots, stops the machine behind hand-off, and reports as check does', async () => {
    const { status, stdout, stderr, asked } = await work.capture(QUICKLY, [
      { write: LEAKING, pieces: 40 },
      UNTIL_ASKED,
    ]);
    expect(stderr).toContain('the log is debugcon.log\n');
    expect(stderr).toContain('the operating system has taken over, 2 mappings are live; the machine is stopped\n');
    expect([status, asked]).toEqual([1, 1]);
    expect(stdout).toMatch(/^ERROR {2}debugcon\.log: 2 mappings are live at hand-off/);
    expect(work.read('debugcon.log')).toBe(LEAKING);
    const checked = spawnSync(process.execPath, [PROGRAM, 'check', 'debugcon.log'], {
      cwd: work.path,
      encoding: 'utf8',
    });
    expect(stdout).toBe(checked.stdout);
  });

  test('of a boot without findings exits with 0', async () => {
    const { status, stdout, stderr } = await work.capture(QUICKLY, [{ write: CLEAN, pieces: 7 }, UNTIL_ASKED]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^OK {2}debugcon\.log: nothing is mapped at hand-off/);
    expect(stderr).toContain('no mappings are live');
  });

  test('judges as it is told to', async () => {
    const lenient = await work.capture([...QUICKLY, '--fail-on', 'never'], [{ write: LEAKING }, UNTIL_ASKED]);
    expect(lenient.status).toBe(0);
    const strict = await work.capture([...QUICKLY, '--fail-on=information'], [{ write: LEAKING }, UNTIL_ASKED]);
    expect(strict.status).toBe(1);
  });

  test('gives QEMU the words as they were, and behind them its own', async () => {
    const given = ['-machine', 'q35', '-append', '-debugcon  x', '-name', `it's "a"`, ''];
    const { words } = await work.start(['capture', ...QUICKLY, '--', QEMU, ...given], [{ write: CLEAN }, UNTIL_ASKED])
      .end;
    expect(words?.slice(0, given.length)).toEqual(given);
    expect(words?.slice(given.length).join(' ')).toMatch(
      /^-debugcon file:debugcon\.log -global isa-debugcon\.iobase=0x402 -device pci-testdev,romfile=\S+dma-tracer\.rom,addr=1e\.0$/,
    );
  });

  test('loads the tracer that is asked for, or none', async () => {
    const boot: Step[] = [{ write: CLEAN }, UNTIL_ASKED];
    expect((await work.capture([...QUICKLY, '--rebind'], boot)).words?.join(' ')).toContain('dma-tracer-rebind.rom');
    expect((await work.capture([...QUICKLY, '--no-tracer'], boot)).words?.join(' ')).not.toContain('-device');
  });

  test('prints JSON and nothing else on standard output, whatever QEMU prints there', async () => {
    const steps: Step[] = [
      { say: 'BdsDxe: loading Boot0001\n' },
      { write: LEAKING, pieces: 3 },
      { say: '{"a":' },
      UNTIL_ASKED,
    ];
    const { stdout, stderr, status } = await work.capture([...QUICKLY, '--format', 'json'], steps);
    const report = JSON.parse(stdout) as Report;
    expect(compileReportSchema()(report)).toBe(true);
    expect(report.source.name).toBe('debugcon.log');
    expect(stderr).toContain('BdsDxe: loading Boot0001\n');
    expect(status).toBe(1);
  });

  test('lets the machine run on, if told to, and read what is typed', async () => {
    const capturing = work.start(
      ['capture', '--keep-running', '--', QEMU],
      [{ write: CLEAN }, { await: 'a line' }, { write: CLEAN }, { exit: 0 }],
    );
    await capturing.until('the operating system has taken over');
    capturing.type('quit');
    const { status, stdout, stderr, asked } = await capturing.end;
    expect(stderr).not.toContain('is stopped');
    expect([status, asked]).toEqual([0, 0]);
    expect(stdout, 'both boots are reported').toContain('nothing is mapped at 2 hand-offs');
  });

  test('takes the verdict even if the machine fails behind hand-off', async () => {
    const { status, stdout } = await work.capture(['--keep-running'], [{ write: LEAKING }, { die: 'SIGKILL' }]);
    expect(status).toBe(1);
    expect(stdout).toContain('2 mappings are live at hand-off');
  });

  test('counts the machine that reboots before it hands over as one capture', async () => {
    const { status, stdout } = await work.capture(QUICKLY, [{ write: BEFORE_EXIT + LEAKING, pieces: 5 }, UNTIL_ASKED]);
    expect(status).toBe(1);
    expect(stdout).toContain('2 mappings are live at hand-off');
  });
});

describe('without hand-off a capture exits with 3, and says why', () => {
  test('when QEMU ends by itself', async () => {
    const { status, stdout, stderr } = await work.capture([], [{ write: BEFORE_EXIT, pieces: 3 }, { exit: 0 }]);
    expect(status).toBe(3);
    expect(stderr).toContain('there was no hand-off: QEMU ended with status 0\n');
    expect(stdout, 'what was seen is reported').toMatch(/^\S+ {2}debugcon\.log: /);
  });

  test('when QEMU is killed', async () => {
    const { status, stderr } = await work.capture([], [{ write: BEFORE_EXIT }, { die: 'SIGKILL' }]);
    expect(status).toBe(3);
    expect(stderr).toContain('QEMU was ended by SIGKILL');
  });

  test('when the time is over', async () => {
    const { status, stderr } = await work.capture(['--timeout', '1'], [{ write: BEFORE_EXIT }, UNTIL_ASKED]);
    expect(status).toBe(3);
    expect(stderr).toContain('there was no hand-off: the machine was stopped after 1 s\n');
  });

  test('when the machine reboots for ever, and somebody has seen enough', async () => {
    const capturing = work.start(
      ['capture', '--format', 'jsonl', '--', QEMU],
      [{ write: BEFORE_EXIT.repeat(3), pieces: 4 }, { say: 'up\n' }, { reboot: BEFORE_EXIT }],
    );
    await capturing.until('up\n');
    capturing.signal('SIGINT');
    const { status, stdout } = await capturing.end;
    expect(status).toBe(3);
    const records = stdout.split('\n').slice(0, -1);
    expect(records.length).toBeGreaterThan(3);
    for (const record of records) expect(JSON.parse(record)).toBeTypeOf('object');
  });

  test('when QEMU cannot use its own command line: it has said why, and no empty log stays', async () => {
    const { status, stdout, stderr } = await work.capture([], [{ complain: 'qemu: -m: bad\n' }, { exit: 1 }]);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toBe(
      'dma-handoff: the log is debugcon.log\nqemu: -m: bad\ndma-handoff: there was no hand-off: QEMU ended with status 1\n',
    );
    expect(work.has('debugcon.log')).toBe(false);
  });

  test('when the firmware prints nothing', async () => {
    const { status, stderr } = await work.capture(['--log', 'mine.log'], [{ exit: 0 }]);
    expect(status).toBe(3);
    expect(stderr).toContain('the firmware printed nothing');
    expect(work.read('mine.log'), 'a file that was asked for stays').toBe('');
  });

  test('when it is SeaBIOS that boots', async () => {
    const { status, stderr } = await work.capture([], [{ write: SEABIOS }, { exit: 0 }]);
    expect(status).toBe(3);
    expect(stderr).toContain('this is SeaBIOS');
  });

  test('when QEMU is not installed', async () => {
    const { status, stdout, stderr } = await work.start(['capture', '--', QEMU], [], work.path).end;
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toContain(`the machine cannot be run: there is no program ${QEMU}\n`);
    expect(work.has('debugcon.log')).toBe(false);
  });

  test.each([QEMU, `${QEMU}/${QEMU}`])('when %s is no program', async (name) => {
    writeFileSync(work.file(QEMU), 'no program');
    const { status, stderr } = await work.start(['capture', '--', `./${name}`], []).end;
    expect(status).toBe(3);
    expect(stderr).toMatch(/^dma-handoff: the log is debugcon\.log\ndma-handoff: the machine cannot be run: [^\n]+\n$/);
    expect(work.has('debugcon.log')).toBe(false);
  });
});

describe('firmware that does not run the tracer', () => {
  test('is told from firmware that prints nothing of interest', async () => {
    const { status, stderr } = await work.capture(QUICKLY, [{ write: UNTRACED }, UNTIL_ASKED]);
    expect(status).toBe(0);
    expect(stderr).toContain('the tracer did not run');
  });

  test('need not where it was left out', async () => {
    const { stderr } = await work.capture([...QUICKLY, '--no-tracer'], [{ write: UNTRACED }, UNTIL_ASKED]);
    expect(stderr).not.toContain('tracer');
  });
});

describe('a signal', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops QEMU, and what was seen is reported',
    async (signal) => {
      const capturing = work.start(['capture', '--', QEMU], [{ write: BEFORE_EXIT }, { say: 'up\n' }, UNTIL_ASKED]);
      await capturing.until('up\n');
      capturing.signal(signal);
      const { status, stdout, stderr, asked } = await capturing.end;
      expect([status, asked]).toEqual([3, 1]);
      expect(stderr).toContain('there was no hand-off: the machine was stopped\n');
      expect(stdout).toMatch(/ {2}debugcon\.log: /);
    },
  );

  test('behind hand-off changes nothing about the verdict', async () => {
    const capturing = work.start(['capture', '--keep-running', '--', QEMU], [{ write: LEAKING }, UNTIL_ASKED]);
    await capturing.until('the operating system has taken over');
    capturing.signal('SIGINT');
    const { status, stdout } = await capturing.end;
    expect(status).toBe(1);
    expect(stdout).toContain('2 mappings are live at hand-off');
  });

  test('that comes again ends a machine that does not listen', async () => {
    const capturing = work.start(
      ['capture', '--', QEMU],
      [{ write: BEFORE_EXIT }, { say: 'up\n' }, { await: 'the end of the world' }],
    );
    await capturing.until('up\n');
    capturing.signal('SIGINT');
    await capturing.until('stand-in: asked to end');
    capturing.signal('SIGINT');
    expect((await capturing.end).status).toBe(3);
  });
});

describe('the log', () => {
  test('gets a name that is free', async () => {
    writeFileSync(work.file('debugcon.log'), 'precious');
    mkdirSync(work.file('debugcon-2.log'));
    const { stdout } = await work.capture(QUICKLY, [{ write: CLEAN }, UNTIL_ASKED]);
    expect(stdout).toContain('debugcon-3.log');
    expect(work.read('debugcon.log')).toBe('precious');
    expect(work.read('debugcon-3.log')).toBe(CLEAN);
  });

  test('gets the name that it is given, and nothing of an earlier boot stays in it', async () => {
    writeFileSync(work.file('a [b], c.log'), LEAKING.repeat(3));
    const { status, words } = await work.capture(
      [...QUICKLY, '--log', 'a [b], c.log'],
      [{ write: CLEAN }, UNTIL_ASKED],
    );
    expect(status).toBe(0);
    expect(words).toContain('file:a [b], c.log');
    expect(work.read('a [b], c.log')).toBe(CLEAN);
  });

  test.each([
    ['in a folder that does not exist', 'none/a.log', /none\/a\.log cannot be written/],
    ['that is a folder', '.', /\. is no ordinary file/],
    ['that is a device', '/dev/null', /\/dev\/null is no ordinary file/],
  ])('%s is refused before QEMU is started', async (_, log, message) => {
    const { status, stderr, words, stdout } = await work.capture(['--log', log], [{ exit: 0 }]);
    expect([status, words, stdout]).toEqual([3, null, '']);
    expect(stderr).toMatch(message);
  });

  test('may hold anything: what it shows is not steered by it', async () => {
    const hostile = `${'\u001b]0;owned\u0007\u001b[2J'.repeat(50)}\0\xff\xfe\x80${'A'.repeat(300_000)}\r\rDMATRACE v2 #\u001b[31m\n`;
    const steps: Step[] = [{ write: hostile + LEAKING + hostile, pieces: 11 }, UNTIL_ASKED];
    const { status, stdout, stderr } = await work.capture([...QUICKLY, '--fail-on', 'error'], steps);
    expect(status).toBe(1);
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    expect(work.read('debugcon.log')).toBe(hostile + LEAKING + hostile);
  });
});

describe('--trace', () => {
  const traced = readLog('sevlike-xhci-traced');

  test('has QEMU trace its devices, and reads what they did along with the log', async () => {
    const trace = readTrace('sevlike-xhci-traced');
    const { stdout, words } = await work.capture(
      [...QUICKLY, '--no-tracer', '--trace', 'devices.trace'],
      [{ trace }, { write: traced, pieces: 9 }, UNTIL_ASKED],
    );
    expect(words?.slice(-2)).toEqual(['-D', 'devices.trace']);
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(/devices\.trace \(\d+ lines that tell something\) was put in/);
  });

  test('into the file of the log is wrong usage, however it got its name', async () => {
    for (const names of [
      ['--log', 'a.log', '--trace', './a.log'],
      ['--log', 'debugcon.log', '--trace', 'debugcon.log'],
    ]) {
      const { status, stderr, words } = await work.capture(names, [{ exit: 0 }]);
      expect([status, words]).toEqual([2, null]);
      expect(stderr).toContain('--log and --trace name the same file');
    }
    const { words } = await work.capture([...QUICKLY, '--trace', 'debugcon.log'], [{ write: CLEAN }, UNTIL_ASKED]);
    expect(words).toContain('file:debugcon-2.log');
  });
});

describe('--print', () => {
  test('prints a line that a shell runs as the capture would, and makes no file', async () => {
    const given = ['-append', `console=ttyS0 "it's"  $HOME`, '-machine', 'q35'];
    const { status, stdout, words } = await work.start(
      ['capture', '--print', '--log', 'a b.log', '--', QEMU, ...given],
      [],
    ).end;
    expect([status, words]).toEqual([0, null]);
    expect(work.has('a b.log')).toBe(false);
    const { stdout: printed } = spawnSync(
      'sh',
      ['-c', `qemu() { printf '%s\\0' "$@"; }; ${stdout.replace(QEMU, 'qemu')}`],
      {
        encoding: 'utf8',
      },
    );
    const captured = await work.start(
      ['capture', ...QUICKLY, '--log', 'a b.log', '--', QEMU, ...given],
      [{ write: CLEAN }, UNTIL_ASKED],
    ).end;
    expect(printed.split('\0').slice(0, -1)).toEqual(captured.words);
  });
});

describe('wrong usage exits with 2 and starts nothing', () => {
  test.each([
    [['capture'], /needs -- ahead/],
    [['capture', QEMU], /needs -- ahead/],
    [['capture', QEMU, '--', '-m', '1G'], /needs -- ahead/],
    [['capture', '--'], /behind --/],
    [['capture', '--linger', 'soon', '--', QEMU], /--linger takes seconds/],
    [['capture', '--linger', '-1', '--', QEMU], /linger/],
    [['capture', '--timeout', '0', '--', QEMU], /--timeout takes seconds/],
    [['capture', '--timeout', '1e9', '--', QEMU], /--timeout takes seconds/],
    [['capture', '--linger', '1', '--keep-running', '--', QEMU], /exclude each other/],
    [['capture', '--rebind', '--no-tracer', '--', QEMU], /exclude each other/],
    [['capture', '--with', 'x', '--', QEMU], /no option --with/],
    [['capture', '--log', '-', '--', QEMU], /--log takes the name of a file/],
    [['capture', '--trace', '-', '--', QEMU], /--trace takes the name of a file/],
    [['check', '--linger', '1', 'x.log'], /no option --linger/],
    [['capture', '--', QEMU, '-debugcon', 'stdio'], /-debugcon stdio already/],
    [['capture', '--', QEMU, '-M', 'isapc'], /isapc has no PCI bus/],
    [['capture', '--print', '--', 'qemu-system-aarch64'], /qemu-system-aarch64/],
  ])('%j', async (words, message) => {
    const { status, stdout, stderr, words: started } = await work.start(words, []).end;
    expect([status, stdout, started]).toEqual([2, '', null]);
    expect(stderr).toMatch(message);
    expect(work.has('debugcon.log')).toBe(false);
  });
});
