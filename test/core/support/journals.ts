import fc from 'fast-check';
import type { AnalysisOptions } from '../../../src/core/analyze.ts';
import type { Journal, Report, ReportTrace } from '../../../src/core/index.ts';
import { createAnalysis } from '../../../src/core/index.ts';
import { kindAt } from '../../../src/core/journal/journal.ts';
import { excerpt, readLog, toLines } from './logs.ts';

export interface Journaled {
  readonly report: Report;
  /** One a boot. */
  readonly journals: readonly Journal[];
}

/** The report of a text and the journals of its boots. */
export function analyseSteps(text: string, options: Partial<AnalysisOptions> = {}): Journaled {
  const analysis = createAnalysis({ sourceName: 'debug.log', version: '0.0.0', journal: true, ...options });
  analysis.push(text);
  const report = analysis.finish();
  return { report, journals: analysis.journals };
}

/** The boots of a text, each with its journal. */
export function bootsOf({ report, journals }: Journaled): { readonly trace: ReportTrace; readonly journal: Journal }[] {
  return report.traces.map((trace, boot) => {
    const journal = journals[boot];
    if (!journal) throw new Error(`boot ${boot} has no journal`);
    return { trace, journal };
  });
}

/** What is live behind each step, counted plainly. */
export interface Recount {
  readonly live: ReadonlySet<number>;
  readonly liveBytes: number;
  readonly buffers: ReadonlySet<number>;
}

/** Calls `visit` behind each step. */
export function recount(journal: Journal, visit: (step: number, count: Recount) => void): void {
  const live = new Set<number>();
  const buffers = new Set<number>();
  let liveBytes = 0;
  for (let step = 0; step < journal.stepCount; step++) {
    const subject = journal.subjects[step] ?? 0;
    const held = journal.heldBytes[subject] ?? 0;
    switch (kindAt(journal, step)) {
      case 'mapped':
        live.add(subject);
        liveBytes += held;
        break;
      case 'unmapped':
      case 'mapping-lost':
        if (live.delete(subject)) liveBytes -= held;
        break;
      case 'allocated':
        buffers.add(subject);
        break;
      case 'freed':
      case 'buffer-lost':
        buffers.delete(subject);
        break;
      default:
    }
    visit(step, { live, liveBytes, buffers });
  }
}

/** Real logs whose lines were lost, doubled, swapped and cut: whatever stands in them, views of one boot must agree. */
export function mangledLogs(names: readonly string[]): fc.Arbitrary<string> {
  const logs = names.map((name) => toLines(excerpt(readLog(name), 6)));
  return fc
    .tuple(
      fc.constantFrom(...logs),
      fc.array(fc.tuple(fc.nat(1_000_000), fc.constantFrom('drop', 'double', 'swap', 'cut'))),
    )
    .map(([lines, changes]) => {
      const changed = [...lines];
      for (const [place, change] of changes) {
        const at = place % Math.max(changed.length, 1);
        const line = changed[at] ?? '';
        if (change === 'drop') changed.splice(at, 1);
        if (change === 'double') changed.splice(at, 0, line);
        if (change === 'swap') changed.splice(at, 2, changed[at + 1] ?? '', line);
        if (change === 'cut') changed[at] = line.slice(0, line.length / 2);
      }
      return changed.join('');
    });
}
