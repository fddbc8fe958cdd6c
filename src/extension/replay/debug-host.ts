import type { RuleMeta } from '../../core/index.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { Cancellation } from '../../protocol/rpc.ts';
import type { AskReplay } from './ask-replay.ts';

/** What the debug adapter needs around it; VS Code provides it, or a test. */
export interface DebugHost {
  listRules(): Promise<Outcome<readonly RuleMeta[]>>;
  /** Has the log analysed, unless it is. `program`: a path or a URI. */
  open(program: string, cancellation: Cancellation): Promise<Outcome<OpenLog>>;
}

export interface OpenLog {
  readonly name: string;
  readonly uri: string;
  /** How the client names the log; `null`: no editor can show it, since it is compressed. */
  readonly path: string | null;
  /** Whether a path or URI of the client names this log. */
  isAt(path: string): boolean;
  readonly ask: AskReplay;
  /** The replay stands at this step now. */
  showCursor(step: number): void;
  close(): void;
}
