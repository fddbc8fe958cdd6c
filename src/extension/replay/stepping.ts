import type { ReplayMoment, ReplayOutline } from '../../core/index.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import type { Cancellation } from '../../protocol/rpc.ts';
import type { AskReplay } from './ask-replay.ts';

/** The next step that does not lie inside a call which was not open before; at the end of the log its last one. */
export async function stepOver(
  ask: AskReplay,
  outline: ReplayOutline,
  from: ReplayMoment,
  cancellation: Cancellation,
): Promise<Outcome<ReplayMoment>> {
  const depth = callDepth(from);
  const last = outline.stepCount - 1;
  for (let step = Math.min(from.step + 1, last); ; step++) {
    const reached = await ask('replayMoment', { step }, { cancellation });
    if (!reached.ok || step >= last || callDepth(reached.value) <= depth) return reached;
  }
}

/** The step at which the innermost frame is over. */
export async function stepOut(
  ask: AskReplay,
  outline: ReplayOutline,
  from: ReplayMoment,
  cancellation: Cancellation,
): Promise<Outcome<ReplayMoment>> {
  const last = outline.stepCount - 1;
  const at = (step: number): Promise<Outcome<ReplayMoment>> => ask('replayMoment', { step }, { cancellation });
  const isInside = isInsideFrameOf(from);
  let inside = from.step;
  let stride = 1;
  // Calls and callbacks take few steps; a phase takes millions, but does not come again, so that its end can be searched.
  const isPhase = from.frames.length === 1;
  let outside = Math.min(inside + 1, last);
  for (;;) {
    const reached = await at(outside);
    if (!reached.ok) return reached;
    if (!isInside(reached.value)) break;
    if (outside === last) return reached;
    inside = outside;
    if (isPhase) stride *= 2;
    outside = Math.min(inside + stride, last);
  }
  while (outside - inside > 1) {
    const middle = inside + Math.floor((outside - inside) / 2);
    const reached = await at(middle);
    if (!reached.ok) return reached;
    if (isInside(reached.value)) inside = middle;
    else outside = middle;
  }
  return at(outside);
}

function callDepth({ frames }: ReplayMoment): number {
  return frames.filter(({ kind }) => kind === 'call').length;
}

function isInsideFrameOf({ boot, frames }: ReplayMoment): (moment: ReplayMoment) => boolean {
  const depth = frames.length;
  const [innermost] = frames;
  return (moment) => {
    // Frames are counted from the outermost one, the last.
    const same = moment.frames.at(-depth);
    return moment.boot === boot && same?.kind === innermost?.kind && same?.name === innermost?.name;
  };
}
