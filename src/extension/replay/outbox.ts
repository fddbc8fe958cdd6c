import type { DebugProtocol } from '@vscode/debugprotocol';

/** What the adapter sends without being asked. */
export interface Outbox {
  event(name: string, body?: object): void;
  /** A line in the debug console, with the place in the log that it is about. */
  tell(text: string, place?: Pick<DebugProtocol.OutputEvent['body'], 'source' | 'line'>): void;
}

export function createOutbox(post: (message: object) => void): Outbox {
  const event: Outbox['event'] = (name, body) => post({ type: 'event', event: name, ...(body && { body }) });
  return {
    event,
    tell: (text, place) =>
      event('output', {
        // What the log tells is the program's output; VS Code paints its console's own words as warnings.
        category: 'stdout',
        output: `${text}\n`,
        ...place,
      } satisfies DebugProtocol.OutputEvent['body']),
  };
}
