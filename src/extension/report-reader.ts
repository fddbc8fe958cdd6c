import type { Report, ReportTrace } from '../core/index.ts';
import type { ReportItem, ReportList } from '../protocol/analysis-calls.ts';
import { succeeded, type Outcome } from '../protocol/outcome.ts';
import { createPacer } from './pacer.ts';
import type { AnalysisClient } from './worker-connection.ts';

type Lists = Pick<ReportTrace, ReportList>;

/** Unpacking this many items of a report takes the host about a millisecond. */
const PAGE_ITEMS = 500;

/** Fetches a whole report from the worker, page by page, so that even a huge one never blocks the host. */
export async function readReport(client: AnalysisClient, analysis: number): Promise<Outcome<Report>> {
  const pace = createPacer();

  async function readLists(traceIndex: number, counts: Readonly<Record<ReportList, number>>): Promise<Outcome<Lists>> {
    const lists: Record<ReportList, ReportItem[]> = { buffers: [], mappings: [], failedMaps: [], findings: [] };
    for (const list of Object.keys(lists) as ReportList[]) {
      for (let from = 0; from < counts[list]; from += PAGE_ITEMS) {
        const page = { traceIndex, list, from, to: from + PAGE_ITEMS };
        const items = await client.call('readPage', { analysis, page });
        if (!items.ok) return items;
        lists[list].push(...items.value);
        await pace();
      }
    }
    // Each list was filled from the list of the same name.
    return succeeded(lists as unknown as Lists);
  }

  const outline = await client.call('readOutline', { analysis });
  if (!outline.ok) return outline;
  const traces: ReportTrace[] = [];
  for (const [traceIndex, trace] of outline.value.traces.entries()) {
    const { counts, ...rest } = trace;
    const lists = await readLists(traceIndex, counts);
    if (!lists.ok) return lists;
    traces.push({ ...rest, ...lists.value });
  }
  return succeeded({ ...outline.value, traces });
}
