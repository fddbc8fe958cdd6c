import type { DebugProtocol } from '@vscode/debugprotocol';
import { integerIn, textIn, toArguments, type Arguments } from './arguments.ts';
import type { DebugHost } from './debug-host.ts';
import { createOutbox } from './outbox.ts';
import { createReplaySession } from './replay-session.ts';
import { refuse, type Reply } from './reply.ts';
import { createRequests } from './requests.ts';

/** Speaks the debug adapter protocol: the log is the program, and what happens in it are the program's steps. */
export interface DebugAdapter {
  /** Takes whatever a client sends. Each request gets one response. */
  handle(message: unknown): void;
  /** Goes where somebody else has moved the cursor of the log. */
  follow(step: number): void;
  /** Shows a text in the debug console. */
  tell(text: string): void;
  dispose(): void;
}

/** They do not wait for requests before them, since they end what those began. */
const URGENT: ReadonlySet<string> = new Set(['pause', 'terminate', 'disconnect']);

export function createDebugAdapter(
  host: DebugHost,
  send: (message: DebugProtocol.ProtocolMessage) => void,
): DebugAdapter {
  let lastSeq = 0;
  let earlier: Promise<void> = Promise.resolve();
  const post = (message: object): void => send({ seq: ++lastSeq, ...message } as DebugProtocol.ProtocolMessage);
  const outbox = createOutbox(post);
  const session = createReplaySession(host, outbox);
  const requests = createRequests(session);

  async function answer(request: Arguments): Promise<void> {
    const command = textIn(request, 'command') ?? '';
    const given = await run(command, toArguments(request['arguments']));
    const response = { type: 'response', request_seq: integerIn(request, 'seq') ?? 0, command, success: given.ok };
    if (!given.ok) {
      // Braces in the message are no variables of the format.
      const error = { id: 1, format: '{message}', variables: { message: given.message } };
      post({ ...response, message: given.message, body: { error } });
      return;
    }
    post({ ...response, body: given.body });
    given.afterwards?.();
  }

  async function run(command: string, args: Arguments): Promise<Reply> {
    const handler = requests.get(command);
    if (handler === undefined) return refuse(`The replay does not know the request “${command}”.`);
    try {
      return await handler(args);
    } catch (error) {
      return refuse(`The request “${command}” met an error: ${String(error)}`);
    }
  }

  return {
    handle(message) {
      const request = toArguments(message);
      if (textIn(request, 'type') !== 'request') return;
      if (URGENT.has(textIn(request, 'command') ?? '')) void answer(request);
      else earlier = earlier.then(() => answer(request));
    },
    follow(step) {
      const begun = session.begun();
      if (begun.ok) begun.motion.goTo(step, 'goto');
    },
    tell: (text) => outbox.tell(text),
    dispose: () => session.end(),
  };
}
