import { TIMELINE_AXES, type TimelineAxis } from '../core/index.ts';

/** What a timeline shows: survives a reload, and travels in links. */
export interface TimelineView {
  readonly axis: TimelineAxis;
  /** What of the axis is seen, in its units, `from` < `to`; `null`: all of it. */
  readonly range: { readonly from: number; readonly to: number } | null;
  /** As typed into the search field. */
  readonly query: string;
  readonly hideOthers: boolean;
  /** `id` of a mapping, or `null`. */
  readonly selected: number | null;
  readonly table: boolean;
}

/** A view of a boot of a log. */
export interface TimelineState {
  readonly log: string;
  /** 0-based place in the report. */
  readonly boot: number;
  readonly view: TimelineView;
}

export const WHOLE_VIEW: TimelineView = {
  axis: 'order',
  range: null,
  query: '',
  hideOthers: false,
  selected: null,
  table: false,
};

const LONGEST_QUERY = 200;
const LONGEST_LOG = 4096;
const MOST_BOOTS = 1e6;

/** Looks at what was kept or linked; `null`: it is no state. Parts that make no sense are left out. */
export function parseTimelineState(value: unknown): TimelineState | null {
  if (!isRecord(value) || typeof value['log'] !== 'string') return null;
  if (value['log'] === '' || value['log'].length > LONGEST_LOG) return null;
  return {
    log: value['log'],
    boot: wholeNumber(value['boot'], MOST_BOOTS) ?? 0,
    view: parseTimelineView(value['view']),
  };
}

export function parseTimelineView(value: unknown): TimelineView {
  if (!isRecord(value)) return WHOLE_VIEW;
  const query = value['query'];
  return {
    axis: TIMELINE_AXES.find((axis) => axis === value['axis']) ?? WHOLE_VIEW.axis,
    range: parseRange(value['range']),
    query: typeof query === 'string' ? query.slice(0, LONGEST_QUERY) : '',
    hideOthers: value['hideOthers'] === true,
    selected: wholeNumber(value['selected'], 2 ** 32 - 1),
    table: value['table'] === true,
  };
}

function parseRange(value: unknown): TimelineView['range'] {
  if (!isRecord(value)) return null;
  const { from, to } = value;
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? { from, to } : null;
}

function wholeNumber(value: unknown, most: number): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
