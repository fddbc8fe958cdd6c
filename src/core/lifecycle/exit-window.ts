import type { Address } from '../model/address.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import type { Buffer, ExitAction, ExitBootServices, Handoff, Mapping } from '../model/trace.ts';

/**
 * Where ExitBootServices begins and ends in the log.
 *
 * XHCI, EHCI and UHCI print nothing in their callbacks, so the first line that proves ExitBootServices (the marker) may stand
 * behind what they did. The window therefore begins earlier: at the first removal of something that had been standing, in the
 * stretch of mere teardown that leads up to the marker. What was made in the last burst of I/O and removed again is ordinary
 * use (FatDxe flushes its volumes in its BeforeExitBootServices handler) and stays outside.
 *
 * Where the tracer speaks, nothing is inferred: it tells where ExitBootServices() is entered and what it returns.
 */
export interface ExitWindow {
  /** A driver removed something. Before the marker it is held back until it is known to which side it belongs. */
  removed(removal: Removal): void;
  /** A driver freed memory that the log does not know: between marker and hand-off the call alone breaks the rules. */
  freedUnknown(host: Address | null, pages: Address | null, lineIndex: number): void;
  /** A driver made something: boot services are in normal use, or a callback breaks the rules. */
  made(kind: 'mapped' | 'allocated', mapping: Mapping | null, buffer: Buffer | null, lineIndex: number): void;
  /** A line that only boot services in normal use print. */
  bootServicesUsed(lineIndex: number, imageLoaded: boolean): void;
  /** A line that proves ExitBootServices. `identity` tells one such line from another of the same attempt. */
  proved(lineIndex: number, identity: string): ExitBootServices;
  /** The IOMMU driver's cleanup begins. */
  cleanupStarted(lineIndex: number, name: string): void;
  /** The IOMMU stopped translating. */
  translationSwitchedOff(lineIndex: number): void;
  /** The cleanup removed a mapping. */
  cleanedUp(lineIndex: number): void;
  /** DxeCore sets the attributes of an image section. */
  imageAttributesSet(lineIndex: number, attributes: Address): void;
  /** A line that can only come from behind hand-off. */
  handedOff(lineIndex: number, evidence: string): void;
  /** The tracer speaks in this boot: from here on only it tells where ExitBootServices is. */
  tell(): void;
  /** ExitBootServices() is entered. */
  entered(lineIndex: number): void;
  /** It has returned; `failure` is its error status, or `null`. */
  left(lineIndex: number, failure: string | null): void;
  /** Whether a BeforeExitBootServices callback runs, which may use boot services. */
  setOrdinary(ordinary: boolean): void;
  /** Resolves all that is held back. Call once, at the end of the trace. */
  finish(): void;
  /** Whether the trace stands between the marker and hand-off. */
  readonly open: boolean;
  /** Whether the tracer tells where ExitBootServices is. */
  readonly told: boolean;
  /** Whether hand-off is certainly behind: what still needs boot services belongs to another boot. */
  readonly over: boolean;
  readonly exitBootServices: ExitBootServices | null;
  readonly handoff: Handoff | null;
  readonly actions: readonly ExitAction[];
  /** Whether the cleanup of the IOMMU driver ran. */
  readonly cleanupRan: boolean;
}

export interface Removal {
  readonly kind: 'unmapped' | 'freed';
  readonly mapping: Mapping | null;
  readonly buffer: Buffer | null;
  /** First line of the removal: the revoking SetAttribute if there is one. */
  readonly firstLineIndex: number;
  readonly lineIndex: number;
}

/** In mid-boot, loading or unloading one image sets up to three sections at once; at ExitBootServices all runtime images follow each other. */
const SHORTEST_PROTECTION_BURST = 4;
/** Removals of which the tracer's own lines, which still add to them, follow within a few. */
const MOST_UNSETTLED = 64;
/** Lines that other writers may put between two lines of the burst. */
const LONGEST_BURST_GAP = 4;

/** EFI_MEMORY_RP, EFI_MEMORY_XP and EFI_MEMORY_RO (UEFI 2.10, 7.2 GetMemoryMap); without any of them an image is unprotected. */
const PROTECTION_BITS = 0x2000 | 0x4000 | 0x20000;

/** Consecutive lines that lift image protection. */
interface Burst {
  readonly firstLineIndex: number;
  readonly lastLineIndex: number;
  readonly lines: number;
}

const NO_BURST: Burst = { firstLineIndex: -1, lastLineIndex: -1, lines: 0 };

/** `secondsAt` tells the time of a line that was looked at lately, or `null`. */
export function createExitWindow(
  settle: (removal: Removal, phase: 'boot' | 'exit-callback') => void,
  secondsAt: (lineIndex: number) => number | null,
): ExitWindow {
  let exit: ExitBootServices | null = null;
  let handoff: Handoff | null = null;
  let open = false;
  let held: Removal[] = [];
  const actions: ExitAction[] = [];
  const seenInAttempt = new Set<string>();
  /** Highest order of making among what was removed before the held stretch began. */
  let lastRemovedOrder = -1;
  /** Last line of other use of boot services, and last of those where an image was loaded. */
  let quietLineIndex = -1;
  let imageLineIndex = -1;
  let lastProofLineIndex = -1;
  let burst: Burst = NO_BURST;
  let told = false;
  let ordinary = false;
  const unsettled: { readonly removal: Removal; readonly phase: 'boot' | 'exit-callback' }[] = [];
  /** What would prove hand-off if the tracer's own word were lost. */
  let proof: Handoff | null = null;

  function settleHeldAsBoot(): void {
    for (const removal of held) {
      lastRemovedOrder = Math.max(lastRemovedOrder, madeOrder(removal));
      settle(removal, 'boot');
    }
    held = [];
  }

  function isStanding(removal: Removal): boolean {
    if (madeOrder(removal) < lastRemovedOrder) return true;
    // A transfer may straddle an opened file or a protocol, but not the loading of an image, which waits for transfers itself.
    const isTransfer = removal.mapping !== null && isReadOrWrite(removal.mapping);
    return madeLineIndex(removal) < (isTransfer ? imageLineIndex : quietLineIndex);
  }

  /** Opens the window at the marker and takes in what was held back since the first standing removal. */
  function begin(markerLineIndex: number): ExitBootServices {
    const first = held.findIndex(isStanding);
    const before = first < 0 ? held : held.slice(0, first);
    const inside = first < 0 ? [] : held.slice(first);
    for (const removal of before) settle(removal, 'boot');
    for (const removal of inside) {
      settle(removal, 'exit-callback');
      actions.push({
        kind: removal.kind,
        mapping: removal.mapping,
        buffer: removal.buffer,
        lineIndex: removal.lineIndex,
        inferred: true,
      });
    }
    held = [];
    open = true;
    return {
      firstLineIndex: inside[0]?.firstLineIndex ?? markerLineIndex,
      markerLineIndex,
      markerSeconds: secondsAt(markerLineIndex),
      attempts: 1,
      retryLineIndices: [],
      failures: [],
      callbacks: [],
      cleanup: null,
      translationOffLineIndex: null,
    };
  }

  function removedAsTold(removal: Removal): void {
    const inside = open && !ordinary;
    unsettled.push({ removal, phase: inside ? 'exit-callback' : 'boot' });
    if (unsettled.length > MOST_UNSETTLED) for (const each of unsettled.splice(0, 1)) settle(each.removal, each.phase);
    if (inside) act(removal);
  }

  function act({ kind, mapping, buffer, lineIndex }: Removal): void {
    actions.push({ kind, mapping, buffer, lineIndex, inferred: false });
  }

  function proved(lineIndex: number, identity: string): ExitBootServices {
    lastProofLineIndex = lineIndex;
    if (told) return (exit ??= begin(lineIndex));
    if (!exit) {
      exit = begin(lineIndex);
    } else if (!open || seenInAttempt.has(identity)) {
      exit.attempts++;
      exit.retryLineIndices.push(lineIndex);
      seenInAttempt.clear();
      if (!open) begin(lineIndex);
    }
    seenInAttempt.add(identity);
    return exit;
  }

  function bootServicesUsed(): void {
    if (told) return;
    if (held.length > 0) settleHeldAsBoot();
    if (burst.lines > 0) burst = NO_BURST;
    if (open) {
      // Boot services work again: the attempt failed.
      open = false;
      seenInAttempt.clear();
    }
  }

  return {
    removed(removal) {
      if (told) {
        removedAsTold(removal);
      } else if (open) {
        settle(removal, 'exit-callback');
        act(removal);
      } else {
        held.push(removal);
      }
    },
    freedUnknown(host, pages, lineIndex) {
      if (open && !ordinary)
        actions.push({
          kind: 'freed',
          mapping: null,
          buffer: { id: null, host, pages, allocatedLineIndex: null },
          lineIndex,
          inferred: false,
        });
    },
    made(kind, mapping, buffer, lineIndex) {
      if (!open) bootServicesUsed();
      else if (!ordinary) actions.push({ kind, mapping, buffer, lineIndex, inferred: false });
    },
    bootServicesUsed(lineIndex, imageLoaded) {
      quietLineIndex = lineIndex;
      if (imageLoaded) imageLineIndex = lineIndex;
      bootServicesUsed();
    },
    proved,
    cleanupStarted(lineIndex, name) {
      const current = proved(lineIndex, 'cleanup');
      current.cleanup ??= { name, lineIndex, unmapped: 0 };
    },
    translationSwitchedOff(lineIndex) {
      if (!open || !exit) return;
      lastProofLineIndex = lineIndex;
      exit.translationOffLineIndex ??= lineIndex;
    },
    cleanedUp(lineIndex) {
      lastProofLineIndex = lineIndex;
      // The line that announces the cleanup may be lost; its unmaps are unmistakable.
      const current = exit ?? proved(lineIndex, 'cleanup');
      current.cleanup ??= { name: 'MemoryMapLocked=1', lineIndex, unmapped: 0 };
      current.cleanup.unmapped++;
    },
    imageAttributesSet(lineIndex, attributes) {
      if (told || (Number(attributes) & PROTECTION_BITS) !== 0) return;
      if (burst.lines > 0 && lineIndex - burst.lastLineIndex <= LONGEST_BURST_GAP) {
        burst = { firstLineIndex: burst.firstLineIndex, lastLineIndex: lineIndex, lines: burst.lines + 1 };
      } else {
        burst = { firstLineIndex: lineIndex, lastLineIndex: lineIndex, lines: 1 };
      }
    },
    handedOff(lineIndex, evidence) {
      if (handoff) return;
      if (told) {
        // Whoever prints such a line, the tracer knows better; it is the last word only where the log ends without the tracer's.
        if (open) proof ??= { lineIndex, seconds: secondsAt(lineIndex), evidence };
        return;
      }
      if (burst.lines > 0 && (open || burst.lines >= SHORTEST_PROTECTION_BURST)) {
        exit ??= begin(burst.firstLineIndex);
        handoff = protectionHandoff();
      } else {
        exit ??= begin(lineIndex);
        handoff = { lineIndex, seconds: secondsAt(lineIndex), evidence };
      }
      open = false;
    },
    tell() {
      if (told) return;
      told = true;
      // A driver is loaded: this is not inside ExitBootServices.
      settleHeldAsBoot();
      burst = NO_BURST;
      open = false;
    },
    entered(lineIndex) {
      if (handoff) return;
      if (exit) {
        exit.attempts++;
        exit.retryLineIndices.push(lineIndex);
        open = true;
      } else {
        exit = begin(lineIndex);
      }
      ordinary = false;
      proof = null;
    },
    left(lineIndex, failure) {
      if (handoff) return;
      exit ??= begin(lineIndex);
      open = false;
      ordinary = false;
      if (failure === null)
        handoff = {
          lineIndex,
          seconds: secondsAt(lineIndex),
          evidence: 'the tracer saw ExitBootServices() succeed',
        };
      else exit.failures.push({ lineIndex, status: failure });
    },
    setOrdinary(value) {
      ordinary = value;
    },
    finish() {
      handoff ??= proof;
      if (!handoff && burst.lines > 0 && (open || burst.lines >= SHORTEST_PROTECTION_BURST)) {
        exit ??= begin(burst.firstLineIndex);
        handoff = protectionHandoff();
      }
      open = false;
      settleHeldAsBoot();
      for (const { removal, phase } of unsettled.splice(0)) settle(removal, phase);
    },
    get told() {
      return told;
    },
    get open() {
      return open;
    },
    get over() {
      return handoff !== null || (open && burst.lines >= SHORTEST_PROTECTION_BURST);
    },
    get exitBootServices() {
      return exit;
    },
    get handoff() {
      return handoff;
    },
    get actions() {
      return actions;
    },
    get cleanupRan() {
      return exit !== null && exit.cleanup !== null;
    },
  };

  function protectionHandoff(): Handoff {
    const lineIndex = Math.max(burst.firstLineIndex, lastProofLineIndex);
    return {
      lineIndex,
      seconds: secondsAt(lineIndex),
      evidence: 'DxeCore lifted the protection of the runtime images, which it does after the last callback',
    };
  }
}

function madeOrder({ mapping, buffer }: Removal): number {
  return mapping?.order ?? buffer?.order ?? -1;
}

function madeLineIndex({ mapping, buffer }: Removal): number {
  if (mapping) return mapping.calledLineIndex ?? mapping.mappedLineIndex;
  return buffer ? (buffer.calledLineIndex ?? buffer.allocatedLineIndex) : -1;
}
