import { logName } from '../../capture/log-name.ts';
import { planCapture } from '../../capture/plan-capture.ts';
import { splitCommandLine, type QuotingStyle } from '../../capture/split-command-line.ts';
import type { CaptureChoices } from './choices.ts';

export type CheckedCommand =
  /** `added`: what the capture will put behind the words. */
  | {
      readonly ok: true;
      readonly words: readonly string[];
      readonly added: readonly string[];
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly message: string };

/** Looks at a command line while it is typed: the words, what will be added, or why it cannot be captured. */
export function checkCommand(text: string, quoting: QuotingStyle, choices: CaptureChoices): CheckedCommand {
  const split = splitCommandLine(joinPastedLines(text, quoting), quoting);
  if (!split.ok) return split;
  // Names only, for the eye: the paths are known when the task is made.
  const rom = choices.rebind ? 'dma-tracer-rebind.rom' : 'dma-tracer.rom';
  const plan = planCapture(split.words, {
    log: logName(1),
    rom: choices.tracer ? rom : null,
    trace: choices.trace,
  });
  if (plan.kind === 'refused') return { ok: false, message: plan.message };
  return { ok: true, words: split.words, added: plan.added, notes: plan.notes };
}

/** An input box drops the line breaks of what is pasted, and leaves the signs that had joined the lines. */
function joinPastedLines(text: string, quoting: QuotingStyle): string {
  return text.replaceAll(quoting === 'posix' ? /(^|\s)\\(?=\s)/g : /(^|\s)\^(?=\s)/g, '$1');
}
