import type { DebugProtocol } from '@vscode/debugprotocol';
import { REPLAY_EVENTS, type ReplayEvent, type ReplayStop, type ReplayStops } from '../../core/index.ts';
import type { Outcome } from '../../protocol/outcome.ts';
import { succeeded } from '../../protocol/outcome.ts';
import { textIn, type Arguments } from './arguments.ts';
import type { AskReplay } from './ask-replay.ts';
import type { Client } from './client.ts';
import type { OpenLog } from './debug-host.ts';
import { messageOf } from './reply.ts';
import { parseHitCount } from './hit-count.ts';

/** Where the user wants to stop, as it was asked for and as the log at hand can do it. */
export interface Breakpoints {
  /** Lines are 1-based. */
  setLines(wanted: readonly WantedLine[]): Promise<Outcome<readonly Placed[]>>;
  setEvents(wanted: readonly WantedEvent[]): Promise<Outcome<readonly Placed[]>>;
  /** Tells of each rule whether it exists. */
  setRules(rules: readonly string[]): readonly boolean[];
  /** Goes on with another log, or with a newer analysis of the same: gives the breakpoints as they are there. */
  useLog(ask: AskReplay): Promise<Outcome<readonly Placed[]>>;
  stops(): ReplayStops;
  /** The breakpoint that a search has hit. */
  hitBy(stop: ReplayStop): Placed | null;
}

export interface WantedLine extends Wish {
  readonly line: number;
}

export interface WantedEvent extends Wish {
  readonly name: string;
}

interface Wish {
  readonly condition: string;
  readonly hitCondition: string;
}

export interface Placed {
  readonly id: number;
  /** 1-based; `null`: the log has no such line, or the breakpoint is none on a line. */
  readonly line: number | null;
  readonly verified: boolean;
  /** What the user should know about it, or empty. */
  readonly message: string;
}

/** A breakpoint, and what the search is told to look for; `null`: it cannot be hit. */
interface Entry<Stop> {
  readonly placed: Placed;
  readonly stop: Stop | null;
}

type LineStop = ReplayStops['lines'][number];
type EventStop = ReplayStops['events'][number];

export function wishOf(args: Arguments): Wish {
  return { condition: textIn(args, 'condition') ?? '', hitCondition: textIn(args, 'hitCondition') ?? '' };
}

export function createBreakpoints(firstAsk: AskReplay, knownRules: ReadonlySet<string>): Breakpoints {
  let ask = firstAsk;
  let wantedLines: readonly WantedLine[] = [];
  let lines: readonly Entry<LineStop>[] = [];
  let events: readonly Entry<EventStop>[] = [];
  let rules: readonly string[] = [];
  let lastId = 0;

  async function place(wanted: readonly WantedLine[], ids: readonly number[]): Promise<Outcome<readonly Placed[]>> {
    const found = await ask('findReplayLines', { lines: wanted.map(({ line }) => line) });
    if (!found.ok) return found;
    lines = await Promise.all(
      wanted.map(async (wish, index): Promise<Entry<LineStop>> => {
        const id = ids[index] ?? ++lastId;
        const line = found.value[index] ?? null;
        if (line === null)
          return toEntry(id, wish.line, `Nothing of the replay happens at line ${wish.line} or behind it.`);
        const checked = await check(wish);
        if (!checked.ok) return toEntry(id, line, checked.message);
        const moved = `Nothing of the replay happens at line ${wish.line}; the next line where something does is ${line}.`;
        const stop = { line, condition: wish.condition, hits: checked.hits };
        return toEntry(id, line, line === wish.line ? '' : moved, stop);
      }),
    );
    return succeeded(lines.map(({ placed }) => placed));
  }

  async function check(wish: Wish): Promise<{ ok: true; hits: number } | { ok: false; message: string }> {
    const hits = parseHitCount(wish.hitCondition);
    if (hits === null) return { ok: false, message: 'The hit count must be a whole number, such as 3.' };
    if (wish.condition.trim() === '') return { ok: true, hits };
    const wrong = await ask('checkReplayCondition', { text: wish.condition });
    if (!wrong.ok) return { ok: false, message: messageOf(wrong.failure) };
    return wrong.value === null ? { ok: true, hits } : { ok: false, message: wrong.value };
  }

  return {
    setLines(wanted) {
      wantedLines = wanted;
      return place(wanted, []);
    },
    async setEvents(wanted) {
      events = await Promise.all(
        wanted.map(async (wish): Promise<Entry<EventStop>> => {
          const id = ++lastId;
          const name = wish.name.trim();
          if (!isEvent(name)) {
            return toEntry(id, null, `There is no event “${name}”. Events are ${REPLAY_EVENTS.join(', ')}.`);
          }
          const checked = await check(wish);
          if (!checked.ok) return toEntry(id, null, checked.message);
          return toEntry(id, null, '', { event: name, condition: wish.condition, hits: checked.hits });
        }),
      );
      return succeeded(events.map(({ placed }) => placed));
    },
    setRules(wanted) {
      rules = wanted.filter((rule) => knownRules.has(rule));
      return wanted.map((rule) => knownRules.has(rule));
    },
    useLog(newAsk) {
      ask = newAsk;
      return place(
        wantedLines,
        lines.map(({ placed }) => placed.id),
      );
    },
    stops: () => ({ lines: lines.flatMap(stopsOf), events: events.flatMap(stopsOf), rules }),
    hitBy({ reason, index }) {
      const list: readonly Entry<unknown>[] = reason === 'line' ? lines : reason === 'event' ? events : [];
      return list.filter(({ stop }) => stop !== null)[index]?.placed ?? null;
    },
  };
}

export function toDapBreakpoint(
  { id, line, verified, message }: Placed,
  client: Client,
  log: OpenLog,
): DebugProtocol.Breakpoint {
  return {
    id,
    verified,
    ...(message === '' ? {} : { message }),
    ...(line === null ? {} : { line: client.toLine(line), source: client.sourceOf(log) }),
  };
}

function toEntry<Stop>(id: number, line: number | null, message: string, stop: Stop | null = null): Entry<Stop> {
  return { placed: { id, line, verified: stop !== null, message }, stop };
}

function stopsOf<Stop>({ stop }: Entry<Stop>): Stop[] {
  return stop === null ? [] : [stop];
}

function isEvent(name: string): name is ReplayEvent {
  return (REPLAY_EVENTS as readonly string[]).includes(name);
}
