import type { PlatformChoice, RuleSettings } from '../../core/index.ts';
import type { CaptureDefinition } from './definition.ts';

/** What the report in the terminal takes from the user's settings, so that it says what the Problems view says. */
export interface ReportSettings {
  readonly rules: RuleSettings;
  readonly platform: PlatformChoice;
}

const LOG_OPTION = '--log';

/**
 * The words behind the path of the command line's script.
 *
 * @param log absolute path
 */
export function toCliArguments(
  definition: CaptureDefinition,
  log: string,
  settings: ReportSettings,
): readonly string[] {
  const { command, trace, rebind, tracer, keepRunning, timeout, linger } = definition;
  const rules = Object.entries(settings.rules).flatMap(([rule, choice]) => ['--rule', `${rule}=${choice}`]);
  return [
    'capture',
    ...['--color', 'always'],
    ...[LOG_OPTION, log],
    ...(trace === null ? [] : ['--trace', trace]),
    ...(rebind ? ['--rebind'] : []),
    ...(tracer ? [] : ['--no-tracer']),
    ...(keepRunning ? ['--keep-running'] : []),
    ...(timeout === null ? [] : ['--timeout', String(timeout)]),
    ...(linger === null ? [] : ['--linger', String(linger)]),
    ...(settings.platform === 'auto' ? [] : ['--platform', settings.platform]),
    ...rules,
    '--',
    ...command,
  ];
}

/** The log that a task with these arguments writes; `null` if they are none of a capture. */
export function logOfArguments(words: readonly string[]): string | null {
  const options = words.slice(words.indexOf('capture'), words.indexOf('--'));
  const at = options.indexOf(LOG_OPTION);
  return at < 0 ? null : (options[at + 1] ?? null);
}
