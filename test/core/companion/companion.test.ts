import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createAnalysis, createCompanionReader } from '../../../src/core/index.ts';
import type { Report } from '../../../src/core/index.ts';
import { readLog } from '../support/logs.ts';

const folder = join(import.meta.dirname, '../../fixtures/logs');

describe.each(['sevlike-xhci-traced', 'vtd-xhci-traced'])('the trace of %s', (name) => {
  const alone = analyse(name, []);
  const together = analyse(name, [readTrace(name)]);
  const [trace] = together.traces;

  test('is put in by what both tell', () => {
    expect(together.input.companions).toMatchObject([{ name: 'trace.log', order: 'evidence' }]);
    expect(together.input.companions[0]!.shared).toBeGreaterThan(0);
    expect(together.input.notes.join()).toContain('trace.log');
  });

  test('shows the controller stopped before hand-off, by its line', () => {
    const device = trace!.devices.find(({ address }) => address === '00:02.0');
    expect(device).toMatchObject({ name: 'qemu-xhci', busMaster: true, running: false });
    expect(device!.controllers[0]!.how).toMatch(/USBCMD\.RS cleared \(trace\.log, line \d+\)/);
    expect(device!.controllers[0]!.line).toBeLessThanOrEqual(trace!.handoff!.line);
  });

  test('changes nothing of the mappings but what it knows about their devices', () => {
    const withoutDevices = ({ traces }: Report): unknown =>
      traces.map(({ mappings }) => mappings.map(({ owner: _, pci: __, ...mapping }) => mapping));
    expect(withoutDevices(together)).toEqual(withoutDevices(alone));
  });

  test('adds no error and no warning', () => {
    const grave = ({ traces }: Report): string[] =>
      traces.flatMap(({ findings }) =>
        findings.filter(({ severity }) => severity !== 'information').map(({ rule, line }) => `${rule} ${line}`),
      );
    const before = new Set(grave(alone));
    expect(grave(together).filter((finding) => !before.has(finding))).toEqual([]);
  });
});

test('a stopped controller answers what the switch-off of VT-d leaves open', () => {
  const rules = (report: Report): string[] => report.traces.flatMap(({ findings }) => findings.map(({ rule }) => rule));
  expect(rules(analyse('vtd-xhci-traced', []))).toContain('translation-off-at-exit');
  expect(rules(analyse('vtd-xhci-traced', [readTrace('vtd-xhci-traced')]))).not.toContain('translation-off-at-exit');
});

test('a companion with times is put in by time', () => {
  const stamp = (second: number): string => `2026-11-22T15:59:0${second}Z `;
  const log = [
    'SEC: Normal boot',
    'IoMmuMap: Operation=CommonBuffer Host=0x1E698000 Bytes=0x1000',
    'IoMmuMap: Mapping=0x1E3E9A18 Device(PlainText)=0x1E698000 Crypted=0x1E698000 Pages=0x1',
    'IoMmuUnmapWorker: Mapping=0x1E3E9A18 MemoryMapLocked=0',
    'IoMmuFreeBuffer: Host=0x1E698000 Pages=0x1',
  ];
  const reader = createCompanionReader('trace.log');
  reader.push(`${stamp(3)}vtd_dmar_fault sid 0x10 fault 5 addr 0x1e698000 write 1\n`);
  const analysis = createAnalysis({ sourceName: 'test', version: '0.0.0', with: [reader.finish()] });
  analysis.push(log.map((line, index) => `${stamp(index)}${line}\n`).join(''));
  const { traces, input } = analysis.finish();
  expect(input).toMatchObject({ companions: [{ order: 'time' }], prefix: { id: 'iso-8601', time: 'date' } });
  expect(traces[0]!.mappings).toMatchObject([
    { mappedTime: Date.parse('2026-11-22T15:59:02Z') / 1000, unmappedTime: Date.parse('2026-11-22T15:59:03Z') / 1000 },
  ]);
  expect(traces[0]!.findings.map(({ rule, line }) => `${rule} ${line}`)).toContain('iommu-fault 4');
});

test('a companion that was cut says so', () => {
  const companion = { ...readTrace('sevlike-xhci-traced'), cut: true };
  expect(analyse('sevlike-xhci-traced', [companion]).input.notes[0]).toMatch(/^trace\.log: what follows .* left out/);
});

test('faults that Linux reports in a file of its own are behind hand-off', () => {
  const reader = createCompanionReader('dmesg.txt');
  reader.push('[    0.000000] Linux version 6.1.0 (gcc) #1 SMP\n');
  reader.push(
    '[    1.204251] DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0x1e822000 [fault reason 0x05] PTE Write access is not set\n',
  );
  const report = analyse('vtd-xhci', [reader.finish()]);
  const finding = report.traces[0]!.findings.find(({ rule }) => rule === 'dma-after-handoff');
  expect(finding).toMatchObject({ severity: 'error', certain: true });
  expect(finding!.message).toContain('dmesg.txt, line 2');
});

function readTrace(name: string): ReturnType<ReturnType<typeof createCompanionReader>['finish']> {
  const reader = createCompanionReader('trace.log');
  reader.push(gunzipSync(readFileSync(join(folder, `${name}.trace.gz`))).toString('latin1'));
  return reader.finish();
}

function analyse(name: string, companions: readonly ReturnType<typeof readTrace>[]): Report {
  const analysis = createAnalysis({ sourceName: name, version: '0.0.0', with: companions });
  analysis.push(readLog(name));
  return analysis.finish();
}
