import {
  DebugAdapterInlineImplementation,
  DebugConfigurationProviderTriggerKind,
  EvaluatableExpression,
  Uri,
  commands,
  debug,
  languages,
  window,
  workspace,
} from 'vscode';
import type { Analyzer } from '../analyzer.ts';
import type { CursorStore } from '../cursors.ts';
import { together, type Disposable } from '../disposable.ts';
import { COMMANDS, DEBUG_TYPE, LANGUAGE_ID } from '../ids.ts';
import type { DemandAnalysis } from '../log-analyses.ts';
import { configurationProvider, openLogsProvider, replayOf } from '../replay/configuration.ts';
import { createInlineAdapter } from '../replay/inline-adapter.ts';
import type { ResultStore } from '../results.ts';
import { activeLog } from '../uris.ts';

const ADDRESS = /\b0x[0-9a-f]+\b/i;

/** “Replay Trace”: walks through a log in VS Code's debugger, in both directions. */
export function registerReplayTrace(
  analyzer: Analyzer,
  demand: DemandAnalysis,
  cursors: CursorStore,
  results: ResultStore,
): Disposable {
  return together([
    commands.registerCommand(COMMANDS.replayTrace, async (asked?: unknown) => {
      const uri = asked instanceof Uri ? asked : (activeLog() ?? results.latest()?.uri ?? null);
      if (uri === null) void window.showInformationMessage('Open the log that you want to replay first.');
      else await debug.startDebugging(workspace.getWorkspaceFolder(uri), replayOf(uri));
    }),
    debug.registerDebugConfigurationProvider(DEBUG_TYPE, configurationProvider),
    debug.registerDebugConfigurationProvider(
      DEBUG_TYPE,
      openLogsProvider,
      DebugConfigurationProviderTriggerKind.Dynamic,
    ),
    debug.registerDebugAdapterDescriptorFactory(DEBUG_TYPE, {
      createDebugAdapterDescriptor: (debugSession) =>
        new DebugAdapterInlineImplementation(createInlineAdapter(debugSession, analyzer, demand, cursors)),
    }),
    // While a replay stands still, hovering over an address tells what covers it; elsewhere the ordinary hover is shown.
    languages.registerEvaluatableExpressionProvider(LANGUAGE_ID, {
      provideEvaluatableExpression(document, position) {
        const range = document.getWordRangeAtPosition(position, ADDRESS);
        return range && new EvaluatableExpression(range);
      },
    }),
  ]);
}
