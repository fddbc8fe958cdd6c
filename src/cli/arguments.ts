import { parseArgs } from 'node:util';
import type { PlatformChoice, RuleSettings, Severity } from '../core/index.ts';
import { PLATFORM_CHOICES, RULES, SEVERITIES } from '../core/index.ts';

/** A command line, understood. `usage-error` carries the sentence to print. */
export type Invocation =
  | CheckInvocation
  | { readonly kind: 'explain'; readonly rule: string | null }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'usage-error'; readonly message: string };

export interface CheckInvocation {
  readonly kind: 'check';
  /** Paths and globs; `-` is standard input. */
  readonly inputs: readonly string[];
  readonly format: Format;
  readonly failOn: Severity | 'never';
  readonly rules: RuleSettings;
  readonly platform: PlatformChoice;
  /** Second logs of the same boot: paths. */
  readonly with: readonly string[];
  readonly color: 'auto' | 'always' | 'never';
}

const FORMATS = ['text', 'json', 'jsonl'] as const;
export type Format = (typeof FORMATS)[number];

const FAIL_ON = [...SEVERITIES, 'never'] as const;
const COLORS = ['auto', 'always', 'never'] as const;

export const HELP = `Finds the DMA mappings that UEFI firmware leaves behind when the operating system takes over.

Usage:
  dma-handoff check LOG…          analyse edk2/OVMF debug logs
  dma-handoff explain [RULE]      print the page of a rule, or the list of rules

LOG is a file, a glob, or - for standard input; gzip is recognised by its content.

Options of check:
  --format text|json|jsonl        how to report (default: text)
  --fail-on error|warning|information|never
                                  gravest finding that still exits with 0 is one below (default: error)
  --rule ID=off|error|warning|information
                                  switch a rule off or change its severity; may be repeated
  --with FILE                     a second log of the same boot, such as QEMU's trace or Linux's messages;
                                  may be repeated, with one LOG only
  --platform auto|deny|permit     how the platform treats DMA at hand-off (default: auto: as the log
                                  tells); it decides how grave some findings are
  --color auto|always|never       colours in text (default: auto: on a terminal, unless NO_COLOR is set)

  -h, --help                      print this help
  -V, --version                   print the version

Exit status:
  0  no finding at or above --fail-on
  1  findings at or above --fail-on
  2  wrong usage
  3  an input cannot be read or holds no DMA call at all
`;

/** Understands the arguments behind the program's name. Never throws. */
export function parseArguments(args: readonly string[]): Invocation {
  const parsed = parseOptions(args);
  if (typeof parsed === 'string') return usageError(parsed);
  const { values, positionals } = parsed;
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  const [command, ...operands] = positionals;
  if (command === undefined) return usageError('name a command: check or explain');
  if (command === 'explain') {
    return operands.length > 1 ? usageError('explain takes one rule') : { kind: 'explain', rule: operands[0] ?? null };
  }
  if (command !== 'check') return usageError(`unknown command "${command}": use check or explain`);
  if (operands.length === 0) return usageError('check needs a log: a file, a glob, or - for standard input');
  if (values.with.length > 0 && operands.length > 1) return usageError('--with goes with one log');
  const format = choose('format', values.format, FORMATS);
  const failOn = choose('fail-on', values['fail-on'], FAIL_ON);
  const platform = choose('platform', values.platform, PLATFORM_CHOICES);
  const color = choose('color', values.color, COLORS);
  const rules = parseRules(values.rule ?? []);
  if (typeof format === 'object') return format;
  if (typeof failOn === 'object') return failOn;
  if (typeof platform === 'object') return platform;
  if (typeof color === 'object') return color;
  if (typeof rules === 'string') return usageError(rules);
  return { kind: 'check', inputs: operands, format, failOn, rules, platform, with: values.with, color };
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        format: { type: 'string', default: 'text' },
        'fail-on': { type: 'string', default: 'error' },
        rule: { type: 'string', multiple: true },
        with: { type: 'string', multiple: true, default: [] },
        platform: { type: 'string', default: 'auto' },
        color: { type: 'string', default: 'auto' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'V' },
      },
    });
  } catch (error) {
    // Node's own sentence names the option; what follows it speaks of its API.
    return (error instanceof Error ? error.message : String(error)).split(/\. (?:To specify|Did you)/)[0] ?? '';
  }
}

function choose<const Choice extends string>(
  option: string,
  value: string,
  choices: readonly Choice[],
): Choice | Extract<Invocation, { kind: 'usage-error' }> {
  const choice = choices.find((each) => each === value);
  return choice ?? usageError(`--${option} is one of ${choices.join(', ')}, not "${value}"`);
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

function usageError(message: string): Extract<Invocation, { kind: 'usage-error' }> {
  return { kind: 'usage-error', message };
}
