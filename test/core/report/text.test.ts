import { describe, expect, test } from 'vitest';
import type { Report } from '../../../src/core/index.ts';
import { renderTextReport } from '../../../src/core/index.ts';
import { analyse } from '../support/analyse.ts';
import {
  allocate,
  BOOT_START,
  DRIVER_LOADED,
  FILE_OPENED,
  free,
  IOMMU_EXIT_BOOT,
  LINUX_DUMMY,
  map,
  PROTECTION_LIFTED,
  ring,
  toText,
  transfer,
  unmap,
} from '../support/firmware.ts';
import { reportOfLog } from '../support/logs.ts';

const queue = ring(0);
const LEAKY = toText(
  BOOT_START,
  DRIVER_LOADED,
  'XhcCreateUsb3Hc: Capability length 0x40',
  allocate(queue),
  map(queue),
  allocate(ring(1)),
  map(ring(1)),
  map(transfer(2)),
  FILE_OPENED,
  unmap(queue),
  free(queue),
  IOMMU_EXIT_BOOT,
  PROTECTION_LIFTED,
  LINUX_DUMMY,
);
const KILLED = toText(BOOT_START, DRIVER_LOADED, map(queue));

/** Logs whose reports differ in form. */
const TELLING = ['buggy-no-teardown', 'buggy-nvme-free-never-unmap', 'sevlike-reboots', 'stock-virtio'];

function render(report: Report): string {
  return renderTextReport(report, { color: false });
}

describe('the report as text', () => {
  test('tells the verdict, what crossed hand-off, and why', () => {
    expect(render(analyse(LEAKY))).toMatchInlineSnapshot(`
      "ERROR  debug.log: 2 mappings are live at hand-off; 3 errors, 1 warning

        3 Maps, 1 Unmap, at most 3 live (8.0 KiB)
        Hand-off at line 18: DxeCore lifted the protection of the runtime images, which it does after the last callback
        ExitBootServices from line 15 (inferred; first proof at line 17); callbacks that print:
        IoMmuExitBoot; no cleanup by the IOMMU driver

        Mapped at hand-off
          line  operation     device address  size     driver
            11  CommonBuffer  0x1e700000      4 KiB    XhciDxe (probably)
            13  Write         0x1d020000      8 bytes  XhciDxe (probably)

        Why
          line 11  error  common-buffer-left-mapped
            CommonBuffer mapping 0x1e700000 (4 KiB, handle 0x1e3e0118), probably of XhciDxe, is still
            mapped at hand-off: neither its driver nor the IOMMU driver removed it.
            line 9: buffer allocated · line 11: mapped · line 3: XhciDxe began its start before this Map
          line 13  error  read-write-pending-at-exit
            Write mapping 0x1d020000 (8 bytes, handle 0x1d3e0218), probably of XhciDxe, is still mapped at
            hand-off: a transfer was never finished and nobody removed it.
            line 13: mapped · line 3: XhciDxe printed the last driver line before this Map
          line 16  error  memory-freed-in-exit-callback (inferred)
            The buffer 0x1e600000 (4 KiB) was freed during ExitBootServices: this changes the memory map
            that the loader’s key stands for. A driver must not free memory in its callback.
            line 5: allocated here
          line 15  warning  unmapped-in-exit-callback (inferred)
            CommonBuffer mapping 0x1e600000 (4 KiB, handle 0x1e3e0018), probably of XhciDxe, was unmapped
            by its driver during ExitBootServices. Unmap() frees its bookkeeping and so may change the
            memory map: since September 2017 edk2’s drivers stop their device there and do not unmap.
            line 5: buffer allocated · line 7: mapped · line 3: XhciDxe began its start before this Map ·
            line 15: unmapped · line 16: buffer freed
      "
    `);
  });

  test('tells of each boot with DMA, and which it is', () => {
    expect(render(analyse(LEAKY + toText(BOOT_START, DRIVER_LOADED) + KILLED))).toMatchInlineSnapshot(`
      "ERROR  debug.log: 2 mappings are live at hand-off; 3 errors, 1 warning

        Boot 1 of 3, lines 1–30: 3 Maps, 1 Unmap, at most 3 live (8.0 KiB)
        Hand-off at line 18: DxeCore lifted the protection of the runtime images, which it does after the last callback
        ExitBootServices from line 15 (inferred; first proof at line 17); callbacks that print:
        IoMmuExitBoot; no cleanup by the IOMMU driver

        Mapped at hand-off
          line  operation     device address  size     driver
            11  CommonBuffer  0x1e700000      4 KiB    XhciDxe (probably)
            13  Write         0x1d020000      8 bytes  XhciDxe (probably)

        Why
          line 11  error  common-buffer-left-mapped
            CommonBuffer mapping 0x1e700000 (4 KiB, handle 0x1e3e0118), probably of XhciDxe, is still
            mapped at hand-off: neither its driver nor the IOMMU driver removed it.
            line 9: buffer allocated · line 11: mapped · line 3: XhciDxe began its start before this Map
          line 13  error  read-write-pending-at-exit
            Write mapping 0x1d020000 (8 bytes, handle 0x1d3e0218), probably of XhciDxe, is still mapped at
            hand-off: a transfer was never finished and nobody removed it.
            line 13: mapped · line 3: XhciDxe printed the last driver line before this Map
          line 16  error  memory-freed-in-exit-callback (inferred)
            The buffer 0x1e600000 (4 KiB) was freed during ExitBootServices: this changes the memory map
            that the loader’s key stands for. A driver must not free memory in its callback.
            line 5: allocated here
          line 15  warning  unmapped-in-exit-callback (inferred)
            CommonBuffer mapping 0x1e600000 (4 KiB, handle 0x1e3e0018), probably of XhciDxe, was unmapped
            by its driver during ExitBootServices. Unmap() frees its bookkeeping and so may change the
            memory map: since September 2017 edk2’s drivers stop their device there and do not unmap.
            line 5: buffer allocated · line 7: mapped · line 3: XhciDxe began its start before this Map ·
            line 15: unmapped · line 16: buffer freed

        Boot 3 of 3, lines 33–36: 1 Map, 0 Unmaps, at most 1 live (4 KiB)
        No hand-off in this log

        Good to know
          line 36  information  trace-incomplete
            The log of this boot ends before hand-off: what is mapped at its end (1 mapping) is no leak.
      "
    `);
  });

  test('of a log without DMA is the advice', () => {
    expect(render(reportOfLog('stock-ahci'))).toMatchInlineSnapshot(`
      "NO TRACE  debug.log: no DMA call in this log

        DEBUG_VERBOSE is built in, but no IOMMU protocol is installed, so no Map() or Unmap() is printed:
        OvmfPkg/IoMmuDxe installs it only under SEV and TDX. dma-handoff capture traces firmware as it is,
        without a build of one’s own: docs/capture.md tells how.
      "
    `);
  });

  test('shows a few findings of a rule and names the lines of the rest', () => {
    const stray = Array.from({ length: 30 }, (_, index) => unmap(ring(index + 50)));
    const text = render(analyse(toText(BOOT_START, DRIVER_LOADED, map(queue), stray)));
    expect(text.match(/no Map\(\) in this log returned/g)).toHaveLength(3);
    expect(text).toMatch(/27 more of unmap-unknown: lines 8, 9, .*, …/);
  });

  test.each(TELLING)('of %s keeps its lines short enough to be read', (name) => {
    for (const line of render(reportOfLog(name)).split('\n')) expect(line.length, line).toBeLessThanOrEqual(120);
  });
});

describe('what a log or a file name brings along', () => {
  const hostile = '\u001b]0;owned\u0007\u001b[2J\r\n\u009b31m\u0000evil.log';

  test('cannot steer a terminal', () => {
    const text = render(analyse(LEAKY, { sourceName: hostile }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(text).toContain('evil.log');
    expect(text.split('\n')).toHaveLength(render(analyse(LEAKY)).split('\n').length);
  });

  test('in evidence, names and messages cannot either', () => {
    const report = analyse(LEAKY);
    const [trace] = report.traces;
    const tainted: Report = {
      ...report,
      traces: [
        {
          ...trace!,
          handoff: { line: 1, time: null, evidence: hostile },
          exitBootServices: {
            ...trace!.exitBootServices!,
            callbacks: [{ name: hostile, context: null, line: 1, endLine: null, group: null }],
          },
          mappings: trace!.mappings.map((mapping) => ({
            ...mapping,
            owner: { name: hostile, device: null, evidence: hostile, evidenceLine: 1, certain: true },
          })),
          findings: trace!.findings.map((finding) => ({
            ...finding,
            message: hostile,
            related: [{ line: 1, message: hostile }],
          })),
        },
      ],
    };
    expect(render(tainted)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  test('leaves no control character, with the console’s own in the log', () => {
    const text = toText(
      BOOT_START,
      `\u001b[2J\u001b[01;01HMapping table${map(queue).join('\u001b[0m\r\n')}`,
      '\u001b[1mVirtioBlkExitBoot: Context=0x1\u001b[0m',
    );
    expect(render(analyse(text))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('colours', () => {
  test.each(TELLING)('in the report of %s add nothing but themselves', (name) => {
    const report = reportOfLog(name);
    const colored = renderTextReport(report, { color: true });
    expect(colored).toMatch(/^\u001b\[3\dm/);
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(render(report));
  });

  test('tell the verdicts apart', () => {
    const badges = ['buggy-no-teardown', 'sevlike-xhci', 'sevlike-ahci', 'stock-ahci'].map(
      (name) => /^\u001b\[(\d+)m/.exec(renderTextReport(reportOfLog(name), { color: true }))![1],
    );
    expect(badges).toEqual(['31', '33', '32', '36']);
  });
});
