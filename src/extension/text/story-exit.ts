import { formatBytes, type ExitStory, type ReportMapping } from '../../core/index.ts';
import type { Story, StoryPart, StorySpan, StoryText } from '../../protocol/story.ts';
import {
  code,
  lineCell,
  lineLink,
  operationAndSize,
  ownerWords,
  paragraph,
  quoted,
  strong,
  words,
} from './story-words.ts';
import { plural } from './verdict.ts';

/** What happened between the begin of ExitBootServices and hand-off. */
export function tellExit(story: ExitStory): Story {
  const { role, handoff, live, liveCount } = story;
  const parts: StoryPart[] = [paragraph(...summary(story))];
  if (role === 'handoff' && handoff !== null) parts.push(paragraph(quoted(handoff.evidence)));

  const rows = eventRows(story);
  if (rows.length > 0) parts.push({ kind: 'table', header: ['Line', 'Event', 'Details'], rows });

  if (live.length > 0) {
    const liveRows = live.map((mapping) => [lineCell(mapping.mappedLine), whatWasMapped(mapping), end(mapping)]);
    const header = ['Line', 'Mapped when it began', 'What became of it'];
    parts.push({ kind: 'table', header, rows: liveRows });
    if (liveCount > live.length) parts.push(paragraph(words(`…and ${liveCount - live.length} more.`)));
  }
  return { title: strong(...title(story)), parts };
}

function eventRows({ exit, handoff }: ExitStory): readonly (readonly StoryText[])[] {
  const events: { readonly line: number; readonly cells: readonly StoryText[] }[] = [];
  for (const { name, context, line } of exit?.callbacks ?? []) {
    events.push({ line, cells: [[code(name)], context === null ? [] : [words('context '), code(context)]] });
  }
  const cleanup = exit?.cleanup ?? null;
  if (cleanup !== null) {
    const removed = words(`removed ${plural(cleanup.unmapped, 'mapping')}`);
    events.push({ line: cleanup.line, cells: [[words('last-resort cleanup')], [removed]] });
  }
  if (handoff !== null) events.push({ line: handoff.line, cells: [[words('hand-off')], []] });
  return events.sort((a, b) => a.line - b.line).map(({ line, cells }) => [lineCell(line), ...cells]);
}

function summary({ exit, handoff, liveCount, liveBytes, liveAtHandoff }: ExitStory): StoryText {
  const left =
    liveCount === 0
      ? 'Nothing was mapped when it began.'
      : `${plural(liveCount, 'mapping')} (${formatBytes(liveBytes)}) ${liveCount === 1 ? 'was' : 'were'} live when it began.`;
  const attempts = exit !== null && exit.attempts > 1 ? ` It was called ${exit.attempts} times.` : '';
  const before = words(`${left}${attempts} `);
  if (handoff === null) return [before, words('The log ends before hand-off.')];
  if (liveAtHandoff === 0) return [before, words('Nothing is mapped at hand-off.')];
  return [before, ...strong(words(`${plural(liveAtHandoff, 'mapping')} still there at hand-off.`))];
}

function title({ role, exit, callbackIndex }: ExitStory): readonly StorySpan[] {
  switch (role) {
    case 'exit-marker':
      return [words('First proof of ExitBootServices')];
    case 'exit-callback': {
      const name = exit?.callbacks[callbackIndex ?? -1]?.name;
      const place = `callback ${(callbackIndex ?? 0) + 1} of ${exit?.callbacks.length ?? 0}`;
      return [words(`ExitBootServices, ${place}`), ...(name === undefined ? [] : [words(': '), quoted(name)])];
    }
    case 'cleanup':
      return [words('ExitBootServices, last-resort cleanup of the IOMMU driver')];
    case 'handoff':
      return [words('Hand-off: ExitBootServices has returned')];
  }
}

function whatWasMapped(mapping: ReportMapping): StoryText {
  const owner = mapping.owner === null ? [] : [words(', '), ...ownerWords(mapping.owner)];
  return [words(operationAndSize(mapping)), ...owner];
}

function end({ unmappedLine, unmappedBy, liveAtHandoff }: ReportMapping): StoryText {
  if (unmappedLine === null) {
    return liveAtHandoff ? strong(words('still mapped at hand-off')) : [words('never unmapped')];
  }
  const by = unmappedBy === 'iommu-cleanup' ? 'removed by the cleanup' : 'unmapped by its driver';
  return [words(`${by}, line `), lineLink(unmappedLine)];
}
