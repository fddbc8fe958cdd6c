import { cancelled, crashed, disconnected, type Outcome } from './outcome.ts';

/**
 * Calls between two threads: a request has one response and, in between, any number of progress messages; a request can
 * be cancelled. Errors travel as values. The wire may be a worker, a message port or a webview.
 */

/** What carries messages: each arrives as a copy, but for the buffers in `transfer`, which move to the other side. */
export interface Wire {
  post(message: WireMessage, transfer: readonly ArrayBuffer[]): void;
  /** Called once, before the first message is posted to the other side. */
  listen(listener: (message: WireMessage) => void): void;
}

export type WireMessage =
  | { readonly kind: 'request'; readonly id: number; readonly name: string; readonly params: unknown }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'response'; readonly id: number; readonly outcome: Outcome<unknown> };

/** The signature of one remote function. `Progress` is what it reports on the way. */
export interface Call<Params, Result, Progress = never> {
  readonly params: Params;
  readonly result: Result;
  readonly progress: Progress;
}

/** Names and signatures of remote functions. */
export type Calls<C> = { readonly [Name in keyof C]: Call<unknown, unknown, unknown> };

/** The part of `vscode.CancellationToken` that is needed here, so that hosts pass theirs. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
  onCancellationRequested(listener: () => void): { dispose(): void };
}

export interface CallOptions<Progress> {
  readonly cancellation?: Cancellation | undefined;
  readonly onProgress?: ((value: Progress) => void) | undefined;
  /** Buffers in `params` to move instead of copying: they are empty afterwards. */
  readonly transfer?: readonly ArrayBuffer[];
}

export interface RpcClient<C extends Calls<C>> {
  /** Never rejects. A cancelled call settles at once, whatever the other side still does. */
  call<Name extends keyof C & string>(
    name: Name,
    params: C[Name]['params'],
    options?: CallOptions<C[Name]['progress']>,
  ): Promise<Outcome<C[Name]['result']>>;
  /** Settles all calls under way, and every later one: the other side is gone. */
  disconnect(reason: string): void;
}

export function createRpcClient<C extends Calls<C>>(wire: Wire): RpcClient<C> {
  interface OpenCall {
    settle(outcome: Outcome<unknown>): void;
    report(value: unknown): void;
  }
  const open = new Map<number, OpenCall>();
  let lastId = 0;
  let goneBecause: string | null = null;

  wire.listen((message) => {
    const call = open.get(message.id);
    if (message.kind === 'response') call?.settle(message.outcome);
    if (message.kind === 'progress') call?.report(message.value);
  });

  return {
    call(name, params, options = {}) {
      const { cancellation, onProgress, transfer = [] } = options;
      if (goneBecause !== null) return Promise.resolve(disconnected(goneBecause));
      if (cancellation?.isCancellationRequested === true) return Promise.resolve(cancelled());
      return new Promise((resolve) => {
        const id = ++lastId;
        const cancelling = cancellation?.onCancellationRequested(() => {
          wire.post({ kind: 'cancel', id }, []);
          open.get(id)?.settle(cancelled());
        });
        open.set(id, {
          settle(outcome) {
            open.delete(id);
            cancelling?.dispose();
            // The other side was compiled against the same signatures.
            resolve(outcome);
          },
          report: (value) => onProgress?.(value),
        });
        wire.post({ kind: 'request', id, name, params }, transfer);
      });
    },
    disconnect(reason) {
      goneBecause = reason;
      for (const call of [...open.values()]) call.settle(disconnected(reason));
    },
  };
}

/** What a handler can do besides giving its outcome. */
export interface CallContext<Progress> {
  /** Becomes `true` when nobody waits for the outcome any more. */
  isCancelled(): boolean;
  onCancel(listener: () => void): void;
  report(value: Progress): void;
}

export type Handler<C extends Call<unknown, unknown, unknown>> = (
  params: C['params'],
  context: CallContext<C['progress']>,
) => Outcome<C['result']> | Promise<Outcome<C['result']>>;

export type Handlers<C extends Calls<C>> = { readonly [Name in keyof C]: Handler<C[Name]> };

/** Answers the calls that arrive on `wire`. A handler that throws has a bug; its caller gets a `crashed` outcome. */
export function serveRpc<C extends Calls<C>>(wire: Wire, handlers: Handlers<C>): void {
  const byName = new Map<string, Handler<Call<unknown, unknown, unknown>>>(Object.entries(handlers));
  const cancelListeners = new Map<number, (() => void)[]>();

  wire.listen((message) => {
    if (message.kind === 'request') void answer(message.id, message.name, message.params);
    if (message.kind === 'cancel') cancel(message.id);
  });

  async function answer(id: number, name: string, params: unknown): Promise<void> {
    const onCancel: (() => void)[] = [];
    cancelListeners.set(id, onCancel);
    const outcome = await run(name, params, {
      isCancelled: () => cancelListeners.get(id) !== onCancel,
      onCancel: (listener) => void onCancel.push(listener),
      report: (value) => wire.post({ kind: 'progress', id, value }, []),
    });
    cancelListeners.delete(id);
    wire.post({ kind: 'response', id, outcome: withoutTransfer(outcome) }, outcome.ok ? (outcome.transfer ?? []) : []);
  }

  async function run(name: string, params: unknown, context: CallContext<unknown>): Promise<Outcome<unknown>> {
    const handler = byName.get(name);
    if (handler === undefined) return crashed(new Error(`There is no remote function "${name}".`));
    try {
      return await handler(params, context);
    } catch (error) {
      return crashed(error);
    }
  }

  function cancel(id: number): void {
    const listeners = cancelListeners.get(id) ?? [];
    cancelListeners.delete(id);
    for (const listener of listeners) listener();
  }
}

/** The list itself must not be copied to the other side: it would name buffers that have moved. */
function withoutTransfer(outcome: Outcome<unknown>): Outcome<unknown> {
  return outcome.ok ? { ok: true, value: outcome.value } : outcome;
}
