import * as vscode from 'vscode';
import { diagnosticsOf, linesOf } from './support/diagnostics.ts';
import { workspaceFile } from './support/editor.ts';
import { expectEqual, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { until } from './support/until.ts';

const LEAKS_A_BOOT = 10;

suite('a file on disk', () => {
  test('may be compressed', async () => {
    await activate();
    const uri = workspaceFile('buggy-no-teardown.log.gz');
    await vscode.commands.executeCommand('dmaHandoff.analyzeLargeFile', uri);
    await until('errors of a compressed file', () => (diagnosticsOf(uri).length === LEAKS_A_BOOT ? true : undefined));
    await vscode.commands.executeCommand('dmaHandoff.clearResults');
    await until('no more diagnostics', () => (diagnosticsOf(uri).length === 0 ? true : undefined));
  });

  test('above the size of a document gets its errors without being opened', async function () {
    this.timeout(120_000);
    await activate();
    const uri = workspaceFile('huge.log');
    // The harness has put it together from whole boots of this one.
    const [whole, boot] = await Promise.all([uri, workspaceFile('buggy-no-teardown.log')].map(sizeOf));
    const boots = (whole ?? 0) / (boot ?? 1);
    await vscode.commands.executeCommand('dmaHandoff.analyzeLargeFile', uri);
    const errorLines = (): readonly number[] => linesOf(diagnosticsOf(uri), vscode.DiagnosticSeverity.Error);
    const lines = await until('errors of a file on disk', () => {
      const found = errorLines();
      return found.length >= boots * LEAKS_A_BOOT ? found : undefined;
    }).catch((error: unknown) => {
      throw new Error(`${String(error)}; there are ${String(errorLines().length)} of ${String(boots * LEAKS_A_BOOT)}`);
    });
    expectEqual(lines.length, boots * LEAKS_A_BOOT, 'the number of errors');
    expectEqual(new Set(lines).size, lines.length, 'the number of lines with an error');
    const opened = vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString());
    expectTrue(!opened, 'the file was opened as a document');
  });
});

async function sizeOf(uri: vscode.Uri): Promise<number> {
  return (await vscode.workspace.fs.stat(uri)).size;
}
