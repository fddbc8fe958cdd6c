import type { TraceOutline } from '../../protocol/analysis-calls.ts';

/** A line for each boot, to choose one by. */
export function bootTitles(traces: readonly TraceOutline[]): string[] {
  return traces.map(({ firstLine, lastLine, summary, handoff }, index) => {
    const end = handoff === null ? 'ends before hand-off' : `${summary.liveAtHandoff} mapped at hand-off`;
    const told = summary.calls === 0 ? 'no DMA call' : end;
    return `Boot ${index + 1} of ${traces.length}: lines ${firstLine}–${lastLine}, ${told}`;
  });
}

/** The boot that was asked for, or the one with the most to see: what crosses hand-off first, then how much was mapped. */
export function bootToShow(traces: readonly TraceOutline[], asked: number | null): number {
  if (asked !== null && asked < traces.length) return asked;
  const weights = traces.map(({ summary }) => summary.liveAtHandoff * 1e9 + summary.maps);
  return Math.max(weights.indexOf(Math.max(...weights)), 0);
}
