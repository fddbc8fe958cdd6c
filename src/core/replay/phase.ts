import type { ReportTrace } from '../model/report.ts';
import type { ReplayPhase } from './expression/words.ts';
import type { State } from './state.ts';

export interface PhaseAt {
  readonly phase: ReplayPhase;
  /** Number of the attempt at ExitBootServices; 0 before the first. */
  readonly attempt: number;
  /** 1-based line where the phase begins. */
  readonly line: number;
}

export function phaseAt(state: State, trace: ReportTrace): PhaseAt {
  const { exitBootServices: exit, handoff, firstLine } = trace;
  const attempt = state.count('exit-proved');
  if (state.count('handoff') > 0) return { phase: 'handed-off', attempt, line: handoff?.line ?? trace.lastLine };
  if (attempt > 0) return { phase: 'exit-boot-services', attempt, line: exit?.markerLine ?? firstLine };
  if (state.count('exit-inferred') > 0)
    return { phase: 'exit-inferred', attempt: 0, line: exit?.firstLine ?? firstLine };
  return { phase: 'boot-services', attempt: 0, line: firstLine };
}

/** What is at work in ExitBootServices: the callback that printed its name last, or the cleanup. `null`: nothing that tells. */
export function callbackAt(state: State, trace: ReportTrace): { readonly name: string; readonly line: number } | null {
  const { exitBootServices: exit } = trace;
  if (exit === null || state.count('handoff') > 0) return null;
  const callback = exit.callbacks[state.count('exit-callback') - 1];
  const cleanup = state.count('cleanup') > 0 ? exit.cleanup : null;
  if (cleanup && cleanup.line >= (callback?.line ?? 0)) return { name: CLEANUP, line: cleanup.line };
  return callback ? { name: callback.name, line: callback.line } : null;
}

/** The report has no name for it. */
const CLEANUP = 'IOMMU driver’s cleanup';
