import type { Verdict } from '../../core/index.ts';

/** A verdict in the few words that fit into the status bar; its headline says more. */
export function shortVerdict({ level, liveAtHandoff, errors, warnings }: Verdict): string {
  if (liveAtHandoff > 0) return `${liveAtHandoff} mapped at hand-off`;
  switch (level) {
    case 'error':
      return plural(errors, 'error');
    case 'warning':
      return plural(warnings, 'warning');
    case 'clean':
      return 'nothing mapped at hand-off';
    case 'incomplete':
      return 'no hand-off in this log';
    case 'no-trace':
      return 'no DMA trace';
  }
}

/** A codicon that tells the levels apart by its shape. */
export function verdictIcon({ level, liveAtHandoff }: Verdict): string {
  switch (level) {
    case 'error':
      return '$(error)';
    case 'warning':
      return '$(warning)';
    case 'clean':
      // Mapped and no finding: the rule that would say so is switched off.
      return liveAtHandoff > 0 ? '$(info)' : '$(check)';
    case 'incomplete':
      return '$(info)';
    case 'no-trace':
      return '$(circle-slash)';
  }
}

/** Regular nouns only. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
