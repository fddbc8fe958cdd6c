import { formatBytes } from '../../core/model/describe.ts';
import type { AxisRange } from '../../core/timeline/axis.ts';
import { fromBarFlags } from '../../core/timeline/bar-flags.ts';
import { rowOfBar } from '../../core/timeline/bars.ts';
import { groupDigits } from '../../core/timeline/ticks.ts';
import type { Timeline, TimelineAxis, TimelineLane, TimelineOutline } from '../../core/timeline/timeline.ts';

/** Words of the timeline, made in one place. */

/** Regular nouns only. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** As the ruler writes numbers. */
export function formatCount(count: number): string {
  return groupDigits(Math.round(count));
}

/** Owners beyond these are counted only. */
const MOST_OWNERS = 8;

/** The answer of the whole timeline in one sentence: `10 of 152 mappings cross hand-off: XhciDxe 8, NvmExpressDxe 2`. */
export function summarize({ figures, lanes, handoff }: TimelineOutline): string {
  const { mappings, liveAtHandoff, liveBytesAtHandoff, peakLive } = figures;
  const peak = `at most ${formatCount(peakLive)} at a time`;
  if (mappings === 0) return 'This boot maps nothing.';
  if (handoff === null) return `${plural(mappings, 'mapping')}, ${peak}. The log ends before hand-off.`;
  if (liveAtHandoff === 0) return `None of ${plural(mappings, 'mapping')} crosses hand-off.`;
  const crossing = lanes.filter(({ crossingCount }) => crossingCount > 0);
  const shown = crossing
    .slice(0, MOST_OWNERS)
    .map(({ title, crossingCount }) => `${title} ${formatCount(crossingCount)}`);
  const rest = crossing.length > MOST_OWNERS ? [`${crossing.length - MOST_OWNERS} more`] : [];
  const verb = liveAtHandoff === 1 ? 'crosses' : 'cross';
  const owners = [...shown, ...rest].join(', ');
  return `${formatCount(liveAtHandoff)} of ${plural(mappings, 'mapping')} ${verb} hand-off (${formatBytes(liveBytesAtHandoff)}): ${owners}`;
}

/** The lane that a bar stands in. */
function laneOfBar({ outline, rowBars }: Timeline, bar: number): TimelineLane | null {
  const row = rowOfBar(rowBars, bar);
  return outline.lanes.find(({ firstRow, rowCount }) => row >= firstRow && row < firstRow + rowCount) ?? null;
}

/** What a bar tells at a glance. */
export interface BarWords {
  readonly operation: string;
  readonly owner: string;
  readonly bytes: string;
  readonly mappedLine: number;
  /** `null`: it never ended. */
  readonly unmappedLine: number | null;
  readonly end: string;
  readonly finding: string;
  readonly crosses: boolean;
}

export function describeBar(timeline: Timeline, bar: number): BarWords {
  const { bars, outline } = timeline;
  const facts = fromBarFlags(bars.flags[bar] ?? 0);
  const lane = laneOfBar(timeline, bar);
  const isOpen = (bars.endSteps[bar] ?? 0) >= outline.stepCount;
  return {
    operation: facts.operation ?? 'unknown operation',
    owner: lane === null ? 'unknown' : `${lane.title}${facts.ownerCertain || lane.owner === null ? '' : ' (inferred)'}`,
    bytes: formatBytes(bars.bytes[bar] ?? 0),
    mappedLine: bars.startLines[bar] ?? 0,
    unmappedLine: isOpen ? null : (bars.endLines[bar] ?? 0),
    end: endWords(facts, outline.handoff !== null),
    finding:
      facts.severity === null ? '' : { error: 'Error', warning: 'Warning', information: 'Information' }[facts.severity],
    crosses: facts.crossesHandoff,
  };
}

function endWords({ removedBy, crossesHandoff, lost }: ReturnType<typeof fromBarFlags>, hasHandoff: boolean): string {
  if (lost) return 'the log lost its end';
  if (crossesHandoff) return 'still mapped at hand-off';
  switch (removedBy) {
    case 'boot':
      return 'unmapped by its driver';
    case 'exit-callback':
      return 'unmapped by its driver in ExitBootServices';
    case 'iommu-cleanup':
      return "removed by the IOMMU driver's cleanup";
    case null:
      return hasHandoff ? 'still mapped at hand-off' : 'still mapped where the log ends';
  }
}

/** A range of an axis in words. Time counts from the first step on, as the ruler has it. */
export function rangeWords({ first }: Pick<TimelineOutline, 'first'>, axis: TimelineAxis, range: AxisRange): string {
  if (axis !== 'time') {
    const unit = axis === 'order' ? 'Events' : 'Lines';
    return `${unit} ${formatCount(range.from)} to ${formatCount(range.to)}`;
  }
  const decimals = Math.min(Math.max(Math.ceil(2 - Math.log10(Math.max(range.to - range.from, 1e-9))), 0), 6);
  const origin = first.seconds ?? 0;
  const [from, to] = [range.from, range.to].map((value) => groupDigits(value - origin, decimals));
  return `Seconds ${from ?? ''} to ${to ?? ''}`;
}
