import { createAnalysis } from '../../../../src/core/index.ts';
import type { Journal, ReportTrace, Timeline } from '../../../../src/core/index.ts';
import { createTimeline } from '../../../../src/core/timeline/layout.ts';
import { readLog } from '../../support/logs.ts';

/** A boot as report and journal tell it, and its timeline. */
export interface Boot {
  readonly trace: ReportTrace;
  readonly journal: Journal;
  readonly timeline: Timeline;
}

export function bootsOf(text: string): Boot[] {
  const analysis = createAnalysis({ sourceName: 'debug.log', version: '0.0.0', journal: true });
  analysis.push(text);
  return analysis.finish().traces.map((trace, index) => {
    const journal = analysis.journals[index]!;
    return { trace, journal, timeline: createTimeline(trace, journal) };
  });
}

/** The only boot of a text. */
export function bootOf(text: string): Boot {
  const [boot, ...others] = bootsOf(text);
  if (!boot || others.length > 0) throw new Error('not one boot');
  return boot;
}

/** The first boot of a real log. */
export function bootOfLog(name: string): Boot {
  return bootsOf(readLog(name))[0]!;
}
