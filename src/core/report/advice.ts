import type { ReportCompanion } from '../model/report.ts';
import type { Trace } from '../model/trace.ts';

/**
 * What to tell a user whose log holds no DMA call. Ordinary OVMF prints none: the calls are DEBUG_VERBOSE lines of an IOMMU
 * driver that installs itself only under SEV or TDX. Empty when there is nothing to say.
 */
export function adviseOnInput(traces: readonly Trace[]): string[] {
  if (traces.some((trace) => trace.counts.calls > 0)) return [];
  if (traces.some((trace) => trace.tracer !== null)) return [TRACER_SAW_NOTHING];
  const sum = (pick: (trace: Trace) => number): number => traces.reduce((total, trace) => total + pick(trace), 0);
  if (sum((trace) => trace.build.firmwareLines) === 0)
    return [sum((trace) => trace.build.machineLines) > 0 ? ONLY_COMPANION : NOT_FIRMWARE];
  const unread = traces.find((trace) => trace.build.unreadProducer !== null)?.build.unreadProducer;
  if (unread)
    return [`The DMA lines in this log are those of ${unread}, which this version recognises but does not read yet.`];
  if (traces.some((trace) => trace.build.iommuProtocolInstalled)) return [VERBOSE_MISSING];
  if (traces.some((trace) => trace.build.vtdDriverSeen)) return [VTD_VERBOSE_MISSING];
  if (sum((trace) => trace.build.verboseLines) === 0) return [VERBOSE_PROBABLY_MISSING];
  return [NO_IOMMU];
}

/** How the lines of companions were put between those of the log. */
export function adviseOnCompanions(companions: readonly ReportCompanion[]): string[] {
  return companions.map(({ name, events, order, shared }) => {
    if (events === 0) return `${name} tells nothing about devices or faults: no line of it is known.`;
    if (order === 'time') return `${name} (${events} lines that tell something) was put in by time.`;
    if (order === 'none')
      return `${name} tells nothing that the log tells, too, and the log does not reach ExitBootServices: it could not be put in.`;
    const told = `${name} (${events} lines that tell something)`;
    if (shared === 0)
      return `${told} was put in where ExitBootServices begins: when in this boot each of its lines was written is not known, and single accesses are left out.`;
    const by = shared === 1 ? '1 event' : `${shared} events`;
    return `${told} was put in by the order of ${by} that both tell, and by ExitBootServices: what lies between is placed no later than the next of these, and single accesses are left out.`;
  });
}

/** docs/capture.md becomes a link where the report is shown in an editor. */
const CAPTURE =
  'dma-handoff capture traces firmware as it is, without a build of one’s own: docs/capture.md tells how.';

const VERBOSE_BUILD = '--pcd gEfiMdePkgTokenSpaceGuid.PcdDebugPrintErrorLevel=0x8040004F';

const NOT_FIRMWARE = `This is not a debug log of edk2 firmware, or none of a DEBUG build: no line of it is known. ${CAPTURE}`;

const ONLY_COMPANION =
  'These are lines of the machine or of an operating system, and none of the firmware. Give them along with the firmware’s log: dma-handoff check debug.log --with this file.';

const VERBOSE_MISSING = `IoMmuDxe installed its IOMMU protocol, but its calls are printed at DEBUG_VERBOSE, which this firmware was built without. Build it with ${VERBOSE_BUILD}.`;

const VTD_VERBOSE_MISSING = `A VT-d driver is at work, but its calls are printed at DEBUG_VERBOSE, which this firmware was built without. Build it with ${VERBOSE_BUILD}.`;

const VERBOSE_PROBABLY_MISSING = `The firmware was built without DEBUG_VERBOSE, at which IoMmuDxe prints its calls, so nothing can be said about DMA. Build it with ${VERBOSE_BUILD}; calls appear only where an IOMMU protocol is installed (SEV, TDX). Or leave it as it is: ${CAPTURE}`;

const TRACER_SAW_NOTHING =
  'The tracer saw no Map() at all: the drivers of this boot do DMA without it, as those of legacy virtio devices and fw_cfg do, and no tracer can see that.';

const NO_IOMMU = `DEBUG_VERBOSE is built in, but no IOMMU protocol is installed, so no Map() or Unmap() is printed: OvmfPkg/IoMmuDxe installs it only under SEV and TDX. ${CAPTURE}`;
