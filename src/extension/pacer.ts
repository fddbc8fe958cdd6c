/** Longer than this nobody keeps the extension host's thread at a stretch: a quarter of a frame. */
const TURN_MS = 4;

/**
 * Gives a function to await between the steps of long work. It lets the host do other things whenever the steps have
 * taken a while: awaiting an answer alone does not, since Node handles all messages that have arrived in one turn.
 */
export function createPacer(): () => Promise<void> {
  let turnStartedMs = performance.now();
  return async () => {
    if (performance.now() - turnStartedMs < TURN_MS) return;
    await new Promise<void>((resolve) => setTimeout(resolve));
    turnStartedMs = performance.now();
  };
}
