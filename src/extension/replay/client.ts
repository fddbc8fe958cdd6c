import type { DebugProtocol } from '@vscode/debugprotocol';
import { flagIn, textIn, type Arguments } from './arguments.ts';
import type { OpenLog } from './debug-host.ts';

/** How the client counts and names. Inside the adapter lines are counted from 1. */
export interface Client {
  readonly toLine: (line: number) => number;
  readonly fromLine: (line: number) => number;
  /** The column where lines begin. */
  readonly firstColumn: number;
  readonly sourceOf: (log: OpenLog) => DebugProtocol.Source;
}

/** By the arguments of `initialize`. */
export function createClient(args: Arguments): Client {
  const lineBase = flagIn(args, 'linesStartAt1') === false ? 0 : 1;
  const isUri = textIn(args, 'pathFormat') === 'uri';
  return {
    toLine: (line) => line - 1 + lineBase,
    fromLine: (line) => line + 1 - lineBase,
    firstColumn: flagIn(args, 'columnsStartAt1') === false ? 0 : 1,
    // Clients show the variables of places only whose text they can get: that of a compressed log is asked for.
    sourceOf: ({ name, path, uri }) =>
      path === null ? { name, sourceReference: 1 } : { name, path: isUri ? uri : path },
  };
}
