import type { CancellationToken } from 'vscode';
import { succeeded, type Outcome } from '../../protocol/outcome.ts';
import { PIECE_BARS, type OpenTimeline, type ToTimeline } from '../../protocol/timeline-messages.ts';
import type { Analysis } from '../analyzer.ts';

export type Post = (message: ToTimeline) => Promise<void>;

/** Relays a boot's timeline from the worker to the webview, piece by piece: one is on its way while the next is read. */
export async function relayTimeline(
  analysis: Analysis,
  head: Omit<OpenTimeline, 'kind' | 'firstStep' | 'outline' | 'rowBars' | 'rowUnderlays'>,
  post: Post,
  cancellation: CancellationToken,
): Promise<Outcome<null>> {
  const { load, boot } = head;
  const opened = await analysis.ask('openTimeline', { boot }, { cancellation });
  if (!opened.ok) return opened;
  await post({ kind: 'open', ...head, ...opened.value });

  const { barCount, underlayCount } = opened.value.outline;
  let posted: Promise<void> = Promise.resolve();
  for (let from = 0; from < underlayCount; from += PIECE_BARS) {
    const piece = { boot, from, to: Math.min(from + PIECE_BARS, underlayCount) };
    const underlays = await analysis.ask('readTimelineUnderlays', piece, { cancellation });
    await posted;
    if (!underlays.ok) return underlays;
    posted = post({ kind: 'underlays', load, from, underlays: underlays.value });
  }
  for (let from = 0; from < barCount; from += PIECE_BARS) {
    const piece = { boot, from, to: Math.min(from + PIECE_BARS, barCount) };
    const bars = await analysis.ask('readTimelineBars', piece, { cancellation });
    await posted;
    if (!bars.ok) return bars;
    posted = post({ kind: 'bars', load, from, bars: bars.value });
  }
  await posted;
  return succeeded(null);
}
