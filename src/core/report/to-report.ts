import type { Address } from '../model/address.ts';
import { formatAddress } from '../model/address.ts';
import type { ReportBuffer, ReportExitBootServices, ReportFailedMap, ReportMapping } from '../model/report.ts';
import type { Buffer, ExitBootServices, FailedMap, Mapping } from '../model/trace.ts';

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
    owner: mapping.owner && {
      name: mapping.owner.name,
      device: mapping.owner.device,
      evidence: mapping.owner.evidence,
      evidenceLine: mapping.owner.evidenceLineIndex + 1,
      certain: mapping.owner.certain,
    },
    calledLine: toLine(mapping.calledLineIndex),
    mappedLine: mapping.mappedLineIndex + 1,
    unmappedLine: toLine(mapping.unmappedLineIndex),
    unmappedBy: mapping.unmappedBy,
    liveAtHandoff: mapping.liveAtHandoff,
    otherLines: mapping.otherLineIndices.map((lineIndex) => lineIndex + 1),
  };
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
  };
}

export function toReportFailedMap(failed: FailedMap): ReportFailedMap {
  return {
    operation: failed.operation,
    host: formatAddress(failed.host),
    bytes: Number(failed.bytes),
    calledLine: failed.calledLineIndex + 1,
  };
}

export function toReportExit(exit: ExitBootServices): ReportExitBootServices {
  return {
    firstLine: exit.firstLineIndex + 1,
    markerLine: exit.markerLineIndex + 1,
    attempts: exit.attempts,
    callbacks: exit.callbacks.map(({ name, context, lineIndex }) => ({
      name,
      context: context === null ? null : formatAddress(context),
      line: lineIndex + 1,
    })),
    cleanup: exit.cleanup && { line: exit.cleanup.lineIndex + 1, unmapped: exit.cleanup.unmapped },
  };
}

/** A count as a JSON number: beyond 2^53, which no real machine reaches, the nearest one. */
export function toCount(value: Address | null): number | null {
  return value === null ? null : Number(value);
}

function toLine(lineIndex: number | null): number | null {
  return lineIndex === null ? null : lineIndex + 1;
}
