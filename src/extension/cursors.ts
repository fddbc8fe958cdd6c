import { EventEmitter, type Event, type Uri } from 'vscode';
import type { Disposable } from './disposable.ts';

/** Where the replay of each log stands: a timeline and a debug session of the same log show the same place. */
export interface CursorStore extends Disposable {
  /** A step, numbered through all boots of the log; `null`: nobody replays it. */
  get(uri: Uri): number | null;
  set(uri: Uri, step: number | null, by: CursorMover): void;
  readonly onDidChange: Event<CursorMove>;
}

export type CursorMover = 'timeline' | 'debugger';

export interface CursorMove {
  readonly uri: Uri;
  readonly step: number | null;
  /** Who moved it, and so knows already. */
  readonly by: CursorMover;
}

export function createCursorStore(): CursorStore {
  const steps = new Map<string, number>();
  const change = new EventEmitter<CursorMove>();

  return {
    onDidChange: change.event,
    get: (uri) => steps.get(uri.toString()) ?? null,
    set(uri, step, by) {
      const key = uri.toString();
      if ((steps.get(key) ?? null) === step) return;
      if (step === null) steps.delete(key);
      else steps.set(key, step);
      change.fire({ uri, step, by });
    },
    dispose: () => change.dispose(),
  };
}
