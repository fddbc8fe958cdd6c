import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { Report, ReportBuffer, ReportFinding, ReportMapping, ReportTrace } from '../../src/core/index.ts';
import { createStreamingAnalysis } from '../../src/core/index.ts';
import { analyse } from '../core/support/analyse.ts';
import { excerpt, LOG_NAMES, readLog, toLines } from '../core/support/logs.ts';

// Machines that build are slow and busy.
vi.setConfig({ testTimeout: 120_000 });

/**
 * What an analysis says of the lines before a place must not depend on what stands behind it. Three things are held to that:
 *
 *   - What a streaming analysis has handed over when it reaches the place is final: the whole report has it word by word.
 *   - Mappings and buffers that were made before the place are the same in all that stands in lines before it. What comes later is
 *     left out: their end, an owner that a later line gives, and whether a removal was part of ExitBootServices.
 *   - Findings of rules that judge call by call are the same in lines before the place. Those that need the whole boot are not
 *     looked at: they may of course differ.
 */
const { FUZZ_SEED = '20170907', FUZZ_RUNS = '8' } = process.env;
/** The same for every run, so that a failure comes again; `FUZZ_SEED=… FUZZ_RUNS=1000 npx vitest run test/fuzz` looks further. */
const seed = Number(FUZZ_SEED);
const numRuns = Number(FUZZ_RUNS);

/** Rules that decide at once, by what they have seen so far. */
const CALL_BY_CALL: ReadonlySet<string> = new Set([
  'common-buffer-not-allocated',
  'double-free',
  'double-unmap',
  'free-size-mismatch',
  'free-unknown',
  'free-while-mapped',
  'handle-reused-while-live',
  'overlapping-device-range',
  'unmap-unknown',
]);

const logs = [
  'buggy-nvme-free-never-unmap',
  'buggy-xhci-free-in-ebs',
  'sevlike-mixed-writers',
  'sev2022-assertion',
  'tracer-stock-shell',
].map((name) => {
  // Taking transfers out of the tracer's records would be damage by itself.
  const text = name.startsWith('tracer-') ? readLog(name) : excerpt(readLog(name), 6);
  return { name, text, lines: toLines(text), report: analyse(text) };
});
type Log = (typeof logs)[number];

interface Damaged {
  readonly text: string;
  /** Offset of the first unit that differs. */
  readonly at: number;
  /** How a failing case is shown: not as a whole log. */
  readonly [fc.toStringMethod]: () => string;
}

function damagedAt(at: number, text: string): Damaged {
  const shown = JSON.stringify(text.slice(Math.max(0, at - 60), at + 60));
  return { text, at, [fc.toStringMethod]: () => `damaged at ${at}: ${shown}` };
}

/** Ways to damage a log. */
const DAMAGES: Readonly<Record<string, (log: Log) => fc.Arbitrary<Damaged>>> = {
  'cut at any byte': ({ text }) => fc.nat(text.length).map((at) => damagedAt(at, text.slice(0, at))),
  'cut at any byte and continued by another boot': ({ text }) =>
    fc
      .tuple(fc.nat(text.length), fc.constantFrom(...logs))
      .map(([at, other]) => damagedAt(at, text.slice(0, at) + other.text)),
  'with bytes flipped': ({ text }) =>
    fc
      .array(fc.tuple(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 40 })
      .map((flips) => {
        const units = text.split('');
        for (const [at, mask] of flips) units[at] = String.fromCharCode(text.charCodeAt(at) ^ mask);
        return damagedAt(Math.min(...flips.map(([at]) => at)), units.join(''));
      }),
  'with lines dropped': (log) =>
    someLines(log).map((indices) =>
      joined(log, (lines) => lines.filter((_, index) => !indices.includes(index)), indices),
    ),
  'with lines doubled': (log) =>
    someLines(log).map((indices) =>
      joined(
        log,
        (lines) => lines.flatMap((line, index) => (indices.includes(index) ? [line, line] : [line])),
        indices,
      ),
    ),
  'with lines swapped': (log) =>
    someLines(log).map((indices) =>
      joined(
        log,
        (lines) => {
          const swapped = [...lines];
          for (const index of indices)
            [swapped[index], swapped[index + 1]] = [swapped[index + 1] ?? '', swapped[index] ?? ''];
          return swapped;
        },
        indices,
      ),
    ),
  'with foreign text in the middle of lines': (log) =>
    fc
      .tuple(fc.array(fc.nat(log.text.length), { minLength: 1, maxLength: 20 }), foreignText())
      .map(([places, foreign]) => {
        const sorted = [0, ...places.sort((a, b) => a - b), log.text.length];
        const pieces = sorted.slice(1).map((end, index) => log.text.slice(sorted[index], end));
        return damagedAt(places[0] ?? 0, pieces.join(foreign));
      }),
  'with other line breaks from some place on': ({ text }) =>
    fc.tuple(fc.nat(text.length), fc.constantFrom('\n', '\r', '\r\r\n', '')).map(([at, ending]) => {
      // A CR LF that is cut in two would be a break and a half.
      const start = text.lastIndexOf('\n', at) + 1;
      return damagedAt(start, text.slice(0, start) + text.slice(start).replaceAll('\r\n', ending));
    }),
};

describe.each(logs.map((log) => [log.name, log] as const))('%s', (_, log) => {
  test.each(Object.entries(DAMAGES))('%s: what precedes the damage stays as it was', (__, damage) => {
    fc.assert(
      fc.property(damage(log), ({ text, at }) => {
        const lineCount = toLines(text.slice(0, at)).length;
        // The line that the damage stands in is damaged too, and the one before if the damage is to its break.
        const firstDamagedLine =
          /[\r\n]$/.test(text.slice(0, at)) && !text.startsWith('\n', at) ? lineCount + 1 : Math.max(lineCount, 1);
        const damaged = analyse(text);
        expect(before(damaged, firstDamagedLine)).toEqual(before(log.report, firstDamagedLine));
        const prefix = toLines(text)
          .slice(0, firstDamagedLine - 1)
          .join('');
        expectFinal(settledAt(prefix), damaged);
      }),
      { seed, numRuns },
    );
  });
});

describe('logs in one file', () => {
  test.each(LOG_NAMES.filter((name) => name !== 'sevlike-reboots'))(
    '%s and what another boot appends are told apart',
    (name) => {
      const [first, second] = [logs.find((log) => log.name === name)?.text ?? excerpt(readLog(name), 3), logs[1]!.text];
      // A capture that was killed ends in mid-line; QEMU appends what the next boot prints.
      const joinedReport = analyse(first + second);
      const offset = toLines(first).length - (/[\r\n]$/.test(first) ? 0 : 1);
      const expected = analyse(second).traces.map((trace) => shifted(trace, offset));
      expect(joinedReport.traces.slice(-expected.length)).toEqual(expected);
      expect(before(joinedReport, offset + 1)).toEqual(before(analyse(first), offset + 1));
    },
  );

  test('are as many boots as there are starts, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(logs.length - 1), { minLength: 1, maxLength: 4 }), (indices) => {
        const chosen = indices.map((index) => logs[index]!);
        const { traces } = analyse(chosen.map(({ text }) => text).join(''));
        expect(traces.map(({ summary }) => summary)).toEqual(
          chosen.flatMap(({ report }) => report.traces.map(({ summary }) => summary)),
        );
      }),
      { seed, numRuns },
    );
  });
});

test('random bytes give a report', () => {
  const anchors = [
    'IoMmuMap: O',
    'IoMmuUnmapWorker: Mapping=0x',
    'ExitBoot',
    '\r\n',
    '\n',
    'SecCoreStartupWithStack(0x',
    'ASSERT ',
    '0x',
    'Endpoint[',
  ];
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    fc.constantFrom(...anchors),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      const text = pieces.join('');
      const report = analyse(pieces);
      expect(report.source).toMatchObject({ bytes: text.length, lines: toLines(text).length });
      expect(analyse(text)).toEqual(report);
    }),
    { seed, numRuns: numRuns * 4 },
  );
});

function someLines({ lines }: Log): fc.Arbitrary<number[]> {
  return fc
    .uniqueArray(fc.nat(lines.length - 2), { minLength: 1, maxLength: 10 })
    .map((indices) => indices.sort((a, b) => a - b));
}

function joined(log: Log, change: (lines: readonly string[]) => string[], indices: readonly number[]): Damaged {
  return damagedAt(log.lines.slice(0, indices[0]).join('').length, change(log.lines).join(''));
}

function foreignText(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      'usb_ehci_usbsts usbsts REC 1\n',
      '[    1.234567] xhci_hcd 0000:00:02.0: halted\r\n',
      '\r',
      '\n',
      '\0',
      '\u001b[2J',
      'IoMmuMap: Operation=Read Host=0x',
    ),
    fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 }),
  );
}

/** What a report says of the lines before `line`, which must not depend on what stands in it or behind. */
function before(report: Report, line: number): object[] {
  return report.traces
    .filter(({ firstLine }) => firstLine < line)
    .map((trace) => ({
      firstLine: trace.firstLine,
      mappings: trace.mappings
        .filter(({ mappedLine }) => mappedLine < line)
        .map((mapping) => mappingBefore(mapping, line)),
      buffers: trace.buffers
        .filter(({ allocatedLine }) => allocatedLine < line)
        .map((buffer) => bufferBefore(buffer, line)),
      findings: trace.findings
        .filter((finding) => finding.line < line && CALL_BY_CALL.has(finding.rule))
        .map((finding) => findingBefore(finding, line)),
      exit: exitBefore(trace, line),
    }));
}

function mappingBefore(mapping: ReportMapping, line: number): object {
  const { unmappedLine, unmappedTime, unmappedBy, owner, otherLines } = mapping;
  const isUnmapped = unmappedLine !== null && unmappedLine < line;
  return {
    ...mapping,
    unmappedLine: isUnmapped ? unmappedLine : null,
    unmappedTime: isUnmapped ? unmappedTime : null,
    unmappedBy: isUnmapped && unmappedBy === 'iommu-cleanup' ? unmappedBy : null,
    owner: isUnmapped ? owner : null,
    liveAtHandoff: false,
    otherLines: otherLines.filter((other) => other < line),
  };
}

function bufferBefore({ freedLine, freedIn: _, ...made }: ReportBuffer, line: number): object {
  return { ...made, freedLine: freedLine !== null && freedLine < line ? freedLine : null };
}

function findingBefore({ related, ...finding }: ReportFinding, line: number): object {
  return { ...finding, related: related.filter((each) => each.line < line) };
}

/** Nothing, as long as no line before proves ExitBootServices by itself. */
function exitBefore({ exitBootServices: exit }: ReportTrace, line: number): object | null {
  if (!exit || exit.markerLine >= line) return null;
  const proofs = [...exit.callbacks.map((callback) => callback.line), exit.cleanup?.line];
  if (!proofs.includes(exit.markerLine)) return null;
  return {
    firstLine: exit.firstLine,
    markerLine: exit.markerLine,
    callbacks: exit.callbacks.filter((callback) => callback.line < line),
    cleanupLine: exit.cleanup && exit.cleanup.line < line ? exit.cleanup.line : null,
  };
}

interface Settled {
  readonly mappings: readonly ReportMapping[];
  readonly buffers: readonly ReportBuffer[];
  readonly traces: readonly object[];
}

/** What a streaming analysis has handed over at the end of `text`, if more may follow. */
function settledAt(text: string): Settled {
  const mappings: ReportMapping[] = [];
  const buffers: ReportBuffer[] = [];
  const traces: object[] = [];
  const analysis = createStreamingAnalysis(
    { sourceName: 'debug.log', version: '0.0.0' },
    {
      wanted: 'all',
      mapping: (mapping) => mappings.push(mapping),
      buffer: (buffer) => buffers.push(buffer),
      trace: (trace) => traces.push(trace),
    },
  );
  analysis.push(text);
  return { mappings, buffers, traces };
}

function expectFinal(settled: Settled, report: Report): void {
  const whole = (items: readonly object[]): Set<string> => new Set(items.map((item) => JSON.stringify(item)));
  const [mappings, buffers] = [
    whole(report.traces.flatMap((trace) => trace.mappings)),
    whole(report.traces.flatMap((trace) => trace.buffers)),
  ];
  for (const mapping of settled.mappings) expect(mappings).toContain(JSON.stringify(mapping));
  for (const buffer of settled.buffers) expect(buffers).toContain(JSON.stringify(buffer));
  expect(report.traces.slice(0, settled.traces.length).map(({ mappings: _, buffers: __, ...trace }) => trace)).toEqual(
    settled.traces,
  );
}

/** The same boot, `offset` lines later. */
function shifted(value: ReportTrace, offset: number): ReportTrace {
  const isLine = /[lL]ine$/;
  return JSON.parse(JSON.stringify(value), (key: string, inner: unknown) => {
    if (isLine.test(key) && typeof inner === 'number') return inner + offset;
    return key === 'otherLines' ? (inner as number[]).map((line) => line + offset) : inner;
  }) as ReportTrace;
}
