import type { Address } from '../model/address.ts';
import { formatAddress } from '../model/address.ts';
import { isRunning } from '../lifecycle/device-book.ts';
import type {
  ReportBuffer,
  ReportDevice,
  ReportExitBootServices,
  ReportFailedMap,
  ReportMapping,
  ReportOwner,
  ReportTracer,
  ReportTranslation,
} from '../model/report.ts';
import type {
  Buffer,
  Device,
  ExitBootServices,
  FailedMap,
  Mapping,
  TracerSummary,
  Translation,
} from '../model/trace.ts';

/** The lifecycle's records in the report's form: 1-based lines, hexadecimal strings. */

export function toReportMapping(mapping: Mapping): ReportMapping {
  return {
    id: mapping.id,
    handle: mapping.handle === null ? null : formatAddress(mapping.handle),
    generation: mapping.generation,
    operation: mapping.operation,
    host: formatAddress(mapping.host),
    device: formatAddress(mapping.device),
    bytes: toCount(mapping.bytes),
    buffer: mapping.buffer?.id ?? null,
    owner: toReportOwner(mapping),
    pci: mapping.pci && {
      address: mapping.pci.address,
      evidence: mapping.pci.evidence,
      evidenceLine: mapping.pci.evidenceLineIndex + 1,
      certain: mapping.pci.certain,
    },
    calledLine: toLine(mapping.calledLineIndex),
    mappedLine: mapping.mappedLineIndex + 1,
    mappedTime: mapping.mappedSeconds,
    unmappedLine: toLine(mapping.unmappedLineIndex),
    unmappedTime: mapping.unmappedSeconds,
    unmappedBy: mapping.unmappedBy,
    liveAtHandoff: mapping.liveAtHandoff,
    otherLines: mapping.otherLineIndices.map((lineIndex) => lineIndex + 1),
  };
}

/** The driver where the log tells it; else the device alone. */
function toReportOwner({ owner, pci }: Mapping): ReportOwner | null {
  const known = owner ?? pci;
  return (
    known && {
      name: owner?.name ?? null,
      device: pci?.address ?? null,
      evidence: known.evidence,
      evidenceLine: known.evidenceLineIndex + 1,
      certain: known.certain,
    }
  );
}

export function toReportBuffer(buffer: Buffer): ReportBuffer {
  return {
    id: buffer.id,
    host: formatAddress(buffer.host),
    pages: toCount(buffer.pages),
    memoryType: buffer.memoryType,
    calledLine: toLine(buffer.calledLineIndex),
    allocatedLine: buffer.allocatedLineIndex + 1,
    freedLine: toLine(buffer.freedLineIndex),
    freedIn: buffer.freedIn,
    freeInferred: buffer.freeInferred,
  };
}

export function toReportFailedMap(failed: FailedMap): ReportFailedMap {
  return {
    operation: failed.operation,
    host: formatAddress(failed.host),
    bytes: Number(failed.bytes),
    calledLine: failed.calledLineIndex + 1,
    status: failed.status?.text ?? null,
  };
}

export function toReportExit(exit: ExitBootServices): ReportExitBootServices {
  return {
    firstLine: exit.firstLineIndex + 1,
    markerLine: exit.markerLineIndex + 1,
    markerTime: exit.markerSeconds,
    attempts: exit.attempts,
    callbacks: exit.callbacks.map(({ name, context, lineIndex, endLineIndex, group }) => ({
      name,
      context: context === null ? null : formatAddress(context),
      line: lineIndex + 1,
      endLine: toLine(endLineIndex),
      group,
    })),
    cleanup: exit.cleanup && { line: exit.cleanup.lineIndex + 1, unmapped: exit.cleanup.unmapped },
    translationOffLine: toLine(exit.translationOffLineIndex),
  };
}

export function toReportDevice(device: Device): ReportDevice {
  return {
    address: device.pci,
    name: device.name,
    busMaster: device.busMaster,
    busMasterLine: toLine(device.busMasterLineIndex),
    running: isRunning(device),
    controllers: device.controllers.map(({ controller, running, how, lineIndex }) => ({
      controller,
      running,
      how,
      line: lineIndex + 1,
    })),
  };
}

export function toReportTranslation(translation: Translation): ReportTranslation {
  return {
    on: translation.on,
    enabledLine: toLine(translation.enabledLineIndex),
    disabledLine: toLine(translation.disabledLineIndex),
  };
}

export function toReportTracer(tracer: TracerSummary): ReportTracer {
  return {
    line: tracer.firstLineIndex + 1,
    format: tracer.format,
    checked: tracer.checked,
    missingRecords: tracer.missing,
    lost: tracer.full?.lost ?? 0,
    disagreements: tracer.disagreementCount,
    boundBefore: tracer.boundBefore.map(({ pci, driver, lineIndex, restarted }) => ({
      device: pci,
      driver,
      line: lineIndex + 1,
      restarted,
    })),
  };
}

/** A count as a JSON number: beyond 2^53, which no real machine reaches, the nearest one. */
export function toCount(value: Address | null): number | null {
  return value === null ? null : Number(value);
}

function toLine(lineIndex: number | null): number | null {
  return lineIndex === null ? null : lineIndex + 1;
}
