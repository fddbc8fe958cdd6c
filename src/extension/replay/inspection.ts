import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ReplayBoot, ReplayMoment, ReplayOutline, ReplayVariable } from '../../core/index.ts';
import { countIn, flagIn, integerIn, textIn, toArguments, type Arguments } from './arguments.ts';
import type { Client } from './client.ts';
import type { OpenLog } from './debug-host.ts';
import type { References } from './references.ts';
import { failed, refuse, reply, type Reply } from './reply.ts';

/** Answers what the client wants to see of the place where the replay stands. */
export interface Inspection {
  threads(): Reply;
  stackTrace(args: Arguments): Reply;
  scopes(args: Arguments): Promise<Reply>;
  variables(args: Arguments): Promise<Reply>;
  evaluate(args: Arguments): Promise<Reply>;
  locations(args: Arguments): Reply;
}

const STALE = refuse('This belongs to a step that the replay has left.');
const ADDRESS = /^0x[0-9a-f]+$/i;
const DECIMAL = /^\d+$/;

export function createInspection(
  { log, outline }: { readonly log: OpenLog; readonly outline: ReplayOutline },
  moment: () => ReplayMoment,
  client: Client,
  references: References,
): Inspection {
  const source = client.sourceOf(log);

  function toFrame(boot: number, index: number, name: string, line: number): DebugProtocol.StackFrame {
    const id = references.numberOf({ kind: 'frame', boot, index });
    return { id, name, source, line: client.toLine(line), column: client.firstColumn };
  }

  /** In boots where the replay does not stand there is only one place to look at. */
  function framesElsewhere(boot: number, { firstLine, lastLine }: ReplayBoot): DebugProtocol.StackFrame[] {
    const isOver = boot < moment().boot;
    const frame = toFrame(
      boot,
      0,
      isOver ? 'this boot is over' : 'this boot comes later',
      isOver ? lastLine : firstLine,
    );
    return [{ ...frame, presentationHint: 'subtle' }];
  }

  function referenceTo(path: string | null, indexedCount: number): VariablesReference {
    if (path === null) return { variablesReference: 0 };
    const variablesReference = references.numberOf({ kind: 'variables', path, indexed: indexedCount > 0 });
    return indexedCount > 0 ? { variablesReference, indexedVariables: indexedCount } : { variablesReference };
  }

  function toVariable(variable: ReplayVariable, isHex: boolean): DebugProtocol.Variable {
    const { name, value, type, expression, path, indexedCount, line } = variable;
    return {
      name,
      value: isHex && DECIMAL.test(value) ? `0x${BigInt(value).toString(16)}` : value,
      ...(type === null ? {} : { type }),
      ...(expression === null ? {} : { evaluateName: expression }),
      ...(line === null ? {} : { declarationLocationReference: line }),
      ...referenceTo(path, indexedCount),
    };
  }

  return {
    threads() {
      const threads = outline.boots.map(({ firstLine, lastLine }, boot): DebugProtocol.Thread => ({
        id: threadOf(boot),
        name: `Boot ${boot + 1} (lines ${firstLine}–${lastLine})`,
      }));
      return reply({ threads } satisfies DebugProtocol.ThreadsResponse['body']);
    },
    stackTrace(args) {
      const boot = (integerIn(args, 'threadId') ?? 0) - 1;
      const outlined = outline.boots[boot];
      if (outlined === undefined) return refuse('The log has no such boot.');
      const { boot: current, frames } = moment();
      const all =
        boot === current
          ? frames.map(({ name, line }, index) => toFrame(boot, index, name, line))
          : framesElsewhere(boot, outlined);
      const start = countIn(args, 'startFrame');
      const levels = countIn(args, 'levels') || all.length;
      return reply({
        stackFrames: all.slice(start, start + levels),
        totalFrames: all.length,
      } satisfies DebugProtocol.StackTraceResponse['body']);
    },
    async scopes(args) {
      const frame = references.get(integerIn(args, 'frameId') ?? 0);
      if (frame?.kind !== 'frame') return STALE;
      if (frame.boot !== moment().boot) return reply({ scopes: [] });
      const read = await readVariables('', 0, 0);
      if (!read.ok) return failed(read.failure);
      const scopes = read.value.map(({ name, path, indexedCount }): DebugProtocol.Scope => ({
        name,
        expensive: false,
        ...referenceTo(path, indexedCount),
      }));
      return reply({ scopes } satisfies DebugProtocol.ScopesResponse['body']);
    },
    async variables(args) {
      const asked = references.get(integerIn(args, 'variablesReference') ?? 0);
      if (asked?.kind !== 'variables') return STALE;
      const filter = textIn(args, 'filter');
      if ((filter === 'indexed' && !asked.indexed) || (filter === 'named' && asked.indexed)) {
        return reply({ variables: [] });
      }
      const read = await readVariables(asked.path, countIn(args, 'start'), countIn(args, 'count'));
      if (!read.ok) return failed(read.failure);
      const isHex = wantsHex(args);
      const variables = read.value.map((variable) => toVariable(variable, isHex));
      return reply({ variables } satisfies DebugProtocol.VariablesResponse['body']);
    },
    async evaluate(args) {
      const text = textIn(args, 'expression')?.trim() ?? '';
      const context = textIn(args, 'context');
      // Hovering over an address of the log asks what covers it: its value is no news.
      const isQuestion = context === 'repl' || (context === 'hover' && ADDRESS.test(text));
      const answer = await log.ask('askReplay', {
        step: moment().step,
        text,
        context: isQuestion ? 'question' : 'expression',
      });
      if (!answer.ok) return failed(answer.failure);
      const { understood, text: result, type, path, indexedCount } = answer.value;
      if (!understood) return refuse(result);
      return reply({
        result: wantsHex(args) && DECIMAL.test(result) ? `0x${BigInt(result).toString(16)}` : result,
        ...(type === null ? {} : { type }),
        ...referenceTo(path, indexedCount),
      } satisfies DebugProtocol.EvaluateResponse['body']);
    },
    locations(args) {
      const line = integerIn(args, 'locationReference');
      if (line === null || line < 1) return refuse('There is no such place.');
      return reply({ source, line: client.toLine(line) } satisfies DebugProtocol.LocationsResponse['body']);
    },
  };

  function readVariables(
    path: string,
    start: number,
    count: number,
  ): ReturnType<typeof log.ask<'readReplayVariables'>> {
    return log.ask('readReplayVariables', { step: moment().step, path, start, count });
  }
}

/** Threads are boots; the protocol numbers them from 1 here. */
export function threadOf(boot: number): number {
  return boot + 1;
}

interface VariablesReference {
  readonly variablesReference: number;
  readonly indexedVariables?: number;
}

function wantsHex(args: Arguments): boolean {
  return flagIn(toArguments(args['format']), 'hex') === true;
}
