import type { ExitAction } from '../model/trace.ts';
import { defineRule, exitLines } from './rule.ts';

/** Harm: mostly none, the loader tries again. But a callback ran twice, and loaders that do not retry fail to boot. */
export const exitBootServicesRetried = defineRule({
  meta: {
    id: 'exit-boot-services-retried',
    summary: 'ExitBootServices was attempted more than once',
    severity: { deny: 'information', permit: 'information' },
    since: '0.1.0',
  },
  messages: {
    failed:
      'ExitBootServices was attempted {attempts} times: it failed with {status}. The loader’s map key was stale: something changed the memory map after the loader had read it.',
    failedOnly: 'ExitBootServices failed with {status} and was not attempted again in this log.',
    changed:
      'ExitBootServices was attempted {attempts} times. The likely cause: memory was {how} for DMA during an attempt, so the loader’s map key was stale.',
    unknown:
      'ExitBootServices was attempted {attempts} times. A stale map key makes an attempt fail: something changed the memory map after the loader had read it.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      const exit = trace.exitBootServices;
      const [retryLineIndex] = exit?.retryLineIndices ?? [];
      const [failure] = exit?.failures ?? [];
      if (exit && failure) {
        report({
          message: retryLineIndex === undefined ? 'failedOnly' : 'failed',
          data: { attempts: exit.attempts, status: failure.status },
          lineIndex: failure.lineIndex,
          related: exitLines(trace),
        });
        return;
      }
      if (!exit || retryLineIndex === undefined) return;
      const cause = trace.exitActions.find(
        (action) => (action.kind === 'freed' || action.kind === 'allocated') && action.lineIndex < retryLineIndex,
      );
      report({
        message: cause ? 'changed' : 'unknown',
        data: { attempts: exit.attempts, how: wordFor(cause) },
        lineIndex: retryLineIndex,
        related: [
          ...(cause ? [{ lineIndex: cause.lineIndex, message: `memory was ${wordFor(cause)} here` }] : []),
          ...exitLines(trace),
        ],
      });
    },
  }),
});

function wordFor(cause: ExitAction | undefined): string {
  return cause?.kind === 'allocated' ? 'allocated' : 'freed';
}
