import {
  Disposable,
  EventEmitter,
  window,
  workspace,
  type DebugAdapter,
  type DebugProtocolMessage,
  type DebugSession,
  type Uri,
} from 'vscode';
import type { Analyzer } from '../analyzer.ts';
import type { CursorStore } from '../cursors.ts';
import { together } from '../disposable.ts';
import type { DemandAnalysis } from '../log-analyses.ts';
import { nameOf } from '../uris.ts';
import { createDebugAdapter } from './debug-adapter.ts';
import { createThrottle } from './throttle.ts';
import { createDebugHost } from './vscode-debug-host.ts';

/** While a timeline plays, the debugger follows this often: at each stop VS Code asks for everything that it shows. */
const FOLLOW_INTERVAL_MS = 100;

const RESTART = 'Restart Replay';

/** The debug adapter of one session, inside the extension host. */
export function createInlineAdapter(
  debugSession: DebugSession,
  analyzer: Analyzer,
  demand: DemandAnalysis,
  cursors: CursorStore,
): DebugAdapter {
  const messages = new EventEmitter<DebugProtocolMessage>();
  let log: Uri | null = null;
  let toldOfChange = false;
  const host = createDebugHost(analyzer, demand, cursors, (uri) => {
    log = uri;
    toldOfChange = false;
  });
  const adapter = createDebugAdapter(host, (message) => messages.fire(message));
  const follow = createThrottle((step: number) => adapter.follow(step), FOLLOW_INTERVAL_MS);

  function isLog(uri: Uri): boolean {
    return uri.toString() === log?.toString();
  }

  function tellOfChange(uri: Uri): void {
    toldOfChange = true;
    const text = `${nameOf(uri)} has changed. The replay goes on with the text as it was.`;
    adapter.tell(text);
    void window.showWarningMessage(text, RESTART).then((answer) => {
      if (answer === RESTART) void debugSession.customRequest('restart');
    });
  }

  const parts = together([
    cursors.onDidChange(({ uri, step, by }) => {
      if (by === 'timeline' && step !== null && isLog(uri)) follow.call(step);
    }),
    workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && !toldOfChange && isLog(document.uri)) tellOfChange(document.uri);
    }),
    follow,
    adapter,
    messages,
  ]);
  const leave = new Disposable(() => {
    parts.dispose();
    if (log) cursors.set(log, null, 'debugger');
  });
  return Object.assign(leave, {
    onDidSendMessage: messages.event,
    handleMessage: (message: DebugProtocolMessage) => adapter.handle(message),
  });
}
