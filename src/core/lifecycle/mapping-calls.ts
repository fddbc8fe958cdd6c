import type { Address } from '../model/address.ts';
import { bytesToPages, formatAddress } from '../model/address.ts';
import type { AttributeSet, MapReturned, PoolLine } from '../model/events.ts';
import { isCommonBufferOperation } from '../model/operation.ts';
import type { StepRecorder } from '../model/step.ts';
import type { Buffer, DeviceLink, Mapping, Owner, TraceCounts } from '../model/trace.ts';
import type { AccessTracker } from './accesses.ts';
import type { BufferCalls } from './buffer-calls.ts';
import type { Clock } from './clock.ts';
import type { DamageLog } from './damage-log.ts';
import type { DeviceBook } from './device-book.ts';
import type { ExitWindow } from './exit-window.ts';
import type { MappingBook } from './mapping-book.ts';
import { deviceBytes, hostBytes, isLive, sharesHost } from './mapping-book.ts';
import type { OpenCalls, OpenMap } from './open-calls.ts';
import type { OwnerTracker } from './owners.ts';
import type { TraceSink } from './trace-sink.ts';

/** Replays Map(), Unmap() and SetAttribute(). */
export interface MappingCalls {
  /** A Map() succeeded; `open` is the call it belongs to, or `null` where the log lost that. */
  mapped(open: OpenMap | null, made: Made, lineIndex: number, told?: ToldMap): Mapping;
  /** A driver unmapped this mapping, which is live. */
  unmapped(mapping: Mapping, lineIndex: number): void;
  /** An Unmap() of what is not live: of `previous`, or of what the log does not know. */
  refused(handle: Address | null, previous: Mapping | null, lineIndex: number, explained: boolean): void;
  unmapCalled(handle: Address, lineIndex: number, byCleanup: boolean): void;
  unmapRangeCalled(device: Address, host: Address, lineIndex: number): void;
  attributeSet(event: AttributeSet, lineIndex: number): void;
  poolLine(line: PoolLine, lineIndex: number): void;
  /** The last Unmap() that was refused, and the last SetAttribute(): the tracer tells of them once more. */
  readonly lastRefusal: { readonly handle: Address | null; readonly lineIndex: number } | null;
  readonly lastAttribute: {
    readonly mapping: Mapping | null;
    readonly access: number;
    readonly lineIndex: number;
  } | null;
  /** The mapping unmapped last, if nothing was mapped since; else `null`. */
  readonly lastUnmapped: Mapping | null;
  readonly counts: Pick<TraceCounts, 'maps' | 'unmaps'>;
}

/** What the tracer tells of a mapping that no line of the firmware had told. */
export interface ToldMap {
  readonly owner: Owner | null;
  readonly pci: DeviceLink | null;
  readonly allocationMayBeLost: boolean;
}

type Made = Omit<MapReturned, 'kind' | 'handle'> & { readonly handle: Address | null };

export interface MappingCallsContext {
  readonly sink: TraceSink;
  readonly steps: StepRecorder;
  /** The next place in the order in which mappings and buffers are made. */
  readonly nextOrder: () => number;
  /** Whether a line before `firstLineIndex`, or a damaged one, could have said what is unknown. */
  readonly mayBeLost: () => boolean;
  /** Whether the log shows the start of the boot. */
  readonly startSeen: () => boolean;
  /** Whether the cleanup of the IOMMU driver can be at work. */
  readonly maySweep: (lineIndex: number) => boolean;
  readonly firstLineIndex: number;
  readonly clock: Clock;
  readonly mappings: MappingBook;
  readonly buffers: BufferCalls;
  readonly calls: OpenCalls;
  readonly window: ExitWindow;
  readonly damage: DamageLog;
  readonly owners: OwnerTracker;
  readonly devices: DeviceBook;
  readonly accesses: AccessTracker;
}

export function createMappingCalls(context: MappingCallsContext): MappingCalls {
  const { sink, steps, mayBeLost, mappings, buffers, calls, window, damage, owners, devices, accesses } = context;
  const { firstLineIndex } = context;
  let maps = 0;
  let unmaps = 0;
  let lastRevoked: Mapping | null = null;
  let lastUnmapped: Mapping | null = null;
  let lastRefusal: MappingCalls['lastRefusal'] = null;
  let lastAttribute: MappingCalls['lastAttribute'] = null;

  function isCertainlyLive(mapping: Mapping): boolean {
    return !damage.since(mapping.mappedLineIndex);
  }

  function loseTrackOf(mapping: Mapping, lineIndex: number): void {
    mapping.lostTrack = true;
    mappings.remove(mapping);
    steps.add('mapping-lost', lineIndex, mapping.id);
    sink.mappingSettled(mapping);
  }

  function bufferAround(
    { operation, bytes }: Pick<OpenMap['called'], 'operation' | 'bytes'> | typeof NOT_SHOWN,
    host: Address,
  ): Buffer | null {
    return operation !== null && isCommonBufferOperation(operation) ? buffers.around(host, bytes) : null;
  }

  function untold(): ToldMap {
    return { owner: null, pci: null, allocationMayBeLost: mayBeLost() };
  }

  function mapped(open: OpenMap | null, made: Made, lineIndex: number, told: ToldMap = untold()): Mapping {
    const { handle, device } = made;
    const called = open?.called ?? NOT_SHOWN;
    const { operation, bytes } = called;
    // Where the log lost the call that tells the memory, the device's view of it stands in.
    const host = made.host ?? called.host ?? device;
    const pages = made.pages ?? (bytes === null ? 1 : bytesToPages(bytes));
    lastUnmapped = null;
    const previous = handle === null ? null : mappings.lastWithHandle(handle);
    const displaced = previous && isLive(previous) ? previous : null;
    if (displaced) loseTrackOf(displaced, lineIndex);
    const mapping: Mapping = {
      id: ++maps,
      order: context.nextOrder(),
      handle,
      generation: generationAfter(previous),
      operation,
      host,
      device,
      addressBits: made.addressBits ?? 64,
      bytes,
      pages,
      buffer: bufferAround(called, host),
      calledLineIndex: open?.lineIndex ?? null,
      mappedLineIndex: lineIndex,
      mappedSeconds: context.clock.at(lineIndex),
      owner: told.owner,
      pci: told.pci,
      revokedLineIndex: null,
      unmappedLineIndex: null,
      unmappedSeconds: null,
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
    steps.holds(mapping.id, Number(hostBytes(mapping)));
    steps.add('mapped', lineIndex, mapping.id);
    if (open) steps.resolve(open.step, mapping.id);
    owners.mapped(mapping);
    window.made('mapped', mapping, null, lineIndex);
    sink.fact({
      kind: 'mapped',
      mapping,
      overlapping,
      displaced,
      explainedByDamage: displaced !== null && damage.since(displaced.mappedLineIndex),
      allocationMayBeLost: told.allocationMayBeLost,
    });
    return mapping;
  }

  function unmapped(mapping: Mapping, lineIndex: number, byCleanup: boolean): void {
    unmaps++;
    mappings.remove(mapping);
    steps.add('unmapped', lineIndex, mapping.id);
    mapping.unmappedLineIndex = lineIndex;
    mapping.unmappedSeconds = context.clock.at(lineIndex);
    lastUnmapped = mapping;
    accesses.removed(mapping);
    if (byCleanup) {
      mapping.unmappedBy = 'iommu-cleanup';
      window.cleanedUp(lineIndex);
      sink.mappingSettled(mapping);
    } else {
      const revokedLineIndex = lastRevoked === mapping ? mapping.revokedLineIndex : null;
      window.removed({
        kind: 'unmapped',
        mapping,
        buffer: null,
        firstLineIndex: revokedLineIndex ?? lineIndex,
        lineIndex,
      });
    }
    lastRevoked = null;
    sink.fact({ kind: 'unmapped', mapping, device: devices.empty ? null : devices.deviceOf(mapping) });
  }

  function unmapCalled(handle: Address, lineIndex: number, locked: boolean): void {
    // edk2's IDE mode unmaps NULL: refused and harmless.
    if (handle === 0) return;
    const byCleanup = locked && context.maySweep(lineIndex);
    const previous = mappings.lastWithHandle(handle);
    if (previous && isLive(previous)) {
      unmapped(previous, lineIndex, byCleanup);
      return;
    }
    const since = previous ? (previous.unmappedLineIndex ?? previous.mappedLineIndex) : firstLineIndex;
    // A Map() without a result either failed or has lost the line that gave this handle.
    const explainedByDamage = (previous ? damage.since(since) : mayBeLost()) || calls.resultMissingSince(since);
    refused(handle, previous, lineIndex, explainedByDamage);
  }

  function refused(handle: Address | null, previous: Mapping | null, lineIndex: number, explained: boolean): void {
    unmaps++;
    lastRefusal = { handle, lineIndex };
    const told = handle ?? previous?.device ?? null;
    steps.add('unmap-refused', lineIndex, told === null ? 0 : steps.note({ kind: 'text', text: formatAddress(told) }));
    sink.fact({ kind: 'unmap-refused', handle, lineIndex, previous, explainedByDamage: explained });
  }

  function unmapRangeCalled(device: Address, host: Address, lineIndex: number): void {
    const [mapping] = mappings.byDevice.overlapping(device, 1, (each) => each.device === device && each.host === host);
    if (mapping) {
      unmapped(mapping, lineIndex, false);
      return;
    }
    steps.add('unmap-refused', lineIndex, steps.note({ kind: 'text', text: formatAddress(device) }));
    sink.fact({ kind: 'unmap-refused', handle: null, lineIndex, previous: null, explainedByDamage: mayBeLost() });
  }

  function attributeSet({ handle, range, pci, access }: AttributeSet, lineIndex: number): void {
    const last = handle === null ? null : mappings.lastWithHandle(handle);
    const mapping = range ? mappings.completeDevice(range.start) : last && isLive(last) ? last : null;
    lastAttribute = { mapping, access, lineIndex };
    if (mapping) {
      if (access === 0) lastRevoked = mapping;
      steps.add(access === 0 ? 'access-revoked' : 'access-granted', lineIndex, mapping.id);
      mapping.revokedLineIndex = access === 0 ? lineIndex : null;
      if (sink.details) mapping.otherLineIndices.push(lineIndex);
      if (pci !== undefined) {
        mapping.pci ??= {
          address: pci,
          evidence: 'SetAttribute names the device',
          evidenceLineIndex: lineIndex,
          certain: true,
        };
        devices.linked(pci);
      }
      if (access !== 0) sink.fact({ kind: 'attribute-set', mapping, access, lineIndex });
    } else if (access !== 0 && context.startSeen() && handle !== null) {
      // Access is granted right behind Map(): its result was cut where nothing of it can be recognised.
      damage.malformed(lineIndex, `the result of Map() that returned handle ${formatAddress(handle)} is missing`);
    }
  }

  function poolLine({ what, address }: PoolLine, lineIndex: number): void {
    if (what === 'pool-allocated') calls.innermostMap?.innerLineIndices.push(lineIndex);
    else if (what === 'bounce-buffer-freed' && lastUnmapped?.device === address)
      lastUnmapped.otherLineIndices.push(lineIndex);
  }

  return {
    mapped,
    unmapped: (mapping, lineIndex) => {
      unmapped(mapping, lineIndex, false);
    },
    refused,
    unmapCalled,
    unmapRangeCalled,
    attributeSet,
    poolLine,
    get lastRefusal() {
      return lastRefusal;
    },
    get lastAttribute() {
      return lastAttribute;
    },
    get lastUnmapped() {
      return lastUnmapped;
    },
    get counts() {
      return { maps, unmaps };
    },
  };
}

/** What a call tells of which the log lost the line. */
const NOT_SHOWN = { operation: null, bytes: null, host: null } as const;

function generationAfter(previous: Mapping | null): number {
  return previous === null ? 1 : previous.generation + 1;
}
