import type { Outcome } from '../../protocol/outcome.ts';
import type { ReplayCalls } from '../../protocol/replay-calls.ts';
import type { CallOptions } from '../../protocol/rpc.ts';

/** Asks about the replay of one analysis. Never rejects. */
export type AskReplay = <Name extends keyof ReplayCalls>(
  name: Name,
  params: Omit<ReplayCalls[Name]['params'], 'analysis'>,
  options?: CallOptions<never>,
) => Promise<Outcome<ReplayCalls[Name]['result']>>;
