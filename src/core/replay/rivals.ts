import { firstStepFrom } from '../journal/journal.ts';
import type { Boot } from './boot.ts';
import type { Expression } from './expression/syntax-tree.ts';
import { parseExpression } from './expression/parser.ts';
import { describeMistake } from './expression/check.ts';
import type { Steps } from './steps.ts';
import { isEvent } from './subject.ts';
import type { ReplayEvent, ReplayStops } from './views.ts';
import { LONGEST_SENTENCE, plainText } from './words.ts';

export type Direction = 'forward' | 'backward';

/** One of the stops that a search looks for. */
export interface Rival {
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

/** Everything that a search looks for. */
export function createRivals(steps: Steps, direction: Direction, stops: ReplayStops): readonly Rival[] {
  return [...placedStops(steps, direction, stops), ...eventStops(stops)];
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
