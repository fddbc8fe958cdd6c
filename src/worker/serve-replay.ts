import { checkReplayCondition, completeReplay, createReplay, type Replay } from '../core/index.ts';
import { cancelled, refused, succeeded, type Outcome } from '../protocol/outcome.ts';
import type { ReplayCalls } from '../protocol/replay-calls.ts';
import type { Handlers } from '../protocol/rpc.ts';
import { NOT_AT_HAND, type FindFinished, type Finished } from './finished.ts';

/** How long a search may keep other calls waiting, the one that cancels it among them. */
const TURN_MS = 20;

/** Serves the replays of finished analyses: each is made when it is first asked for, and goes when its analysis is forgotten. */
export function serveReplay(find: FindFinished): Handlers<ReplayCalls> {
  const replays = new WeakMap<Finished, Replay>();

  function replayOf(analysis: number): Replay | null {
    const finished = find(analysis);
    if (finished === undefined) return null;
    const replay = replays.get(finished) ?? createReplay(finished.report, finished.journals);
    replays.set(finished, replay);
    return replay;
  }

  function ask<T>(analysis: number, question: (replay: Replay) => T): Outcome<T> {
    const replay = replayOf(analysis);
    return replay === null ? NOT_AT_HAND : succeeded(question(replay));
  }

  /** What only a replay with steps can tell. */
  function askAtStep<T>(analysis: number, question: (replay: Replay) => T): Outcome<T> {
    const replay = replayOf(analysis);
    return replay?.outline.stepCount === 0 ? NOTHING_TO_REPLAY : ask(analysis, question);
  }

  return {
    openReplay: ({ analysis }) => ask(analysis, (replay) => replay.outline),
    replayMoment: ({ analysis, step }) => askAtStep(analysis, (replay) => replay.momentAt(step)),
    async findReplayStop({ analysis, step, direction, stops }, context) {
      const search = askAtStep(analysis, (replay) => replay.searchStop(step, direction, stops));
      if (!search.ok) return search;
      for (let turnEndMs = performance.now() + TURN_MS; ;) {
        const { done, value } = search.value.next();
        if (done === true) return succeeded(value);
        if (performance.now() < turnEndMs) continue;
        await nextTurn();
        if (context.isCancelled()) return cancelled();
        turnEndMs = performance.now() + TURN_MS;
      }
    },
    findReplayLines: ({ analysis, lines }) => ask(analysis, (replay) => lines.map((line) => replay.lineAt(line))),
    findReplayStep: ({ analysis, line }) => ask(analysis, (replay) => replay.stepAt(line)),
    readReplayVariables: ({ analysis, step, path, start, count }) =>
      askAtStep(analysis, (replay) => replay.variablesAt(step, path, start, count)),
    askReplay: ({ analysis, step, text, context }) =>
      askAtStep(analysis, (replay) => replay.answer(step, text, context)),
    checkReplayCondition: ({ text }) => succeeded(checkReplayCondition(text)),
    completeReplay: ({ text, at }) => succeeded(completeReplay(text, at)),
  };
}

const NOTHING_TO_REPLAY = refused('The log tells of no DMA call and of no device: there is nothing to replay.');

/** Lets the messages in that have arrived. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve));
}
