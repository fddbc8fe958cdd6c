import { formatBytes } from '../../core/index.ts';
import type { AnalysisDigest, TraceOutline } from '../../protocol/analysis-calls.ts';
import { escapeMarkdown } from './markdown.ts';
import { plural } from './verdict.ts';

const MOST_BOOTS = 5;

/** The verdict's reasons, as Markdown. */
export function statusTooltip(name: string, digest: AnalysisDigest): string {
  const { source, input, traces, verdict } = digest;
  const boots = traces
    .slice(0, MOST_BOOTS)
    .filter((trace) => trace.summary.calls > 0)
    .map((trace) => boot(trace, traces.length > 1 ? traces.indexOf(trace) + 1 : null));
  const omitted = traces.length > MOST_BOOTS ? [`${plural(traces.length - MOST_BOOTS, 'more boot')}.`] : [];
  const paragraphs = [
    `**${escapeMarkdown(name)}**: ${plural(source.lines, 'line')}, ${formatBytes(source.bytes)}`,
    `${verdict.headline.slice(0, 1).toUpperCase()}${verdict.headline.slice(1)}.`,
    ...boots,
    ...omitted,
    ...input.notes.map(escapeMarkdown),
    'Click to show the report.',
  ];
  return paragraphs.join('\n\n');
}

function boot(trace: TraceOutline, number: number | null): string {
  const { summary, handoff } = trace;
  const lines = [
    ...(number === null ? [] : [`**Boot ${number}** (lines ${trace.firstLine} to ${trace.lastLine})`]),
    `${plural(summary.maps, 'mapping')} made, ${summary.unmaps} removed, at most ${summary.peakLive} at a time (${formatBytes(summary.peakLiveBytes)})`,
    handoff === null
      ? 'The log ends before hand-off.'
      : `Hand-off at line ${handoff.line}: ${plural(summary.liveAtHandoff, 'mapping')} still there`,
    `${plural(summary.errors, 'error')}, ${plural(summary.warnings, 'warning')}, ${summary.information} for information`,
  ];
  // Two spaces at the end of a line keep the next one on its own.
  return lines.join('  \n');
}
