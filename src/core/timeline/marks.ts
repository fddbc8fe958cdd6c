import type { Journal } from '../journal/journal.ts';
import { kindNumber } from '../journal/journal.ts';
import type { ReportTrace } from '../model/report.ts';
import type { TimelineMark, TimelineOutline } from './timeline.ts';
import { placeOfStep } from './lives.ts';

/** What happened at single moments of a boot, and the window between ExitBootServices and hand-off. */
export type Landmarks = Pick<TimelineOutline, 'exit' | 'handoff' | 'marks'>;

/** A log with more of them than this is no evidence of anything, and nobody can tell so many apart. */
const MOST_MARKS = 4096;
const MOST_LABEL_LENGTH = 80;

const KINDS = {
  inferred: kindNumber('exit-inferred'),
  proved: kindNumber('exit-proved'),
  callback: kindNumber('exit-callback'),
  cleanup: kindNumber('cleanup'),
  handoff: kindNumber('handoff'),
  translation: kindNumber('translation'),
} as const;
const FIRST_KIND = Math.min(...Object.values(KINDS));
const LAST_KIND = Math.max(...Object.values(KINDS));

export function readLandmarks(trace: ReportTrace, journal: Journal): Landmarks {
  const marks: TimelineMark[] = [];
  /** Whether an engine translates, as it was told last; `null` stands for the engine that is not named. */
  const engines = new Map<number | null, boolean>();
  const seen: { begin: number | null; marker: number | null; handoff: number | null } = {
    begin: null,
    marker: null,
    handoff: null,
  };

  function mark(kind: TimelineMark['kind'], step: number, label: string): void {
    if (marks.length >= MOST_MARKS && kind !== 'handoff') return;
    marks.push({ kind, place: placeOfStep(journal, step), label: cutLabel(label) });
  }

  function translationTold(step: number, noteNumber: number): void {
    const note = journal.notes[noteNumber - 1];
    if (note?.kind !== 'translation' || engines.get(note.engine) === note.enabled) return;
    if (engines.size < MOST_MARKS) engines.set(note.engine, note.enabled);
    const engine = note.engine === null ? '' : ` (engine ${note.engine})`;
    if (note.enabled) mark('translation-on', step, `Translation on${engine}`);
    else mark('translation-off', step, `Translation off${engine}`);
  }

  function told(kind: number, step: number, subject: number): void {
    switch (kind) {
      case KINDS.inferred:
        seen.begin ??= step;
        return;
      case KINDS.proved:
        seen.marker ??= step;
        mark('exit-proved', step, subject > 1 ? `ExitBootServices, attempt ${subject}` : 'ExitBootServices');
        return;
      case KINDS.callback:
        mark('exit-callback', step, trace.exitBootServices?.callbacks[subject - 1]?.name ?? 'Notification function');
        return;
      case KINDS.cleanup:
        mark('cleanup', step, 'Cleanup by the IOMMU driver');
        return;
      case KINDS.translation:
        translationTold(step, subject);
        return;
      case KINDS.handoff:
        seen.handoff = step;
        mark('handoff', step, 'Hand-off');
        return;
      default:
    }
  }

  for (let step = 0; step < journal.stepCount; step++) {
    const kind = journal.kinds[step] ?? 0;
    if (kind >= FIRST_KIND && kind <= LAST_KIND) told(kind, step, journal.subjects[step] ?? 0);
  }

  const { begin, marker, handoff } = seen;
  return {
    marks,
    exit:
      marker === null
        ? null
        : {
            begin: placeOfStep(journal, begin ?? marker),
            marker: placeOfStep(journal, marker),
            inferred: begin !== null,
          },
    handoff: handoff === null ? null : placeOfStep(journal, handoff),
  };
}

/** Text of the log can be of any length. */
export function cutLabel(text: string): string {
  return text.length <= MOST_LABEL_LENGTH ? text : `${text.slice(0, MOST_LABEL_LENGTH - 1)}…`;
}
