import type { AnalysisCalls } from './analysis-calls.ts';
import type { CaptureCalls } from './capture-calls.ts';
import type { ReplayCalls } from './replay-calls.ts';
import type { TimelineCalls } from './timeline-calls.ts';

/** All that the worker does for the extension host. */
export type WorkerCalls = AnalysisCalls & TimelineCalls & ReplayCalls & CaptureCalls;
