import { window, type LogOutputChannel } from 'vscode';
import type { Failure } from '../protocol/outcome.ts';
import type { Disposable } from './disposable.ts';

/** Words for what went wrong. */
export interface Failures extends Disposable {
  /** A sentence for the user. What only helps to find a bug goes to the output channel, which is made when needed. */
  explain(failure: Failure): string;
}

export function createFailures(): Failures {
  let channel: LogOutputChannel | null = null;
  return {
    explain({ kind, message }) {
      if (kind === 'refused' || kind === 'cancelled') return message;
      channel ??= window.createOutputChannel('DMA Handoff', { log: true });
      channel.error(message);
      const [firstLine = ''] = message.split('\n', 1);
      return `${firstLine} (Output “DMA Handoff” has the details.)`;
    },
    dispose: () => channel?.dispose(),
  };
}
