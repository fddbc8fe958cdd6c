import type { Address } from '../model/address.ts';
import { bytesToPages } from '../model/address.ts';
import { kindAt } from '../journal/journal.ts';
import type { ReportBuffer, ReportFailedMap, ReportMapping } from '../model/report.ts';
import type { StepKind, StepNote } from '../model/step.ts';
import type { Boot } from './boot.ts';
import type { ReplayEvent } from './views.ts';

/** What a step is about. */
export interface StepSubject {
  readonly kind: StepKind;
  readonly mapping: ReportMapping | null;
  readonly failedMap: ReportFailedMap | null;
  readonly buffer: ReportBuffer | null;
  readonly note: StepNote | null;
  /** The number that the journal gives. */
  readonly number: number;
}

type SubjectKind = 'mapping' | 'buffer' | 'note' | 'number';

const SUBJECT_KINDS: Readonly<Record<StepKind, SubjectKind>> = {
  'map-called': 'mapping',
  mapped: 'mapping',
  'map-failed': 'mapping',
  'mapping-lost': 'mapping',
  unmapped: 'mapping',
  'unmap-refused': 'note',
  'access-granted': 'mapping',
  'access-revoked': 'mapping',
  'allocate-called': 'buffer',
  allocated: 'buffer',
  freed: 'buffer',
  'buffer-lost': 'buffer',
  trimmed: 'buffer',
  'free-refused': 'note',
  'exit-inferred': 'number',
  'exit-proved': 'number',
  'exit-callback': 'number',
  'exit-callback-ended': 'number',
  cleanup: 'number',
  handoff: 'number',
  'device-command': 'note',
  'controller-state': 'note',
  translation: 'note',
  access: 'mapping',
  fault: 'mapping',
  'image-loaded': 'note',
  'boot-started': 'number',
  halted: 'note',
  malformed: 'number',
};

/** `step`: counted from the begin of the boot. */
export function subjectAt(boot: Boot, step: number): StepSubject {
  const kind = kindAt(boot.journal, step);
  const number = boot.journal.subjects[step] ?? 0;
  const about = SUBJECT_KINDS[kind];
  return {
    kind,
    mapping: about === 'mapping' && number > 0 ? boot.mapping(number) : null,
    failedMap: about === 'mapping' && number < 0 ? (boot.trace.failedMaps[-number - 1] ?? null) : null,
    buffer: about === 'buffer' ? boot.buffer(number) : null,
    note: about === 'note' ? (boot.journal.notes[number - 1] ?? null) : null,
    number,
  };
}

const EVENTS: Readonly<Partial<Record<StepKind, ReplayEvent>>> = {
  mapped: 'map',
  'map-failed': 'failure',
  unmapped: 'unmap',
  'unmap-refused': 'unmap',
  allocated: 'allocate',
  freed: 'free',
  trimmed: 'free',
  'free-refused': 'free',
  'exit-inferred': 'exit-boot-services',
  'exit-proved': 'exit-boot-services',
  'exit-callback': 'callback',
  cleanup: 'cleanup',
  handoff: 'handoff',
  fault: 'fault',
  'device-command': 'device',
  'controller-state': 'device',
  translation: 'device',
  'boot-started': 'boot',
};

/** The kinds of steps that can be an event. */
export function kindsOfEvent(event: ReplayEvent): readonly StepKind[] {
  if (event === 'leak') return ['mapped'];
  const kinds = (Object.keys(EVENTS) as StepKind[]).filter((kind) => EVENTS[kind] === event);
  // A failure of which no error is printed is told at the call.
  return event === 'failure' ? [...kinds, 'map-called'] : kinds;
}

/** The event that a step is, but for `leak`, which is a `map`, too; `null`: none that a breakpoint can name. */
export function eventAt(boot: Boot, step: number): ReplayEvent | null {
  const kind = kindAt(boot.journal, step);
  if (kind === 'map-called') return isSilentFailure(boot, step) ? 'failure' : null;
  return EVENTS[kind] ?? null;
}

export function isEvent(boot: Boot, step: number, event: ReplayEvent): boolean {
  if (event !== 'leak') return eventAt(boot, step) === event;
  return boot.mapping(boot.journal.subjects[step] ?? 0)?.liveAtHandoff === true;
}

/** A Map() that failed and printed no error. */
function isSilentFailure({ journal, index }: Boot, step: number): boolean {
  const subject = journal.subjects[step] ?? 0;
  return subject < 0 && (index.failedResults[-subject] ?? 0) === 0;
}

/** Steps since the mapping or the buffer of a step was made; `null`: it has none, or is not made yet. */
export function ageAt(boot: Boot, step: number, { mapping, buffer }: StepSubject): number | null {
  const made = mapping ? boot.index.mappings.begins[mapping.id] : buffer ? boot.index.buffers.begins[buffer.id] : 0;
  return made === undefined || made === 0 || made - 1 > step ? null : step - (made - 1);
}

/** How many bytes were asked for; `null` where the log lost it. */
export function bytesOf({ mapping, failedMap, buffer }: StepSubject): number | null {
  if (buffer) return buffer.pages === null ? null : buffer.pages * 4096;
  return mapping?.bytes ?? failedMap?.bytes ?? null;
}

export function pagesOf(subject: StepSubject): Address | null {
  if (subject.buffer) return subject.buffer.pages;
  const bytes = bytesOf(subject);
  return bytes === null ? null : Number.isSafeInteger(bytes) ? bytesToPages(bytes) : bytesToPages(BigInt(bytes));
}
