import type { ReportTrace } from '../model/report.ts';
import { SEVERITIES } from '../model/report.ts';
import { toBarFlags } from './bar-flags.ts';
import type { Lives } from './lives.ts';
import type { OwnerNumbers } from './owners.ts';

/** What the report knows of the mappings, by their ids. */
export interface MappingFacts {
  /** Number of the owner. */
  readonly lanes: Uint16Array;
  /** Id of the buffer that it lies in, or 0. */
  readonly buffers: Uint32Array;
  /** See `bar-flags.ts`. */
  readonly flags: Uint16Array;
  /** Rules with a finding about a mapping, in the order of the alphabet. */
  readonly rules: readonly string[];
}

export function readFacts(trace: ReportTrace, lives: Lives, stepCount: number, owners: OwnerNumbers): MappingFacts {
  const size = lives.mappings.starts.length;
  const lanes = new Uint16Array(size);
  const buffers = new Uint32Array(size);
  const flags = new Uint16Array(size);
  const { worst, rules } = readSeverities(trace, size);
  trace.mappings.forEach((mapping) => {
    const { id } = mapping;
    lanes[id] = owners.numberOf(mapping);
    buffers[id] = mapping.buffer ?? 0;
    flags[id] = toBarFlags({
      operation: mapping.operation,
      removedBy: mapping.unmappedBy,
      crossesHandoff: lives.handoffStep !== null && lives.mappings.ends[id] === stepCount,
      lost: lives.lost[id] === 1,
      severity: SEVERITIES[(worst[id] ?? 0) - 1] ?? null,
      ownerCertain: mapping.owner?.certain ?? false,
    });
  });
  return { lanes, buffers, flags, rules };
}

/** Of each mapping the place of its worst finding in `SEVERITIES`, from 1; 0: it has none. */
function readSeverities({ findings }: ReportTrace, size: number): { worst: Uint8Array; rules: readonly string[] } {
  const worst = new Uint8Array(size);
  const rules = new Set<string>();
  for (const { mapping, severity, rule } of findings) {
    if (mapping === null || mapping >= size) continue;
    rules.add(rule);
    const place = SEVERITIES.indexOf(severity) + 1;
    const known = worst[mapping] ?? 0;
    if (known === 0 || place < known) worst[mapping] = place;
  }
  return { worst, rules: [...rules].sort() };
}
