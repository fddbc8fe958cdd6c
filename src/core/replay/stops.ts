import type { Boot } from './boot.ts';
import type { Cursor } from './cursor.ts';
import { evaluate, holds } from './expression/evaluate.ts';
import { liveCountsIn } from './expression/live-counts.ts';
import type { Expression } from './expression/syntax-tree.ts';
import { kindTable } from './kinds.ts';
import type { Direction, Rival } from './rivals.ts';
import { createRivals } from './rivals.ts';
import type { MovingScope } from './scope.ts';
import { createScope, markMappings } from './scope.ts';
import type { Steps } from './steps.ts';
import { kindsOfEvent } from './subject.ts';
import type { ReplayStop, ReplayStops } from './views.ts';

/** Steps that are passed, or conditions that are evaluated, before a search lets others have a say. */
const STEPS_PER_TURN = 1 << 20;
const EVALUATION_COST = 1 << 7;

/**
 * Looks for the next step in a direction where one of the stops holds; else it ends at the last one there. It pauses (yields) now and
 * then, so that it can be given up. `steps.count` must not be 0.
 * Steps between stops are passed by their kinds alone; the state is worked out only where a condition asks for it.
 */
export function* searchStop(
  steps: Steps,
  from: number,
  direction: Direction,
  stops: ReplayStops,
): Generator<void, ReplayStop> {
  const search = createSearch(steps, from, direction, stops);
  for (;;) {
    const stop = search.takeTurn();
    if (stop) return stop;
    yield;
  }
}

function createSearch(
  steps: Steps,
  from: number,
  direction: Direction,
  stops: ReplayStops,
): { takeTurn(): ReplayStop | null } {
  const forward = direction === 'forward';
  const rivals = createRivals(steps, direction, stops);
  const places = placesOf(rivals, forward);
  const wanted = kindTable(rivals.flatMap(({ event }) => (event === null ? [] : kindsOfEvent(event))));
  const anyKind = wanted.includes(1);
  const watching = createWatching(rivals);
  let nextPlace = places.findIndex((place) => (forward ? place > from : place < from));
  if (nextPlace < 0) nextPlace = places.length;
  let boot = steps.bootOf(Math.max(from, 0));
  let step = from;

  function stopHere(): ReplayStop | null {
    for (const rival of rivals) {
      const stop = rival.stopsAt(boot, step) ? watching.decide(rival, boot, step) : null;
      if (stop) return stop;
    }
    return null;
  }

  return {
    takeTurn() {
      for (let cost = 0; cost < STEPS_PER_TURN;) {
        step += forward ? 1 : -1;
        if (step < 0) return { step: 0, reason: 'first-step', index: 0, message: null };
        if (step >= steps.count) return { step: steps.count - 1, reason: 'last-step', index: 0, message: null };
        if (!isInside(boot, step)) boot = steps.bootOf(step);
        const place = places[nextPlace] ?? -1;
        // As far as there is nothing to see but kinds.
        const bound = boundOf(boot, step, forward, place);
        const next = anyKind ? passOver(boot, step, bound, wanted, STEPS_PER_TURN) : bound;
        cost += anyKind ? Math.abs(next - step) + 1 : 1;
        step = next;
        if (step === place) nextPlace++;
        else if (!isWanted(boot, step, wanted)) continue;
        const stop = stopHere();
        if (stop) return stop;
        cost += EVALUATION_COST;
      }
      return null;
    },
  };
}

function isInside({ firstStep, journal }: Boot, step: number): boolean {
  return step >= firstStep && step < firstStep + journal.stepCount;
}

function isWanted({ journal, firstStep }: Boot, step: number, wanted: Uint8Array): boolean {
  return wanted[journal.kinds[step - firstStep] ?? 0] === 1;
}

/** The last step up to which a boot has nothing but kinds to look at. `place` −1: no step of it is asked for. */
function boundOf({ firstStep, journal }: Boot, step: number, forward: boolean, place: number): number {
  const end = forward ? firstStep + journal.stepCount - 1 : firstStep;
  const isBetween = forward ? place >= step && place <= end : place <= step && place >= end;
  return isBetween ? place : end;
}

/** From `step` to the next step of a wanted kind, to `bound`, or as far as one may go at once. */
function passOver(
  { journal: { kinds }, firstStep }: Boot,
  step: number,
  bound: number,
  wanted: Uint8Array,
  most: number,
): number {
  let at = step - firstStep;
  if (bound >= step) {
    const end = Math.min(bound - firstStep, at + most);
    while (at < end && wanted[kinds[at] ?? 0] === 0) at++;
  } else {
    const end = Math.max(bound - firstStep, at - most);
    while (at > end && wanted[kinds[at] ?? 0] === 0) at--;
  }
  return at + firstStep;
}

function placesOf(rivals: readonly Rival[], forward: boolean): Float64Array {
  const places = Float64Array.from(new Set(rivals.flatMap((rival) => rival.places))).sort();
  return forward ? places : places.reverse();
}

/** What conditions see of one boot. */
interface Watched {
  readonly boot: Boot;
  readonly scope: MovingScope;
}

/** Counts hits, and keeps what conditions want counted along the way. */
function createWatching(rivals: readonly Rival[]): {
  decide(rival: Rival, boot: Boot, step: number): ReplayStop | null;
} {
  const calls = rivals.flatMap(({ condition }) => (condition === null ? [] : liveCountsIn(condition)));
  const hits = new Map<Rival, number>();
  let watched: Watched | null = null;

  function watch(boot: Boot): Watched {
    const cursor: Cursor = boot.newCursor();
    const watches = new Map(calls.map((call) => [call, cursor.watch(markMappings(boot, call))]));
    const scope = createScope(boot, cursor.moveTo, (call, step) => {
      cursor.moveTo(step);
      return watches.get(call)?.count ?? 0;
    });
    return { boot, scope };
  }

  function conditionHolds(condition: Expression, boot: Boot, step: number): boolean {
    if (watched?.boot !== boot) watched = watch(boot);
    return holds(evaluate(condition, watched.scope.goTo(step - boot.firstStep)));
  }

  return {
    decide(rival, boot, step) {
      if (rival.condition !== null && !conditionHolds(rival.condition, boot, step)) return null;
      const hit = (hits.get(rival) ?? 0) + 1;
      hits.set(rival, hit);
      if (rival.hits > 0 && hit !== rival.hits) return null;
      return { step, reason: rival.reason, index: rival.index, message: rival.messageAt(step) };
    },
  };
}
