import { Uri } from 'vscode';
import { succeeded } from '../../protocol/outcome.ts';
import type { Analyzer } from '../analyzer.ts';
import type { CursorStore } from '../cursors.ts';
import type { DemandAnalysis } from '../log-analyses.ts';
import { nameOf } from '../uris.ts';
import type { DebugHost } from './debug-host.ts';
import { findAnalysis, isCompressed } from './find-analysis.ts';

/** Gives a debug adapter the logs of VS Code. */
export function createDebugHost(
  analyzer: Analyzer,
  demand: DemandAnalysis,
  cursors: CursorStore,
  onDidOpen: (uri: Uri) => void,
): DebugHost {
  return {
    listRules: () => analyzer.listRules(),
    async open(program) {
      const uri = toUri(program);
      const found = await findAnalysis(uri, demand);
      if (!found.ok) return found;
      const analysis = found.value;
      const held = analysis.hold();
      onDidOpen(uri);
      return succeeded({
        name: nameOf(uri),
        uri: uri.toString(),
        path: isCompressed(uri) ? null : uri.scheme === 'file' ? uri.fsPath : uri.toString(),
        isAt: (path) => toUri(path).toString() === uri.toString(),
        ask: (name, params, options) => analysis.ask(name, params, options),
        showCursor: (step) => cursors.set(uri, step, 'debugger'),
        close: () => held.dispose(),
      });
    },
  };
}

/** One letter before the colon is a drive. */
const WITH_SCHEME = /^[a-z][a-z0-9+.-]+:/i;

function toUri(path: string): Uri {
  return WITH_SCHEME.test(path) ? Uri.parse(path) : Uri.file(path);
}
