import type { DmaEvent } from '../model/events.ts';
import type { BuildSigns, Platform, Trace } from '../model/trace.ts';

/** What the events tell about the boot besides its DMA: platform, build, and whether and where the firmware stopped. */
export interface Surroundings {
  note(event: DmaEvent, lineIndex: number): void;
  /** A DMA call. */
  noteDma(lineIndex: number): void;
  /** Whether the boot has got past its first lines: a start that follows is another boot's. */
  readonly busy: boolean;
  readonly summary: Pick<Trace, 'platform' | 'platformEvidence' | 'halted' | 'lastDmaLineIndex' | 'build'>;
}

export function createSurroundings(): Surroundings {
  let platform: Platform = 'unknown';
  let platformEvidence: Trace['platformEvidence'] = null;
  let halted: Trace['halted'] = null;
  let lastDmaLineIndex: number | null = null;
  let busy = false;
  const build: { -readonly [Key in keyof BuildSigns]: BuildSigns[Key] } = {
    firmwareLines: 0,
    verboseLines: 0,
    iommuDriverLoaded: false,
    iommuProtocolInstalled: false,
    unreadProducer: null,
  };

  function decide(value: Platform, lineIndex: number, text: string): void {
    if (platform !== 'unknown') return;
    platform = value;
    platformEvidence = { lineIndex, text };
  }

  return {
    note(event, lineIndex) {
      switch (event.kind) {
        case 'boot-started':
          build.firmwareLines++;
          return;
        case 'verbose-line':
          build.verboseLines++;
          build.firmwareLines++;
          return;
        case 'boot-activity':
          if (event.name?.startsWith('IoMmuDxe')) build.iommuDriverLoaded = true;
          busy = true;
          build.firmwareLines++;
          return;
        case 'image-attributes':
        case 'owner-hint':
          build.firmwareLines++;
          return;
        case 'platform-hint':
          build.iommuProtocolInstalled = true;
          build.firmwareLines++;
          decide(event.platform, lineIndex, 'IoMmuDxe installed its IOMMU protocol, which it does under SEV and TDX');
          return;
        case 'unread-producer':
          build.unreadProducer = event.name;
          build.firmwareLines++;
          return;
        case 'firmware-halted':
          halted = { lineIndex, reason: event.reason };
          return;
        case 'exit-callback':
        case 'cleanup-started':
          busy = true;
          build.firmwareLines++;
          return;
        case 'handoff-proof':
          busy = true;
          return;
        default:
      }
    },
    noteDma(lineIndex) {
      busy = true;
      lastDmaLineIndex = lineIndex;
      // Every dialect of DMA calls so far is of an IOMMU driver that denies what is not mapped.
      if (platform === 'unknown')
        decide('deny', lineIndex, 'first call of an IOMMU driver that denies what is not mapped');
    },
    get busy() {
      return busy;
    },
    get summary() {
      return { platform, platformEvidence, halted, lastDmaLineIndex, build };
    },
  };
}
