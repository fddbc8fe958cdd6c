import * as vscode from 'vscode';
import { diagnosticsOf, linesOf } from './support/diagnostics.ts';
import { closeEverything, openAnalyzed, workspaceFile } from './support/editor.ts';
import { expectEqual, expectMatch, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { until } from './support/until.ts';

suite('report', () => {
  teardown(closeEverything);

  test('Show Report opens the text report, read-only', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    await vscode.commands.executeCommand('dmaHandoff.showReport');
    const report = await until('the report in an editor', () => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown !== undefined && shown.uri.toString() !== document.uri.toString() ? shown : undefined;
    });
    const text = report.getText();
    expectMatch(text, /hand-?off/i, 'the report');
    expectMatch(text, /\b10\b/, 'the number of mappings in the report');
    expectMatch(text, /\b4083\b/, 'the line of the first mapping in the report');
    expectTrue(!report.isUntitled && !report.isDirty, 'the report asks to be saved');
    expectEqual(
      vscode.workspace.fs.isWritableFileSystem(report.uri.scheme) ?? false,
      false,
      'whether the report can be written',
    );
  });

  test('the line numbers of the report lead to the log', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    await vscode.commands.executeCommand('dmaHandoff.showReport');
    const report = await until('the report in an editor', () => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown !== undefined && shown.uri.toString() !== document.uri.toString() ? shown : undefined;
    });
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', report.uri);
    const wanted = document.uri.with({ fragment: 'L4083' }).toString();
    expectTrue(
      links.some(({ target }) => target?.toString() === wanted),
      `no link leads to ${wanted}`,
    );
  });

  test('Analyze Current File works on any text, whatever its name and language', async () => {
    await activate();
    const bytes = await vscode.workspace.fs.readFile(workspaceFile('buggy-no-teardown.log'));
    const content = new TextDecoder().decode(bytes);
    const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
    await vscode.window.showTextDocument(document);
    // Not awaited: the command may wait for the answer to a message that nobody gives here.
    void vscode.commands.executeCommand('dmaHandoff.analyzeFile');
    await until('the errors in an untitled text', () =>
      linesOf(diagnosticsOf(document.uri), vscode.DiagnosticSeverity.Error).length === 10 ? true : undefined,
    );
  });
});
