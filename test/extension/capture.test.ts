import * as vscode from 'vscode';
import { diagnosticsOf } from './support/diagnostics.ts';
import { closeEverything, workspaceFile } from './support/editor.ts';
import { expectEqual, expectMatch, expectPresent, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { activateSecondCopy } from './support/second-copy.ts';
import { until } from './support/until.ts';

const TYPE = 'dma-handoff';

/** The harness has put it into the workspace: it plays the log that -drive names, as its firmware's. */
const QEMU = ['./qemu-system-x86_64', '-machine', 'q35', '-name', 'pieces=5', '-drive', 'file=tracer-v2-xhci.log'];

suite('capture', () => {
  teardown(closeEverything);

  test('the command is there, and says why where no program can be started', async () => {
    await activate();
    const commands = await vscode.commands.getCommands(true);
    expectTrue(commands.includes('dmaHandoff.captureWithQemu'), 'the command is missing');
    if (__HOST__ === 'node') return;
    const copy = await activateSecondCopy();
    try {
      await vscode.commands.executeCommand(`${copy.prefix}dmaHandoff.captureWithQemu`);
      expectMatch(copy.ledger.messages().join('\n'), /VS Code for the Web cannot do/, 'what the command says');
    } finally {
      await copy.end();
    }
  });

  suiteTeardown(async () => {
    if (__HOST__ === 'node') await vscode.workspace.fs.delete(workspaceFile('.vscode'), { recursive: true });
  });

  // Tasks that start a program are for hosts that can.
  if (__HOST__ === 'web') return;

  test('a task of tasks.json boots the machine, and its log is open with its problems in the end', async function () {
    this.timeout(90_000);
    const { log, exitCode } = await run({ label: 'boot', command: QEMU, log: 'captured.log' });
    expectEqual(exitCode, 1, 'the exit code, which says that there are errors');
    await until('the log in an editor', () =>
      vscode.window.activeTextEditor?.document.uri.toString() === log.toString() ? true : undefined,
    );
    const lines = await until('its problems', () => {
      const found = diagnosticsOf(log).map(({ range }) => range.start.line + 1);
      return found.length > 0 ? found : undefined;
    });
    expectTrue(lines.includes(145) && lines.includes(175), `there are problems in ${lines.join(', ')} only`);
  });

  test('a command line may be one text; what cannot be captured is refused', async function () {
    this.timeout(90_000);
    const command = './qemu-system-x86_64 -machine q35 -debugcon stdio';
    const { log, exitCode } = await run({ label: 'refused', command, log: 'refused.log' });
    expectEqual(exitCode, 2, 'the exit code of what is refused');
    const files = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(log, '..'));
    expectTrue(!files.some(([name]) => name === 'refused.log'), 'there is a log of what never ran');
  });

  test('terminating the task stops the machine', async function () {
    this.timeout(90_000);
    const slow = QEMU.map((word) => word.replace('pieces=5', 'pieces=500'));
    const task = await findTask({ label: 'slow', command: slow, log: 'stopped.log' });
    const execution = await vscode.tasks.executeTask(task);
    const log = workspaceFile('stopped.log');
    await until('the firmware to write', async () => ((await sizeOf(log)) > 0 ? true : undefined), 30_000);
    execution.terminate();
    await until('the machine to end', async () =>
      (await sizeOf(workspaceFile('stopped.log.ended'))) > 0 ? true : undefined,
    );
  });
});

interface WrittenTask {
  readonly label: string;
  readonly command: string | readonly string[];
  readonly log: string;
}

async function run(written: WrittenTask): Promise<{ log: vscode.Uri; exitCode: number | undefined }> {
  const task = await findTask(written);
  const ended = new Promise<number | undefined>((resolve) => {
    const subscription = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
      if (execution.task.name !== written.label) return;
      subscription.dispose();
      resolve(exitCode);
    });
  });
  await vscode.tasks.executeTask(task);
  return { log: workspaceFile(written.log), exitCode: await ended };
}

/** Writes tasks.json and waits until VS Code has made a task of it, with the help of the extension. */
async function findTask(written: WrittenTask): Promise<vscode.Task> {
  await activate();
  const tasks = [{ type: TYPE, problemMatcher: [], ...written }];
  const content = JSON.stringify({ version: '2.0.0', tasks });
  await vscode.workspace.fs.writeFile(workspaceFile('.vscode/tasks.json'), new TextEncoder().encode(content));
  const found = await until('the task', async () => {
    const all = await vscode.tasks.fetchTasks({ type: TYPE });
    return all.find(({ name }) => name === written.label);
  });
  return expectPresent(found, written.label);
}

async function sizeOf(uri: vscode.Uri): Promise<number> {
  try {
    return (await vscode.workspace.fs.stat(uri)).size;
  } catch {
    return 0;
  }
}
