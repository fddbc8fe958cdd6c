import type { StepRecorder } from '../model/step.ts';
import type { Buffer, Mapping } from '../model/trace.ts';
import type { Fact } from './facts.ts';

/** What the builder tells while it works. Mappings and buffers come when nothing about them can change any more. */
export interface TraceSink {
  /** Whether a mapping's further lines are wanted (`otherLineIndices`). */
  readonly details: boolean;
  /** Absent: the steps are not wanted. */
  readonly steps?: StepRecorder;
  fact(fact: Fact): void;
  mappingSettled(mapping: Mapping): void;
  bufferSettled(buffer: Buffer): void;
}
