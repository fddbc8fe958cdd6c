import { bytesToPages } from '../model/address.ts';
import type { DmaEvent, ExitCallback } from '../model/events.ts';
import type { StepKind, StepNote } from '../model/step.ts';
import { NO_STEPS } from '../model/step.ts';
import type { FailedMap, Trace } from '../model/trace.ts';
import type { TracerRecord } from '../model/tracer.ts';
import { createAccessTracker } from './accesses.ts';
import type { BootStanding } from './boot-standing.ts';
import { createBufferCalls } from './buffer-calls.ts';
import { createClock } from './clock.ts';
import { createDamageLog } from './damage-log.ts';
import { createDeviceBook } from './device-book.ts';
import type { Removal } from './exit-window.ts';
import { createExitWindow } from './exit-window.ts';
import { createMappingBook } from './mapping-book.ts';
import { createMappingCalls } from './mapping-calls.ts';
import { createOpenCalls } from './open-calls.ts';
import { createOwnerTracker } from './owners.ts';
import { createSurroundings } from './surroundings.ts';
import type { TraceSink } from './trace-sink.ts';
import { isTracedCall } from './traced-calls.ts';
import { createTracer } from './tracer.ts';
import { createTranslationTracker } from './translation.ts';

/** Replays the events of one boot through the protocol. */
export interface TraceBuilder {
  /**
   * Takes one event. Returns `false`, and takes nothing, when the event cannot belong to this boot: hand-off is behind, or
   * a boot starts after this one has done something.
   */
  apply(event: DmaEvent, lineIndex: number, dialectId: string, seconds?: number | null): boolean;
  /** A line that looked like a record and was none. */
  malformed(lineIndex: number, message: string): void;
  /** Where the boot stands after the last event, for those who watch a log that grows. */
  readonly standing: BootStanding;
  /** Ends the boot. `cut` tells that the input ends inside a record. */
  finish(lastLineIndex: number, cut: boolean): Trace;
}

/** The result of a Map() stands within this many lines of its call, whatever preempted it. */
const RESULT_REACH_LINES = 64;

export function createTraceBuilder(firstLineIndex: number, sink: TraceSink): TraceBuilder {
  const steps = sink.steps ?? NO_STEPS;
  const mappings = createMappingBook();
  const failedMaps: FailedMap[] = [];
  /** The steps of each failed Map(): it gets its number at the end. */
  const failedSteps = new Map<FailedMap, readonly number[]>();
  const dialects = new Set<string>();
  const damage = createDamageLog();
  const calls = createOpenCalls(({ called: { operation, host, bytes }, lineIndex, step }, status) => {
    const failed: FailedMap = {
      operation,
      host,
      bytes,
      calledLineIndex: lineIndex,
      status,
      explainedByDamage: status === null && damage.between(lineIndex, lineIndex + RESULT_REACH_LINES),
    };
    failedMaps.push(failed);
    failedSteps.set(failed, status ? [step, steps.add('map-failed', status.lineIndex, 0)] : [step]);
  });
  const clock = createClock();
  const window = createExitWindow(settle, clock.at);
  const owners = createOwnerTracker(mappings.byDevice);
  const devices = createDeviceBook();
  const translation = createTranslationTracker();
  const surroundings = createSurroundings();
  const nextOrder = (): number => order++;
  const buffers = createBufferCalls({ sink, steps, nextOrder, mayBeLost, damage, liveByHost: mappings.byHost, window });
  const accesses = createAccessTracker(mappings.byDevice, devices, steps, (accessed) => {
    sink.fact({ ...accessed, explainedByDamage: damage.since(firstLineIndex) });
  });
  const mappingCalls = createMappingCalls({
    sink,
    steps,
    nextOrder,
    mayBeLost,
    startSeen: () => startSeen,
    maySweep: (lineIndex) => tracer.printedInExit('MemoryMapLocked=1', lineIndex),
    firstLineIndex,
    clock,
    mappings,
    buffers,
    calls,
    window,
    damage,
    owners,
    devices,
    accesses,
  });

  const tracer = createTracer({
    details: sink.details,
    steps,
    mappings,
    mappingCalls,
    buffers,
    calls,
    devices,
    window,
    damage,
  });

  let order = 0;
  let callLines = 0;
  let startSeen = false;
  /** A FreeBuffer() whose line does not tell the memory. */
  let untoldFreeLineIndex: number | null = null;
  let lastDialectId = '';

  function settle({ mapping, buffer }: Removal, phase: 'boot' | 'exit-callback'): void {
    if (mapping) {
      mapping.unmappedBy = phase;
      sink.mappingSettled(mapping);
    }
    if (buffer) {
      buffer.freedIn = phase;
      sink.bufferSettled(buffer);
    }
  }

  /** A line lost before the trace's first could have said what is unknown. */
  function mayBeLost(): boolean {
    return !startSeen || damage.since(firstLineIndex);
  }

  function note(kind: StepKind, lineIndex: number, told: StepNote): void {
    steps.add(kind, lineIndex, steps.note(told));
  }

  function noteDialect(dialectId: string): void {
    if (dialectId === lastDialectId) return;
    dialects.add(dialectId);
    lastDialectId = dialectId;
  }

  function applyDma(event: DmaEvent, lineIndex: number): void {
    switch (event.kind) {
      case 'map-called':
        calls.mapCalled(event, lineIndex, steps.add('map-called', lineIndex, 0));
        return;
      case 'map-returned':
        mappingCalls.mapped(calls.mapReturned(event), event, lineIndex);
        return;
      case 'map-completed': {
        const called = { kind: 'map-called', operation: null, host: event.host, bytes: event.bytes } as const;
        mappingCalls.mapped(
          { called, lineIndex, step: -1, innerLineIndices: [] },
          { ...event, handle: null },
          lineIndex,
        );
        return;
      }
      case 'unmap-called':
        mappingCalls.unmapCalled(event.handle, lineIndex, event.memoryMapLocked === true);
        return;
      case 'unmap-range-called':
        mappingCalls.unmapRangeCalled(event.device, event.host, lineIndex);
        return;
      case 'allocate-called':
        calls.allocateCalled(event, lineIndex, steps.add('allocate-called', lineIndex, 0));
        return;
      case 'allocate-returned': {
        const open = calls.allocateReturned();
        if (event.host !== null)
          buffers.allocated(event.host, open?.called ?? { pages: null, memoryType: null }, open, lineIndex);
        return;
      }
      case 'allocate-completed':
        buffers.allocated(event.host, { pages: event.pages, memoryType: null }, { lineIndex, step: -1 }, lineIndex);
        return;
      case 'call-failed':
        if (event.call === 'map') calls.mapFailed(event.status, lineIndex);
        else if (event.call === 'allocate') calls.allocateFailed();
        return;
      case 'free-called':
        if (event.host === null || event.pages === null) untoldFreeLineIndex = lineIndex;
        else buffers.freed(event.host, event.pages, lineIndex);
        return;
      case 'attribute-set':
        mappingCalls.attributeSet(event, lineIndex);
        return;
      default:
    }
  }

  /** Since 2025-01 FreePages() prints the range as the next thing; older firmware does not tell it at all. */
  function resolveUntoldFree(event: DmaEvent | null): void {
    if (untoldFreeLineIndex === null) return;
    const lineIndex = untoldFreeLineIndex;
    untoldFreeLineIndex = null;
    if (event?.kind === 'pool-line' && event.what === 'memory-attributes-read' && event.bytes !== undefined)
      buffers.freed(event.address, bytesToPages(event.bytes), lineIndex);
    else if (event?.kind === 'tracer-record' && event.told.what === 'free')
      buffers.freed(event.told.host, event.told.pages, lineIndex);
    else buffers.freedUntold(mappingCalls.lastUnmapped, lineIndex);
  }

  /** Returns whether it can be that the firmware printed it. */
  function exitCallback(event: ExitCallback, lineIndex: number): boolean {
    const { name, context, role } = event;
    if (!tracer.printedInExit(name, lineIndex)) return false;
    if (tracer.printedCallback(event)) return true;
    // One function notified twice is two controllers of a driver, not two attempts: the event group tells no controller.
    const identity = name === 'EventGroupNotify' ? `${name} ${lineIndex}` : `${name} ${context ?? ''}`;
    const { callbacks } = window.proved(lineIndex, identity);
    const record = { name, context, role, lineIndex, endLineIndex: null, group: null };
    steps.add('exit-callback', lineIndex, callbacks.push(record));
    return true;
  }

  function cleanupStarted(name: string, lineIndex: number): void {
    if (tracer.printedInExit(name, lineIndex)) window.cleanupStarted(lineIndex, name);
  }

  function traced(event: TracerRecord, lineIndex: number, dialectId: string): void {
    tracer.apply(event, lineIndex);
    if (!isTracedCall(event.told)) return;
    callLines++;
    surroundings.noteDma(lineIndex, dialectId);
  }

  return {
    apply(event, lineIndex, dialectId, seconds = null) {
      clock.note(lineIndex, seconds);
      resolveUntoldFree(event);
      steps.now(seconds);
      switch (event.kind) {
        case 'pool-line':
          if (sink.details) mappingCalls.poolLine(event, lineIndex);
          return true;
        case 'boot-started':
          if (surroundings.busy) return false;
          steps.add('boot-started', lineIndex, 0);
          startSeen = true;
          break;
        case 'boot-activity':
          if (window.over) return false;
          window.bootServicesUsed(lineIndex, event.what === 'image-loaded');
          if (event.name !== null) note('image-loaded', lineIndex, { kind: 'text', text: event.name });
          break;
        case 'exit-callback':
          if (!exitCallback(event, lineIndex)) return true;
          break;
        case 'cleanup-started':
          cleanupStarted(event.name, lineIndex);
          break;
        case 'image-attributes':
          window.imageAttributesSet(lineIndex, event.attributes);
          break;
        case 'handoff-proof':
          // Before anything of this boot it speaks of somebody else's: a host's own log, an earlier boot.
          if (!surroundings.busy) return true;
          window.handedOff(lineIndex, event.evidence);
          break;
        case 'translation-set':
          // Behind hand-off it is the operating system that sets it.
          if (window.over) return true;
          translation.set(event, lineIndex);
          note('translation', lineIndex, {
            kind: 'translation',
            engine: event.engine,
            enabled: event.enabled,
            seen: event.how === 'seen',
          });
          if (event.how === 'set' && !event.enabled) window.translationSwitchedOff(lineIndex);
          break;
        case 'device-command':
          if (window.over) return true;
          devices.commanded(event, lineIndex);
          note('device-command', lineIndex, {
            kind: 'device',
            pci: event.pci,
            name: event.name,
            busMaster: event.busMaster,
          });
          break;
        case 'controller-state':
          if (window.over) return true;
          devices.controllerChanged(event, lineIndex);
          note('controller-state', lineIndex, {
            kind: 'controller',
            controller: event.controller,
            instance: event.instance,
            running: event.running,
            how: event.how,
          });
          break;
        case 'dma-access':
          if (event.behindHandoff && surroundings.busy)
            window.handedOff(lineIndex, `${event.reporter} reported an access of a device`);
          accesses.seen(event, lineIndex, window.over ? 'after-handoff' : window.open ? 'exit' : 'boot');
          break;
        case 'owner-hint':
          owners.hinted(event, lineIndex);
          break;
        case 'tracer-record':
          if (!tracer.belongs(event)) return false;
          traced(event, lineIndex, dialectId);
          break;
        case 'firmware-halted':
          note('halted', lineIndex, { kind: 'text', text: event.reason });
          break;
        case 'platform-hint':
        case 'verbose-line':
        case 'unread-producer':
          break;
        default:
          if (window.over) return false;
          callLines++;
          surroundings.noteDma(lineIndex, dialectId);
          applyDma(event, lineIndex);
          noteDialect(dialectId);
          return true;
      }
      surroundings.note(event, lineIndex, dialectId);
      noteDialect(dialectId);
      return true;
    },

    malformed(lineIndex, message) {
      steps.add('malformed', lineIndex, 0);
      damage.malformed(lineIndex, message);
    },

    get standing(): BootStanding {
      return {
        phase: window.over ? 'handed-off' : window.open ? 'exit' : 'boot',
        calls: callLines,
        maps: mappingCalls.counts.maps,
        live: mappings.byHost.size,
        liveBytes: mappings.liveBytes,
        traced: window.told,
      };
    },

    finish(lastLineIndex, cut) {
      resolveUntoldFree(null);
      // The cleanup takes all that is live: what it left over had been unmapped in a line that the log lost.
      const unmappedUnseen = new Set([
        ...tracer.endUnseen,
        ...(window.cleanupRan ? mappings.live.filter((mapping) => damage.since(mapping.mappedLineIndex)) : []),
      ]);
      calls.finish(surroundings.lastDmaLineIndex);
      window.finish();
      for (const mapping of mappings.live) {
        const { revokedLineIndex } = mapping;
        // PciIo->Unmap() revokes the access and unmaps in one breath: where other calls follow, a line is lost.
        if (
          revokedLineIndex !== null &&
          !tracer.lists(mapping) &&
          (surroundings.lastDmaLineIndex ?? 0) > revokedLineIndex
        ) {
          damage.malformed(revokedLineIndex, 'the Unmap() that belongs to this SetAttribute() is missing');
          unmappedUnseen.add(mapping);
        }
        mapping.lostTrack = unmappedUnseen.has(mapping);
        if (mapping.lostTrack) steps.lostInTheEnd(mapping.id);
        mapping.liveAtHandoff = window.handoff !== null && !mapping.lostTrack;
        sink.mappingSettled(mapping);
      }
      for (const buffer of buffers.live) sink.bufferSettled(buffer);
      failedMaps.sort((a, b) => a.calledLineIndex - b.calledLineIndex);
      failedMaps.forEach((failed, index) => {
        for (const step of failedSteps.get(failed) ?? []) steps.resolve(step, -(index + 1));
      });
      const supposed = tracer.platform;
      if (supposed) surroundings.suppose(supposed.platform, supposed.lineIndex, supposed.text);
      return {
        firstLineIndex,
        lastLineIndex,
        startSeen,
        tracer: tracer.summary,
        dialects: [...dialects].sort(),
        ...surroundings.summary(translation.summary, window.exitBootServices, startSeen),
        exitBootServices: window.exitBootServices,
        handoff: window.handoff,
        devices: devices.devices,
        translation: translation.summary,
        exitActions: window.actions,
        failedMaps,
        live: mappings.live.filter((mapping) => !mapping.lostTrack),
        damage: { ...damage.summary, cut },
        counts: { calls: callLines, ...mappingCalls.counts, ...buffers.counts, ...mappings.peak },
      };
    },
  };
}
