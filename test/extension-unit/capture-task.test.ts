import type * as vscode from 'vscode';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CaptureHost } from '../../src/extension/capture/capture-host.ts';
import { logOfArguments, toCliArguments } from '../../src/extension/capture/cli-arguments.ts';
import { expandFolder } from '../../src/extension/capture/expand-folder.ts';
import { toNodeCommand } from '../../src/extension/capture/node-command.ts';
import * as fake from './support/fake-vscode.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const { parseDefinition, toTaskDefinition } = await import('../../src/extension/capture/definition.ts');
const { createCaptureTasks, logOfTask } = await import('../../src/extension/capture/capture-task.ts');

afterEach(() => fake.reset());

const HOST: CaptureHost = {
  node: { program: '/opt/node', words: [], environment: {} },
  quoting: 'posix',
  homeFolder: '/home/me',
  resolvePath: (from, path) => new URL(path, `file://${from}/`).pathname.replace(/\/$/, ''),
};

const QEMU = ['qemu-system-x86_64', '-m', '1G'];

function definitionOf(values: object): ReturnType<typeof parseDefinition> {
  return parseDefinition({ type: 'dma-handoff', ...values }, 'posix');
}

function parsed(values: object): Parameters<typeof toTaskDefinition>[0] {
  const result = definitionOf(values);
  if (!result.ok) throw new Error(result.message);
  return result.definition;
}

function create(values: object, scope?: object): vscode.Task {
  const tasks = createCaptureTasks(HOST, fake.Uri.file('/extension') as never);
  return tasks.create(parsed(values), { type: 'dma-handoff', ...values }, scope as vscode.Task['scope']);
}

function executionOf(task: vscode.Task): fake.ProcessExecution {
  return task.execution as unknown as fake.ProcessExecution;
}

describe('what tasks.json says of a capture', () => {
  test('is a list of words, or one text that is split as a shell does', () => {
    expect(parsed({ command: QEMU }).command).toEqual(QEMU);
    expect(parsed({ command: `qemu-system-x86_64 -drive 'file=my disk.img' \\\n -m 1G` }).command).toEqual([
      'qemu-system-x86_64',
      '-drive',
      'file=my disk.img',
      '-m',
      '1G',
    ]);
  });

  test.each([
    [{}, /needs `command`/],
    [{ command: [] }, /needs `command`/],
    [{ command: ['qemu', 5] }, /needs `command`/],
    [{ command: { a: 1 } }, /needs `command`/],
    [{ command: '  ' }, /is empty/],
    [{ command: 'qemu "-m' }, /A quote \("\) has no end/],
    [{ command: 'qemu | tee' }, /for a shell/],
  ])('is refused in words: %j', (values, message) => {
    const result = definitionOf(values);
    expect(result.ok ? '' : result.message).toMatch(message);
  });

  test('has defaults, which values of other types do not change', () => {
    const defaults = {
      command: QEMU,
      log: null,
      trace: null,
      rebind: false,
      tracer: true,
      keepRunning: false,
      timeout: null,
      linger: null,
      cwd: null,
    };
    expect(parsed({ command: QEMU })).toEqual(defaults);
    const wrong = { log: 5, trace: '', rebind: 'yes', tracer: 0, keepRunning: 1, timeout: -1, linger: '2', cwd: [] };
    expect(parsed({ command: QEMU, ...wrong })).toEqual(defaults);
  });

  test('comes back from the shortest task that says the same', () => {
    const whole = {
      command: QEMU,
      log: 'a.log',
      trace: 't.log',
      rebind: true,
      tracer: false,
      keepRunning: true,
      timeout: 60,
      linger: 0,
      cwd: 'vm',
    };
    expect(toTaskDefinition(parsed(whole))).toEqual({ type: 'dma-handoff', ...whole });
    expect(toTaskDefinition(parsed({ command: QEMU }))).toEqual({ type: 'dma-handoff', command: QEMU });
  });
});

describe('the arguments of the command line', () => {
  const settings = { rules: {}, platform: 'auto' } as const;

  test('are few by default, and end with the words of QEMU', () => {
    expect(toCliArguments(parsed({ command: QEMU }), '/vm/debugcon.log', settings)).toEqual(
      'capture --color always --log /vm/debugcon.log -- qemu-system-x86_64 -m 1G'.split(' '),
    );
  });

  test('say all that the task says, and what the settings say about the report', () => {
    const task = { rebind: true, tracer: false, keepRunning: true, timeout: 60, linger: 2.5, trace: '/vm/trace.log' };
    const chosen = { rules: { 'double-unmap': 'off' }, platform: 'deny' } as const;
    expect(toCliArguments(parsed({ command: ['qemu'], ...task }), '/vm/x.log', chosen)).toEqual(
      'capture --color always --log /vm/x.log --trace /vm/trace.log --rebind --no-tracer --keep-running --timeout 60 --linger 2.5 --platform deny --rule double-unmap=off -- qemu'.split(
        ' ',
      ),
    );
  });

  test('tell the log again, whatever words QEMU gets', () => {
    const words = toCliArguments(parsed({ command: ['qemu', '--log', 'other'] }), '/vm/x.log', settings);
    expect(logOfArguments(['call', '/opt/node', '/cli.js', ...words])).toBe('/vm/x.log');
    expect(logOfArguments(['check', '--', 'x'])).toBeNull();
  });
});

describe('the task', () => {
  const folder = { uri: fake.Uri.file('/machines/vm'), name: 'vm', index: 0 };

  test('runs the command line that the extension brings along', () => {
    const { process, args } = executionOf(create({ command: QEMU, log: 'boot.log' }, folder));
    expect(process).toBe('/opt/node');
    expect(args).toEqual(
      '/extension/dist/cli/main.js capture --color always --log /machines/vm/boot.log -- qemu-system-x86_64 -m 1G'.split(
        ' ',
      ),
    );
  });

  test('takes its paths from the folder it belongs to, and writes debugcon.log', () => {
    const task = create({ command: QEMU, trace: 'trace.log', cwd: 'machines' }, folder);
    expect(executionOf(task).options).toEqual({ cwd: '/machines/vm/machines', env: {} });
    expect(executionOf(task).args).toContain('/machines/vm/machines/trace.log');
    expect(logOfTask(task)?.path).toBe('/machines/vm/machines/debugcon.log');
  });

  test('takes them from the first folder where it belongs to none, and else from home', () => {
    expect(logOfTask(create({ command: QEMU }))?.path).toBe('/home/me/debugcon.log');
    fake.workspace.workspaceFolders = [folder as unknown as vscode.WorkspaceFolder];
    expect(logOfTask(create({ command: QEMU }))?.path).toBe('/machines/vm/debugcon.log');
  });

  test('knows the variables that paths begin with', () => {
    expect(logOfTask(create({ command: QEMU, log: '${workspaceFolder}/out/x.log' }, folder))?.path).toBe(
      '/machines/vm/out/x.log',
    );
    expect(expandFolder('${userHome}/x ${other}', { folder: '/f', home: '/h' })).toBe('/h/x ${other}');
  });

  test('keeps the definition that VS Code knows it by', () => {
    const written = { type: 'dma-handoff', command: 'qemu-system-x86_64 -m 1G' };
    const tasks = createCaptureTasks(HOST, fake.Uri.file('/extension') as never);
    expect(tasks.create(parsed(written), written, undefined, 'boot').definition).toBe(written);
  });

  test('of somebody else has no log', () => {
    const { execution } = create({ command: QEMU }, folder);
    const other = new fake.Task({ type: 'shell' }, folder, 'other', 'other', execution);
    const idle = new fake.Task({ type: 'dma-handoff' }, folder, 'idle', 'dma-handoff');
    expect([other, idle].map((task) => logOfTask(task as unknown as vscode.Task))).toEqual([null, null]);
  });
});

describe('the Node that runs it', () => {
  const versions = { node: '20.19.0' };

  test('is that of a remote extension host', () => {
    expect(toNodeCommand({ platform: 'linux', execPath: '/srv/node', versions })).toEqual({
      program: '/srv/node',
      words: [],
      environment: {},
    });
  });

  test('is VS Code itself on the desktop', () => {
    const electron = { ...versions, electron: '34.0.0' };
    expect(toNodeCommand({ platform: 'darwin', execPath: '/Applications/Code', versions: electron })).toEqual({
      program: '/Applications/Code',
      words: [],
      environment: { ELECTRON_RUN_AS_NODE: '1' },
    });
  });

  test('gets a console from another program on Windows, where VS Code has none', () => {
    const electron = { ...versions, electron: '34.0.0' };
    expect(toNodeCommand({ platform: 'win32', execPath: 'C:\\Code.exe', versions: electron })).toEqual({
      program: 'cmd.exe',
      words: ['/d', '/c', 'call', 'C:\\Code.exe'],
      environment: { ELECTRON_RUN_AS_NODE: '1' },
    });
  });
});

describe('a command line that is edited again', () => {
  test.each(['posix', 'windows'] as const)('has the same words (%s)', async (quoting) => {
    const { joinWords } = await import('../../src/extension/capture/join-words.ts');
    const { splitCommandLine } = await import('../../src/capture/split-command-line.ts');
    for (const words of [
      ['qemu-system-x86_64', '-drive', 'file=my disk.img', '-append', 'console="ttyS0" a=$b'],
      ['C:/Program Files/qemu/qemu-system-x86_64.exe', '-name', 'a|b&c', ''],
    ]) {
      expect(splitCommandLine(joinWords(words, quoting), quoting)).toEqual({ ok: true, words });
    }
  });
});
