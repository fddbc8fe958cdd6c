import type { Journal } from '../journal/journal.ts';
import type { DeviceBook } from '../lifecycle/device-book.ts';
import { createDeviceBook } from '../lifecycle/device-book.ts';
import type { TranslationTracker } from '../lifecycle/translation.ts';
import { createTranslationTracker } from '../lifecycle/translation.ts';
import type { PciAddress } from '../model/pci-address.ts';
import type { ReportTrace } from '../model/report.ts';
import type { StepNote } from '../model/step.ts';
import type { Device, Translation } from '../model/trace.ts';
import { firstStepFrom } from '../journal/journal.ts';
import { kindTable } from './kinds.ts';

/** What the log tells of the machine's devices and its IOMMU behind a step: what the lifecycle knew there. */
export interface Machine {
  devicesAt(step: number): readonly Device[];
  /** `null`: the log has not told so far. */
  translationAt(step: number): Translation | null;
  /** The same as `translationAt(step).on`, at the cost of a look-up. */
  isTranslatingAt(step: number): boolean | null;
}

const MACHINE_KINDS = kindTable(['device-command', 'controller-state', 'translation']);

interface Link {
  readonly step: number;
  readonly pci: PciAddress;
}

export function createMachine(journal: Journal, trace: ReportTrace): Machine {
  const told = stepsAboutTheMachine(journal);
  const links = linksOf(journal, trace);
  let changes: Changes | null = null;
  let run = start();

  /** Both books only go forward: to go back they begin anew. */
  function at(step: number): Run {
    if (step < run.step) run = start();
    run.step = step;
    while (run.told < told.length || run.links < links.length) {
      const next = told[run.told] ?? Infinity;
      const link = links[run.links];
      if (Math.min(next, link?.step ?? Infinity) > step) break;
      if (link && link.step <= next) {
        run.devices.linked(link.pci);
        run.links++;
      } else {
        tell(run, noteAt(journal, next), (journal.lines[next] ?? 1) - 1);
        run.told++;
      }
    }
    return run;
  }

  return {
    devicesAt: (step) => at(step).devices.devices,
    translationAt: (step) => at(step).translation.summary,
    isTranslatingAt(step) {
      changes ??= translationChanges(journal, told);
      let low = 0;
      let high = changes.count;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((changes.steps[middle] ?? Infinity) <= step) low = middle + 1;
        else high = middle;
      }
      return low === 0 ? null : changes.on[low - 1] === 1;
    },
  };
}

interface Run {
  readonly devices: DeviceBook;
  readonly translation: TranslationTracker;
  step: number;
  /** How many of the steps and links are done. */
  told: number;
  links: number;
}

function start(): Run {
  return { devices: createDeviceBook(), translation: createTranslationTracker(), step: -1, told: 0, links: 0 };
}

function tell(
  { devices, translation }: Pick<Run, 'devices' | 'translation'>,
  note: StepNote | null,
  lineIndex: number,
): void {
  switch (note?.kind) {
    case 'device':
      devices.commanded({ ...note, kind: 'device-command' }, lineIndex);
      break;
    case 'controller':
      devices.controllerChanged({ ...note, kind: 'controller-state' }, lineIndex);
      break;
    case 'translation':
      tellTranslation(translation, note, lineIndex);
      break;
    default:
  }
}

function tellTranslation(
  translation: TranslationTracker,
  { engine, enabled, seen }: StepNote & { readonly kind: 'translation' },
  lineIndex: number,
): void {
  translation.set({ kind: 'translation-set', engine, enabled, how: seen ? 'seen' : 'set' }, lineIndex);
}

function noteAt(journal: Journal, step: number): StepNote | null {
  return journal.notes[(journal.subjects[step] ?? 0) - 1] ?? null;
}

function stepsAboutTheMachine({ kinds, stepCount }: Journal): Uint32Array {
  let count = 0;
  for (let step = 0; step < stepCount; step++) if (MACHINE_KINDS[kinds[step] ?? 0] === 1) count++;
  const steps = new Uint32Array(count);
  for (let step = 0, at = 0; at < count; step++) if (MACHINE_KINDS[kinds[step] ?? 0] === 1) steps[at++] = step;
  return steps;
}

/** The log names the device of a mapping at the line that is the evidence for it: from there on the device is known. */
function linksOf(journal: Journal, trace: ReportTrace): readonly Link[] {
  const lines = new Map<PciAddress, number>();
  for (const { pci } of trace.mappings) {
    if (pci === null) continue;
    // The report's text is the model's.
    const address = pci.address as PciAddress;
    lines.set(address, Math.min(lines.get(address) ?? Infinity, pci.evidenceLine));
  }
  return [...lines]
    .map(([pci, line]) => ({ pci, step: Math.max(firstStepFrom(journal, line + 1) - 1, 0) }))
    .sort((a, b) => a.step - b.step);
}

/** Where the IOMMU was switched, or found to be on or off: a condition asks for it at a million steps. */
interface Changes {
  readonly steps: Uint32Array;
  readonly on: Uint8Array;
  readonly count: number;
}

function translationChanges(journal: Journal, told: Uint32Array): Changes {
  const tracker = createTranslationTracker();
  const steps = new Uint32Array(told.length);
  const on = new Uint8Array(told.length);
  let count = 0;
  for (const step of told) {
    const note = noteAt(journal, step);
    if (note?.kind !== 'translation') continue;
    tellTranslation(tracker, note, (journal.lines[step] ?? 1) - 1);
    const isOn = tracker.summary?.on === true ? 1 : 0;
    if (count > 0 && on[count - 1] === isOn) continue;
    steps[count] = step;
    on[count++] = isOn;
  }
  return { steps, on, count };
}
