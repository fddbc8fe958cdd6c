import type { ReportBuffer, ReportMapping, ReportTrace } from '../../../src/core/model/report.ts';

/** Parts of reports with what a test does not care about filled in. */

export function mapping(id: number, values: Partial<ReportMapping> = {}): ReportMapping {
  return {
    id,
    handle: '0x1e3edb98',
    generation: 1,
    operation: 'CommonBuffer',
    host: '0x1e6bc000',
    device: '0x1e6bc000',
    bytes: 65536,
    buffer: null,
    owner: null,
    pci: null,
    calledLine: null,
    mappedLine: 1,
    mappedTime: null,
    unmappedLine: null,
    unmappedTime: null,
    unmappedBy: null,
    liveAtHandoff: false,
    otherLines: [],
    ...values,
  };
}

export function buffer(id: number, values: Partial<ReportBuffer> = {}): ReportBuffer {
  return {
    id,
    host: '0x1e6bc000',
    pages: 16,
    memoryType: 4,
    calledLine: null,
    allocatedLine: 1,
    freedLine: null,
    freedIn: null,
    freeInferred: false,
    ...values,
  };
}

export function trace(values: Partial<ReportTrace> = {}): ReportTrace {
  return {
    firstLine: 1,
    lastLine: 100,
    dialects: ['edk2-cc-iommu'],
    platform: 'deny',
    platformEvidence: null,
    exitBootServices: null,
    handoff: null,
    devices: [],
    translation: null,
    tracer: null,
    buffers: [],
    mappings: [],
    failedMaps: [],
    findings: [],
    summary: {
      calls: 0,
      maps: 0,
      unmaps: 0,
      allocations: 0,
      frees: 0,
      liveAtHandoff: 0,
      peakLive: 0,
      peakLiveBytes: 0,
      errors: 0,
      warnings: 0,
      information: 0,
    },
    ...values,
  };
}
