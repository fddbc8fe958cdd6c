import type { Address } from '../model/address.ts';
import { formatAddress, pagesToBytes } from '../model/address.ts';
import type { DmaEvent, MapReturned, PoolLine } from '../model/events.ts';
import { isCommonBufferOperation } from '../model/operation.ts';
import type { Buffer, FailedMap, Mapping, Trace } from '../model/trace.ts';
import { createBufferBook } from './buffer-book.ts';
import { createDamageLog } from './damage-log.ts';
import type { Removal } from './exit-window.ts';
import { createExitWindow } from './exit-window.ts';
import type { Fact } from './facts.ts';
import { createMappingBook, deviceBytes, isLive, sharesHost } from './mapping-book.ts';
import type { OpenMap } from './open-calls.ts';
import { createOpenCalls } from './open-calls.ts';
import { createOwnerTracker } from './owners.ts';
import { createSurroundings } from './surroundings.ts';

/** What the builder tells while it works. Mappings and buffers come when nothing about them can change any more. */
export interface TraceSink {
  /** Whether a mapping's further lines are wanted (`otherLineIndices`). */
  readonly details: boolean;
  fact(fact: Fact): void;
  mappingSettled(mapping: Mapping): void;
  bufferSettled(buffer: Buffer): void;
}

/** Replays the events of one boot through the protocol. */
export interface TraceBuilder {
  /**
   * Takes one event. Returns `false`, and takes nothing, when the event cannot belong to this boot: hand-off is behind, or
   * a boot starts after this one has done something.
   */
  apply(event: DmaEvent, lineIndex: number, dialectId: string): boolean;
  /** A line that looked like a record and was none. */
  malformed(lineIndex: number, message: string): void;
  /** Ends the boot. `cut` tells that the input ends inside a record. */
  finish(lastLineIndex: number, cut: boolean): Trace;
}

/** The result of a Map() stands within this many lines of its call, whatever preempted it. */
const RESULT_REACH_LINES = 64;

export function createTraceBuilder(firstLineIndex: number, sink: TraceSink): TraceBuilder {
  const { details } = sink;
  const mappings = createMappingBook();
  const buffers = createBufferBook();
  const failedMaps: FailedMap[] = [];
  const dialects = new Set<string>();
  const damage = createDamageLog();
  const calls = createOpenCalls(({ called: { operation, host, bytes }, lineIndex }) => {
    failedMaps.push({
      operation,
      host,
      bytes,
      calledLineIndex: lineIndex,
      explainedByDamage: damage.between(lineIndex, lineIndex + RESULT_REACH_LINES),
    });
  });
  const window = createExitWindow(settle);
  const owners = createOwnerTracker(mappings.byDevice);
  const surroundings = createSurroundings();

  let order = 0;
  let callLines = 0;
  let maps = 0;
  let allocations = 0;
  let frees = 0;
  let unmaps = 0;
  let lastRevoked: { readonly handle: Address; readonly lineIndex: number } | null = null;
  let lastUnmapped: Mapping | null = null;
  let startSeen = false;
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

  function isCertainlyLive(mapping: Mapping): boolean {
    return !damage.since(mapping.mappedLineIndex);
  }

  function mapped(
    open: OpenMap | null,
    made: Omit<MapReturned, 'kind' | 'handle'> & { readonly handle: Address | null },
    lineIndex: number,
  ): void {
    const { handle, host, device, pages } = made;
    const operation = open?.called.operation ?? null;
    const bytes = open?.called.bytes ?? null;
    const previous = handle === null ? null : mappings.lastWithHandle(handle);
    const displaced = previous && isLive(previous) ? previous : null;
    const explainedByDamage = displaced !== null && damage.since(displaced.mappedLineIndex);
    if (displaced) {
      displaced.lostTrack = true;
      mappings.remove(displaced);
      sink.mappingSettled(displaced);
    }
    const mapping: Mapping = {
      id: ++maps,
      order: order++,
      handle,
      generation: (previous?.generation ?? 0) + 1,
      operation,
      host,
      device,
      bytes,
      pages,
      buffer:
        operation !== null && isCommonBufferOperation(operation)
          ? buffers.around(host, bytes ?? pagesToBytes(pages))
          : null,
      calledLineIndex: open?.lineIndex ?? null,
      mappedLineIndex: lineIndex,
      owner: null,
      unmappedLineIndex: null,
      unmappedBy: null,
      lostTrack: false,
      liveAtHandoff: false,
      otherLineIndices: open?.innerLineIndices ?? [],
    };
    const overlapping = mappings.byDevice.overlapping(
      device,
      deviceBytes(mapping),
      (other) => !sharesHost(mapping, other) && isCertainlyLive(other),
    );
    mappings.add(mapping);
    owners.mapped(mapping);
    window.made('mapped', mapping, null, lineIndex);
    sink.fact({ kind: 'mapped', mapping, overlapping, displaced, explainedByDamage, allocationMayBeLost: mayBeLost() });
  }

  function unmapped(mapping: Mapping, lineIndex: number, byCleanup: boolean): void {
    unmaps++;
    mappings.remove(mapping);
    mapping.unmappedLineIndex = lineIndex;
    lastUnmapped = mapping;
    if (byCleanup) {
      mapping.unmappedBy = 'iommu-cleanup';
      window.cleanedUp(lineIndex);
      sink.mappingSettled(mapping);
    } else {
      const revoked = lastRevoked?.handle === mapping.handle ? lastRevoked : null;
      window.removed({
        kind: 'unmapped',
        mapping,
        buffer: null,
        firstLineIndex: revoked?.lineIndex ?? lineIndex,
        lineIndex,
      });
    }
    lastRevoked = null;
    sink.fact({ kind: 'unmapped', mapping });
  }

  function unmapCalled(handle: Address, lineIndex: number, byCleanup: boolean): void {
    // edk2's IDE mode unmaps NULL: refused and harmless.
    if (handle === 0) return;
    const previous = mappings.lastWithHandle(handle);
    if (previous && isLive(previous)) {
      unmapped(previous, lineIndex, byCleanup);
      return;
    }
    unmaps++;
    const since = previous ? (previous.unmappedLineIndex ?? previous.mappedLineIndex) : firstLineIndex;
    // A Map() without a result either failed or has lost the line that gave this handle.
    const explainedByDamage = (previous ? damage.since(since) : mayBeLost()) || calls.resultMissingSince(since);
    sink.fact({ kind: 'unmap-refused', handle, lineIndex, previous, explainedByDamage });
  }

  function unmapRangeCalled(device: Address, host: Address, lineIndex: number): void {
    const [mapping] = mappings.byDevice.overlapping(device, 1, (each) => each.device === device && each.host === host);
    if (mapping) unmapped(mapping, lineIndex, false);
    else sink.fact({ kind: 'unmap-refused', handle: null, lineIndex, previous: null, explainedByDamage: mayBeLost() });
  }

  function allocated(
    host: Address,
    pages: Address | null,
    memoryType: number | null,
    calledLineIndex: number | null,
    lineIndex: number,
  ): void {
    const buffer: Buffer = {
      id: ++allocations,
      order: order++,
      host,
      pages,
      memoryType,
      calledLineIndex,
      allocatedLineIndex: lineIndex,
      freedLineIndex: null,
      freedIn: null,
    };
    const stale = buffers.add(buffer);
    if (stale) sink.bufferSettled(stale);
    window.made('allocated', null, buffer, lineIndex);
    sink.fact({ kind: 'allocated', buffer });
  }

  function freed(host: Address, pages: Address, lineIndex: number): void {
    frees++;
    const bytes = pagesToBytes(pages);
    const buffer = buffers.at(host, bytes);
    const previous = buffer ? null : buffers.lastFreedAt(host);
    const known = buffer ?? previous;
    const whole = buffer?.host === host && (buffer.pages === null || buffer.pages === pages);
    const outcome = buffer ? (whole ? 'whole' : 'part') : previous ? 'again' : 'unknown';
    sink.fact({
      kind: 'freed',
      host,
      pages,
      lineIndex,
      buffer,
      outcome,
      previous,
      mapped: mappings.byHost.overlapping(host, bytes, isCertainlyLive),
      explainedByDamage: known ? damage.since(known.freedLineIndex ?? known.allocatedLineIndex) : mayBeLost(),
    });
    if (!buffer) {
      window.freedUnknown(host, pages, lineIndex);
      return;
    }
    // Part of a buffer was trimmed off: the rest is still there.
    if (outcome === 'part' && buffer.pages !== null && pages < buffer.pages) return;
    buffers.free(buffer);
    buffer.freedLineIndex = lineIndex;
    window.removed({ kind: 'freed', mapping: null, buffer, firstLineIndex: lineIndex, lineIndex });
  }

  function noteDialect(dialectId: string): void {
    if (dialectId === lastDialectId) return;
    dialects.add(dialectId);
    lastDialectId = dialectId;
  }

  function attributeSet(handle: Address, access: number, lineIndex: number): void {
    if (access === 0) lastRevoked = { handle, lineIndex };
    const mapping = mappings.lastWithHandle(handle);
    if (mapping && isLive(mapping)) {
      if (details) mapping.otherLineIndices.push(lineIndex);
    } else if (access !== 0 && startSeen) {
      // Access is granted right behind Map(): its result was cut where nothing of it can be recognised.
      damage.malformed(lineIndex, `the result of Map() that returned handle ${formatAddress(handle)} is missing`);
    }
  }

  function poolLine({ what, address }: PoolLine, lineIndex: number): void {
    if (what === 'pool-allocated') calls.innermostMap?.innerLineIndices.push(lineIndex);
    else if (what === 'bounce-buffer-freed' && lastUnmapped?.device === address)
      lastUnmapped.otherLineIndices.push(lineIndex);
  }

  function applyDma(event: DmaEvent, lineIndex: number): void {
    switch (event.kind) {
      case 'map-called':
        calls.mapCalled(event, lineIndex);
        return;
      case 'map-returned':
        mapped(calls.mapReturned(event), event, lineIndex);
        return;
      case 'map-completed': {
        const called = { kind: 'map-called', operation: null, host: event.host, bytes: event.bytes } as const;
        mapped({ called, lineIndex, innerLineIndices: [] }, { ...event, handle: null }, lineIndex);
        return;
      }
      case 'unmap-called':
        unmapCalled(event.handle, lineIndex, event.memoryMapLocked === true);
        return;
      case 'unmap-range-called':
        unmapRangeCalled(event.device, event.host, lineIndex);
        return;
      case 'allocate-called':
        calls.allocateCalled(event, lineIndex);
        return;
      case 'allocate-returned': {
        const open = calls.allocateReturned();
        allocated(
          event.host,
          open?.called.pages ?? null,
          open?.called.memoryType ?? null,
          open?.lineIndex ?? null,
          lineIndex,
        );
        return;
      }
      case 'allocate-completed':
        allocated(event.host, event.pages, null, lineIndex, lineIndex);
        return;
      case 'free-called':
        freed(event.host, event.pages, lineIndex);
        return;
      case 'attribute-set':
        attributeSet(event.handle, event.access, lineIndex);
        return;
      default:
    }
  }

  return {
    apply(event, lineIndex, dialectId) {
      switch (event.kind) {
        case 'pool-line':
          if (details) poolLine(event, lineIndex);
          return true;
        case 'boot-started':
          if (surroundings.busy) return false;
          startSeen = true;
          break;
        case 'boot-activity':
          if (window.over) return false;
          window.bootServicesUsed(lineIndex, event.what === 'image-loaded');
          break;
        case 'exit-callback': {
          const { name, context, role } = event;
          // One function notified twice is two controllers of a driver, not two attempts: the event group tells no controller.
          const identity = name === 'EventGroupNotify' ? `${name} ${lineIndex}` : `${name} ${context ?? ''}`;
          window.proved(lineIndex, identity).callbacks.push({ name, context, role, lineIndex });
          break;
        }
        case 'cleanup-started':
          window.cleanupStarted(lineIndex, event.name);
          break;
        case 'image-attributes':
          window.imageAttributesSet(lineIndex, event.attributes);
          break;
        case 'handoff-proof':
          // Before anything of this boot it speaks of somebody else's: a host's own log, an earlier boot.
          if (!surroundings.busy) return true;
          window.handedOff(lineIndex, event.evidence);
          break;
        case 'owner-hint':
          owners.hinted(event, lineIndex);
          break;
        case 'platform-hint':
        case 'verbose-line':
        case 'unread-producer':
        case 'firmware-halted':
          break;
        default:
          if (window.over) return false;
          callLines++;
          surroundings.noteDma(lineIndex);
          applyDma(event, lineIndex);
          noteDialect(dialectId);
          return true;
      }
      surroundings.note(event, lineIndex);
      noteDialect(dialectId);
      return true;
    },

    malformed: damage.malformed,

    finish(lastLineIndex, cut) {
      const lostInCleanup = new Set(
        window.cleanupRan ? mappings.live.filter((mapping) => !isCertainlyLive(mapping)) : [],
      );
      calls.finish(surroundings.summary.lastDmaLineIndex);
      window.finish();
      for (const mapping of mappings.live) {
        // The cleanup takes all that is live: what it left over had been unmapped in a line that the log lost.
        mapping.lostTrack = lostInCleanup.has(mapping);
        mapping.liveAtHandoff = window.handoff !== null && !mapping.lostTrack;
        sink.mappingSettled(mapping);
      }
      for (const buffer of buffers.live) sink.bufferSettled(buffer);
      return {
        firstLineIndex,
        lastLineIndex,
        startSeen,
        dialects: [...dialects].sort(),
        ...surroundings.summary,
        exitBootServices: window.exitBootServices,
        handoff: window.handoff,
        exitActions: window.actions,
        failedMaps: failedMaps.sort((a, b) => a.calledLineIndex - b.calledLineIndex),
        live: mappings.live.filter((mapping) => !mapping.lostTrack),
        damage: { ...damage.summary, cut },
        counts: { calls: callLines, maps, unmaps, allocations, frees, ...mappings.peak },
      };
    },
  };
}
