import type { SceneView } from './scene.ts';
import type { TimelineLane, TimelineOutline } from './timeline.ts';

/** Where a lane stands. Heights are those of the view: its upper edge is 0. */
export interface LaneBox {
  readonly index: number;
  readonly lane: TimelineLane;
  readonly collapsed: boolean;
  /** As long as a part of the lane is to be seen, its header stays at the upper edge. */
  readonly headerTop: number;
  readonly headerBottom: number;
  /** The strip of the lane's device; equals `rowsTop` if it has none. */
  readonly stripTop: number;
  /** The first row, or what stands for all of them. */
  readonly rowsTop: number;
  readonly bottom: number;
}

export type LaneView = Pick<SceneView, 'height' | 'scrollTop' | 'metrics' | 'collapsed'>;

/** Where the lanes begin. */
export function lanesTop({ metrics }: Pick<SceneView, 'metrics'>): number {
  return metrics.rulerHeight + metrics.marksHeight;
}

/** The lanes that are to be seen, and the height of all of them. */
export function placeLanes(
  { lanes }: Pick<TimelineOutline, 'lanes'>,
  view: LaneView,
): { readonly boxes: readonly LaneBox[]; readonly height: number } {
  const { laneHeaderHeight, stripHeight } = view.metrics;
  const viewTop = lanesTop(view);
  const boxes: LaneBox[] = [];
  let height = 0;
  lanes.forEach((lane, index) => {
    const collapsed = view.collapsed.has(index);
    const top = viewTop + height - view.scrollTop;
    const stripTop = top + laneHeaderHeight;
    const rowsTop = stripTop + (lane.strip === null ? 0 : stripHeight);
    const bottom = rowsTop + rowsHeight(lane, collapsed, view);
    height += bottom - top;
    if (bottom <= viewTop || top >= view.height) return;
    const headerTop = Math.max(top, Math.min(viewTop, bottom - laneHeaderHeight));
    boxes.push({
      index,
      lane,
      collapsed,
      headerTop,
      headerBottom: headerTop + laneHeaderHeight,
      stripTop,
      rowsTop,
      bottom,
    });
  });
  return { boxes, height };
}

function rowsHeight({ rowCount }: TimelineLane, collapsed: boolean, { metrics }: LaneView): number {
  return (collapsed ? Math.min(rowCount, 1) : rowCount) * metrics.rowHeight;
}

/** The rows of a lane that are to be seen below its header; none if it is collapsed. */
export function visibleRows(box: LaneBox, view: LaneView): { readonly from: number; readonly to: number } {
  const { firstRow, rowCount } = box.lane;
  if (box.collapsed) return { from: firstRow, to: firstRow };
  const { rowHeight } = view.metrics;
  const from = Math.max(Math.floor((box.headerBottom - box.rowsTop) / rowHeight), 0);
  const to = Math.min(Math.ceil((view.height - box.rowsTop) / rowHeight), rowCount);
  return { from: firstRow + Math.min(from, to), to: firstRow + to };
}

/** The upper edge of a row of a lane. */
export function rowTop(box: LaneBox, row: number, { metrics }: LaneView): number {
  return box.rowsTop + (row - box.lane.firstRow) * metrics.rowHeight;
}

/** How far the lanes must be scrolled so that a row is to be seen as well as may be; what is seen already stays. */
export function scrollToRow({ lanes }: Pick<TimelineOutline, 'lanes'>, view: LaneView, row: number): number {
  const { laneHeaderHeight, stripHeight, rowHeight } = view.metrics;
  let height = 0;
  for (const [index, lane] of lanes.entries()) {
    const collapsed = view.collapsed.has(index);
    const rowsTop = height + laneHeaderHeight + (lane.strip === null ? 0 : stripHeight);
    if (row >= lane.firstRow && row < lane.firstRow + lane.rowCount) {
      const top = rowsTop + (collapsed ? 0 : row - lane.firstRow) * rowHeight;
      const lowest = Math.max(top - laneHeaderHeight, 0);
      const highest = Math.max(top + rowHeight - (view.height - lanesTop(view)), 0);
      return Math.min(Math.max(view.scrollTop, Math.min(highest, lowest)), lowest);
    }
    height = rowsTop + rowsHeight(lane, collapsed, view);
  }
  return view.scrollTop;
}
