import type { ReplayMoment, ReplayOutline, ReplayStop } from '../../core/index.ts';
import { succeeded, type Failure, type Outcome } from '../../protocol/outcome.ts';
import type { Cancellation } from '../../protocol/rpc.ts';
import type { AskReplay } from './ask-replay.ts';
import type { Breakpoints, Placed } from './breakpoints.ts';
import { createCancellation, type CancellationSource } from './cancellation.ts';
import { stepOut, stepOver } from './stepping.ts';

/** Moves through the log, one movement at a time. A movement returns at once; `MotionEvents` tells where it led to. */
export interface Motion {
  /** Where the replay stands, or where it set off. */
  readonly moment: () => ReplayMoment;
  isUnderWay(): boolean;
  /** One step. */
  step(direction: Direction): void;
  stepOver(): void;
  stepOut(): void;
  run(direction: Direction): void;
  /** As `run`, but the step where the replay stands may be where it stops. */
  runFromHere(): void;
  /** Ends the movement that is under way, if there is one. */
  goTo(step: number, reason: 'entry' | 'goto'): void;
  /** Ends the movement that is under way. Where none is, the replay stops where it stands. */
  readonly pause: () => void;
  /** Nothing is told any more. */
  dispose(): void;
}

export type Direction = 1 | -1;

export interface MotionEvents {
  setsOff(): void;
  arrives(arrival: Arrival): void;
  fails(failure: Failure): void;
}

export interface Arrival {
  readonly moment: ReplayMoment;
  /** As the debug adapter protocol has it. */
  readonly reason: 'entry' | 'step' | 'breakpoint' | 'function breakpoint' | 'exception' | 'goto' | 'pause';
  /** What the user should know beyond what happens at this step, or `null`. */
  readonly note: string | null;
  readonly breakpoint: Placed | null;
  /** The rule that has a finding here, if that is why. */
  readonly finding: { readonly rule: string; readonly message: string } | null;
}

const LOG_BEGINS = 'The log begins here.';
const LOG_ENDS = 'The log ends here.';
const STOPPED_SEARCHING = 'Stopped on the way: the replay stands where it was.';

export function createMotion(
  ask: AskReplay,
  outline: ReplayOutline,
  first: ReplayMoment,
  breakpoints: Breakpoints,
  events: MotionEvents,
): Motion {
  let moment = first;
  let underWay: CancellationSource | null = null;
  let disposed = false;

  function begin(travel: (cancellation: Cancellation) => Promise<Outcome<Arrival>>): void {
    underWay?.cancel();
    const own = createCancellation();
    underWay = own;
    events.setsOff();
    void travel(own).then((outcome) => {
      // Another movement may have begun meanwhile.
      if (disposed || underWay !== own) return;
      underWay = null;
      if (outcome.ok) arrive(outcome.value);
      else if (outcome.failure.kind === 'cancelled') arrive(arrival(moment, 'pause', STOPPED_SEARCHING));
      else events.fails(outcome.failure);
    });
  }

  function arrive(where: Arrival): void {
    moment = where.moment;
    events.arrives(where);
  }

  async function search(from: number, direction: Direction, cancellation: Cancellation): Promise<Outcome<Arrival>> {
    const found = await ask(
      'findReplayStop',
      {
        step: from,
        direction: direction > 0 ? 'forward' : 'backward',
        stops: breakpoints.stops(),
      },
      { cancellation },
    );
    if (!found.ok) return found;
    const reached = await ask('replayMoment', { step: found.value.step }, { cancellation });
    return reached.ok ? succeeded(toArrival(reached.value, found.value)) : reached;
  }

  function toArrival(reached: ReplayMoment, stop: ReplayStop): Arrival {
    if (stop.reason === 'first-step') return arrival(reached, 'step', LOG_BEGINS);
    if (stop.reason === 'last-step') return arrival(reached, 'step', LOG_ENDS);
    if (stop.reason === 'rule') {
      const finding = { rule: breakpoints.stops().rules[stop.index] ?? '', message: stop.message ?? '' };
      return { ...arrival(reached, 'exception', `${finding.rule}: ${finding.message}`), finding };
    }
    const reason = stop.reason === 'line' ? 'breakpoint' : 'function breakpoint';
    return { ...arrival(reached, reason, stop.message), breakpoint: breakpoints.hitBy(stop) };
  }

  function toStep(step: Promise<Outcome<ReplayMoment>>, direction: Direction): Promise<Outcome<Arrival>> {
    return step.then((reached) => {
      if (!reached.ok) return reached;
      const atEnd = reached.value.step === moment.step;
      return succeeded(arrival(reached.value, 'step', atEnd ? (direction > 0 ? LOG_ENDS : LOG_BEGINS) : null));
    });
  }

  return {
    moment: () => moment,
    isUnderWay: () => underWay !== null,
    step(direction) {
      const step = Math.min(Math.max(moment.step + direction, 0), outline.stepCount - 1);
      begin((cancellation) => toStep(ask('replayMoment', { step }, { cancellation }), direction));
    },
    stepOver: () => begin((cancellation) => toStep(stepOver(ask, outline, moment, cancellation), 1)),
    stepOut: () => begin((cancellation) => toStep(stepOut(ask, outline, moment, cancellation), 1)),
    run: (direction) => begin((cancellation) => search(moment.step, direction, cancellation)),
    runFromHere: () => begin((cancellation) => search(moment.step - 1, 1, cancellation)),
    goTo: (step, reason) =>
      begin(async (cancellation) => {
        const reached = await ask('replayMoment', { step }, { cancellation });
        return reached.ok ? succeeded(arrival(reached.value, reason, null)) : reached;
      }),
    pause() {
      if (underWay) underWay.cancel();
      else arrive(arrival(moment, 'pause', null));
    },
    dispose() {
      disposed = true;
      underWay?.cancel();
    },
  };
}

function arrival(moment: ReplayMoment, reason: Arrival['reason'], note: string | null): Arrival {
  return { moment, reason, note, breakpoint: null, finding: null };
}
