import type { TaskDefinition } from 'vscode';
import { splitCommandLine, type QuotingStyle } from '../../capture/split-command-line.ts';
import { TASK_TYPE } from '../ids.ts';

/** What to capture, as it stands in tasks.json. */
export interface CaptureDefinition {
  /** The words of QEMU's command line. */
  readonly command: readonly string[];
  /** Path of the log; `null`: `debugcon.log`. This and other paths are seen from `cwd`. */
  readonly log: string | null;
  /** Path of the file that QEMU traces what devices do into; `null`: it does not. */
  readonly trace: string | null;
  /** Whether drivers that were bound before the tracer are restarted. */
  readonly rebind: boolean;
  /** `false`: the firmware prints its calls by itself. */
  readonly tracer: boolean;
  readonly keepRunning: boolean;
  /** Seconds; `null`: no limit. */
  readonly timeout: number | null;
  /** Seconds behind hand-off; `null`: as long as the command line takes by default. */
  readonly linger: number | null;
  /** `null`: the workspace folder. */
  readonly cwd: string | null;
}

export type ParsedDefinition =
  | { readonly ok: true; readonly definition: CaptureDefinition }
  /** A sentence for whoever wrote it. */
  | { readonly ok: false; readonly message: string };

/** Reads what stands in tasks.json, whatever that is. */
export function parseDefinition(task: TaskDefinition, quoting: QuotingStyle): ParsedDefinition {
  const { command, log, trace, rebind, tracer, keepRunning, timeout, linger, cwd } = task as Record<string, unknown>;
  const words = parseCommand(command, quoting);
  if (!words.ok) return words;
  const definition = {
    command: words.words,
    log: toText(log),
    trace: toText(trace),
    rebind: rebind === true,
    tracer: tracer !== false,
    keepRunning: keepRunning === true,
    timeout: toSeconds(timeout),
    linger: toSeconds(linger),
    cwd: toText(cwd),
  };
  return { ok: true, definition };
}

/** The shortest task that says the same; what is as by default is left out. */
export function toTaskDefinition(definition: CaptureDefinition): TaskDefinition {
  const { command, log, trace, rebind, tracer, keepRunning, timeout, linger, cwd } = definition;
  return {
    type: TASK_TYPE,
    command: [...command],
    ...(log !== null && { log }),
    ...(trace !== null && { trace }),
    ...(rebind && { rebind }),
    ...(!tracer && { tracer }),
    ...(keepRunning && { keepRunning }),
    ...(timeout !== null && { timeout }),
    ...(linger !== null && { linger }),
    ...(cwd !== null && { cwd }),
  };
}

type Words =
  { readonly ok: true; readonly words: readonly string[] } | { readonly ok: false; readonly message: string };

function parseCommand(command: unknown, quoting: QuotingStyle): Words {
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')) {
    return { ok: true, words: command };
  }
  if (typeof command !== 'string') {
    return {
      ok: false,
      message: 'A capture needs `command`: QEMU’s command line, as one text or as a list of its words.',
    };
  }
  const split = splitCommandLine(command, quoting);
  if (split.ok && split.words.length === 0) return { ok: false, message: 'The `command` of a capture is empty.' };
  return split;
}

function toText(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function toSeconds(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
