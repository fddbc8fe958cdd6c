import { TabInputWebview, Uri, ViewColumn, commands, window, workspace, type WebviewPanel } from 'vscode';
import { parseTimelineState, type TimelineState } from '../../protocol/timeline-state.ts';
import { together, type Disposable } from '../disposable.ts';
import { COMMANDS, TIMELINE_VIEW } from '../ids.ts';
import { parseLink, toLogUri } from '../timeline/timeline-link.ts';
import {
  createTimelinePanel,
  timelineTitle,
  type TimelinePanel,
  type TimelineServices,
} from '../timeline/timeline-panel.ts';
import { activeLog, nameOf } from '../uris.ts';

/** “Show Timeline”: one panel a log, beside it; they come back after a reload, and links lead to them. */
export function registerShowTimeline(services: TimelineServices): Disposable {
  const panels = new Map<string, TimelinePanel>();

  function adopt(panel: WebviewPanel, log: Uri, state: Pick<TimelineState, 'boot' | 'view'> | null): void {
    const key = log.toString();
    panels.set(key, createTimelinePanel(panel, log, state, services));
    panel.onDidDispose(() => panels.delete(key));
  }

  function open(log: Uri, state: Pick<TimelineState, 'boot' | 'view'> | null): void {
    const known = panels.get(log.toString());
    if (known !== undefined) {
      if (state === null) known.reveal();
      else known.show(state.boot, state.view);
      return;
    }
    // Its state is small and comes back fast, so a hidden timeline costs no memory.
    const options = { enableScripts: true, retainContextWhenHidden: false, enableFindWidget: false };
    adopt(window.createWebviewPanel(TIMELINE_VIEW, timelineTitle(log), columnForTimeline(), options), log, state);
  }

  async function follow(uri: Uri): Promise<void> {
    const state = parseLink(uri);
    const log = state === null ? null : toLogUri(state.log);
    if (state === null || log === null) {
      void window.showWarningMessage('This link leads to no timeline.');
    } else if (isAtHand(log) || (await isWanted(log))) {
      open(log, state);
    }
  }

  /** What is in the workspace, in an editor or analysed already: showing it tells nobody anything new. */
  function isAtHand(log: Uri): boolean {
    const isOpen = workspace.textDocuments.some(({ uri }) => uri.toString() === log.toString());
    return isOpen || services.results.get(log) !== null || workspace.getWorkspaceFolder(log) !== undefined;
  }

  const subscriptions = [
    commands.registerCommand(COMMANDS.showTimeline, async (asked?: unknown) => {
      const log = asked instanceof Uri ? asked : (activeLog() ?? services.results.latest()?.uri ?? (await askForLog()));
      if (log !== null) open(log, null);
    }),
    window.registerWebviewPanelSerializer(TIMELINE_VIEW, {
      async deserializeWebviewPanel(panel, kept: unknown) {
        const state = parseTimelineState(kept);
        const log = state === null ? null : toLogUri(state.log);
        // What it showed is not known any more, and an empty panel helps nobody.
        if (log === null || panels.has(log.toString())) panel.dispose();
        else adopt(panel, log, state);
      },
    }),
    window.registerUriHandler({ handleUri: follow }),
    { dispose: () => together([...panels.values()]).dispose() },
  ];
  return together(subscriptions);
}

/** Beside the log; where several timelines are open, with the others. */
function columnForTimeline(): ViewColumn {
  for (const group of window.tabGroups.all) {
    const isTimeline = ({ input }: { readonly input: unknown }): boolean =>
      input instanceof TabInputWebview && input.viewType.endsWith(TIMELINE_VIEW);
    if (group.tabs.some(isTimeline)) return group.viewColumn;
  }
  return window.activeTextEditor === undefined ? ViewColumn.Active : ViewColumn.Beside;
}

async function askForLog(): Promise<Uri | null> {
  const chosen = await window.showOpenDialog({
    title: 'Show the Timeline of a Firmware Log',
    openLabel: 'Show Timeline',
    filters: { 'Logs, also compressed': ['log', 'txt', 'gz'], 'All files': ['*'] },
  });
  return chosen?.[0] ?? null;
}

async function isWanted(log: Uri): Promise<boolean> {
  const open = 'Open Timeline';
  const answer = await window.showInformationMessage(
    `A link asks for the timeline of ${nameOf(log)}.`,
    { modal: true, detail: `${log.toString(true)} will be read and shown. Nothing else happens.` },
    open,
  );
  return answer === open;
}
