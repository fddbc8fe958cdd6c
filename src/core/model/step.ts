import type { ControllerKind } from './events.ts';
import type { PciAddress } from './pci-address.ts';

/**
 * What happened in a boot, one step after the other: what the timeline draws and the replay walks through. A step is a kind, a
 * line, a time and a subject, all of them numbers, because a long log has tens of millions of them.
 */
export const STEP_KINDS = [
  /** `Map()` was entered. Subject: the mapping that came of it, or −n for the n-th failed map of the report, or 0 if nobody knows. */
  'map-called',
  /** `Map()` succeeded. Subject: mapping. */
  'mapped',
  /** `Map()` printed its error. Subject: −n for the n-th failed map. */
  'map-failed',
  /** The log lost the end of this mapping: it is not live any more. Subject: mapping. */
  'mapping-lost',
  /** Subject: mapping. */
  'unmapped',
  /** An `Unmap()` of what is not live. Subject: note, or 0. */
  'unmap-refused',
  /** `SetAttribute()` gave access. Subject: mapping. */
  'access-granted',
  /** `SetAttribute()` took access away. Subject: mapping. */
  'access-revoked',
  /** `AllocateBuffer()` was entered. Subject: the buffer that came of it, or 0. */
  'allocate-called',
  /** Subject: buffer. */
  'allocated',
  /** A buffer, or what was left of it, was freed. Subject: buffer. */
  'freed',
  /** The log lost the end of this buffer: its memory was given out again. Subject: buffer. */
  'buffer-lost',
  /** Part of a buffer was freed; the rest is still there. Subject: buffer. */
  'trimmed',
  /** A `FreeBuffer()` of what the log does not know, or knows to be free. Subject: note, or 0. */
  'free-refused',
  /** ExitBootServices begins here by inference: before the first line that proves it. */
  'exit-inferred',
  /** The first line that proves ExitBootServices, or one that proves a further attempt. Subject: number of the attempt. */
  'exit-proved',
  /** A notification function printed its name. Subject: n for the n-th callback of the report. */
  'exit-callback',
  /** The tracer saw a notification function return. Subject: n for the n-th callback of the report. */
  'exit-callback-ended',
  /** The last-resort cleanup of the IOMMU driver begins. */
  'cleanup',
  /** The operating system owns the machine. */
  'handoff',
  /** The COMMAND register of a device was written. Subject: note. */
  'device-command',
  /** A controller was started or stopped. Subject: note. */
  'controller-state',
  /** The IOMMU hardware starts or stops translating. Subject: note. */
  'translation',
  /** A device accessed memory. Subject: the mapping that covers it, or 0. */
  'access',
  /** The IOMMU refused an access. Subject: the mapping that covers it, or 0. */
  'fault',
  /** Subject: note with the image's name, or 0. */
  'image-loaded',
  /** The first line of a boot. */
  'boot-started',
  /** An assertion or an exception. */
  'halted',
  /** A line that looks like a record and is none. */
  'malformed',
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

/** What a step tells beyond numbers. Notes recur: each is kept once. */
export type StepNote =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'device'; readonly pci: PciAddress; readonly name: string; readonly busMaster: boolean }
  | {
      readonly kind: 'controller';
      readonly controller: ControllerKind;
      readonly instance: string | null;
      readonly running: boolean;
      readonly how: string;
    }
  /** `engine`: `null` where not printed. `seen`: a register dump shows it. */
  | { readonly kind: 'translation'; readonly engine: number | null; readonly enabled: boolean; readonly seen: boolean };

/** Takes down the steps of one boot while the lifecycle replays it. */
export interface StepRecorder {
  /** Gives the place of the step, for `resolve`. */
  add(kind: StepKind, lineIndex: number, subject: number): number;
  /** The time of the steps that are added from now on, in seconds on the log's own axis; `null`: not told. */
  now(seconds: number | null): void;
  /** What a call came to is known when it returns. */
  resolve(step: number, subject: number): void;
  /** The number of a note, from 1; 0 where there are too many different ones to keep. */
  note(note: StepNote): number;
  /** How much host memory a mapping holds, in bytes: what was asked for, or whole pages where the log lost that. */
  holds(mappingId: number, bytes: number): void;
  /** At the end of the boot: the mapping had been unmapped in a line that the log lost. */
  lostInTheEnd(mappingId: number): void;
}

/** Where nobody wants the steps. */
export const NO_STEPS: StepRecorder = {
  add: () => -1,
  now: () => undefined,
  resolve: () => undefined,
  note: () => 0,
  holds: () => undefined,
  lostInTheEnd: () => undefined,
};
