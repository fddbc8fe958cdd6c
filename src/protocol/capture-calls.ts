import type { BootProgress } from '../core/index.ts';
import type { Call } from './rpc.ts';

/** What the worker does while a machine runs whose firmware writes a log. */
export interface CaptureCalls {
  /**
   * Follows a log from its beginning while it grows, and reports where its boot stands whenever something was added. It goes
   * on until it is cancelled; a file that is not there yet is waited for. Only workers of a Node host can.
   */
  readonly followLog: Call<{ readonly path: string }, null, LogProgress>;
}

export interface LogProgress extends BootProgress {
  /** Of the whole log. */
  readonly lines: number;
}
