import { CancellationTokenSource, Uri, commands, env, type WebviewPanel } from 'vscode';
import type { FromTimeline, ToTimeline } from '../../protocol/timeline-messages.ts';
import { MOST_ROWS, isFromTimeline } from '../../protocol/timeline-messages.ts';
import { parseTimelineView, type TimelineView } from '../../protocol/timeline-state.ts';
import type { Analysis } from '../analyzer.ts';
import type { CursorStore } from '../cursors.ts';
import { together, type Disposable } from '../disposable.ts';
import type { Failures } from '../failures.ts';
import { showLine } from '../features/show-line.ts';
import { COMMANDS } from '../ids.ts';
import type { DemandAnalysis } from '../log-analyses.ts';
import { isDone, type ResultStore } from '../results.ts';
import { tellFacts } from '../text/story.ts';
import { nameOf } from '../uris.ts';
import { bootTitles, bootToShow } from './boots.ts';
import { columnOfLog } from './columns.ts';
import { followCursor } from './cursor-moments.ts';
import { followEditorLine } from './editor-line.ts';
import { readMappingRows } from './mapping-rows.ts';
import { saveExport } from './save-export.ts';
import { relayTimeline } from './timeline-data.ts';
import { resourceRoots, timelineHtml } from './timeline-html.ts';
import { toLink } from './timeline-link.ts';

/** The window's things that a timeline uses. */
export interface TimelineServices {
  readonly demand: DemandAnalysis;
  readonly results: ResultStore;
  readonly cursors: CursorStore;
  readonly failures: Failures;
  readonly extensionUri: Uri;
}

export interface TimelinePanel extends Disposable {
  reveal(): void;
  /** Shows a view that a link asks for. `boot`: 0-based. */
  show(boot: number, view: TimelineView): void;
}

export function timelineTitle(log: Uri): string {
  return `Timeline: ${nameOf(log)}`;
}

/** The timeline of one log in one panel, until the panel is closed. */
export function createTimelinePanel(
  panel: WebviewPanel,
  log: Uri,
  wanted: { readonly boot: number; readonly view: TimelineView } | null,
  services: TimelineServices,
): TimelinePanel {
  const { demand, results, cursors, failures, extensionUri } = services;
  let load = 0;
  let loading: CancellationTokenSource | null = null;
  let isDemanding = false;
  let isClosed = false;
  let shown: Analysis | null = null;
  let boot = wanted?.boot ?? null;
  let view = wanted?.view ?? null;

  const post = async (message: ToTimeline): Promise<void> => {
    if (!isClosed) await panel.webview.postMessage(message);
  };

  async function show(): Promise<void> {
    const mine = ++load;
    loading?.cancel();
    const source = new CancellationTokenSource();
    loading = source;
    const isCurrent = (): boolean => mine === load && !source.token.isCancellationRequested;
    try {
      void post({ kind: 'waiting', log: log.toString(), text: `Analyzing ${nameOf(log)}…` });
      isDemanding = true;
      const result = await demand(log);
      isDemanding = false;
      if (!isCurrent()) return;
      if (result === null) {
        const failed = results.get(log);
        const reason = failed?.state === 'failed' ? failed.message : 'The analysis was cancelled.';
        void post({ kind: 'failed', text: `${nameOf(log)} could not be analyzed. ${reason}` });
        return;
      }
      const { traces } = result.analysis.digest;
      if (traces.length === 0) {
        void post({ kind: 'failed', text: `${nameOf(log)} holds no boot of a firmware.` });
        return;
      }
      shown = result.analysis;
      boot = bootToShow(traces, boot);
      const head = { load: mine, log: log.toString(), name: nameOf(log), boot, boots: bootTitles(traces), view };
      const relayed = await relayTimeline(shown, head, post, source.token);
      if (!isCurrent()) return;
      if (!relayed.ok) {
        await post({ kind: 'failed', text: failures.explain(relayed.failure) });
        return;
      }
      view = null;
      editorLine.tell();
      moments.tell();
    } finally {
      if (loading === source) loading = null;
      source.dispose();
    }
  }

  /** While the page loads, the worker can lay out what it will show; it keeps that until it is asked for. */
  function layOutAhead(): void {
    const result = results.get(log);
    if (!isDone(result) || result.analysis.digest.traces.length === 0) return;
    void result.analysis.ask('openTimeline', { boot: bootToShow(result.analysis.digest.traces, boot) });
  }

  /** The analysis that the webview shows. Where it is gone, because its editor was closed, the log is analysed again. */
  function present(asked: number): { readonly analysis: Analysis; readonly boot: number } | null {
    if (asked !== load || boot === null || shown === null) return null;
    const result = results.get(log);
    if (isDone(result) && result.analysis === shown) return { analysis: shown, boot };
    if (result?.state !== 'running') void show();
    return null;
  }

  async function search(asked: number, query: string): Promise<void> {
    const at = present(asked);
    if (at === null) return;
    const matches = await at.analysis.ask('searchTimeline', { boot: at.boot, query });
    if (matches.ok) await post({ kind: 'matches', load: asked, query, matches: matches.value });
    else await post({ kind: 'told', text: failures.explain(matches.failure) });
  }

  async function tellMapping(asked: number, mapping: number): Promise<void> {
    const at = present(asked);
    if (at === null) return;
    const facts = await at.analysis.ask('describeMapping', { boot: at.boot, mapping });
    if (facts.ok) await post({ kind: 'stories', load: asked, mapping, stories: tellFacts(facts.value, null).stories });
    else await post({ kind: 'told', text: failures.explain(facts.failure) });
  }

  async function tellRows(asked: number, mappings: readonly number[]): Promise<void> {
    const at = present(asked);
    if (at === null) return;
    const rows = await readMappingRows(at.analysis, at.boot, mappings.slice(0, MOST_ROWS));
    await post({ kind: 'rows', load: asked, rows });
  }

  async function copyLink(linked: TimelineView): Promise<void> {
    await env.clipboard.writeText(toLink({ log: log.toString(), boot: boot ?? 0, view: linked }));
    await post({ kind: 'told', text: 'The link to this view is in the clipboard.' });
  }

  async function answer(message: FromTimeline): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await show();
        break;
      case 'choose-boot':
        boot = message.boot;
        await show();
        break;
      case 'search':
        await search(message.load, message.query);
        break;
      case 'tell-mapping':
        await tellMapping(message.load, message.mapping);
        break;
      case 'tell-rows':
        await tellRows(message.load, message.mappings);
        break;
      case 'reveal-line':
        await showLine({ uri: log.toString(), line: message.line }, columnOfLog(log, panel.viewColumn));
        break;
      case 'move-cursor':
        cursors.set(log, message.step, 'timeline');
        break;
      case 'debug':
        await commands.executeCommand(COMMANDS.replayTrace, log);
        break;
      case 'copy-link':
        await copyLink(parseTimelineView(message.view));
        break;
      case 'export':
        await saveExport(log, message);
        break;
    }
  }

  panel.title = timelineTitle(log);
  panel.iconPath = Uri.joinPath(extensionUri, 'media', 'icon.svg');
  panel.webview.options = { enableScripts: true, localResourceRoots: resourceRoots(extensionUri) };
  const editorLine = followEditorLine(log, (line) => void post({ kind: 'editor-line', line }));
  const moments = followCursor(log, cursors, () => (shown !== null && isDone(results.get(log)) ? shown : null), post);
  const subscriptions = [
    editorLine,
    moments,
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (isFromTimeline(message)) void answer(message);
    }),
    results.onDidChange((uri) => {
      if (uri.toString() !== log.toString() || shown === null || isDemanding) return;
      const result = results.get(log);
      // Between two analyses, and when the log was closed, the old picture is better than none.
      if (isDone(result) && result.analysis !== shown) void show();
    }),
    panel.onDidDispose(() => {
      isClosed = true;
      load++;
      loading?.cancel();
      together(subscriptions).dispose();
    }),
  ];
  panel.webview.html = timelineHtml(panel.webview, extensionUri);
  layOutAhead();

  return {
    reveal: () => panel.reveal(),
    show(linkedBoot, linkedView) {
      panel.reveal();
      if (boot === linkedBoot && shown !== null) {
        void post({ kind: 'show', view: linkedView });
      } else {
        boot = linkedBoot;
        view = linkedView;
        void show();
      }
    },
    dispose: () => void panel.dispose(),
  };
}
