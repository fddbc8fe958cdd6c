import type { Uri } from 'vscode';
import type { Analysis } from '../analyzer.ts';
import type { CursorStore } from '../cursors.ts';
import type { Disposable } from '../disposable.ts';
import type { Post } from './timeline-data.ts';

/** Tells a timeline where the replay of its log stands, whoever moves it, and what happens there. */
export interface CursorMoments extends Disposable {
  tell(): void;
}

/** @param present gives the analysis to ask, or `null` while there is none */
export function followCursor(
  log: Uri,
  cursors: CursorStore,
  present: () => Analysis | null,
  post: Post,
): CursorMoments {
  let isAsking = false;
  let isStale = false;
  let isOver = false;

  /** While somebody plays or scrubs, the cursor moves faster than moments arrive: only where it stands by then counts. */
  async function tell(): Promise<void> {
    isStale = true;
    if (isAsking) return;
    isAsking = true;
    while (takeStale()) {
      const step = cursors.get(log);
      const analysis = present();
      const moment = step === null || analysis === null ? null : await analysis.ask('replayMoment', { step });
      await post({ kind: 'cursor', step, moment: moment?.ok === true ? moment.value : null });
    }
    isAsking = false;
  }

  function takeStale(): boolean {
    const wasStale = isStale && !isOver;
    isStale = false;
    return wasStale;
  }

  const subscription = cursors.onDidChange(({ uri }) => {
    if (uri.toString() === log.toString()) void tell();
  });
  return {
    tell: () => void tell(),
    dispose() {
      isOver = true;
      subscription.dispose();
    },
  };
}
