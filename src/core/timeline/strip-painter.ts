import type { Projection } from './projection.ts';
import type { RectList } from './rect-list.ts';
import type { SceneStyle } from './scene.ts';
import type { TimelineDeviceState, TimelineStrip } from './timeline.ts';

/** Draws the states of a device; of several in one pixel the last. */
export function paintStrip(
  { segments }: TimelineStrip,
  { y, height }: { readonly y: number; readonly height: number },
  projection: Projection,
  rects: RectList,
): void {
  const end = Math.min(projection.toX(projection.extentTo), projection.width);
  let drawnTo = 0;
  segments.forEach((segment, index) => {
    const next = segments[index + 1];
    const right = Math.min(next ? Math.round(projection.placeX(next.from)) : end, end);
    const left = Math.max(Math.round(projection.placeX(segment.from)), drawnTo);
    if (right <= left) return;
    rects.add(stateStyle(segment), { x: left, y, width: right - left, height });
    drawnTo = right;
  });
}

function stateStyle({ busMaster, running }: TimelineDeviceState): SceneStyle {
  if (busMaster === false) return 'bus-master-off';
  if (running !== null) return running ? 'device-running' : 'device-stopped';
  return busMaster === null ? 'device-unknown' : 'bus-master-on';
}
