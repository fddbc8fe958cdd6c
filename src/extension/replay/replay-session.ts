import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Failure } from '../../protocol/outcome.ts';
import { toArguments, type Arguments } from './arguments.ts';
import { createBreakpoints, toDapBreakpoint, type Breakpoints, type Placed } from './breakpoints.ts';
import { createCancellation } from './cancellation.ts';
import { capabilitiesWith } from './capabilities.ts';
import { createClient, type Client } from './client.ts';
import type { DebugHost } from './debug-host.ts';
import { createInspection, threadOf, type Inspection } from './inspection.ts';
import { openLaunch, readLaunch, type Launch, type Opened } from './launch.ts';
import { createMotion, type Arrival, type Motion } from './motion.ts';
import type { Outbox } from './outbox.ts';
import { createReferences } from './references.ts';
import { failed, messageOf, refuse, reply, type Refusal, type Reply } from './reply.ts';

/** One debug session, from `initialize` to `disconnect`. */
export interface ReplaySession {
  readonly initialize: (args: Arguments) => Promise<Reply>;
  readonly launch: (args: Arguments) => Promise<Reply>;
  readonly configurationDone: () => Reply;
  readonly restart: (args: Arguments) => Promise<Reply>;
  /** Gives the log back and tells the client. */
  readonly end: () => void;
  readonly client: () => Client;
  /** The log that was launched, or why there is none. */
  readonly launched: () => Launched | Refusal;
  /** The replay that moves, or why none does. */
  readonly begun: () => Launched | Refusal;
}

export interface Launched extends Opened {
  readonly ok: true;
  readonly launch: Launch;
  readonly breakpoints: Breakpoints;
  readonly motion: Motion;
  readonly inspection: Inspection;
  /** Where the replay stopped last; `null`: it has not yet. */
  lastArrival: Arrival | null;
}

const OVER = refuse('The replay is over.');
const NOT_LAUNCHED = refuse('No log is being replayed yet: `launch` comes first.');
const NOT_BEGUN = refuse('The replay has not begun yet: `configurationDone` comes first.');

export function createReplaySession(host: DebugHost, outbox: Outbox): ReplaySession {
  const references = createReferences();
  const ending = createCancellation();
  let client: Client | null = null;
  let knownRules: ReadonlySet<string> = new Set();
  let launched: Launched | null = null;
  let begun = false;

  function take(opened: Opened, launch: Launch, breakpoints: Breakpoints): Launched {
    const motion = createMotion(opened.log.ask, opened.outline, opened.entry, breakpoints, {
      setsOff: () => references.clear(),
      arrives,
      fails,
    });
    const inspection = createInspection(opened, motion.moment, clientOrDefault(), references);
    launched = { ok: true, ...opened, launch, breakpoints, motion, inspection, lastArrival: null };
    return launched;
  }

  function begin({ launch, motion, entry }: Launched): void {
    begun = true;
    if (launch.stopOnEntry) motion.goTo(entry.step, 'entry');
    else motion.runFromHere();
  }

  function arrives(arrival: Arrival): void {
    if (launched === null) return;
    const { moment, reason, note, breakpoint, finding } = arrival;
    const { log } = launched;
    references.clear();
    launched.lastArrival = arrival;
    log.showCursor(moment.step);
    // Who jumps sees where; a timeline that plays jumps many times a second.
    const place = { source: clientOrDefault().sourceOf(log), line: clientOrDefault().toLine(moment.line) };
    if (reason !== 'goto') outbox.tell(`Line ${moment.line}: ${moment.title}`, place);
    if (note !== null) outbox.tell(note, place);
    outbox.event('stopped', {
      reason,
      threadId: threadOf(moment.boot),
      allThreadsStopped: true,
      text: finding?.rule ?? moment.title,
      ...(note === null ? {} : { description: note }),
      ...(breakpoint === null ? {} : { hitBreakpointIds: [breakpoint.id] }),
    } satisfies DebugProtocol.StoppedEvent['body']);
  }

  function fails(failure: Failure): void {
    outbox.tell(messageOf(failure));
    end();
  }

  function end(): void {
    if (ending.isCancellationRequested) return;
    ending.cancel();
    release();
    outbox.event('terminated');
  }

  function release(): void {
    launched?.motion.dispose();
    launched?.log.close();
    launched = null;
  }

  function clientOrDefault(): Client {
    return (client ??= createClient({}));
  }

  async function open(launch: Launch, use: (opened: Opened) => Promise<Reply>): Promise<Reply> {
    const opened = await openLaunch(host, launch, ending);
    if (!opened.ok) return failed(opened.failure);
    // The client may have left meanwhile.
    if (!ending.isCancellationRequested) return use(opened.value);
    opened.value.log.close();
    return OVER;
  }

  async function replace({ log, outline, entry }: Opened, launch: Launch, previous: Launched): Promise<Reply> {
    const placed = await previous.breakpoints.useLog(log.ask);
    release();
    const next = take({ log, outline, entry }, launch, previous.breakpoints);
    return reply({}, () => {
      if (placed.ok) tellPlaces(placed.value, next);
      begin(next);
    });
  }

  function tellPlaces(placed: readonly Placed[], { log }: Opened): void {
    for (const each of placed) {
      const breakpoint = toDapBreakpoint(each, clientOrDefault(), log);
      outbox.event('breakpoint', { reason: 'changed', breakpoint } satisfies DebugProtocol.BreakpointEvent['body']);
    }
  }

  function current(): Launched | Refusal {
    if (ending.isCancellationRequested) return OVER;
    return launched ?? NOT_LAUNCHED;
  }

  return {
    async initialize(args) {
      if (client !== null) return refuse('`initialize` comes once, and first.');
      client = createClient(args);
      const rules = await host.listRules();
      if (!rules.ok) return failed(rules.failure);
      knownRules = new Set(rules.value.map(({ id }) => id));
      return reply(capabilitiesWith(rules.value));
    },
    async launch(args) {
      if (ending.isCancellationRequested) return OVER;
      if (launched !== null) return refuse('A log is being replayed already.');
      const launch = readLaunch(args);
      if (!launch.ok) return failed(launch.failure);
      return open(launch.value, (opened) => {
        take(opened, launch.value, createBreakpoints(opened.log.ask, knownRules));
        return Promise.resolve(reply({}, () => outbox.event('initialized')));
      });
    },
    configurationDone() {
      const ready = current();
      if (!ready.ok) return ready;
      if (begun) return refuse('The replay has begun already.');
      return reply({}, () => begin(ready));
    },
    async restart(args) {
      const previous = current();
      if (!previous.ok) return previous;
      if (!begun) return NOT_BEGUN;
      // The client may send the configuration as it is by now.
      const asked = readLaunch(toArguments(args['arguments']));
      const launch = asked.ok ? asked.value : previous.launch;
      return open(launch, (opened) => replace(opened, launch, previous));
    },
    end,
    client: clientOrDefault,
    launched: current,
    begun() {
      const ready = current();
      return ready.ok && !begun ? NOT_BEGUN : ready;
    },
  };
}
