import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Report } from '../../../src/core/index.ts';
import { analyse } from '../support/analyse.ts';
import { excerpt, readLog, toLines } from '../support/logs.ts';

// Machines that build are slow and busy.
vi.setConfig({ testTimeout: 120_000 });

const CALLED = 'IoMmuMap: Operation=Write Host=0x1E36CE98 Bytes=0xFF';
const RETURNED =
  'IoMmuMap: Mapping=0x1E36D198 Device(PlainText)=0x1E670000 Crypted=0x1E36CE98 Pages=0x1, ReservedMemBitmap=0x4';
/** Real lines of QEMU's trace, and what else shares a stream with the firmware. */
const FOREIGN = [
  'usb_ehci_usbsts usbsts REC 1\n',
  'usb_ehci_usbsts usbsts IAA 0\n',
  'usb_xhci_doorbell_write off 0x0004, val 0x00000003\n',
  'virtio_notify vdev 0x55d0c8a3b2c0 vq 0x7f2a8c0a1010\n',
  '4226@1795343651.293914:usb_ehci_usbsts usbsts REC 0\n',
  '2025-07-24T14:12:21.123456Z usb_ehci_usbsts usbsts REC 0\n',
  'qemu-system-x86_64: warning: guest updated active QH\n',
];
const TRACE = FOREIGN[0]!;

/** What a boot comes to, as `mapped handle operation host bytes unmapped`. */
function mappingsOf(report: Report): string[] {
  return report.traces.flatMap(({ mappings }) =>
    mappings.map(
      ({ mappedLine, handle, operation, host, bytes, unmappedLine }) =>
        `${mappedLine} ${handle} ${operation ?? '?'} ${host} ${bytes ?? '?'} ${unmappedLine ?? '-'}`,
    ),
  );
}

const WHOLE = '2 0x1e36d198 Write 0x1e36ce98 255 -';

describe('a line that another writer cut is put together again', () => {
  test('as in a real capture', () => {
    const report = analyse(
      `IoMmuMap: Operatusb_ehci_usbsts usbsts REC 1\nusb_ehci_usbsts usbsts REC 0\nion=Write Host=0x1E36CE98 Bytes=0xFF\r\n${RETURNED}\r\n`,
    );
    expect(mappingsOf(report)).toEqual(['4 0x1e36d198 Write 0x1e36ce98 255 -']);
    expect(report.traces[0]!.mappings[0]).toMatchObject({ calledLine: 1 });
    expect(report.input).toMatchObject({ splicedLines: 1, malformedLines: 0 });
  });

  test.each(FOREIGN)('wherever the cut is, by %j', (foreign) => {
    const digitsAhead = /^\d+@/.test(foreign);
    const first = digitsAhead ? foreign : '';
    for (let cut = 1; cut < CALLED.length + 1; cut += foreign === TRACE ? 1 : 3) {
      const report = analyse(
        `${first}${CALLED.slice(0, cut)}${foreign}${TRACE}${CALLED.slice(cut)}\r\n${RETURNED}\r\n`,
      );
      expect([cut, mappingsOf(report)]).toEqual([
        cut,
        [first === '' ? WHOLE.replace('2', '4') : WHOLE.replace('2', '5')],
      ]);
      expect(report.input).toMatchObject({ splicedLines: 1, malformedLines: 0 });
    }
  });

  test('between CR and LF, and before CR LF', () => {
    expect(mappingsOf(analyse(`${CALLED}\r${TRACE}\n${RETURNED}\r\n`))).toEqual([WHOLE.replace('2', '4')]);
    expect(mappingsOf(analyse(`${CALLED}${TRACE}\r\n${RETURNED}\r${TRACE}\n`))).toEqual([WHOLE.replace('2', '3')]);
  });

  test('when it is cut several times, into single characters too', () => {
    const cut = CALLED.split('').join(TRACE);
    const report = analyse(`${cut}\r\n${RETURNED}\r\n`);
    expect(mappingsOf(report)).toEqual([WHOLE.replace('2', String(CALLED.length + 1))]);
    expect(report.input.splicedLines).toBe(1);
  });

  test('behind console text without a line break', () => {
    expect(mappingsOf(analyse(`Mapping tableIoMmuM${TRACE}${CALLED.slice(6)}\r\n${RETURNED}\r\n`))).toEqual([
      WHOLE.replace('2', '3'),
    ]);
    const inText = analyse(`Mapping ta${TRACE}ble${CALLED}\r\n${RETURNED}\r\n`);
    expect(mappingsOf(inText)).toEqual([WHOLE.replace('2', '3')]);
    expect(inText.traces[0]!.mappings[0]).toMatchObject({ calledLine: 2 });
    expect(inText.input.splicedLines).toBe(0);
  });

  test.each([
    ['ts', 'Nov 22 15:59:02 '],
    ['ts -s', '00:00:07 '],
    ['ts %.s', '1795343651.293914 '],
    ['journald', 'Nov 22 15:59:02 host qemu[4226]: '],
    ['libvirt', '2026-11-22 15:59:02.123+0000: '],
    ['an ISO 8601 time', '2026-11-22T15:59:02.123456+00:00 '],
    ['a terminal program', '[2026-11-22 15:59:02] '],
  ])('behind the prefix of %s', (_, prefix) => {
    const thread = '4226@1795343651.293914:usb_ehci_usbsts usbsts REC 0\n';
    for (const foreign of [TRACE, thread])
      for (const cut of [3, 9, 16, 40]) {
        const lines = `${thread}${CALLED.slice(0, cut)}${foreign}${TRACE}${CALLED.slice(cut)}\r\n${RETURNED}\r\n`;
        const report = analyse(lines.replaceAll(/^(?=.)/gm, prefix));
        expect(mappingsOf(report)).toEqual([WHOLE.replace('2', '5')]);
        expect(report.input).toMatchObject({ splicedLines: 1, malformedLines: 0 });
      }
  });

  test('with the records of the DMA tracer in it', () => {
    const tracer = 'DMATRACE v1 #7 t=1234 ph=boot CloseEvent event=0x1E3E0018 ;\r\n';
    expect(mappingsOf(analyse(`IoMmuMap: Oper${tracer}ation=${CALLED.slice(20)}\r\n${RETURNED}\r\n`))).toEqual([
      WHOLE.replace('2', '3'),
    ]);
  });

  test('if its tail alone reads as a record of another name', () => {
    const report = analyse(
      `${CALLED}\r\n${RETURNED}\r\nVirtio${TRACE}BlkExitBoot: Context=0x1E415018\r\nIoMmuExitBoot\r\n`,
    );
    expect(report.traces[0]!.exitBootServices!.callbacks.map(({ name, line }) => `${line} ${name}`)).toEqual([
      '3 VirtioBlkExitBoot',
      '5 IoMmuExitBoot',
    ]);
  });

  test('if its digits could be those of a thread that has been seen', () => {
    const thread = '4226@1795343651.293914:usb_ehci_usbsts usbsts REC 0\n';
    const cut = `IoMmuMap: Operation=Write Host=0x1E36${thread}CE98 Bytes=0xFF\r\n${RETURNED}\r\n`;
    expect(mappingsOf(analyse(thread + cut))).toEqual([WHOLE.replace('2', '4')]);
    expect(analyse(cut).input).toMatchObject({ splicedLines: 0, malformedLines: 1 });
  });
});

describe('nothing is made up', () => {
  test.each([
    ['where an unknown name may begin with a digit of the record', `${CALLED.slice(0, -1)}cafe_event x\n\r\n`],
    ['where the tail does not fit', `IoMmuMap: Operat${TRACE}ion=Wri Host=0x1E36CE98 Bytes=0xFF\r\n`],
    ['where more follows', `IoMmuMap: Operat${TRACE}ion=Write Host=0x1E36CE98 Bytes=0xFF and more\r\n`],
    ['where another boot follows', `IoMmuMap: Operat${TRACE}SecCoreStartupWithStack(0xFFFCC000, 0x820000)\r\n`],
    ['where more than a burst stands between', `IoMmuMap: Operat${TRACE.repeat(70)}${CALLED.slice(16)}\r\n`],
    ['where a very long line stands between', `IoMmuMap: Operatusb_x y${'z'.repeat(20_000)}\n${CALLED.slice(16)}\r\n`],
    ['where the input ends', `IoMmuMap: Operat${TRACE}`],
    ['where the input ends in the tail', `IoMmuMap: Operat${TRACE}ion=Write Host=0x1E36CE98 Bytes=0xF`],
  ])('%s', (_, text) => {
    const report = analyse(text);
    expect(report.input).toMatchObject({ splicedLines: 0, malformedLines: 1 });
    expect(report.traces.flatMap(({ failedMaps }) => failedMaps)).toEqual([]);
    for (const size of [1, 7, 30]) expect(analyse(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [])).toEqual(report);
  });

  test('and a whole line of another writer stays one', () => {
    const text = `${CALLED}\r\n${TRACE}${RETURNED}\r\n4226@1795343651.293914:${TRACE}`;
    expect(analyse(text).input).toMatchObject({ splicedLines: 0, malformedLines: 0 });
    expect(mappingsOf(analyse(text))).toEqual([WHOLE.replace('2', '3')]);
  });

  test('of a million cut lines in little more time than it takes to read them', () => {
    const text = `IoMmuMap: Operatusb_x y\n`.repeat(1000) + `xusb_ehci_a b\n`.repeat(1000);
    const start = performance.now();
    const report = analyse(Array.from({ length: 20 }, () => text));
    expect(report.input.splicedLines).toBe(0);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

const { FUZZ_SEED = '20170907', FUZZ_RUNS = '8' } = process.env;
const clean = ['sevlike-ahci', 'buggy-nvme-free-never-unmap', 'buggy-xhci-free-in-ebs', 'stock-virtio'].map(
  (name) => [name, excerpt(readLog(name), 12)] as const,
);

describe('a log that another writer cuts says what it says without', () => {
  test.each(clean)('%s', (_, text) => {
    const expected = analyse(text);
    const bursts = fc.array(
      fc.record({
        at: fc.nat(text.length),
        lines: fc.array(fc.constantFrom(...FOREIGN), { minLength: 1, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 200 },
    );
    fc.assert(
      fc.property(bursts, fc.array(fc.nat(), { maxLength: 40 }), (unsorted, cuts) => {
        const cut = cutBy(
          text,
          unsorted.sort((a, b) => a.at - b.at),
        );
        const report = analyse(chunksOf(cut.text, cuts));
        expect(storyOf(report, (line) => line)).toEqual(storyOf(expected, cut.lineOf));
        expect(report.input.malformedLines).toBe(expected.input.malformedLines);
        expect(report.input).toEqual(analyse(cut.text).input);
      }),
      { seed: Number(FUZZ_SEED), numRuns: Number(FUZZ_RUNS) },
    );
  });

  test('and most of its records are cut', () => {
    const [, text] = clean[0]!;
    const anchors = Array.from(text.matchAll(/IoMmuMap: Op/g), ({ index }) => index);
    const cut = cutBy(
      text,
      anchors.map((at, index) => ({ at: at + 1 + (index % 30), lines: [TRACE] })),
    );
    const report = analyse(cut.text);
    expect(report.input.splicedLines).toBe(anchors.length);
    expect(storyOf(report, (line) => line)).toEqual(storyOf(analyse(text), cut.lineOf));
  });
});

interface Burst {
  readonly at: number;
  readonly lines: readonly string[];
}

/** A text with whole lines of another writer in it, and where its lines have gone. The thread of that writer is seen at its start. */
function cutBy(text: string, bursts: readonly Burst[]): { text: string; lineOf: (line: number) => number } {
  let result = FOREIGN.join('');
  let done = 0;
  const moves: { readonly at: number; readonly units: number }[] = [{ at: 0, units: result.length }];
  for (const { at, lines } of bursts) {
    result += text.slice(done, at) + lines.join('');
    done = at;
    moves.push({ at, units: lines.join('').length });
  }
  result += text.slice(done);
  const starts: number[] = [];
  let start = 0;
  for (const line of toLines(text)) {
    starts.push(start);
    start += line.length;
  }
  const breaks = Array.from(result.matchAll(/\r\n|\r|\n/g), ({ index, 0: { length } }) => index + length);
  return {
    text: result,
    lineOf(line) {
      const at = starts[line - 1] ?? text.length;
      const moved = at + moves.reduce((sum, move) => sum + (move.at <= at ? move.units : 0), 0);
      let [low, high] = [0, breaks.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (breaks[middle]! <= moved) low = middle + 1;
        else high = middle;
      }
      return low + 1;
    },
  };
}

/** Mappings, buffers, failed calls, callbacks and findings, with each line where `lineOf` says. */
function storyOf(report: Report, lineOf: (line: number) => number): unknown {
  const story = report.traces.map(({ mappings, buffers, failedMaps, exitBootServices, handoff, findings }) => ({
    // An owner is guessed only from a line that is not far away, and other writers' lines are in between.
    mappings: mappings.map(({ owner: _, ...mapping }) => mapping),
    buffers,
    failedMaps,
    exitBootServices,
    handoff,
    findings: findings.map(({ rule, severity, line, certain, related }) => ({
      rule,
      severity,
      line,
      certain,
      related: related.map((each) => ({ line: each.line })),
    })),
  }));
  return JSON.parse(JSON.stringify(story), (key, value: unknown) => {
    if (/^line$|Line$/.test(key) && typeof value === 'number') return lineOf(value);
    return key.endsWith('Lines') && Array.isArray(value) ? (value as number[]).map(lineOf) : value;
  });
}

function chunksOf(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((end, index) => text.slice(places[index], end));
}
