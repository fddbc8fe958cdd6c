import { Uri, commands, window, workspace } from 'vscode';
import type { Analyzer } from '../analyzer.ts';
import { together, type Disposable } from '../disposable.ts';
import type { Failures } from '../failures.ts';
import { COMMANDS, DOCS_SCHEME } from '../ids.ts';

/**
 * The page about a rule. Not `command:`, which VS Code no longer runs from the code of a problem (microsoft/vscode#329652),
 * and not the file itself, which would open as source: package.json gives this scheme to the Markdown preview.
 */
export function toRulePageUri(rule: string): Uri {
  return toPageUri(`docs/rules/${rule}.md`);
}

/** How to get a log worth reading. */
export const CAPTURE_PAGE = 'docs/capture.md';

/** @param path from the root of the extension's folder */
export function toPageUri(path: string): Uri {
  return Uri.from({ scheme: DOCS_SCHEME, path: `/${path}` });
}

/** Serves the pages of the extension's documentation, and the command that explains a rule. */
export function registerDocumentation(analyzer: Analyzer, failures: Failures, extensionUri: Uri): Disposable {
  const subscriptions = [
    workspace.registerTextDocumentContentProvider(DOCS_SCHEME, {
      provideTextDocumentContent: (uri) => readPage(extensionUri, uri),
    }),
    commands.registerCommand(COMMANDS.explainRule, async (rule?: unknown) => {
      const id = typeof rule === 'string' ? rule : await pickRule(analyzer, failures);
      if (id !== undefined) await showPage(toRulePageUri(id));
    }),
  ];
  return together(subscriptions);
}

async function readPage(extensionUri: Uri, { path }: Uri): Promise<string> {
  try {
    if (!PAGE_PATH.test(path)) throw new Error('not a page');
    return new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(extensionUri, path)));
  } catch {
    return `There is no page ${path} in this version of DMA Handoff.\n`;
  }
}

/** Anybody can ask for a document: only pages in docs/ are given, nothing above it. */
const PAGE_PATH = /^\/docs\/(?:[\w-]+\/)?[\w-]+\.md$/;

async function pickRule(analyzer: Analyzer, failures: Failures): Promise<string | undefined> {
  const rules = await analyzer.listRules();
  if (!rules.ok) {
    void window.showErrorMessage(failures.explain(rules.failure));
    return undefined;
  }
  const items = rules.value.map(({ id, summary }) => ({ label: id, detail: summary }));
  const picked = await window.showQuickPick(items, { title: 'Explain a Rule', matchOnDetail: true });
  return picked?.label;
}

export async function showPage(uri: Uri): Promise<void> {
  try {
    await commands.executeCommand('markdown.showPreview', uri);
  } catch {
    // Some hosts come without the Markdown extension.
    await window.showTextDocument(uri);
  }
}
