import { parseArgs } from 'node:util';
import type { PlatformChoice, RuleSettings, Severity } from '../core/index.ts';
import { PLATFORM_CHOICES, RULES, SEVERITIES } from '../core/index.ts';

/** A command line, understood. `usage-error` carries the sentence to print. */
export type Invocation =
  | CheckInvocation
  | CaptureInvocation
  | { readonly kind: 'tracer-extract'; readonly out: string }
  | { readonly kind: 'explain'; readonly rule: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | UsageError;

interface UsageError {
  readonly kind: 'usage-error';
  readonly message: string;
}

/** How to judge and to report. */
export interface ReportChoices {
  readonly format: Format;
  readonly failOn: Severity | 'never';
  readonly rules: RuleSettings;
  readonly platform: PlatformChoice;
  readonly color: 'auto' | 'always' | 'never';
}

export interface CheckInvocation extends ReportChoices {
  readonly kind: 'check';
  /** Paths and globs; `-` is standard input. */
  readonly inputs: readonly string[];
  /** Second logs of the same boot: paths. */
  readonly with: readonly string[];
}

export interface CaptureInvocation extends ReportChoices {
  readonly kind: 'capture';
  /** QEMU's command line. */
  readonly command: readonly string[];
  /** `null`: a name that is free. */
  readonly log: string | null;
  readonly trace: string | null;
  readonly tracer: 'plain' | 'rebind' | 'none';
  /** Only print the command line. */
  readonly print: boolean;
  /** Seconds that the machine runs on behind hand-off; `null`: until it ends by itself. */
  readonly linger: number | null;
  /** Seconds to wait for hand-off; `null`: for ever. */
  readonly timeout: number | null;
}

const FORMATS = ['text', 'json', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

const FAIL_ON = [...SEVERITIES, 'never'] as const;
const COLORS = ['auto', 'always', 'never'] as const;

const OF_REPORTS = ['format', 'fail-on', 'rule', 'platform', 'color'];

/** The options that each command has. */
const OPTIONS_OF: ReadonlyMap<string, readonly string[]> = new Map([
  ['check', [...OF_REPORTS, 'with']],
  ['capture', [...OF_REPORTS, 'log', 'trace', 'rebind', 'no-tracer', 'print', 'keep-running', 'linger', 'timeout']],
  ['tracer', ['out']],
  ['explain', []],
]);

const COMMANDS = 'check, capture, tracer or explain';

/** A day: what is longer does not fit into a timer, and nobody waits. */
const LONGEST_SECONDS = 86_400;

/** Understands the arguments behind the program's name. Never throws. */
export function parseArguments(args: readonly string[]): Invocation {
  // What stands behind `--` is another program's business in a capture; elsewhere it is operands.
  const split = args.indexOf('--');
  const behind = split < 0 ? null : args.slice(split + 1);
  const parsed = parseOptions(split < 0 ? args : args.slice(0, split));
  if (typeof parsed === 'string') return usageError(parsed);
  const { values, positionals, given } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const command = positionals[0] ?? behind?.[0];
  if (command === undefined) return usageError(`name a command: ${COMMANDS}`);
  const known = OPTIONS_OF.get(command);
  if (known === undefined) return usageError(`unknown command "${command}": use ${COMMANDS}`);
  const foreign = given.find((name) => !known.includes(name));
  if (foreign !== undefined) return usageError(`${command} has no option --${foreign}`);
  if (command === 'capture') {
    if (behind === null || positionals.length !== 1)
      return usageError('capture needs -- ahead of the command line of QEMU');
    return toCapture(values, behind);
  }
  const operands = [...positionals, ...(behind ?? [])].slice(1);
  if (command === 'check') return toCheck(values, operands);
  return command === 'tracer' ? toTracer(values, operands) : toExplain(operands);
}

type Values = Exclude<ReturnType<typeof parseOptions>, string>['values'];

function parseOptions(args: readonly string[]) {
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        format: { type: 'string', default: 'text' },
        'fail-on': { type: 'string', default: 'error' },
        rule: { type: 'string', multiple: true, default: [] },
        platform: { type: 'string', default: 'auto' },
        color: { type: 'string', default: 'auto' },
        with: { type: 'string', multiple: true, default: [] },
        log: { type: 'string' },
        trace: { type: 'string' },
        rebind: { type: 'boolean', default: false },
        'no-tracer': { type: 'boolean', default: false },
        print: { type: 'boolean', default: false },
        'keep-running': { type: 'boolean', default: false },
        linger: { type: 'string' },
        timeout: { type: 'string' },
        out: { type: 'string', default: '.' },
        help: { type: 'boolean', short: 'h', default: false },
        version: { type: 'boolean', short: 'V', default: false },
      },
    });
    return { values, positionals, given: tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])) };
  } catch (error) {
    // Node's own sentence names the option; what follows it speaks of its API.
    return (error instanceof Error ? error.message : String(error)).split(/\. (?:To specify|Did you)/)[0] ?? '';
  }
}

function toExplain(operands: readonly string[]): Invocation {
  return operands.length > 1 ? usageError('explain takes one rule') : { kind: 'explain', rule: operands[0] ?? null };
}

function toTracer({ out }: Values, operands: readonly string[]): Invocation {
  const isExtract = operands.length === 1 && operands[0] === 'extract';
  return isExtract ? { kind: 'tracer-extract', out } : usageError('tracer has one command: extract');
}

function toCheck(values: Values, inputs: readonly string[]): Invocation {
  if (inputs.length === 0) return usageError('check needs a log: a file, a glob, or - for standard input');
  if (values.with.length > 0 && inputs.length > 1) return usageError('--with goes with one log');
  const choices = toChoices(values);
  return 'kind' in choices ? choices : { kind: 'check', inputs, with: values.with, ...choices };
}

function toCapture(values: Values, command: readonly string[]): Invocation {
  if (command.length === 0) return usageError('capture needs the command line of QEMU behind --');
  if (values.rebind && values['no-tracer']) return usageError('--rebind and --no-tracer exclude each other');
  if (values['keep-running'] && values.linger !== undefined)
    return usageError('--keep-running and --linger exclude each other');
  // To other commands it is standard input, and QEMU would make a file of that name.
  const nameless = (['log', 'trace'] as const).find((name) => values[name] === '-' || values[name] === '');
  if (nameless !== undefined) return usageError(`--${nameless} takes the name of a file`);
  const linger = toSeconds('linger', values.linger ?? '1', 0);
  const timeout = values.timeout === undefined ? null : toSeconds('timeout', values.timeout, 1);
  const choices = toChoices(values);
  if (typeof linger === 'object') return linger;
  if (timeout !== null && typeof timeout !== 'number') return timeout;
  if ('kind' in choices) return choices;
  return {
    kind: 'capture',
    command,
    log: values.log ?? null,
    trace: values.trace ?? null,
    tracer: values.rebind ? 'rebind' : values['no-tracer'] ? 'none' : 'plain',
    print: values.print,
    linger: values['keep-running'] ? null : linger,
    timeout,
    ...choices,
  };
}

function toChoices(values: Values): ReportChoices | UsageError {
  const format = choose('format', values.format, FORMATS);
  const failOn = choose('fail-on', values['fail-on'], FAIL_ON);
  const platform = choose('platform', values.platform, PLATFORM_CHOICES);
  const color = choose('color', values.color, COLORS);
  const rules = parseRules(values.rule);
  if (typeof format === 'object') return format;
  if (typeof failOn === 'object') return failOn;
  if (typeof platform === 'object') return platform;
  if (typeof color === 'object') return color;
  if (typeof rules === 'string') return usageError(rules);
  return { format, failOn, rules, platform, color };
}

function choose<const Choice extends string>(
  option: string,
  value: string,
  choices: readonly Choice[],
): Choice | UsageError {
  const choice = choices.find((each) => each === value);
  return choice ?? usageError(`--${option} is one of ${choices.join(', ')}, not "${value}"`);
}

function toSeconds(option: string, value: string, least: number): number | UsageError {
  const seconds = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : NaN;
  if (seconds >= least && seconds <= LONGEST_SECONDS) return seconds;
  return usageError(`--${option} takes seconds, ${least} to ${LONGEST_SECONDS}, not "${value}"`);
}

function parseRules(settings: readonly string[]): RuleSettings | string {
  const rules: Record<string, Severity | 'off'> = {};
  for (const setting of settings) {
    const [id = '', value = ''] = setting.split('=', 2);
    const severity = [...SEVERITIES, 'off' as const].find((each) => each === value);
    if (!RULES.some((rule) => rule.id === id))
      return `--rule: there is no rule "${id}"; dma-handoff explain lists them`;
    if (severity === undefined) return `--rule ${id}= takes off, ${SEVERITIES.join(', ')}`;
    rules[id] = severity;
  }
  return rules;
}

function usageError(message: string): UsageError {
  return { kind: 'usage-error', message };
}
