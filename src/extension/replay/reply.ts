import type { Failure } from '../../protocol/outcome.ts';

/** The answer to a request of the client. */
export type Reply =
  | {
      readonly ok: true;
      readonly body?: object;
      /** Runs when the response is on its way, so that events come behind it. */
      readonly afterwards?: () => void;
    }
  | Refusal;

/** `message`: a sentence for the user. */
export interface Refusal {
  readonly ok: false;
  readonly message: string;
}

export function reply(body: object = {}, afterwards: () => void = () => undefined): Reply {
  return { ok: true, body, afterwards };
}

export function refuse(message: string): Refusal {
  return { ok: false, message };
}

export function failed(failure: Failure): Reply {
  return refuse(messageOf(failure));
}

/** The stack of an error in the worker is for the developer. */
export function messageOf({ message }: Failure): string {
  return message.split('\n', 1)[0] ?? message;
}
