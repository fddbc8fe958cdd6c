import { kindAt } from '../journal/journal.ts';
import type { ReportFailedMap, ReportMapping } from '../model/report.ts';
import type { StepNote } from '../model/step.ts';
import type { Boot } from './boot.ts';
import { openCallsAt } from './open-calls.ts';
import { callbackAt, phaseAt } from './phase.ts';
import type { StepSubject } from './subject.ts';
import { subjectAt } from './subject.ts';
import type { ReplayFrame, ReplayMoment } from './views.ts';
import { bufferText, callText, counted, mappingName, mappingText, plainText } from './words.ts';

/** `step`: counted from the begin of the boot. */
export function momentAt(boot: Boot, step: number, bootCount: number): ReplayMoment {
  const { journal } = boot;
  const state = boot.cursor.moveTo(step);
  return {
    step: boot.firstStep + step,
    boot: boot.place,
    kind: kindAt(journal, step),
    line: journal.lines[step] ?? 1,
    seconds: journal.seconds?.[step] ?? null,
    title: titleAt(boot, step),
    frames: framesAt(boot, step, bootCount),
    live: state.mappings.size,
    liveBytes: Number(state.liveBytes),
  };
}

/** What happened at a step. */
export function titleAt(boot: Boot, step: number): string {
  const subject = subjectAt(boot, step);
  switch (subject.kind) {
    case 'map-called':
    case 'mapped':
    case 'map-failed':
    case 'mapping-lost':
    case 'unmapped':
    case 'access-granted':
    case 'access-revoked':
    case 'access':
    case 'fault':
      return mappingTitle(subject);
    case 'unmap-refused':
      return `Unmap() of ${noteText(subject.note) ?? 'something'}, which is not live`;
    case 'allocate-called':
    case 'allocated':
    case 'freed':
    case 'buffer-lost':
    case 'trimmed':
      return bufferTitle(subject);
    case 'free-refused':
      return `FreeBuffer() of ${noteText(subject.note) ?? 'memory that the log does not name'}, which is not known to be allocated`;
    case 'exit-inferred':
      return 'ExitBootServices begins before the first line that proves it (inferred)';
    case 'exit-proved':
      return subject.number > 1
        ? `ExitBootServices is called again: attempt ${subject.number}`
        : 'The first line that proves ExitBootServices';
    case 'exit-callback':
    case 'exit-callback-ended': {
      const callback = boot.trace.exitBootServices?.callbacks[subject.number - 1];
      const name = callback ? plainText(callback.name) : 'unknown';
      return subject.kind === 'exit-callback'
        ? `Callback of ExitBootServices: ${name}`
        : `The callback of ${name} has returned`;
    }
    case 'cleanup':
      return 'The IOMMU driver’s last-resort cleanup begins';
    case 'handoff':
      return `Hand-off with ${counted(boot.trace.summary.liveAtHandoff, 'live mapping')}: ${plainText(boot.trace.handoff?.evidence ?? '')}`;
    case 'device-command':
    case 'controller-state':
    case 'translation':
      return machineTitle(subject.note);
    case 'image-loaded':
      return `Image loaded: ${noteText(subject.note) ?? 'unknown'}`;
    case 'boot-started':
      return 'The boot starts';
    case 'halted':
      return `The firmware stops: ${noteText(subject.note) ?? 'unknown reason'}`;
    case 'malformed':
      return 'A line that is damaged';
  }
}

function mappingTitle({ kind, mapping, failedMap }: StepSubject): string {
  if (kind === 'map-called') return callTitle(mapping, failedMap);
  if (kind === 'map-failed') {
    const call = failedMap ? ` (${callText(failedMap)})` : '';
    return `Map() failed: ${plainText(failedMap?.status ?? 'unknown error')}${call}`;
  }
  if (mapping === null)
    return kind === 'fault'
      ? 'The IOMMU refused an access to what is not mapped'
      : 'A device accessed memory that is not mapped';
  const [name, text] = [mappingName(mapping), mappingText(mapping)];
  switch (kind) {
    case 'mapped':
      return `Map() ${mapping.handle === null ? 'succeeded' : `returned ${name}`}: ${text}`;
    case 'mapping-lost':
      return `The log lost the end of ${name}: ${text}`;
    case 'unmapped':
      return `Unmap(${name}): ${text}`;
    case 'access-granted':
      return `SetAttribute() lets the device use ${name}: ${text}`;
    case 'access-revoked':
      return `SetAttribute() takes the device’s access to ${name} away: ${text}`;
    case 'fault':
      return `The IOMMU refused an access to ${name}: ${text}`;
    default:
      return `A device accessed ${name}: ${text}`;
  }
}

function callTitle(mapping: ReportMapping | null, failedMap: ReportFailedMap | null): string {
  if (mapping) return `Map() called: ${callText(mapping)}`;
  return failedMap ? `Map() called, which fails: ${callText(failedMap)}` : 'Map() called; its result is not known';
}

function bufferTitle({ kind, buffer }: StepSubject): string {
  const text = buffer ? bufferText(buffer) : 'unknown';
  switch (kind) {
    case 'allocate-called':
      return buffer
        ? `AllocateBuffer() called: ${counted(buffer.pages ?? 0, 'page')}`
        : 'AllocateBuffer() called; its result is not known';
    case 'allocated':
      return `AllocateBuffer() returned ${text}`;
    case 'buffer-lost':
      return `The log lost the end of the buffer of ${text}`;
    case 'trimmed':
      return `FreeBuffer() of a part of ${text}`;
    default:
      return `FreeBuffer() of ${text}`;
  }
}

function machineTitle(note: StepNote | null): string {
  switch (note?.kind) {
    case 'device':
      return `${plainText(note.name)} ${note.pci}: Bus Master Enable ${note.busMaster ? 'set' : 'cleared'}`;
    case 'controller': {
      const instance = note.instance === null ? '' : ` ${plainText(note.instance)}`;
      return `${note.controller}${instance} ${note.running ? 'runs' : 'is stopped'}: ${plainText(note.how)}`;
    }
    case 'translation': {
      const engine = note.engine === null ? '' : ` (engine ${note.engine})`;
      return `IOMMU translation ${note.seen ? 'is' : 'goes'} ${note.enabled ? 'on' : 'off'}${engine}`;
    }
    default:
      return 'Something about the machine';
  }
}

function noteText(note: StepNote | null): string | null {
  return note?.kind === 'text' ? plainText(note.text) : null;
}

/** Innermost first: open calls, the callback, the phase. The innermost one shows where the replay stands. */
export function framesAt(boot: Boot, step: number, bootCount: number): readonly ReplayFrame[] {
  const { journal, trace } = boot;
  const state = boot.cursor.moveTo(step);
  const frames: ReplayFrame[] = openCallsAt(journal, state, step)
    .map((call) => ({ kind: 'call' as const, name: callName(boot, call), line: journal.lines[call] ?? 1 }))
    .reverse();
  const callback = callbackAt(state, trace);
  if (callback) frames.push({ kind: 'callback', name: plainText(callback.name), line: callback.line });
  const { line } = phaseAt(state, trace);
  frames.push({ kind: 'phase', name: phaseName(boot, step, bootCount), line });
  return frames.map((frame, index) => (index === 0 ? { ...frame, line: journal.lines[step] ?? 1 } : frame));
}

function callName(boot: Boot, call: number): string {
  const { kind, mapping, failedMap, buffer } = subjectAt(boot, call);
  if (kind === 'allocate-called')
    return buffer?.pages ? `AllocateBuffer(${counted(buffer.pages, 'page')})` : 'AllocateBuffer()';
  const called = mapping ?? failedMap;
  return called ? `Map(${callText(called)})` : 'Map()';
}

/** `ExitBootServices, attempt 2`; of several boots, which. */
export function phaseName(boot: Boot, step: number, bootCount: number): string {
  const { phase, attempt } = phaseAt(boot.cursor.moveTo(step), boot.trace);
  const names = {
    'boot-services': 'Boot services',
    'exit-inferred': 'ExitBootServices (inferred)',
    'exit-boot-services': attempt > 1 ? `ExitBootServices, attempt ${attempt}` : 'ExitBootServices',
    'handed-off': 'Operating system',
  } as const;
  return bootCount > 1 ? `${names[phase]} · boot ${boot.place + 1} of ${bootCount}` : names[phase];
}
