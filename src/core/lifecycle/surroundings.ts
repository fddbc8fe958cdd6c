import type { DmaEvent } from '../model/events.ts';
import type { BuildSigns, ExitBootServices, Platform, Trace, Translation } from '../model/trace.ts';

/** What the events tell about the boot besides its DMA: platform, build, and whether and where the firmware stopped. */
export interface Surroundings {
  note(event: DmaEvent, lineIndex: number, dialectId: string): void;
  /** A DMA call. */
  noteDma(lineIndex: number, dialectId: string): void;
  /** How the platform treats DMA, if nothing told better so far. */
  suppose(platform: Platform, lineIndex: number, text: string): void;
  /** Whether the boot has got past its first lines: a start that follows is another boot's. */
  readonly busy: boolean;
  readonly lastDmaLineIndex: number | null;
  /** VT-d denies or permits as its translation is left on or off, so that is only known at the end. */
  summary(
    translation: Translation | null,
    exit: ExitBootServices | null,
    startSeen: boolean,
  ): Pick<Trace, 'platform' | 'platformEvidence' | 'halted' | 'lastDmaLineIndex' | 'build'>;
}

/** How VT-d was left, in words; the dialect whose calls alone do not tell. */
const VTD = 'intel-vtd';
/** The dialect whose calls tell nothing about an IOMMU. */
const TRACER = 'dma-trace';

export function createSurroundings(): Surroundings {
  let platform: Platform = 'unknown';
  let platformEvidence: Trace['platformEvidence'] = null;
  let halted: Trace['halted'] = null;
  let lastDmaLineIndex: number | null = null;
  let vtdLineIndex: number | null = null;
  let busy = false;
  const build: { -readonly [Key in keyof BuildSigns]: BuildSigns[Key] } = {
    firmwareLines: 0,
    verboseLines: 0,
    vtdDriverSeen: false,
    machineLines: 0,
    iommuProtocolInstalled: false,
    unreadProducer: null,
  };

  function decide(value: Platform, lineIndex: number, text: string): void {
    if (platform !== 'unknown') return;
    platform = value;
    platformEvidence = { lineIndex, text };
  }

  return {
    note(event, lineIndex, dialectId) {
      switch (event.kind) {
        case 'boot-started':
          build.firmwareLines++;
          return;
        case 'verbose-line':
          build.verboseLines++;
          build.firmwareLines++;
          return;
        case 'device-command':
        case 'controller-state':
        case 'dma-access':
          build.machineLines++;
          return;
        case 'boot-activity':
          if (event.what === 'loader-message') return;
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
        case 'translation-set':
          if (dialectId === VTD) {
            build.vtdDriverSeen = true;
            build.firmwareLines++;
          } else {
            build.machineLines++;
          }
          return;
        case 'unread-producer':
          build.unreadProducer = event.name;
          build.firmwareLines++;
          return;
        case 'firmware-halted':
          halted = { lineIndex, reason: event.reason };
          return;
        case 'tracer-record':
          busy = true;
          build.firmwareLines++;
          return;
        case 'exit-callback':
        case 'cleanup-started':
          build.vtdDriverSeen ||= dialectId === VTD;
          busy = true;
          build.firmwareLines++;
          return;
        case 'handoff-proof':
          busy = true;
          return;
        default:
      }
    },
    noteDma(lineIndex, dialectId) {
      busy = true;
      lastDmaLineIndex = lineIndex;
      if (dialectId === VTD) vtdLineIndex ??= lineIndex;
      else if (platform === 'unknown' && dialectId !== TRACER)
        decide('deny', lineIndex, 'first call of an IOMMU driver that denies what is not mapped');
    },
    suppose(value, lineIndex, text) {
      decide(value, lineIndex, text);
    },
    get busy() {
      return busy;
    },
    get lastDmaLineIndex() {
      return lastDmaLineIndex;
    },
    summary(translation, exit, startSeen) {
      if (vtdLineIndex !== null && exit) {
        if (translation?.on)
          decide(
            'deny',
            exit.markerLineIndex,
            'DMA translation was on and nothing switched it off at ExitBootServices',
          );
        else if (translation)
          decide(
            'permit',
            translation.disabledLineIndex ?? vtdLineIndex,
            'DMA translation was switched off: devices reach all of memory',
          );
        else if (startSeen)
          decide('permit', vtdLineIndex, 'DMA translation was never switched on: devices reach all of memory');
      }
      return { platform, platformEvidence, halted, lastDmaLineIndex, build };
    },
  };
}
