import type { ReportMapping, ReportTrace } from '../model/report.ts';
import type { Timeline, TimelineMatches } from './timeline.ts';
import { cutLabel } from './marks.ts';
import { readQuery } from './query.ts';
import type { Reading } from './search-terms.ts';
import { readTerm } from './search-terms.ts';

const MOST_WORDS = 32;

/**
 * Finds the mappings that fit all words of a query: `owner:XhciDxe`, `device:00:02.0`, `op:write`, `rule:double-unmap`, `is:leaked`,
 * an address that they cover or a handle (`0x1e6bc010`), `line:4083`, and any other text. O(n) for each word. An empty query finds
 * nothing.
 */
export function searchTimeline(trace: ReportTrace, timeline: Timeline, query: string): TimelineMatches {
  const words = readQuery(query);
  if (words.length === 0) return { bars: new Uint32Array(0), message: '', understood: true };
  if (words.length > MOST_WORDS) return notUnderstood(`The search has more than ${MOST_WORDS} words.`);
  const readings: Reading[] = words.map((word) => readTerm(word, trace));
  for (const reading of readings) if (reading.kind === 'wrong') return notUnderstood(reading.message);
  const terms = readings.flatMap((reading) => (reading.kind === 'term' ? [reading.term] : []));

  const byId: ReportMapping[] = [];
  for (const mapping of trace.mappings) byId[mapping.id] = mapping;
  const { ids, bytes } = timeline.bars;
  const found: number[] = [];
  ids.forEach((id, bar) => {
    const mapping = byId[id];
    if (mapping && terms.every(({ fits }) => fits(mapping, bytes[bar] ?? 0))) found.push(bar);
  });
  const clauses = terms.map(({ clause }) => clause).join(', ');
  const count = found.length === 0 ? 'No mapping' : found.length === 1 ? '1 mapping' : `${found.length} mappings`;
  return { bars: Uint32Array.from(found), message: `${count} ${clauses}`, understood: true };
}

function notUnderstood(message: string): TimelineMatches {
  return { bars: new Uint32Array(0), message: cutLabel(message), understood: false };
}
