import { formatBytes, type ExitStory, type ReportMapping } from '../../core/index.ts';
import { lineCell, operationAndSize, ownerWords, type HoverPlace } from './hover-words.ts';
import { code, escapeMarkdown, table } from './markdown.ts';
import { plural } from './verdict.ts';

/** What happened between the begin of ExitBootServices and hand-off. */
export function describeExit(story: ExitStory, place: HoverPlace): string {
  const { role, exit, handoff, live, liveCount } = story;
  const parts = [`**${exitTitle(story)}**`, exitSummary(story)];
  if (role === 'handoff' && handoff !== null) parts.push(escapeMarkdown(handoff.evidence));

  const events = (exit?.callbacks ?? []).map(({ name, context, line }) => ({
    line,
    cells: [code(name), context === null ? '' : `context ${code(context)}`],
  }));
  const cleanup = exit?.cleanup ?? null;
  if (cleanup !== null) {
    events.push({
      line: cleanup.line,
      cells: ['last-resort cleanup', `removed ${plural(cleanup.unmapped, 'mapping')}`],
    });
  }
  if (handoff !== null) events.push({ line: handoff.line, cells: ['hand-off', ''] });
  const rows = events.sort((a, b) => a.line - b.line).map(({ line, cells }) => [lineCell(line, place), ...cells]);
  if (rows.length > 0) parts.push(table(['Line', 'Event', 'Details'], rows));

  if (live.length > 0) {
    const liveRows = live.map((mapping) => [
      lineCell(mapping.mappedLine, place),
      `${operationAndSize(mapping)}${mapping.owner === null ? '' : `, ${ownerWords(mapping.owner)}`}`,
      describeEnd(mapping, place),
    ]);
    parts.push(table(['Line', 'Mapped when it began', 'What became of it'], liveRows));
    if (liveCount > live.length) parts.push(`…and ${liveCount - live.length} more.`);
  }
  return parts.join('\n\n');
}

function exitSummary({ exit, handoff, liveCount, liveBytes, liveAtHandoff }: ExitStory): string {
  const left =
    liveCount === 0
      ? 'Nothing was mapped when it began.'
      : `${plural(liveCount, 'mapping')} (${formatBytes(liveBytes)}) ${liveCount === 1 ? 'was' : 'were'} live when it began.`;
  const reached =
    handoff === null
      ? 'The log ends before hand-off.'
      : liveAtHandoff === 0
        ? 'Nothing is mapped at hand-off.'
        : `**${plural(liveAtHandoff, 'mapping')} still there at hand-off.**`;
  const attempts = exit !== null && exit.attempts > 1 ? [`It was called ${exit.attempts} times.`] : [];
  return [left, ...attempts, reached].join(' ');
}

function exitTitle({ role, exit, callbackIndex }: ExitStory): string {
  switch (role) {
    case 'exit-marker':
      return 'First proof of ExitBootServices';
    case 'exit-callback': {
      const name = exit?.callbacks[callbackIndex ?? -1]?.name;
      const place = `callback ${(callbackIndex ?? 0) + 1} of ${exit?.callbacks.length ?? 0}`;
      return `ExitBootServices, ${place}${name === undefined ? '' : `: ${escapeMarkdown(name)}`}`;
    }
    case 'cleanup':
      return 'ExitBootServices, last-resort cleanup of the IOMMU driver';
    case 'handoff':
      return 'Hand-off: ExitBootServices has returned';
  }
}

function describeEnd({ unmappedLine, unmappedBy, liveAtHandoff }: ReportMapping, place: HoverPlace): string {
  if (unmappedLine === null) return liveAtHandoff ? '**still mapped at hand-off**' : 'never unmapped';
  const by = unmappedBy === 'iommu-cleanup' ? 'removed by the cleanup' : 'unmapped by its driver';
  return `${by}, line ${lineCell(unmappedLine, place)}`;
}
