import * as vscode from 'vscode';
import { checkRelated, diagnosticsOf, linesOf, ruleOf, untilErrorLines } from './support/diagnostics.ts';
import { closeEverything, openAnalyzed, workspaceFile } from './support/editor.ts';
import { expectEqual, expectPresent, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { until } from './support/until.ts';

/** Lines of buggy-no-teardown.log on which IoMmuDxe reports a mapping that is still alive when the loader takes over. */
const LEAKED = [4083, 4302, 4334, 4340, 4346, 4352, 5781, 9798, 9804, 9810];

suite('diagnostics', () => {
  teardown(closeEverything);

  test('every mapping that lives at hand-off is an error on the line that reports it', async () => {
    const { document, report } = await openAnalyzed('buggy-no-teardown.log');
    expectEqual(
      report?.traces.map((trace) => trace.summary.liveAtHandoff),
      [10],
      'mappings live at hand-off, a boot',
    );
    const diagnostics = diagnosticsOf(document.uri);
    expectEqual(linesOf(diagnostics, vscode.DiagnosticSeverity.Error), LEAKED, 'lines with an error');
    for (const diagnostic of diagnostics) {
      ruleOf(diagnostic);
      if (diagnostic.severity === vscode.DiagnosticSeverity.Error) checkRelated(diagnostic, document);
    }
  });

  test('the code of a diagnostic leads to the page of its rule', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    const [diagnostic] = diagnosticsOf(document.uri);
    const { code } = expectPresent(diagnostic, 'a diagnostic');
    expectTrue(typeof code === 'object', 'the code has no link');
    const page = await vscode.workspace.openTextDocument(code.target);
    expectTrue(page.getText().startsWith(`# ${code.value}\n`), `the page begins with ${page.lineAt(0).text}`);
  });

  test('a squiggle covers text of its line', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    for (const { range } of diagnosticsOf(document.uri)) {
      expectTrue(
        range.isSingleLine && !range.isEmpty,
        `the range on line ${String(range.start.line + 1)} is not a piece of one line`,
      );
      expectTrue(
        document.lineAt(range.start.line).range.contains(range),
        `the range on line ${String(range.start.line + 1)} leaves its line`,
      );
    }
  });

  test('a healthy boot has no error, and one warning for the pending xHCI mapping', async () => {
    const { document } = await openAnalyzed('sevlike-xhci.log');
    const diagnostics = diagnosticsOf(document.uri);
    expectEqual(linesOf(diagnostics, vscode.DiagnosticSeverity.Error), [], 'lines with an error');
    expectEqual(linesOf(diagnostics, vscode.DiagnosticSeverity.Warning), [4266], 'lines with a warning');
  });

  test('memory freed in an exit callback is found', async () => {
    const { document } = await openAnalyzed('buggy-xhci-free-in-ebs.log');
    const errors = diagnosticsOf(document.uri).filter(
      (diagnostic) => diagnostic.severity === vscode.DiagnosticSeverity.Error,
    );
    const freed = expectPresent(
      errors.find((diagnostic) => ruleOf(diagnostic) === 'memory-freed-in-exit-callback'),
      'an error of memory-freed-in-exit-callback',
    );
    const lineNumber = freed.range.start.line + 1;
    expectTrue(lineNumber >= 9728 && lineNumber <= 9731, `line ${String(lineNumber)} is not where the buffer is freed`);
    checkRelated(freed, document);
  });

  test('they follow an edit, and nothing stale stays behind', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');

    const insertion = new vscode.WorkspaceEdit();
    insertion.insert(document.uri, new vscode.Position(0, 0), 'one more line\n');
    expectTrue(await vscode.workspace.applyEdit(insertion), 'the insertion was refused');
    await untilErrorLines(
      document.uri,
      LEAKED.map((line) => line + 1),
    );

    const cut = new vscode.WorkspaceEdit();
    cut.delete(document.uri, new vscode.Range(new vscode.Position(0, 0), new vscode.Position(document.lineCount, 0)));
    expectTrue(await vscode.workspace.applyEdit(cut), 'the deletion was refused');
    await until('no diagnostics in an empty file', () => (diagnosticsOf(document.uri).length === 0 ? true : undefined));
  });

  test('whenAnalyzed speaks of the text as it is after an edit', async () => {
    const api = await activate();
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '\n\n\n');
    await vscode.workspace.applyEdit(edit);
    await api.whenAnalyzed(document.uri.toString());
    expectEqual(
      linesOf(diagnosticsOf(document.uri), vscode.DiagnosticSeverity.Error),
      LEAKED.map((line) => line + 3),
      'lines with an error',
    );
  });

  test('they go when the file is closed', async () => {
    await openAnalyzed('buggy-no-teardown.log');
    await closeEverything();
    const uri = workspaceFile('buggy-no-teardown.log');
    await until('no diagnostics of a closed file', () => (diagnosticsOf(uri).length === 0 ? true : undefined));
  });
});
