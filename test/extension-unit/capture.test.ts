import type * as vscode from 'vscode';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { CaptureHost } from '../../src/extension/capture/capture-host.ts';
import { COMMANDS, LANGUAGE_ID } from '../../src/extension/ids.ts';
import { inputs } from './support/fake-inputs.ts';
import * as fake from './support/fake-vscode.ts';
import { readLog, startExtension, until } from './support/start.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

afterEach(() => fake.reset());

const HOST: CaptureHost = {
  node: { program: '/opt/node', words: [], environment: {} },
  quoting: 'posix',
  homeFolder: '/home/me',
  resolvePath: (from, path) =>
    path.startsWith('/') ? path : `${from}/${path}`.replace('/./', '/').replace(/\/\.$/, ''),
};

const FOLDER = { uri: fake.Uri.file('/vm'), name: 'vm', index: 0 } as unknown as vscode.WorkspaceFolder;
const LOG = 'file:///vm/debugcon.log';
const COMMAND = 'qemu-system-x86_64 -machine q35';

/** Starts the command and waits until it asks. */
async function ask(): Promise<void> {
  void fake.commands.executeCommand(COMMANDS.captureWithQemu);
  await until('the user is asked', () => inputs.box !== null || inputs.pick !== null);
}

/** Types a command line and waits until its task runs. */
async function startCapture(command = COMMAND): Promise<(typeof fake.tasking.executions)[number]> {
  fake.workspace.workspaceFolders = [FOLDER];
  await ask();
  inputs.box?.type(command);
  inputs.box?.accept();
  await until('the task runs', () => fake.tasking.executions.length > 0);
  return fake.tasking.executions[0]!;
}

function argumentsOf({ task }: (typeof fake.tasking.executions)[number]): string {
  return (task.execution as unknown as fake.ProcessExecution).args.join(' ');
}

function write(text: string, key = LOG): void {
  fake.files.set(key, Buffer.from(text, 'latin1'));
}

describe('“Capture with QEMU…”', () => {
  test('offers a command line with the firmware and the disk that are there', async () => {
    const started = await startExtension(HOST);
    fake.workspace.workspaceFolders = [FOLDER];
    write('', 'file:///usr/share/edk2/x64/OVMF_CODE.4m.fd');
    write('', 'file:///vm/my disk.qcow2');
    await ask();
    const { value, valueSelection, validationMessage } = inputs.box!;
    expect(value).toContain('readonly=on,file=/usr/share/edk2/x64/OVMF_CODE.4m.fd ');
    expect(value).toMatch(/snapshot=on,format=qcow2,file="my disk\.qcow2"$/);
    expect(value.slice(...valueSelection!)).toBe('"my disk.qcow2"');
    expect(validationMessage?.severity).toBe(fake.InputBoxValidationSeverity.Info);
    inputs.box!.hide();
    started.stop();
  });

  test.each([
    ['', /Give the command line/],
    ['qemu-system-x86_64 -debugcon stdio', /has -debugcon stdio already/],
    ['qemu-system-aarch64 -M virt', /works with qemu-system-x86_64/],
    ['qemu-system-x86_64 "-m', /A quote \("\) has no end/],
    ['qemu-system-x86_64 | tee x', /for a shell/],
  ])('says while it is typed what is wrong with %j, and does not run it', async (text, message) => {
    const started = await startExtension(HOST);
    await ask();
    inputs.box!.type(text);
    expect(inputs.box!.validationMessage).toMatchObject({ severity: fake.InputBoxValidationSeverity.Error });
    expect(inputs.box!.validationMessage?.message).toMatch(message);
    inputs.box!.accept();
    expect(inputs.box).not.toBeNull();
    inputs.box!.hide();
    expect(fake.tasking.executions).toEqual([]);
    started.stop();
  });

  test('takes lines that were joined by backslashes, which a box leaves without their breaks', async () => {
    const started = await startExtension(HOST);
    const execution = await startCapture('qemu-system-x86_64 \\   -machine q35 \\   -m 1G');
    expect(argumentsOf(execution)).toMatch(/-- qemu-system-x86_64 -machine q35 -m 1G$/);
    started.stop();
  });

  test('writes a log that is not there yet', async () => {
    const started = await startExtension(HOST);
    write('old');
    write('old', 'file:///vm/debugcon-2.log');
    expect(argumentsOf(await startCapture())).toContain('--log /vm/debugcon-3.log');
    started.stop();
  });

  test('offers what was captured before, with its options, to run, to edit and to forget', async () => {
    const started = await startExtension(HOST);
    fake.workspace.workspaceFolders = [FOLDER];
    inputs.ticked = ['Trace the devices, too', 'Leave the tracer out'];
    await ask();
    inputs.box!.type(COMMAND);
    inputs.box!.press(inputs.box!.buttons[0]!);
    await until('the box is back', () => inputs.box !== null);
    expect(inputs.box!.value).toBe(COMMAND);
    inputs.box!.accept();
    await until('the task runs', () => fake.tasking.executions.length === 1);
    expect(argumentsOf(fake.tasking.executions[0]!)).toContain('--trace /vm/qemu-trace.log --no-tracer -- qemu');
    fake.tasking.executions[0]!.end(2);

    await ask();
    expect(inputs.pick!.items.map(({ label }) => label)).toEqual([
      'captured before',
      COMMAND,
      'new',
      '$(edit) Type a command line…',
    ]);
    expect(inputs.pick!.items[1]!.description).toBe('with a trace of devices, without the tracer');
    inputs.pick!.pressOn(COMMAND, 'Edit');
    await until('the box is there', () => inputs.box !== null);
    expect(inputs.box!.value).toBe(COMMAND);
    inputs.box!.hide();

    await ask();
    inputs.pick!.choose(COMMAND);
    await until('the task runs', () => fake.tasking.executions.length === 2);
    expect(argumentsOf(fake.tasking.executions[1]!)).toContain('--no-tracer');

    await ask();
    inputs.pick!.pressOn(COMMAND, 'Remove from This List');
    await until('it is gone', () => inputs.pick!.items.length === 2);
    inputs.pick!.hide();
    started.stop();
  });

  test('runs a task of tasks.json as it is', async () => {
    const started = await startExtension(HOST);
    const written = { type: 'dma-handoff', command: [COMMAND] };
    const task = new fake.Task(written, FOLDER, 'boot it', 'Workspace') as unknown as vscode.Task;
    fake.tasking.written.push(fake.tasking.provider!.resolveTask(task, undefined as never) as vscode.Task);
    await ask();
    inputs.pick!.choose('boot it');
    await until('the task runs', () => fake.tasking.executions.length > 0);
    expect(fake.tasking.executions[0]!.task.definition).toBe(written);
    started.stop();
  });

  test('says what is wrong with a task of tasks.json', async () => {
    const started = await startExtension(HOST);
    const task = new fake.Task({ type: 'dma-handoff' }, FOLDER, 'boot it', 'Workspace') as unknown as vscode.Task;
    expect(fake.tasking.provider!.resolveTask(task, undefined as never)).toBeUndefined();
    expect(fake.messages).toEqual([
      expect.stringMatching(/^The task “boot it” cannot run\. A capture needs `command`/),
    ]);
    started.stop();
  });

  test.each([
    ['in a browser', null, true, /VS Code for the Web cannot do/, []],
    ['in an untrusted workspace', HOST, false, /in trusted workspaces only/, ['Manage Workspace Trust']],
  ])('says why it cannot run %s', async (_where, host, isTrusted, message, offers) => {
    const started = await startExtension(host);
    fake.workspace.isTrusted = isTrusted;
    await fake.commands.executeCommand(COMMANDS.captureWithQemu);
    expect(fake.messages).toEqual([expect.stringMatching(message)]);
    expect(fake.offers).toEqual([offers]);
    expect(inputs.box).toBeNull();
    started.stop();
  });

  test('says that a workspace without a disk cannot hold the log', async () => {
    const started = await startExtension(HOST);
    const uri = fake.Uri.parse('vscode-vfs://github/x/y');
    fake.workspace.workspaceFolders = [{ ...FOLDER, uri } as unknown as vscode.WorkspaceFolder];
    await fake.commands.executeCommand(COMMANDS.captureWithQemu);
    expect(fake.messages).toEqual([expect.stringMatching(/writes the log to a disk/)]);
    started.stop();
  });
});

describe('a capture', () => {
  test('shows where the boot stands while the log grows', async () => {
    const text = await readLog('tracer-v2-xhci');
    const started = await startExtension(HOST);
    await startCapture();
    await until('the log is followed', () => started.followed.length > 0);
    expect(started.followed[0]!.path).toBe('/vm/debugcon.log');
    const item = fake.statusItems.find(({ id }) => id === 'dmaHandoff.capture')!;
    expect(item.text).toBe('$(record) QEMU starts');
    const exit = text.indexOf('DMATRACE', text.indexOf('CbBegin'));
    for (const [piece, standing] of [
      [text.slice(0, 2000), /^\$\(record\) Booting: no DMA call yet$/],
      [text.slice(2000, exit - 2000), /^\$\(record\) Booting: 2 mapped by \d+ Maps$/],
      [text.slice(exit - 2000, exit), /^\$\(record\) In ExitBootServices: 2 mapped$/],
      [text.slice(exit), /^\$\(record\) Handed over: 2 mapped$/],
    ] as const) {
      started.followed[0]!.write(piece);
      await until('the standing is shown', () => standing.test(item.text));
    }
    expect(inputs.progresses[0]!.title).toBe('Capturing debugcon.log');
    expect(inputs.progresses[0]!.told.at(-1)).toMatch(/^Handed over: 2 mapped \(64\.0 KiB\); \d+ lines\.$/);
    started.stop();
  });

  test('ends with the log in an editor, its problems and its verdict', async () => {
    const started = await startExtension(HOST);
    const execution = await startCapture();
    write(await readLog('tracer-v2-xhci'));
    execution.end(1);
    await until('the verdict is told', () => fake.messages.length > 0);
    expect(fake.messages).toEqual(['debugcon.log: 2 mappings are live at hand-off; 1 error, 2 warnings.']);
    expect(fake.offers).toEqual([['Show Report', 'Show Timeline']]);
    const document = fake.window.activeTextEditor!.document;
    expect(document.uri.toString()).toBe(LOG);
    expect(document.languageId).toBe(LANGUAGE_ID);
    await started.api.whenAnalyzed(LOG);
    expect(fake.diagnosticsOf(document.uri).length).toBeGreaterThan(2);
    started.stop();
  });

  test.each([
    [2, '', /^The capture was refused: the terminal says why\.$/],
    [3, '', /^QEMU did not run, or its firmware wrote nothing into debugcon\.log/],
    [3, 'stock', /^debugcon\.log: no DMA call.*\. /],
    [3, 'cut', /^debugcon\.log: .*ends before hand-off.*The machine ended before it, or was stopped\.$/],
  ])('that fails with %i and writes %j says so in words, and leads to the terminal', async (code, written, message) => {
    const started = await startExtension(HOST);
    const execution = await startCapture();
    write('');
    if (written === 'stock') write(await readLog('stock-virtio'));
    if (written === 'cut') write((await readLog('tracer-v2-xhci')).slice(0, 30_000));
    fake.views.answer = 'Show Terminal';
    execution.end(code);
    await until('it is told', () => fake.messages.length > 0);
    expect(fake.messages).toEqual([expect.stringMatching(message)]);
    expect(fake.offers[0]).toContain('Show Terminal');
    // An empty log tells nothing, but of a command that was refused, the log may be an earlier one's.
    expect(fake.files.has(LOG)).toBe(written !== '' || code === 2);
    await until('the terminal is shown', () =>
      fake.executed.some(({ id }) => id === 'workbench.action.terminal.focus'),
    );
    started.stop();
  });

  test('that is cancelled ends its task, and offers what was written until then', async () => {
    const started = await startExtension(HOST);
    const execution = await startCapture();
    write('SecCoreStartupWithStack(0xFFFCC000, 0x820000)\n');
    inputs.progresses[0]!.cancel();
    await until('it is told', () => fake.messages.length > 0);
    expect(execution.isTerminated).toBe(true);
    expect(fake.messages).toEqual([
      'The capture was cancelled. debugcon.log holds what the firmware wrote until then.',
    ]);
    expect(fake.offers).toEqual([['Open Log']]);
    expect(fake.window.activeTextEditor).toBeUndefined();
    started.stop();
  });

  test('that is cancelled before anything was written says that', async () => {
    const started = await startExtension(HOST);
    await startCapture();
    inputs.progresses[0]!.cancel();
    await until('it is told', () => fake.messages.length > 0);
    expect(fake.messages).toEqual(['The capture was cancelled before the firmware wrote anything.']);
    started.stop();
  });

  test('leaves nothing behind, also when the extension ends first', async () => {
    const started = await startExtension(HOST);
    await startCapture();
    await until('the log is followed', () => started.followed.length > 0);
    started.stop();
    await until('nobody follows the log', () => started.followed[0]!.isOver());
    expect(fake.openResources()).toEqual([]);
  });
});

describe('a log without any DMA call', () => {
  async function openSilent(name = 'stock-virtio'): Promise<fake.FakeDocument> {
    const text = await readLog(name);
    const uri = fake.Uri.parse('file:///logs/stock.log');
    const document = new fake.FakeDocument(uri, LANGUAGE_ID, text);
    fake.window.visibleTextEditors.push({ document, selection: { active: new fake.Position(0, 0) } });
    fake.workspace.textDocuments.push(document);
    fake.events.open.fire(document);
    return document;
  }

  test('offers a capture, once', async () => {
    const started = await startExtension(HOST);
    const document = await openSilent();
    await until('it is offered', () => fake.messages.length > 0);
    expect(fake.messages[0]).toMatch(/^stock\.log holds no DMA call: ordinary firmware prints no Map\(\)/);
    expect(fake.offers).toEqual([['Capture with QEMU…', 'How to Get a Log', 'Don’t Show Again']]);
    document.edit(`one more line\n${document.getText()}`);
    await started.api.whenAnalyzed('file:///logs/stock.log');
    expect(fake.messages).toHaveLength(1);
    started.stop();
  });

  test.each([
    ['in a browser', null, true],
    ['in an untrusted workspace', HOST, false],
  ])('offers no capture %s', async (_where, host, isTrusted) => {
    fake.workspace.isTrusted = isTrusted;
    const started = await startExtension(host);
    await openSilent();
    await until('it is told', () => fake.messages.length > 0);
    expect(fake.messages[0]).not.toMatch(/QEMU/);
    expect(fake.offers).toEqual([['How to Get a Log', 'Don’t Show Again']]);
    started.stop();
  });

  test('is kept quiet about where the user wants that', async () => {
    const started = await startExtension(HOST);
    fake.views.answer = 'Don’t Show Again';
    const first = await openSilent();
    await until('it is offered', () => fake.messages.length > 0);
    fake.closeDocument(first);
    fake.window.visibleTextEditors.length = 0;
    const text = first.getText();
    const document = new fake.FakeDocument(fake.Uri.parse('file:///logs/other.log'), LANGUAGE_ID, text);
    fake.window.visibleTextEditors.push({ document, selection: { active: new fake.Position(0, 0) } });
    fake.workspace.textDocuments.push(document);
    fake.events.open.fire(document);
    await started.api.whenAnalyzed('file:///logs/other.log');
    expect(fake.messages).toHaveLength(1);
    started.stop();
  });

  test('leads to a capture, also when its analysis was asked for', async () => {
    const started = await startExtension(HOST);
    const document = await openSilent();
    fake.showEditor(document);
    await until('it is offered', () => fake.messages.length > 0);
    fake.views.answer = 'Capture with QEMU…';
    await fake.commands.executeCommand(COMMANDS.analyzeFile);
    expect(fake.offers[1]).toEqual(['Show Report', 'Capture with QEMU…', 'How to Get a Log']);
    await until('the capture asks', () => inputs.box !== null);
    inputs.box!.hide();
    started.stop();
  });
});
