import { MarkdownString, StatusBarAlignment, commands, window, workspace, type StatusBarItem, type Uri } from 'vscode';
import { together, type Disposable } from '../disposable.ts';
import { COMMANDS, LANGUAGE_ID, STATUS_ITEM_ID } from '../ids.ts';
import type { Result, ResultStore } from '../results.ts';
import { escapeMarkdown } from '../text/markdown.ts';
import { statusTooltip } from '../text/status-tooltip.ts';
import { shortVerdict, verdictIcon } from '../text/verdict.ts';
import { activeLog, nameOf } from '../uris.ts';

/** `when` clauses of package.json ask for it. */
const HAS_REPORT = 'dmaHandoff.hasReport';

/** The status bar item with the verdict on the log in front of the user. */
export function registerStatus(results: ResultStore): Disposable {
  const item = window.createStatusBarItem(STATUS_ITEM_ID, StatusBarAlignment.Left, 0);
  item.name = 'DMA Handoff';
  let hasReport = false;

  function update(): void {
    const uri = activeLog();
    const result = uri === null ? null : results.get(uri);
    if (uri !== null && result !== null) {
      showResult(item, uri, result);
      item.show();
    } else if (window.activeTextEditor?.document.languageId === LANGUAGE_ID) {
      showInvitation(item);
      item.show();
    } else {
      item.hide();
    }
    updateContext();
  }

  function updateContext(): void {
    const now = results.all().some((result) => result.state === 'done');
    if (now === hasReport) return;
    hasReport = now;
    void commands.executeCommand('setContext', HAS_REPORT, now);
  }

  const subscriptions = [
    item,
    results.onDidChange(update),
    window.onDidChangeActiveTextEditor(update),
    window.tabGroups.onDidChangeTabs(update),
    window.tabGroups.onDidChangeTabGroups(update),
    workspace.onDidOpenTextDocument(update),
  ];
  update();
  return together(subscriptions);
}

function showResult(item: StatusBarItem, uri: Uri, result: Result): void {
  const name = nameOf(uri);
  switch (result.state) {
    case 'running':
      fill(item, '$(loading~spin)', 'analyzing…', `DMA Handoff is analyzing ${name}.`, COMMANDS.showReport);
      break;
    case 'failed':
      fill(
        item,
        '$(error)',
        'analysis failed',
        `${name} could not be analyzed. ${result.message}`,
        COMMANDS.analyzeFile,
      );
      break;
    case 'done': {
      const { digest } = result.analysis;
      fill(item, verdictIcon(digest.verdict), shortVerdict(digest.verdict), '', COMMANDS.showReport);
      item.tooltip = new MarkdownString(statusTooltip(name, digest));
      break;
    }
  }
}

function showInvitation(item: StatusBarItem): void {
  fill(item, '$(play)', 'not analyzed', 'Analyze this log with DMA Handoff.', COMMANDS.analyzeFile);
}

function fill(item: StatusBarItem, icon: string, text: string, tooltip: string, command: string): void {
  item.text = `${icon} DMA: ${text}`;
  item.tooltip = new MarkdownString(escapeMarkdown(tooltip));
  item.command = command;
  item.accessibilityInformation = { label: `DMA Handoff: ${text}`, role: 'button' };
}
