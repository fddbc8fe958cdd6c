import { firstStepFrom } from '../journal/journal.ts';
import type { Boot } from './boot.ts';
import type { Cursor } from './cursor.ts';
import type { Expression } from './expression/syntax-tree.ts';
import { evaluate, holds } from './expression/evaluate.ts';
import { keyOfLiveCount, liveCountsIn } from './expression/live-counts.ts';
import { parseExpression } from './expression/parser.ts';
import { describeMistake } from './expression/check.ts';
import { kindTable } from './kinds.ts';
import { createScope, matchingMappings } from './scope.ts';
import type { Watch } from './state.ts';
import type { Steps } from './steps.ts';
import { isEvent, kindsOfEvent } from './subject.ts';
import type { ReplayEvent, ReplayStop, ReplayStops } from './views.ts';
import { LONGEST_SENTENCE, plainText } from './words.ts';

export type Direction = 'forward' | 'backward';

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
  const forward = direction === 'forward';
  const rivals = [...placedStops(steps, direction, stops), ...eventStops(stops)];
  const places = placesOf(rivals, forward);
  const wanted = kindTable(rivals.flatMap(({ event }) => (event === null ? [] : kindsOfEvent(event))));
  const anyKind = wanted.includes(1);
  const watching = createWatching(rivals);
  let nextPlace = places.findIndex((place) => (forward ? place > from : place < from));
  if (nextPlace < 0) nextPlace = places.length;
  let cost = 0;
  let step = from;

  for (;;) {
    step = forward ? step + 1 : step - 1;
    if (step < 0 || step >= steps.count) break;
    const boot = steps.bootOf(step);
    // As far as there is nothing to see but kinds.
    const bound = boundOf(boot, step, forward, places[nextPlace]);
    const next = anyKind ? passOver(boot, step, bound, wanted, STEPS_PER_TURN - cost) : bound;
    cost += (anyKind ? Math.abs(next - step) : 0) + 1;
    step = next;
    if (step === places[nextPlace] || isWanted(boot, step, wanted)) {
      if (step === places[nextPlace]) nextPlace++;
      for (const rival of rivals) {
        const stop = rival.stopsAt(boot, step) ? watching.decide(rival, boot, step) : null;
        if (stop) return stop;
      }
      cost += EVALUATION_COST;
    }
    if (cost >= STEPS_PER_TURN) {
      cost = 0;
      yield;
    }
  }
  const end = forward ? steps.count - 1 : 0;
  return { step: end, reason: forward ? 'last-step' : 'first-step', index: 0, message: null };
}

/** One of the stops that are looked for. */
interface Rival {
  readonly reason: 'line' | 'event' | 'rule';
  readonly index: number;
  /** `null`: it has steps of its own. */
  readonly event: ReplayEvent | null;
  /** The steps that it stops at, where they are known from the start. */
  readonly places: readonly number[];
  stopsAt(boot: Boot, step: number): boolean;
  /** `null`: always. */
  readonly condition: Expression | null;
  /** What is wrong with the condition, or a rule's message. */
  messageAt(step: number): string | null;
  readonly hits: number;
}

function isWanted({ journal, firstStep }: Boot, step: number, wanted: Uint8Array): boolean {
  return wanted[journal.kinds[step - firstStep] ?? 0] === 1;
}

/** The last step up to which a boot has nothing but kinds to look at. */
function boundOf({ firstStep, journal }: Boot, step: number, forward: boolean, place: number | undefined): number {
  const end = forward ? firstStep + journal.stepCount - 1 : firstStep;
  if (place === undefined) return end;
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

function placedStops(steps: Steps, direction: Direction, stops: ReplayStops): Rival[] {
  const forward = direction === 'forward';
  const rivals: Rival[] = stops.lines.map(({ line, condition, hits }, index) => {
    const first = steps.firstFrom(line);
    const place = forward ? first : steps.firstFrom(line + 1) - 1;
    const hasSteps = first < steps.count && steps.lineOf(first) === line;
    return placed('line', index, hasSteps ? [place] : [], { condition, hits });
  });
  stops.events.forEach(({ event, condition, hits }, index) => {
    if (event !== 'boot') return;
    const places = steps.boots.filter(({ journal }) => journal.stepCount > 0).map(({ firstStep }) => firstStep);
    rivals.push(placed('event', index, places, { condition, hits }));
  });
  stops.rules.forEach((rule, index) => {
    const messages = findingPlaces(steps, rule, forward);
    rivals.push({
      ...placed('rule', index, [...messages.keys()], { condition: '', hits: 0 }),
      messageAt: (step) => messages.get(step) ?? null,
    });
  });
  return rivals;
}

type Terms = Pick<ReplayStops['lines'][number], 'condition' | 'hits'>;

function placed(reason: Rival['reason'], index: number, places: readonly number[], terms: Terms): Rival {
  const known = new Set(places);
  return { reason, index, event: null, places, stopsAt: (_boot, step) => known.has(step), ...conditionOf(terms) };
}

function eventStops(stops: ReplayStops): Rival[] {
  return stops.events.flatMap(({ event, ...terms }, index) =>
    event === 'boot'
      ? []
      : [
          {
            reason: 'event',
            index,
            event,
            places: [],
            stopsAt: (boot: Boot, step: number) => isEvent(boot, step - boot.firstStep, event),
            ...conditionOf(terms),
          } satisfies Rival,
        ],
  );
}

/** A condition that is none stops at once and says what is wrong: nothing would be worse than to run past it. */
function conditionOf({ condition, hits }: Terms): Pick<Rival, 'condition' | 'messageAt' | 'hits'> {
  if (condition.trim() === '') return { condition: null, messageAt: () => null, hits };
  const parsed = parseExpression(condition);
  if (parsed.ok) return { condition: parsed.value, messageAt: () => null, hits };
  const message = describeMistake(parsed.error);
  return { condition: null, messageAt: () => message, hits: 0 };
}

/** The steps of the lines where a rule has a finding; a line without one is that of the next step of its boot. */
function findingPlaces(steps: Steps, rule: string, forward: boolean): ReadonlyMap<number, string> {
  const messages = new Map<number, string>();
  for (const { trace, journal, firstStep } of steps.boots) {
    if (journal.stepCount === 0) continue;
    for (const finding of trace.findings) {
      if (finding.rule !== rule) continue;
      const first = Math.min(firstStepFrom(journal, finding.line), journal.stepCount - 1);
      const place = firstStep + (forward ? first : firstStepFrom(journal, (journal.lines[first] ?? 0) + 1) - 1);
      if (!messages.has(place)) messages.set(place, plainText(finding.message, LONGEST_SENTENCE));
    }
  }
  return messages;
}

/** Counts hits, and keeps what conditions want counted along the way. */
function createWatching(rivals: readonly Rival[]): {
  decide(rival: Rival, boot: Boot, step: number): ReplayStop | null;
} {
  const calls = rivals.flatMap(({ condition }) => (condition === null ? [] : liveCountsIn(condition)));
  const hits = new Map<Rival, number>();
  let watched: { readonly boot: Boot; readonly cursor: Cursor; readonly counts: ReadonlyMap<string, Watch> } | null =
    null;

  function watch(boot: Boot): NonNullable<typeof watched> {
    if (watched?.boot === boot) return watched;
    const cursor = boot.newCursor();
    const counts = new Map<string, Watch>();
    for (const call of calls) {
      const key = keyOfLiveCount(call);
      if (!counts.has(key)) counts.set(key, cursor.watch(matchingMappings(boot, call)));
    }
    watched = { boot, cursor, counts };
    return watched;
  }

  function conditionHolds(condition: Expression, boot: Boot, step: number): boolean {
    const local = step - boot.firstStep;
    const { cursor, counts } = watch(boot);
    const scope = createScope(boot, local, cursor.moveTo, (call) => {
      cursor.moveTo(local);
      return counts.get(keyOfLiveCount(call))?.count ?? 0;
    });
    return holds(evaluate(condition, scope));
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
