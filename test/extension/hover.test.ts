import * as vscode from 'vscode';
import { closeEverything, openAnalyzed } from './support/editor.ts';
import { expectEqual, expectMatch } from './support/expect.ts';

suite('hover', () => {
  teardown(closeEverything);

  test('on a mapping shows its history in a table, with links to its lines', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    const text = await hoverText(document, 4083, 'Mapping');
    expectMatch(text, /Mapping/, 'the hover');
    expectMatch(text, /\|\s*:?-+|<table/, 'the table in the hover');
    expectMatch(text, /command:dmaHandoff\.showLine/, 'the links in the hover');
  });

  test('on the first proof of ExitBootServices says so', async () => {
    const { document } = await openAnalyzed('sevlike-xhci.log');
    expectMatch(await hoverText(document, 9727, 'IoMmuExitBoot'), /ExitBootServices/, 'the hover');
  });

  test('stays silent on a line that is none of its business', async () => {
    const { document } = await openAnalyzed('sevlike-xhci.log');
    expectEqual(await hoverText(document, 2, 'SEC'), '', 'the hover');
  });
});

/** The Markdown that all hovers at a word give together. */
async function hoverText(document: vscode.TextDocument, lineNumber: number, word: string): Promise<string> {
  const line = document.lineAt(lineNumber - 1).text;
  const position = new vscode.Position(lineNumber - 1, Math.max(0, line.indexOf(word)) + 1);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  const contents = hovers.flatMap((hover) => hover.contents);
  return contents.map((content) => (content instanceof vscode.MarkdownString ? content.value : '')).join('\n');
}
