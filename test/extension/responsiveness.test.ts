import * as vscode from 'vscode';
import { closeEverything, openAnalyzed, workspaceFile } from './support/editor.ts';
import { startEventLoopMeter, type Blockage } from './support/event-loop-meter.ts';
import { expectPresent, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { note } from './support/tell.ts';
import { pause } from './support/until.ts';

/** What the extension may add to VS Code's own work at a stretch. It means to stay below one frame, 16 ms. */
const ALLOWED_MS = 50;

/** Blocked by chance once, by the garbage collector for example; code that blocks does it every time. */
const ATTEMPTS = 4;

const MINUTES_MS = 60_000;

suite('the extension host is never blocked', () => {
  teardown(closeEverything);

  test('while a large document is analysed', async function () {
    this.timeout(4 * MINUTES_MS);
    const foreign = await openAnalyzed('large-foreign.log');
    const own = await leastBusy('an edit in a foreign document of the same size', () =>
      editAndAnalyze(foreign.document),
    );
    await closeEverything();

    const { document, report } = await openAnalyzed('large.log');
    expectPresent(report, 'the report of large.log');
    const busy = await leastBusy(`an edit in a document of ${String(document.lineCount)} lines`, () =>
      editAndAnalyze(document),
    );
    expectResponsive(busy, own);
  });

  test('while a file above 50 MiB is analysed from disk', async function () {
    this.timeout(4 * MINUTES_MS);
    await activate();
    const uri = workspaceFile('huge.log');
    const { size: sizeBytes } = await vscode.workspace.fs.stat(uri);
    expectTrue(sizeBytes > 50 * 1024 * 1024, 'huge.log is not huge');
    const own = await leastBusy("VS Code's own reading of that file", async () => {
      await vscode.workspace.fs.readFile(uri);
    });
    const busy = await leastBusy(`a file of ${String(Math.round(sizeBytes / 1024 / 1024))} MiB`, async () => {
      await vscode.commands.executeCommand('dmaHandoff.analyzeLargeFile', uri);
    });
    expectResponsive(busy, own);
  });
});

async function editAndAnalyze(document: vscode.TextDocument): Promise<void> {
  const api = await activate();
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(document.lineCount, 0), 'one more line\n');
  await vscode.workspace.applyEdit(edit);
  await api.whenAnalyzed(document.uri.toString());
}

/** How long the event loop was blocked at a stretch, in the best of some attempts; stops trying once that is short. */
async function leastBusy(what: string, work: () => Promise<void>): Promise<number> {
  const blockages: Blockage[] = [];
  while (blockages.length < ATTEMPTS && !blockages.some(({ busyMs }) => busyMs < ALLOWED_MS / 2)) {
    await pause(200);
    const meter = startEventLoopMeter();
    await work();
    blockages.push(await meter.stop());
  }
  const figures = blockages.map(({ busyMs, lagMs }) => `${busyMs.toFixed(1)} (lag ${lagMs.toFixed(1)})`);
  note(`event loop blocked for at most, in ms, ${what}: ${figures.join(', ')}`);
  return Math.min(...blockages.map(({ busyMs }) => busyMs));
}

function expectResponsive(busyMs: number, ownMs: number): void {
  const allowedMs = ownMs + ALLOWED_MS;
  if (busyMs < allowedMs) return;
  throw new Error(
    `the event loop was blocked for ${busyMs.toFixed(1)} ms; VS Code alone blocks it for ${ownMs.toFixed(1)} ms, allowed are ${allowedMs.toFixed(1)} ms`,
  );
}
