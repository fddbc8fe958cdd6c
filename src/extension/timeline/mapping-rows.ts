import type { ReportMapping } from '../../core/index.ts';
import type { ReportItem } from '../../protocol/analysis-calls.ts';
import type { MappingRow } from '../../protocol/timeline-messages.ts';
import type { Analysis } from '../analyzer.ts';

/** Reads of each mapping what the timeline's columns do not hold. Those that cannot be read any more are left out. */
export async function readMappingRows(
  analysis: Analysis,
  boot: number,
  mappings: readonly number[],
): Promise<readonly MappingRow[]> {
  const rows = await Promise.all(
    mappings.map(async (mapping): Promise<MappingRow[]> => {
      // The report lists mappings by their id, from 1.
      const page = { traceIndex: boot, list: 'mappings', from: mapping - 1, to: mapping } as const;
      const items = await analysis.ask('readPage', { page });
      const item = items.ok ? items.value[0] : undefined;
      if (item === undefined || !isMapping(item) || item.id !== mapping) return [];
      const { handle, host, device, generation } = item;
      return [{ mapping, handle, generation, host, device }];
    }),
  );
  return rows.flat();
}

function isMapping(item: ReportItem): item is ReportMapping {
  return 'generation' in item;
}
