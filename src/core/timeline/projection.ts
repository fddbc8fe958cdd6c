import { extentOf, placeOn } from './axis.ts';
import type { SceneView } from './scene.ts';
import type { TimelineAxis, TimelineOutline, TimelinePlace } from './timeline.ts';

/** From places on the axis to pixels of the view and back. */
export interface Projection {
  readonly axis: TimelineAxis;
  readonly from: number;
  readonly to: number;
  readonly width: number;
  /** Pixels of one unit. */
  readonly scale: number;
  /** Where what does not end is drawn to. */
  readonly extentTo: number;
  /** `null`: the log does not show hand-off. */
  readonly handoffX: number | null;
  toX(value: number): number;
  placeX(place: TimelinePlace): number;
}

export function createProjection(
  outline: Pick<TimelineOutline, 'first' | 'last' | 'stepCount' | 'handoff'>,
  { axis, from, to, width }: Pick<SceneView, 'axis' | 'from' | 'to' | 'width'>,
): Projection {
  const scale = width / Math.max(to - from, Number.MIN_VALUE);
  const toX = (value: number): number => (value - from) * scale;
  const placeX = (place: TimelinePlace): number => toX(placeOn(place, axis));
  return {
    axis,
    from,
    to,
    width,
    scale,
    extentTo: extentOf(outline, axis).to,
    handoffX: outline.handoff && placeX(outline.handoff),
    toX,
    placeX,
  };
}
