import { describe, expect, test } from 'vitest';
import type { ReportBuffer, ReportMapping, ReportSink, ReportTrace } from '../../src/core/index.ts';
import { createAnalysis, createStreamingAnalysis, RULES } from '../../src/core/index.ts';
import { analyse, analyseBoot } from './support/analyse.ts';
import {
  BOOT_START,
  CLEANUP,
  DRIVER_LOADED,
  FILE_OPENED,
  IOMMU_EXIT_BOOT,
  LINUX_DUMMY,
  map,
  mapCalled,
  PROTECTION_LIFTED,
  PROTOCOL_INSTALLED,
  ring,
  swept,
  toText,
  transfer,
  unmap,
} from './support/firmware.ts';
import { LOG_NAMES, readLog, reportOfLog } from './support/logs.ts';

const BOOT = toText(
  BOOT_START,
  DRIVER_LOADED,
  map(ring(0)),
  FILE_OPENED,
  IOMMU_EXIT_BOOT,
  CLEANUP,
  swept(ring(0)),
  PROTECTION_LIFTED,
  LINUX_DUMMY,
);
const KILLED = toText(BOOT_START, DRIVER_LOADED, map(ring(0)), map(transfer(1)));

interface Streamed {
  readonly traces: Parameters<ReportSink['trace']>[0][];
  readonly mappings: ReportMapping[][];
  readonly buffers: ReportBuffer[][];
  readonly end: object;
}

function stream(text: string, wanted: ReportSink['wanted'], chunkSize = text.length): Streamed {
  const streamed: Omit<Streamed, 'end'> = { traces: [], mappings: [[]], buffers: [[]] };
  const analysis = createStreamingAnalysis(
    { sourceName: 'debug.log', version: '0.0.0' },
    {
      wanted,
      mapping: (mapping) => streamed.mappings.at(-1)!.push(mapping),
      ...(wanted === 'all' ? { buffer: (buffer: ReportBuffer) => void streamed.buffers.at(-1)!.push(buffer) } : {}),
      trace(trace) {
        streamed.traces.push(trace);
        streamed.mappings.push([]);
        streamed.buffers.push([]);
      },
    },
  );
  for (let start = 0; start < text.length; start += chunkSize) analysis.push(text.slice(start, start + chunkSize));
  return { ...streamed, end: analysis.finish() };
}

/** Without what `wanted: 'live-at-handoff'` does not ask for. */
function withoutDetails({ mappings: _, buffers: __, ...trace }: ReportTrace): object {
  return trace;
}

describe('an analysis', () => {
  test('of nothing is a report of nothing', () => {
    const report = analyse('');
    expect(report).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'dma-handoff', version: '0.0.0' },
      source: { name: 'debug.log', bytes: 0, lines: 0 },
      input: { truncated: false, splicedLines: 0, malformedLines: 0 },
    });
    expect(report.traces.flatMap(({ mappings, findings }) => [...mappings, ...findings])).toEqual([]);
  });

  test('counts the lines while it goes on', () => {
    const analysis = createAnalysis({ sourceName: 'debug.log', version: '0.0.0' });
    analysis.push('one\r\ntwo');
    expect(analysis.lineCount).toBe(1);
    analysis.push('\r\nthree');
    expect(analysis.lineCount).toBe(2);
    expect(analysis.finish().source.lines).toBe(3);
  });

  test('of another log knows nothing of the one before', () => {
    const before = reportOfLog('sevlike-ahci');
    reportOfLog('buggy-no-teardown');
    expect(analyse(readLog('sevlike-ahci'))).toEqual(before);
  });

  test('of two logs at the same time mixes nothing up', () => {
    const [one, two] = [readLog('sevlike-ahci'), readLog('buggy-xhci-free-in-ebs')];
    const [first, second] = [1, 2].map(() => createAnalysis({ sourceName: 'debug.log', version: '0.0.0' }));
    for (let start = 0; start < two.length; start += 5000) {
      first!.push(one.slice(start, start + 5000));
      second!.push(two.slice(start, start + 5000));
    }
    expect(first!.finish()).toEqual(reportOfLog('sevlike-ahci'));
    expect(second!.finish()).toEqual(reportOfLog('buggy-xhci-free-in-ebs'));
  });

  test('takes the user’s severity of a rule, and leaves out what is off', () => {
    const text = KILLED + toText(unmap(ring(9)));
    const rules = (settings: Record<string, 'off' | 'error'>): string[] =>
      analyseBoot(text, { rules: settings }).findings.map(({ rule, severity }) => `${rule}: ${severity}`);
    expect(rules({})).toEqual(['trace-incomplete: information', 'unmap-unknown: warning']);
    expect(rules({ 'unmap-unknown': 'error' })).toEqual(['trace-incomplete: information', 'unmap-unknown: error']);
    expect(rules({ 'unmap-unknown': 'off', 'trace-incomplete': 'off' })).toEqual([]);
  });

  test('with every rule off finds nothing, and the rest of the report is the same', () => {
    const off = Object.fromEntries(RULES.map(({ id }) => [id, 'off' as const]));
    const [on, silent] = [{}, { rules: off }].map((options) => analyseBoot(readLog('buggy-no-teardown'), options));
    expect(silent!.findings).toEqual([]);
    expect(silent!.mappings).toEqual(on!.mappings);
  });

  test('sums its findings up', () => {
    for (const name of LOG_NAMES)
      for (const { findings, summary, mappings } of reportOfLog(name).traces) {
        const count = (severity: string): number => findings.filter((finding) => finding.severity === severity).length;
        expect(summary).toMatchObject({
          errors: count('error'),
          warnings: count('warning'),
          information: count('information'),
        });
        expect(summary.maps).toBe(mappings.length);
        expect(summary.liveAtHandoff).toBe(mappings.filter(({ liveAtHandoff }) => liveAtHandoff).length);
      }
  });
});

describe('a streaming analysis', () => {
  test.each(LOG_NAMES)('of %s hands over the parts of the whole report', (name) => {
    const text = readLog(name);
    const { traces, source, input } = reportOfLog(name);
    const streamed = stream(text, 'all', 4099);
    expect(streamed.end).toEqual({ source, input });
    expect(streamed.traces).toEqual(traces.map(withoutDetails));
    const byId = (a: { id: number }, b: { id: number }): number => a.id - b.id;
    expect(streamed.mappings.slice(0, -1).map((mappings) => mappings.sort(byId))).toEqual(
      traces.map(({ mappings }) => mappings),
    );
    expect(streamed.buffers.slice(0, -1).map((buffers) => buffers.sort(byId))).toEqual(
      traces.map(({ buffers }) => buffers),
    );
  });

  test.each(LOG_NAMES)('of %s says the same if only what crosses hand-off is wanted', (name) => {
    const text = readLog(name);
    const { traces, source, input } = reportOfLog(name);
    const streamed = stream(text, 'live-at-handoff');
    expect(streamed.end).toEqual({ source, input });
    expect(streamed.traces).toEqual(traces.map(withoutDetails));
    const essence = ({ otherLines: _, ...mapping }: ReportMapping): object => mapping;
    expect(streamed.mappings.slice(0, -1).map((mappings) => mappings.map(essence))).toEqual(
      traces.map(({ mappings }) => mappings.filter(({ liveAtHandoff }) => liveAtHandoff).map(essence)),
    );
  });

  test('hands a mapping over as soon as nothing about it can change', () => {
    const handles: (string | null)[] = [];
    const analysis = createStreamingAnalysis(
      { sourceName: 'debug.log', version: '0.0.0' },
      { wanted: 'all', mapping: ({ handle }) => handles.push(handle), trace: () => undefined },
    );
    analysis.push(toText(BOOT_START, map(ring(0)), map(transfer(1)), unmap(transfer(1))));
    // It may have been a callback that printed nothing.
    expect(handles).toEqual([]);
    analysis.push(toText(PROTOCOL_INSTALLED));
    expect(handles).toEqual(['0x1d3e0118']);
    analysis.finish();
    expect(handles).toEqual(['0x1d3e0118', '0x1e3e0018']);
  });
});

describe('several boots in one input', () => {
  test('are told apart where the next one starts', () => {
    const { traces } = analyse(BOOT + BOOT + KILLED);
    const lines = BOOT.split('\r\n').length - 1;
    expect(traces.map(({ firstLine, lastLine }) => [firstLine, lastLine])).toEqual([
      [1, lines],
      [lines + 1, 2 * lines],
      [2 * lines + 1, 2 * lines + KILLED.split('\r\n').length - 1],
    ]);
    expect(traces.map(({ summary }) => summary.maps)).toEqual([1, 1, 2]);
    expect(traces.map(({ mappings }) => mappings[0]!.generation)).toEqual([1, 1, 1]);
  });

  test('are told apart where the first is killed in mid-line', () => {
    const { traces } = analyse(`${KILLED}IoMmuMap: Operation=Wri${BOOT}`);
    expect(traces).toHaveLength(2);
    expect(traces[1]!).toMatchObject({ firstLine: KILLED.split('\r\n').length, summary: { maps: 1, unmaps: 1 } });
  });

  test('are told apart where the start of the second is lost, if hand-off was certain', () => {
    const { traces } = analyse(BOOT + toText(DRIVER_LOADED, map(ring(0))));
    expect(traces).toHaveLength(2);
    expect(traces[1]!.findings.map(({ rule, line }) => [rule, line === traces[1]!.firstLine])).toContainEqual([
      'trace-incomplete',
      true,
    ]);
  });

  test('carry nothing over: what the first left mapped is unknown to the second', () => {
    const { traces } = analyse(KILLED + toText(BOOT_START, DRIVER_LOADED, unmap(ring(0))));
    expect(traces.map(({ summary }) => summary.unmaps)).toEqual([0, 1]);
    expect(traces[1]!.findings.map(({ rule }) => rule)).toContain('unmap-unknown');
  });

  test('are one where firmware starts twice before it does anything: a reset in SEC', () => {
    expect(analyse(toText(BOOT_START) + BOOT).traces).toHaveLength(1);
  });
});

describe('what surrounds the calls', () => {
  test('says how the platform treats DMA, and by which line', () => {
    expect(analyseBoot(toText(BOOT_START, mapCalled(ring(0))))).toMatchObject({
      platform: 'deny',
      platformEvidence: { line: 2 },
    });
    const installed = 'InstallIoMmuProtocol: Feature of reserved memory for DMA is supported.';
    expect(analyseBoot(toText(BOOT_START, installed, map(ring(0))))).toMatchObject({
      platform: 'deny',
      platformEvidence: { line: 2 },
    });
  });

  test('takes the user’s word on the platform before the log’s', () => {
    const trace = analyseBoot(readLog('buggy-no-teardown'), { platform: 'permit' });
    expect(trace).toMatchObject({ platform: 'permit', platformEvidence: null });
    expect(trace.findings.filter(({ rule }) => rule === 'common-buffer-left-mapped')).not.toHaveLength(0);
    for (const { rule, severity } of trace.findings)
      if (rule === 'common-buffer-left-mapped') expect(severity).toBe('warning');
  });

  test('leaves the platform unknown where no IOMMU driver says anything', () => {
    expect(analyseBoot(toText(BOOT_START, DRIVER_LOADED))).toMatchObject({
      platform: 'unknown',
      platformEvidence: null,
    });
    // Printed by CpuDxe on any platform.
    const cpu = 'EfiGetMemoryAttributes: 0x1E3C5000 - 0x10000';
    expect(analyseBoot(toText(BOOT_START, DRIVER_LOADED, cpu))).toMatchObject({
      platform: 'unknown',
      platformEvidence: null,
    });
    expect(reportOfLog('stock-ahci').traces.map(({ platform }) => platform)).toEqual(['unknown']);
  });

  test('names the dialects that were read', () => {
    expect(analyseBoot(readLog('sevlike-ahci')).dialects).toEqual([
      'edk2-boot',
      'edk2-cc-iommu',
      'edk2-drivers',
      'edk2-exit-boot',
    ]);
  });

  test.each([
    ['an assertion', 'ASSERT XhciSched.c(505): Xhc->MemPool != ((void *) 0)'],
    ['a processor exception', '!!!! X64 Exception Type - 0E(#PF - Page-Fault)  CPU Apic ID - 00000000 !!!!'],
  ])('tells that the firmware stopped with %s', (reason, line) => {
    const { findings, lastLine } = analyseBoot(KILLED + toText(line));
    expect(findings.map((finding) => [finding.rule, finding.line])).toEqual([['trace-incomplete', lastLine]]);
    expect(findings[0]!.message).toContain(reason);
  });
});

describe('the advice about a log without DMA calls', () => {
  const notes = (text: string): string => analyse(text).input.notes.join('\n');
  const sev = readLog('sevlike-ahci');
  /** What a build without DEBUG_VERBOSE does not print. */
  const VERBOSE =
    /^(?:IoMmu(?!Dxe)|InternalAllocateBuffer|EfiGetMemoryAttributes|ValidateSetVariable|SetUefiImageMemoryAttributes)/;
  const info = sev
    .split('\r\n')
    .filter((line) => !VERBOSE.test(line))
    .join('\r\n');

  test('says that the level is missing where the driver is installed', () => {
    expect(notes(info)).toMatch(/DEBUG_VERBOSE.*built without/);
    expect(notes(info)).toContain('PcdDebugPrintErrorLevel=0x8040004F');
  });

  test('says that the level is missing where no line of it is seen', () => {
    const withoutDriver = info
      .split('\r\n')
      .filter((line) => !line.includes('IoMmu'))
      .join('\r\n');
    expect(notes(withoutDriver)).toMatch(/built without DEBUG_VERBOSE/);
  });

  test('says that the level is missing where only the VT-d driver’s own lines are seen', () => {
    const quiet = readLog('vtd-ahci').replaceAll(/^(?:IoMmu|EfiGetMemoryAttributes).*\r\n/gm, '');
    expect(notes(quiet)).toMatch(/VT-d driver.*built without/);
  });

  test('says that no IOMMU protocol is installed where the level is built in', () => {
    expect(notes(readLog('stock-ahci'))).toMatch(/no IOMMU protocol is installed/);
  });

  test('says that this is no firmware log', () => {
    expect(notes('[    0.412345] DMAR: IOMMU enabled\n'.repeat(100))).toMatch(/not a debug log of edk2 firmware/);
    expect(notes('')).toMatch(/not a debug log of edk2 firmware/);
  });

  test('is not given where there is a call', () => {
    for (const name of LOG_NAMES.filter((log) => reportOfLog(log).traces.some(({ summary }) => summary.calls > 0)))
      expect(reportOfLog(name).input.notes).toEqual([]);
    expect(notes(KILLED)).toBe('');
  });
});

describe('where the boot stands while its log is written', () => {
  const nowAfter = (text: string) => {
    const analysis = createAnalysis({ sourceName: 'debug.log', version: '0.0.0' });
    analysis.push(text);
    return analysis.now;
  };

  test('before anything is written, it is the first boot and nothing is mapped', () => {
    expect(nowAfter('')).toEqual({ boot: 1, phase: 'boot', calls: 0, maps: 0, live: 0, liveBytes: 0, traced: false });
  });

  test('what is mapped counts at once', () => {
    const now = nowAfter(KILLED);
    expect(now).toMatchObject({ boot: 1, phase: 'boot', maps: 2, live: 2, traced: false });
    expect(now.liveBytes).toBeGreaterThan(0);
  });

  test('ExitBootServices and hand-off are told when the log shows them', () => {
    expect(nowAfter(toText(BOOT_START, map(ring(0)), FILE_OPENED, IOMMU_EXIT_BOOT))).toMatchObject({
      phase: 'exit',
      live: 1,
    });
    expect(nowAfter(BOOT)).toMatchObject({ boot: 1, phase: 'handed-off', maps: 1, live: 0 });
  });

  test('the next boot begins with nothing mapped', () => {
    expect(nowAfter(BOOT + KILLED)).toMatchObject({ boot: 2, phase: 'boot', maps: 2, live: 2 });
  });

  test.each(LOG_NAMES)('%s: at the end it is what the report says of the last boot', (name) => {
    const now = nowAfter(readLog(name));
    const last = reportOfLog(name).traces.at(-1)!;
    expect(now.boot).toBe(reportOfLog(name).traces.length);
    expect(now.maps).toBe(last.summary.maps);
    expect(now.traced).toBe(last.tracer !== null);
    if (last.handoff) expect(now.live).toBeGreaterThanOrEqual(last.summary.liveAtHandoff);
    else expect(now.phase).not.toBe('handed-off');
  });
});
