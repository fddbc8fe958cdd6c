/** What comes of a call to another thread: a value, or why there is none. */
export type Outcome<T> =
  | {
      readonly ok: true;
      readonly value: T;
      /** Buffers in `value` that move to the caller instead of being copied. */
      readonly transfer?: readonly ArrayBuffer[];
    }
  | { readonly ok: false; readonly failure: Failure };

export interface Failure {
  /**
   * `cancelled`: the caller asked for it. `refused`: the call cannot be served, and `message` is a sentence for the
   * user. `crashed`: a bug on the other side. `disconnected`: the other side is gone.
   */
  readonly kind: 'cancelled' | 'refused' | 'crashed' | 'disconnected';
  readonly message: string;
}

export function succeeded<T>(value: T, transfer: readonly ArrayBuffer[] = []): Outcome<T> {
  return { ok: true, value, transfer };
}

export function refused(message: string): Outcome<never> {
  return { ok: false, failure: { kind: 'refused', message } };
}

export function cancelled(): Outcome<never> {
  return { ok: false, failure: { kind: 'cancelled', message: 'Cancelled.' } };
}

export function crashed(error: unknown): Outcome<never> {
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { ok: false, failure: { kind: 'crashed', message } };
}

export function disconnected(message: string): Outcome<never> {
  return { ok: false, failure: { kind: 'disconnected', message } };
}
