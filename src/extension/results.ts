import { EventEmitter, type Event, type Uri } from 'vscode';
import type { Analysis } from './analyzer.ts';
import type { Disposable } from './disposable.ts';

/** Where the analysed text comes from: an editor's document at some version, or a file on disk. */
export type ResultOrigin = { readonly kind: 'document'; readonly version: number } | { readonly kind: 'disk' };

/** How far the analysis of a log is. */
export type Result =
  | { readonly state: 'running'; readonly uri: Uri }
  | { readonly state: 'done'; readonly uri: Uri; readonly origin: ResultOrigin; readonly analysis: Analysis }
  | { readonly state: 'failed'; readonly uri: Uri; readonly message: string };

export type DoneResult = Result & { readonly state: 'done' };

/** The results of the window, one a log: whoever analyses writes them, and the features show them. */
export interface ResultStore extends Disposable {
  get(uri: Uri): Result | null;
  /** The result that was finished last, if it is still there. */
  latest(): Result | null;
  all(): readonly Result[];
  set(result: Result): void;
  delete(uri: Uri): void;
  /** The result of this log was set, replaced or deleted. */
  readonly onDidChange: Event<Uri>;
}

export function createResultStore(): ResultStore {
  const results = new Map<string, Result>();
  const change = new EventEmitter<Uri>();
  let latestKey = '';

  function release(key: string): void {
    const result = results.get(key);
    results.delete(key);
    if (result?.state === 'done') result.analysis.dispose();
  }

  return {
    onDidChange: change.event,
    get: (uri) => results.get(uri.toString()) ?? null,
    latest: () => results.get(latestKey) ?? null,
    all: () => [...results.values()],
    set(result) {
      const key = result.uri.toString();
      release(key);
      results.set(key, result);
      if (result.state === 'done') latestKey = key;
      change.fire(result.uri);
    },
    delete(uri) {
      if (!results.has(uri.toString())) return;
      release(uri.toString());
      change.fire(uri);
    },
    dispose() {
      for (const key of [...results.keys()]) release(key);
      change.dispose();
    },
  };
}

export function isDone(result: Result | null): result is DoneResult {
  return result?.state === 'done';
}
