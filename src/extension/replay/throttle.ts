import type { Disposable } from '../disposable.ts';

/** Passes values on at once, but no more often than the interval; of those that come too fast, the last one counts. */
export interface Throttle<T> extends Disposable {
  call(value: T): void;
}

export function createThrottle<T>(run: (value: T) => void, intervalMs: number): Throttle<T> {
  let timer: unknown = null;
  let waiting: { readonly value: T } | null = null;

  function pass(value: T): void {
    timer = setTimeout(() => {
      timer = null;
      const next = waiting;
      waiting = null;
      if (next) pass(next.value);
    }, intervalMs);
    run(value);
  }

  return {
    call(value) {
      if (timer === null) pass(value);
      else waiting = { value };
    },
    dispose() {
      clearTimeout(timer);
      waiting = null;
    },
  };
}
