import { bytesToPages } from '../model/address.ts';
import type { ExitCallback } from '../model/events.ts';
import type { PciAddress } from '../model/pci-address.ts';
import type { StepRecorder } from '../model/step.ts';
import type {
  BoundDevice,
  Disagreement,
  ExitCallbackRecord,
  Mapping,
  Platform,
  TracerSummary,
} from '../model/trace.ts';
import type { TracedCallback, TracerBound, TracerDeviceState, TracerLive, TracerRecord } from '../model/tracer.ts';
import type { DamageLog } from './damage-log.ts';
import type { DeviceBook } from './device-book.ts';
import type { ExitWindow } from './exit-window.ts';
import type { MappingCalls } from './mapping-calls.ts';
import type { TracedCallsContext } from './traced-calls.ts';
import { createTracedCalls, isTracedCall, linkOf, ownerOf } from './traced-calls.ts';
import { createTracerLedger } from './tracer-ledger.ts';

/**
 * What the tracer tells, in a boot that has one: calls with their callers and devices, callbacks with begin and end, and where
 * ExitBootServices() is entered and left. All of it is certain as far as the records can be trusted, so they are held against each
 * other: numbers without gaps, counts, and the list of what is live at hand-off.
 */
export interface Tracer {
  /** Whether the record can be one of this boot's tracer: not if it begins anew, or if hand-off is behind. */
  belongs(record: TracerRecord): boolean;
  apply(record: TracerRecord, lineIndex: number): void;
  /** The firmware printed a line that belongs into ExitBootServices. Returns whether that can be. */
  printedInExit(name: string, lineIndex: number): boolean;
  /** A notification function printed its name. Returns whether that is the callback that runs anyway. */
  printedCallback(event: ExitCallback): boolean;
  /** Mappings of which the end is in records that are missing. */
  readonly endUnseen: ReadonlySet<Mapping>;
  /** Whether the tracer's own list at hand-off holds the mapping. */
  readonly lists: (mapping: Mapping) => boolean;
  /** How the platform treats DMA, as far as the protocols tell that the tracer found; or `null`. */
  readonly platform: { readonly platform: Platform; readonly lineIndex: number; readonly text: string } | null;
  readonly summary: TracerSummary | null;
}

export interface TracerContext extends Omit<TracedCallsContext, 'ledger' | 'mayHaveUnseen'> {
  readonly steps: StepRecorder;
  readonly window: ExitWindow;
  readonly damage: DamageLog;
  readonly devices: DeviceBook;
  readonly mappingCalls: MappingCalls;
}

/** Enough to see what is wrong; the rest is counted. */
const MOST_DISAGREEMENTS = 1000;
const MOST_BOUND = 512;
/** Callbacks run one inside another at most at each task priority level. */
const DEEPEST_CALLBACKS = 64;

interface RunningCallback {
  readonly number: number;
  readonly group: TracedCallback['group'];
  /** Its place among the callbacks of the report, from 1. */
  readonly place: number;
  readonly record: ExitCallbackRecord;
}

export function createTracer(context: TracerContext): Tracer {
  const { steps, window, damage, devices, mappingCalls } = context;
  const disagreements: Disagreement[] = [];
  const bound = new Map<PciAddress, BoundDevice>();
  const running: RunningCallback[] = [];
  let disagreementCount = 0;
  let first: { readonly lineIndex: number; readonly format: number } | null = null;
  let lastSequence = 0;
  let lastLineIndex = -1;
  let startSeen = false;
  let missing = 0;
  let full: TracerSummary['full'] = null;
  let checked = false;
  let iommuOwner: string | null = null;
  let iommuLineIndex = 0;

  function disagree(disagreement: Disagreement): void {
    disagreementCount++;
    if (disagreements.length < MOST_DISAGREEMENTS) disagreements.push(disagreement);
  }

  const ledger = createTracerLedger({
    isComplete: () => startSeen && missing === 0 && full === null,
    disagree,
    adopt,
  });
  const calls = createTracedCalls({
    ...context,
    ledger,
    mayHaveUnseen: (pci) => !startSeen || missing > 0 || full !== null || pci === null || bound.has(pci),
  });

  function adopt(live: TracerLive, lineIndex: number): Mapping {
    const { operation, host, bytes, device, handle } = live;
    const called = { kind: 'map-called', operation, host, bytes } as const;
    return mappingCalls.mapped(
      { called, lineIndex, step: -1, innerLineIndices: [] },
      { handle, device, host, pages: bytesToPages(bytes) },
      lineIndex,
      { owner: ownerOf(live, lineIndex), pci: linkOf(live, lineIndex), allocationMayBeLost: true },
    );
  }

  function count({ sequence, format, phase, told }: TracerRecord, lineIndex: number): void {
    if (first === null) {
      first = { lineIndex, format };
      startSeen = told.what === 'hello' && sequence === 1;
      window.tell();
    }
    const expected = lastSequence + 1;
    // What the cleanup of the IOMMU driver removes has no number, so inside ExitBootServices a damaged line may be one of its.
    if (sequence === expected && startSeen && phase === 'boot') damage.refute();
    if (sequence > expected) {
      missing += sequence - expected;
      // A damaged record has been told of where it stands.
      if (!damage.since(Math.max(lastLineIndex, 0)) || lastLineIndex < 0) {
        const numbers = sequence - expected === 1 ? `record #${expected}` : `records #${expected} to #${sequence - 1}`;
        damage.malformed(lineIndex, `${numbers} of the tracer missing`);
      }
    } else if (sequence < expected) {
      disagree({
        kind: 'sequence',
        found: sequence,
        previous: lastSequence,
        previousLineIndex: lastLineIndex,
        lineIndex,
      });
    }
    damage.keep();
    lastSequence = sequence;
    lastLineIndex = lineIndex;
  }

  /** Every record tells where the firmware stands: where that changed unsaid, the record that said so is lost. */
  function follow({ phase, told }: TracerRecord, lineIndex: number): void {
    if (phase === 'ebs' && !window.open && told.what !== 'exit-entered') window.entered(lineIndex);
    else if (phase === 'boot' && window.open) leave('no success: boot services go on', lineIndex);
    else if (phase === 'os' && window.handoff === null) leave(null, lineIndex);
  }

  function leave(failure: string | null, lineIndex: number): void {
    running.length = 0;
    window.left(lineIndex, failure);
  }

  function callbackBegan({ group, image, callback }: TracedCallback, lineIndex: number): void {
    const { exitBootServices: exit } = window;
    if (!exit) return;
    const record: ExitCallbackRecord = {
      name: image,
      context: null,
      role: 'driver',
      lineIndex,
      endLineIndex: null,
      group,
    };
    const place = exit.callbacks.push(record);
    steps.add('exit-callback', lineIndex, place);
    if (running.length < DEEPEST_CALLBACKS) running.push({ number: callback, group, place, record });
    window.setOrdinary(running[0]?.group === 'before');
  }

  function callbackEnded({ callback }: TracedCallback, lineIndex: number): void {
    const index = running.map(({ number }) => number).lastIndexOf(callback);
    const [ended] = index < 0 ? [] : running.splice(index);
    if (ended) {
      ended.record.endLineIndex = lineIndex;
      steps.add('exit-callback-ended', lineIndex, ended.place);
    }
    window.setOrdinary(running[0]?.group === 'before');
  }

  function boundBefore({ pci, driver, restarted }: TracerBound, lineIndex: number): void {
    const known = bound.get(pci);
    if (known) known.restarted ||= restarted;
    else if (driver !== null && bound.size < MOST_BOUND) bound.set(pci, { pci, driver, lineIndex, restarted });
  }

  function commanded(pci: PciAddress, name: string | null, busMaster: boolean, lineIndex: number): void {
    const called = devices.stated(pci, name, busMaster, lineIndex);
    if (called === null) return;
    steps.add('device-command', lineIndex, steps.note({ kind: 'device', pci, name: called, busMaster }));
  }

  function handOff(failure: string | null, live: number, lineIndex: number): void {
    leave(failure, lineIndex);
    if (failure === null) ledger.handedOff(live, lineIndex);
  }

  function tell({ told }: TracerRecord, lineIndex: number): void {
    if (isTracedCall(told)) {
      if (told.via === 'iommu' && iommuOwner === null) iommuOwner = 'unknown image';
      calls.apply(told, lineIndex);
      return;
    }
    switch (told.what) {
      case 'hook':
        if (told.protocol !== 'IoMmu') return;
        iommuOwner = told.owner;
        iommuLineIndex = lineIndex;
        return;
      case 'bound':
        boundBefore(told, lineIndex);
        return;
      case 'bus-master':
        commanded(told.pci, null, told.on, lineIndex);
        return;
      case 'device-state':
        commanded(told.pci, deviceName(told), told.busMaster, lineIndex);
        ledger.deviceStated(told, lineIndex);
        return;
      case 'callback-began':
        callbackBegan(told, lineIndex);
        return;
      case 'callback-ended':
        callbackEnded(told, lineIndex);
        return;
      case 'exit-entered':
        running.length = 0;
        window.entered(lineIndex);
        return;
      case 'exit-left':
        handOff(told.failure, told.live, lineIndex);
        return;
      case 'live':
        ledger.listed(told, lineIndex);
        return;
      case 'stats':
        if (told.lost > 0) full = { lineIndex, lost: told.lost };
        if (told.when !== 'handoff') return;
        checked = true;
        ledger.counted(told, lineIndex);
        return;
      case 'full':
        full ??= { lineIndex, lost: 1 };
        return;
      case 'hello':
      case 'other':
    }
  }

  return {
    belongs: ({ phase, told }) => (window.over ? phase === 'os' : told.what !== 'hello' || first === null),
    apply(record, lineIndex) {
      count(record, lineIndex);
      follow(record, lineIndex);
      tell(record, lineIndex);
    },
    printedInExit(name, lineIndex) {
      if (!window.told || window.open) return true;
      disagree({ kind: 'outside-exit', name, lineIndex });
      return false;
    },
    printedCallback({ context: printedContext, role }) {
      const innermost = running.at(-1);
      if (!innermost) return false;
      innermost.record.context ??= printedContext;
      if (role !== 'driver') innermost.record.role = role;
      return true;
    },
    endUnseen: ledger.endUnseen,
    lists: ledger.lists,
    get platform(): Tracer['platform'] {
      if (first === null || !startSeen) return null;
      if (iommuOwner === null)
        return {
          platform: 'permit',
          lineIndex: first.lineIndex,
          text: 'the tracer found no IOMMU protocol: devices reach all of memory',
        };
      if (!DENYING.test(iommuOwner)) return null;
      return { platform: 'deny', lineIndex: iommuLineIndex, text: `the IOMMU protocol is that of ${iommuOwner}` };
    },
    get summary() {
      return (
        first && {
          firstLineIndex: first.lineIndex,
          format: first.format,
          startSeen,
          checked,
          missing,
          full,
          boundBefore: [...bound.values()],
          disagreements,
          disagreementCount,
        }
      );
    },
  };
}

/** OvmfPkg/IoMmuDxe and SmmuDxe of Arm platforms; a VT-d driver may switch translation off at hand-off. */
const DENYING = /^(?:IoMmuDxe|SmmuDxe)/i;

/** Class, subclass and interface of the controllers that the report has words for (PCI Code and ID Assignment Specification). */
const CLASS_NAMES: readonly (readonly [string, string])[] = [
  ['0101', 'ide'],
  ['010601', 'ahci'],
  ['010802', 'nvme'],
  ['0805', 'sdhci'],
  ['0c0300', 'uhci'],
  ['0c0310', 'ohci'],
  ['0c0320', 'ehci'],
  ['0c0330', 'xhci'],
];

/** A name as the machine would give one: `xhci [1b36:000d]`. */
function deviceName({ id, deviceClass }: TracerDeviceState): string {
  const kind = id.startsWith('1af4:')
    ? 'virtio'
    : CLASS_NAMES.find(([prefix]) => deviceClass.toLowerCase().startsWith(prefix))?.[1];
  return kind === undefined ? `[${id}]` : `${kind} [${id}]`;
}
