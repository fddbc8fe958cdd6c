import { describe, expect, test } from 'vitest';
import type { ReportTrace } from '../../../src/core/index.ts';
import { verdictOf } from '../../../src/core/index.ts';
import { analyse, analyseBoot, findingsOf } from '../support/analyse.ts';
import { CLEANUP, map, swept, toText, transfer, unmap } from '../support/firmware.ts';
import { analyseSteps } from '../support/journals.ts';
import { kindAt } from '../../../src/core/journal/journal.ts';
import { createTracerLog } from '../support/tracer.ts';

/** A ring that its driver leaves mapped. */
const RING = { operation: 'CommonBuffer', host: 0x1e46d000, bytes: 0x10000 } as const;
const WRITE = { operation: 'Write', host: 0x1fea0110, bytes: 0x200 } as const;

function rulesOf(trace: Pick<ReportTrace, 'findings'>): string[] {
  return [...new Set(trace.findings.map(({ rule }) => rule))].sort();
}

describe.each([1, 2] as const)('a boot with a tracer that writes version %i', (format) => {
  test('is told call by call, with drivers and devices that are certain', () => {
    const log = createTracerLog(format);
    log.hello();
    const ring = log.map(RING);
    log.unmap(log.map(WRITE));
    log.exit([ring]);
    const trace = analyseBoot(log.text);
    expect(trace.mappings).toMatchObject([
      {
        operation: 'CommonBuffer',
        host: '0x1e46d000',
        device: '0x1e46d000',
        bytes: 0x10000,
        handle: null,
        owner: { name: 'XhciDxe', device: '00:02.0', certain: true },
        pci: { address: '00:02.0', certain: true },
        unmappedLine: null,
        liveAtHandoff: true,
      },
      { operation: 'Write', owner: { name: 'XhciDxe' }, unmappedBy: 'boot', liveAtHandoff: false },
    ]);
    expect(trace).toMatchObject({
      dialects: ['dma-trace'],
      platform: 'permit',
      exitBootServices: { attempts: 1, cleanup: null },
      tracer: { format, checked: true, missingRecords: 0, lost: 0, disagreements: 0, boundBefore: [] },
    });
    expect(trace.handoff?.line).toBe(log.lineOf('EbsExit'));
    expect(trace.exitBootServices?.firstLine).toBe(log.lineOf('EbsEnter'));
    expect(rulesOf(trace)).toEqual(['bus-master-on-at-handoff', 'common-buffer-left-mapped']);
  });

  test('counts a call that is told at two levels once', () => {
    const log = createTracerLog(format);
    log.hello();
    const ring = log.map({ ...RING, cookie: 0x1e359018 }, { iommu: true });
    log.unmap(log.map({ ...WRITE, cookie: 0x1e359118, device: 0x1e66c000 }, { iommu: true }), { iommu: true });
    log.exit([ring]);
    const trace = analyseBoot(log.text);
    expect(trace.summary).toMatchObject({ maps: 2, unmaps: 1, liveAtHandoff: 1 });
    expect(trace.mappings.map(({ handle, device }) => `${handle} ${device}`)).toEqual([
      '0x1e359018 0x1e46d000',
      '0x1e359118 0x1e66c000',
    ]);
    // Of the second: the call of PciIo, and both records of its end but the one that ended it.
    expect(trace.mappings[1]?.otherLines).toHaveLength(2);
    expect(trace.tracer?.disagreements).toBe(0);
  });

  test('has one mapping for the lines of the firmware and those of the tracer', () => {
    const call = transfer(1);
    const log = createTracerLog(format);
    log.hello();
    log.firmware(...map(call));
    const made = log.map(
      { operation: 'Write', host: call.host, bytes: 8, device: call.device, cookie: call.handle },
      { iommu: true },
    );
    log.firmware(unmap(call));
    log.unmap(made, { iommu: true });
    log.exit([]);
    const { mappings, summary, tracer } = analyseBoot(log.text);
    const first = log.lineOf('IoMmuMap: Operation');
    expect(summary).toMatchObject({ maps: 1, unmaps: 1 });
    expect(mappings).toMatchObject([
      {
        calledLine: first,
        mappedLine: first + 1,
        unmappedLine: first + 4,
        otherLines: [first + 2, first + 3, first + 5, first + 6],
        owner: { name: 'XhciDxe', certain: true, evidenceLine: first + (format === 1 ? 2 : 3) },
      },
    ]);
    expect(tracer?.disagreements).toBe(0);
  });

  test('reads a line of the firmware whole that a record cut', () => {
    const call = transfer(1);
    const [called = '', returned = ''] = map(call);
    const log = createTracerLog(format);
    log.hello();
    log.firmware(called);
    log.inside(returned, 20, () => log.unmap(log.map(WRITE)));
    const made = log.map({ operation: 'Write', host: call.host, bytes: 8, device: call.device, cookie: call.handle });
    log.exit([made]);
    const report = analyse(log.text);
    expect(report.input).toMatchObject({ splicedLines: 1, malformedLines: 0 });
    const [trace] = report.traces;
    expect(trace?.mappings.map(({ operation, host }) => `${operation} ${host}`).sort()).toEqual([
      'Write 0x1fb10e18',
      'Write 0x1fea0110',
    ]);
    expect(trace?.tracer?.disagreements).toBe(0);
  });

  test('tells which calls of Map() failed, and why, once', () => {
    const log = createTracerLog(format);
    log.hello();
    log.firmware('IoMmuMap: Operation=Write Host=0x1FEA0110 Bytes=0x200');
    log.map({ ...WRITE, status: 'OutOfResources' }, { iommu: true });
    log.map({ ...RING, status: 'Unsupported' });
    log.exit([]);
    const trace = analyseBoot(log.text);
    expect(trace.failedMaps.map(({ host, status }) => `${host} ${status}`)).toEqual([
      '0x1fea0110 Out Of Resources',
      '0x1e46d000 Unsupported',
    ]);
    expect(trace.tracer?.disagreements).toBe(0);
  });

  test('names who unmaps twice', () => {
    const log = createTracerLog(format);
    log.hello();
    const made = log.map(WRITE);
    log.unmap(made);
    log.unmap(made, { note: 'already-unmapped', status: 'InvalidParameter' });
    log.exit([]);
    const trace = analyseBoot(log.text);
    expect(trace.findings.find(({ rule }) => rule === 'double-unmap')).toMatchObject({
      certain: true,
      mapping: 1,
      message: expect.stringContaining('of XhciDxe') as string,
    });
    expect(trace.tracer?.disagreements).toBe(0);
  });

  test('blames nobody for unmapping what was mapped before the tracer came', () => {
    const log = createTracerLog(format);
    log.hello();
    log.write('Bound', { dev: 'dev', drv: 'XhciDxe' });
    log.unmapUnseen();
    log.exit([]);
    const trace = analyseBoot(log.text);
    expect(findingsOf(trace)).toEqual([`${log.lineOf('Bound')} information trace-incomplete`]);
    expect(trace.tracer?.boundBefore).toMatchObject([{ device: '00:02.0', driver: 'XhciDxe', restarted: false }]);
  });

  test('blames a driver that unmaps what nobody can have mapped', () => {
    const log = createTracerLog(format);
    log.hello();
    log.unmapUnseen();
    log.exit([]);
    expect(rulesOf(analyseBoot(log.text))).toEqual(['unmap-unknown']);
  });

  test('has the attempts that the tracer saw, and their callbacks with begin and end', () => {
    const log = createTracerLog(format);
    log.hello();
    log.enter();
    log.callback('BeforeExitBootServices', 'Fat', () => log.unmap(log.map(WRITE)));
    log.leave('InvalidParameter');
    const ring = log.map(RING);
    log.enter();
    log.callback('ExitBootServices', 'XhciDxe', () => {
      log.unmap(ring);
    });
    log.callback('ExitBootServices', 'IoMmuDxe', () => undefined);
    log.leave();
    log.handoff([]);
    const trace = analyseBoot(log.text);
    expect(trace.exitBootServices).toMatchObject({
      attempts: 2,
      callbacks: [
        { name: 'Fat', group: 'before', endLine: log.lineOf('CbEnd group=BeforeExitBootServices') },
        { name: 'XhciDxe', group: 'exit' },
        { name: 'IoMmuDxe', group: 'exit' },
      ],
    });
    // What FatDxe does before ExitBootServices is allowed; XhciDxe's callback must not unmap.
    expect(findingsOf(trace)).toEqual([
      `${log.linesOf('EbsExit')[0]} information exit-boot-services-retried`,
      `${log.linesOf('Unmap')[1]} information unmapped-in-exit-callback`,
      `${trace.handoff?.line} warning bus-master-on-at-handoff`,
    ]);
    expect(trace.mappings.map(({ unmappedBy }) => unmappedBy)).toEqual(['boot', 'exit-callback']);
  });

  test('notes where callbacks begin and end in the journal', () => {
    const log = createTracerLog(format);
    log.hello();
    log.enter();
    log.callback('ExitBootServices', 'XhciDxe', () => undefined);
    log.leave();
    log.handoff([]);
    const [journal] = analyseSteps(log.text).journals;
    const steps = Array.from({ length: journal?.stepCount ?? 0 }, (_, step) =>
      journal ? `${journal.lines[step]} ${kindAt(journal, step)} ${journal.subjects[step]}` : '',
    );
    expect(steps.filter((step) => step.includes('exit-callback'))).toEqual([
      `${log.lineOf('CbBegin')} exit-callback 1`,
      `${log.lineOf('CbEnd')} exit-callback-ended 1`,
    ]);
  });

  test('tells Bus Master Enable of a device, also where only its address is known', () => {
    const log = createTracerLog(format);
    log.hello();
    log.write('BusMaster', { dev: '0000:00:05.0', cmd: '0x0', bm: 'off', st: 'Success' });
    log.write('BusMaster', { dev: '0000:00:02.0', cmd: '0x0', bm: 'off', st: 'Success' });
    const { devices } = analyseBoot(log.text);
    expect(devices).toMatchObject([
      { address: '00:02.0', name: 'xhci [1b36:000d]', busMaster: false, busMasterLine: log.linesOf('BusMaster')[1] },
      { address: '00:05.0', name: 'device', busMaster: false },
    ]);
    const [journal] = analyseSteps(log.text).journals;
    expect(
      journal?.notes.map((note) => (note.kind === 'device' ? `${note.pci} ${note.name} ${note.busMaster}` : '')),
    ).toEqual(['00:02.0 xhci [1b36:000d] true', '00:05.0 device false', '00:02.0 xhci [1b36:000d] false']);
  });

  test('does not end where somebody prints what an operating system prints', () => {
    const log = createTracerLog(format);
    log.hello();
    const ring = log.map(RING);
    log.firmware('[    0.000000] Linux version 6.1.0-9-amd64 (debian-kernel@lists.debian.org)');
    log.exit([ring]);
    const trace = analyseBoot(log.text);
    expect(trace.handoff?.line).toBe(log.lineOf('EbsExit'));
    expect(trace.summary.liveAtHandoff).toBe(1);
  });

  test('is no boot without a trace if nothing was mapped', () => {
    const log = createTracerLog(format);
    log.hello();
    log.exit([]);
    const report = analyse(log.text);
    expect(verdictOf(report)).toMatchObject({ level: 'clean', headline: 'nothing is mapped at hand-off' });
    expect(report.input.notes.join()).toContain('The tracer saw no Map()');
  });
});

describe('a line that somebody else printed', () => {
  /** A boot that leaves a ring mapped, with other lines put in by `forge` before ExitBootServices. */
  function bootWith(forge: (log: ReturnType<typeof createTracerLog>, ring: number) => void): string {
    const log = createTracerLog(2);
    log.hello();
    const ring = log.map({ ...RING, cookie: 0x1e359018 }, { iommu: true });
    forge(log, ring);
    log.exit([ring]);
    return log.text;
  }

  const FORGERIES: Readonly<Record<string, (log: ReturnType<typeof createTracerLog>, ring: number) => void>> = {
    'an Unmap() record': (log, ring) => {
      log.forge(() => {
        log.unmap(ring);
      });
    },
    'an Unmap() record with a number far ahead': (log, ring) => {
      log.forge(() => {
        log.skip(1000);
        log.unmap(ring);
      });
    },
    "an Unmap() of the firmware's": (log) => {
      log.firmware(unmap({ handle: 0x1e359018 }));
    },
    "the firmware's word that the access was taken away": (log) => {
      log.firmware('IoMmuSetAttribute: Mapping=0x1E359018 Access=0');
    },
    "a result of Map() with the ring's handle": (log) => {
      log.firmware(...map({ ...transfer(1), handle: 0x1e359018 }), unmap({ handle: 0x1e359018 }));
    },
    'the cleanup of an IOMMU driver': (log) => {
      log.firmware('IoMmuExitBoot', CLEANUP, swept({ handle: 0x1e359018 }));
    },
    'a whole end of the boot': (log) => {
      log.forge(() => {
        log.exit([]);
      });
    },
    'a whole end of the boot behind an Unmap()': (log, ring) => {
      log.forge(() => {
        log.unmap(ring);
        log.exit([]);
      });
    },
    'a second Hello': (log) => {
      log.forge(() => {
        log.restart();
        log.hello();
      });
    },
    "a reset's first lines": (log) => {
      log.firmware('SecCoreStartupWithStack(0xFFFCC000, 0x820000)');
    },
    "a kernel's first lines": (log) => {
      log.firmware('[    0.000000] Linux version 6.1.0-9-amd64 (debian-kernel@lists.debian.org)');
    },
    'a damaged record': (log) => {
      log.firmware('DMATRACE v2 #7 t=1 ph=boot Unmap via=', 'IoMmuUnmapWorker: Mapping=0x1E');
    },
  };

  test.each(Object.entries(FORGERIES))('cannot hide what is mapped at hand-off: %s', (_, forge) => {
    const report = analyse(bootWith(forge));
    const live = report.traces.flatMap(({ mappings }) => mappings.filter(({ liveAtHandoff }) => liveAtHandoff));
    expect(live.some(({ host, owner }) => host === '0x1e46d000' && owner?.name === 'XhciDxe')).toBe(true);
    expect(report.traces.flatMap(rulesOf)).toContain('common-buffer-left-mapped');
    expect(verdictOf(report).level).toMatch(/warning|error/);
  });

  test('cannot explain away what a driver did behind it', () => {
    const log = createTracerLog(2);
    log.hello();
    const made = log.map(WRITE);
    log.unmap(made);
    log.firmware('DMATRACE v2 #7 t=1 ph=boot Unmap via=', 'IoMmuUnmapWorker: Mapping=0x1E');
    log.unmap(made, { note: 'already-unmapped', status: 'InvalidParameter' });
    log.exit([]);
    expect(rulesOf(analyseBoot(log.text))).toContain('double-unmap');
  });

  test('is told as a contradiction where it changes what is counted', () => {
    for (const what of ['an Unmap() record', "an Unmap() of the firmware's", 'the cleanup of an IOMMU driver'])
      expect(analyse(bootWith(FORGERIES[what]!)).traces.flatMap(rulesOf), what).toContain('trace-disagrees');
  });
});

describe('records that are missing', () => {
  test('are told, and what they explain is no contradiction', () => {
    const log = createTracerLog(2);
    log.hello();
    const [ring, transferred] = [log.map(RING), log.map(WRITE)];
    log.lose(() => {
      log.unmap(transferred);
    });
    log.exit([ring]);
    const trace = analyseBoot(log.text);
    expect(trace.tracer).toMatchObject({ missingRecords: 1, disagreements: 0, checked: true });
    expect(trace.summary.liveAtHandoff).toBe(1);
    expect(rulesOf(trace)).toEqual(['bus-master-on-at-handoff', 'common-buffer-left-mapped', 'trace-incomplete']);
  });

  test('do not hide a mapping that the list at hand-off holds', () => {
    const log = createTracerLog(2);
    log.hello();
    const [ring] = log.lose(() => log.map(RING));
    log.exit([ring]);
    expect(analyseBoot(log.text).mappings).toMatchObject([
      { operation: 'CommonBuffer', liveAtHandoff: true, owner: { name: 'XhciDxe' } },
    ]);
  });

  test('before the first that is there leave the boot without a start', () => {
    const log = createTracerLog(2);
    log.lose(() => {
      log.hello();
    });
    log.exit([]);
    expect(analyseBoot(log.text).tracer).toMatchObject({ disagreements: 0 });
    expect(rulesOf(analyseBoot(log.text))).toEqual(['trace-incomplete']);
  });
  test('at the very end leave what is told unchecked', () => {
    const log = createTracerLog(2);
    log.hello();
    log.enter();
    log.leave();
    const { tracer, findings } = analyseBoot(log.text);
    expect([tracer?.checked, ...rulesOf({ findings })]).toEqual([false, 'trace-incomplete']);
  });
});

test('a tracer of each boot belongs to that boot', () => {
  const texts = [1, 2].map(() => {
    const log = createTracerLog(2);
    log.hello();
    log.exit([log.map(RING)]);
    return log.text;
  });
  const { traces } = analyse(texts.join(''));
  expect(traces.map(({ summary, tracer }) => `${summary.liveAtHandoff} ${tracer?.disagreements}`)).toEqual([
    '1 0',
    '1 0',
  ]);
});

test('records of a later version are recognised and not read', () => {
  const { input, traces } = analyse(toText('DMATRACE v3 #1 t=2348 ph=boot Hello version=3.0 ;'));
  expect(traces[0]?.tracer).toBeNull();
  expect(input.notes.join()).toContain('DMATRACE v3');
});
