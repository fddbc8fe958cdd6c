import type { DebugProtocol } from '@vscode/debugprotocol';
import { integerIn, listIn, textIn, toArguments, type Arguments } from './arguments.ts';
import { toDapBreakpoint, wishOf, type Placed } from './breakpoints.ts';
import type { Motion } from './motion.ts';
import type { Launched, ReplaySession } from './replay-session.ts';
import { failed, refuse, reply, type Refusal, type Reply } from './reply.ts';
import type { Outcome } from '../../protocol/outcome.ts';

export type Handler = (args: Arguments) => Reply | Promise<Reply>;

/** Lines that one `breakpointLocations` is answered for. */
const MOST_LINES = 1000;

/** How clients show what can be typed. */
const COMPLETION_TYPES = { command: 'function', name: 'variable', word: 'value' } as const;

/** What the adapter answers, by the name of the request. */
export function createRequests(session: ReplaySession): ReadonlyMap<string, Handler> {
  return new Map(
    Object.entries({ ...lifetime(session), ...places(session), ...movements(session), ...views(session) }),
  );
}

function lifetime(session: ReplaySession): Record<string, Handler> {
  const leave = (): Reply => reply({}, session.end);
  return {
    initialize: session.initialize,
    launch: session.launch,
    configurationDone: session.configurationDone,
    restart: session.restart,
    terminate: leave,
    disconnect: leave,
  };
}

/** Requests about lines, events and rules. */
function places(session: ReplaySession): Record<string, Handler> {
  const whenLaunched = (handle: (launched: Launched, args: Arguments) => Reply | Promise<Reply>): Handler =>
    guarded(session.launched, handle);

  function answer(placed: Outcome<readonly Placed[]>, { log }: Launched): Reply {
    if (!placed.ok) return failed(placed.failure);
    const client = session.client();
    return reply({ breakpoints: placed.value.map((each) => toDapBreakpoint(each, client, log)) });
  }

  return {
    setBreakpoints: whenLaunched(async (launched, args) => {
      const wanted = readWanted(args, session.client().fromLine);
      if (wanted === null) return refuse('Each breakpoint must have a line.');
      if (!isOfLog(launched, args)) {
        const message = `Only ${launched.log.name} is replayed in this session.`;
        return reply({ breakpoints: wanted.map(() => ({ verified: false, message })) });
      }
      return answer(await launched.breakpoints.setLines(wanted), launched);
    }),
    setFunctionBreakpoints: whenLaunched(async (launched, args) => {
      const wanted = (listIn(args, 'breakpoints') ?? []).map(toArguments);
      const events = wanted.map((each) => ({ name: textIn(each, 'name') ?? '', ...wishOf(each) }));
      return answer(await launched.breakpoints.setEvents(events), launched);
    }),
    setExceptionBreakpoints: whenLaunched(({ breakpoints }, args) => {
      const filters = (listIn(args, 'filters') ?? []).map(String);
      const options = (listIn(args, 'filterOptions') ?? []).map((each) => textIn(toArguments(each), 'filterId') ?? '');
      const known = breakpoints.setRules([...filters, ...options]);
      return reply({
        breakpoints: known.map((verified) =>
          verified ? { verified } : { verified, message: 'There is no such rule.' },
        ),
      });
    }),
    breakpointLocations: whenLaunched(async (launched, args) => {
      const { fromLine, toLine } = session.client();
      const first = integerIn(args, 'line');
      if (first === null) return refuse('`line` is missing.');
      if (!isOfLog(launched, args)) return reply({ breakpoints: [] });
      const count = Math.min((integerIn(args, 'endLine') ?? first) - first + 1, MOST_LINES);
      const lines = Array.from({ length: Math.max(count, 0) }, (_, index) => fromLine(first) + index);
      const found = await launched.log.ask('findReplayLines', { lines });
      if (!found.ok) return failed(found.failure);
      const exact = lines.filter((line, index) => found.value[index] === line);
      return reply({ breakpoints: exact.map((line) => ({ line: toLine(line) })) });
    }),
    gotoTargets: whenLaunched(async (launched, args) => {
      const { fromLine, toLine } = session.client();
      const asked = integerIn(args, 'line');
      if (asked === null) return refuse('`line` is missing.');
      if (!isOfLog(launched, args)) return reply({ targets: [] });
      const step = await launched.log.ask('findReplayStep', { line: fromLine(asked) });
      if (!step.ok) return failed(step.failure);
      const reached = await launched.log.ask('replayMoment', { step: step.value });
      if (!reached.ok) return failed(reached.failure);
      const { line, title } = reached.value;
      const target = { id: targetOf(step.value), label: `Line ${line}: ${title}`, line: toLine(line) };
      return reply({ targets: [target] } satisfies DebugProtocol.GotoTargetsResponse['body']);
    }),
  };
}

function movements(session: ReplaySession): Record<string, Handler> {
  /** The response says that the movement has begun, an event where it led to. */
  const moves = (move: (motion: Motion) => void, body?: object): Handler =>
    guarded(session.begun, ({ motion }) => {
      if (motion.isUnderWay()) return refuse('The replay is under way. Pause it first.');
      return reply(body, () => move(motion));
    });
  const all = { allThreadsContinued: true };
  return {
    next: moves((motion) => motion.stepOver()),
    stepIn: moves((motion) => motion.step(1)),
    stepOut: moves((motion) => motion.stepOut()),
    stepBack: moves((motion) => motion.step(-1)),
    continue: moves((motion) => motion.run(1), all),
    reverseContinue: moves((motion) => motion.run(-1), all),
    goto: guarded(session.begun, ({ motion, outline }, args) => {
      const step = (integerIn(args, 'targetId') ?? 0) - 1;
      if (step < 0 || step >= outline.stepCount) return refuse('There is no such place to go to.');
      return reply({}, () => motion.goTo(step, 'goto'));
    }),
    pause: guarded(session.begun, ({ motion }) => reply({}, motion.pause)),
  };
}

function views(session: ReplaySession): Record<string, Handler> {
  const begun = (handle: (launched: Launched, args: Arguments) => Reply | Promise<Reply>): Handler =>
    guarded(session.begun, handle);
  return {
    // Clients ask for threads before the replay begins.
    threads: guarded(session.launched, ({ inspection }) => inspection.threads()),
    source: guarded(session.launched, ({ log: { name, path } }) =>
      path === null
        ? reply({ content: `${name} is compressed: its lines cannot be shown here. Unpack it to see them.\n` })
        : refuse('The log is to be read from where it is.'),
    ),
    stackTrace: begun(({ inspection }, args) => inspection.stackTrace(args)),
    scopes: begun(({ inspection }, args) => inspection.scopes(args)),
    variables: begun(({ inspection }, args) => inspection.variables(args)),
    evaluate: begun(({ inspection }, args) => inspection.evaluate(args)),
    locations: begun(({ inspection }, args) => inspection.locations(args)),
    completions: begun(async ({ log }, args) => {
      const { firstColumn } = session.client();
      const at = (integerIn(args, 'column') ?? 0) - firstColumn;
      const completed = await log.ask('completeReplay', { text: textIn(args, 'text') ?? '', at });
      if (!completed.ok) return failed(completed.failure);
      const targets = completed.value.map(({ kind, text, meaning, start, length }) => ({
        label: text,
        detail: meaning,
        type: COMPLETION_TYPES[kind],
        start: start + firstColumn,
        length,
      }));
      return reply({ targets } satisfies DebugProtocol.CompletionsResponse['body']);
    }),
    exceptionInfo: begun(({ lastArrival }) => {
      const finding = lastArrival?.finding ?? null;
      if (finding === null) return refuse('The replay did not stop because of a finding.');
      return reply({
        exceptionId: finding.rule,
        description: finding.message,
        breakMode: 'always',
      } satisfies DebugProtocol.ExceptionInfoResponse['body']);
    }),
  };
}

function guarded(
  find: () => Launched | Refusal,
  handle: (launched: Launched, args: Arguments) => Reply | Promise<Reply>,
): Handler {
  return (args) => {
    const found = find();
    return found.ok ? handle(found, args) : found;
  };
}

function isOfLog({ log }: Launched, args: Arguments): boolean {
  const path = textIn(toArguments(args['source']), 'path');
  return path !== null && log.isAt(path);
}

/** `lines` is what clients sent before breakpoints had conditions. */
function readWanted(
  args: Arguments,
  fromLine: (line: number) => number,
): Parameters<Launched['breakpoints']['setLines']>[0] | null {
  const listed =
    listIn(args, 'breakpoints')?.map(toArguments) ?? (listIn(args, 'lines') ?? []).map((line) => ({ line }));
  const wanted = [];
  for (const each of listed) {
    const line = integerIn(each, 'line');
    if (line === null) return null;
    wanted.push({ line: Math.max(1, fromLine(line)), ...wishOf(each) });
  }
  return wanted;
}

/** Targets are steps, numbered from 1. */
function targetOf(step: number): number {
  return step + 1;
}
