import type { Actions } from './actions.ts';
import type { Store } from './model.ts';

/** Where less motion is wanted, the cursor jumps this seldom. */
const CALM_MS = 500;

/** Moves the cursor while the replay plays; at the last step it stops. */
export function runReplay(store: Store, actions: Actions): void {
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  let lastMs: number | null = null;
  /** Steps that are due, as a fraction: slow speeds take several frames a step. */
  let due = 0;

  function advance(nowMs: number): void {
    const { isPlaying, cursor, speed, head } = store.get();
    if (!isPlaying || head === null) {
      lastMs = null;
      return;
    }
    const passedMs = nowMs - (lastMs ?? nowMs);
    if (lastMs === null || passedMs >= (calm.matches ? CALM_MS : 0)) {
      lastMs = nowMs;
      due += (passedMs / 1000) * speed;
      const steps = Math.floor(due);
      due -= steps;
      if (steps > 0) actions.moveCursor((cursor ?? 0) + steps);
      if ((store.get().cursor ?? 0) >= head.outline.stepCount - 1) store.update({ isPlaying: false });
    }
    requestAnimationFrame(advance);
  }

  store.onFrame(({ isPlaying }, before) => {
    if (!isPlaying || before.isPlaying) return;
    due = 0;
    requestAnimationFrame(advance);
  });
}
