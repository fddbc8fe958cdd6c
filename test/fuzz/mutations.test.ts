import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import type { ReportFinding } from '../../src/core/index.ts';
import { analyse } from '../core/support/analyse.ts';
import { readLog, toLines } from '../core/support/logs.ts';

// Machines that build are slow and busy.
vi.setConfig({ testTimeout: 600_000 });

/**
 * One line of a healthy log is dropped, doubled, swapped with the next, cut, or spliced with another. The verdict may then not
 * become an error out of nothing: there must be a finding that points at the place, or that says that lines are missing.
 */
const { FUZZ_SEED = '20170907', FUZZ_RUNS = '12' } = process.env;
/** The same for every run; `FUZZ_SEED=… FUZZ_RUNS=1000 npx vitest run test/fuzz/mutations` looks further. */
const seed = Number(FUZZ_SEED);
const numRuns = Number(FUZZ_RUNS);

/** Healthy logs of each kind. */
const LOGS = [
  'sevlike-ahci',
  'sevlike-xhci',
  'sevlike-mixed-writers',
  'sevlike-ahci-traced',
  'vtd-ahci',
  'tracer-stock-ahci',
  'tracer-stock-shell',
];

/** Rules whose finding says that the log lost or repeated lines. */
const ABOUT_THE_LOG: ReadonlySet<string> = new Set(['handle-reused-while-live', 'trace-disagrees', 'trace-incomplete']);

/** How far the place may be from the line that a finding names: a call prints up to two lines, with others in between. */
const REACH_LINES = 12;

const MUTATIONS: Readonly<Record<string, (lines: string[], at: number, column: number) => void>> = {
  dropped: (lines, at) => {
    lines.splice(at, 1);
  },
  doubled: (lines, at) => {
    lines.splice(at, 0, lines[at] ?? '');
  },
  'swapped with the next': (lines, at) => {
    lines.splice(at, 2, lines[at + 1] ?? '', lines[at] ?? '');
  },
  'cut short': (lines, at, column) => {
    lines[at] = `${(lines[at] ?? '').trimEnd().slice(0, column)}\r\n`;
  },
  'spliced with a line of another writer': (lines, at, column) => {
    const line = lines[at] ?? '';
    const middle = Math.min(column, Math.max(line.trimEnd().length - 1, 0));
    lines[at] = `${line.slice(0, middle)}usb_ehci_usbsts usbsts REC 1\r\n${line.slice(middle)}`;
  },
};

describe.each(LOGS)('%s', (name) => {
  const lines = toLines(readLog(name));
  const relevant = lines.flatMap((line, index) =>
    /IoMmu|DMATRACE|ExitBoot|SetUefiImage|V[Tt][Dd] |GSTS_REG|EfiGetMemoryAttributes|ahci_|@0x4 /.test(line)
      ? [index]
      : [],
  );
  const errorsBefore = errorsOf(lines.join(''));
  /** A tracer tells of every log what it has not seen. */
  const toldBefore = new Set(errorsBefore.findings.map(({ message }) => message));

  test('is healthy as it is', () => {
    expect(errorsBefore.errors).toEqual([]);
  });

  test.each(Object.entries(MUTATIONS))('with a line %s gives no error that does not point at it', (_, mutate) => {
    fc.assert(
      fc.property(fc.nat(relevant.length - 1), fc.nat(100), (pick, column) => {
        const at = relevant[pick] ?? 0;
        const mutated = [...lines];
        mutate(mutated, at, column);
        const { errors, findings } = errorsOf(mutated.join(''));
        if (errors.length === 0) return;
        const pointsAtIt = (finding: ReportFinding): boolean =>
          [finding.line, ...finding.related.map(({ line }) => line)].some(
            (line) => Math.abs(line - 1 - at) <= REACH_LINES,
          );
        const isAboutIt = (finding: ReportFinding): boolean =>
          ABOUT_THE_LOG.has(finding.rule) && !toldBefore.has(finding.message);
        if (findings.some((finding) => isAboutIt(finding) || pointsAtIt(finding))) return;
        expect.fail(`line ${at + 1} ${JSON.stringify(lines[at])}: ${JSON.stringify(errors, null, 2)}`);
      }),
      { seed, numRuns },
    );
  });
});

function errorsOf(text: string): { readonly errors: ReportFinding[]; readonly findings: ReportFinding[] } {
  const findings = analyse(text).traces.flatMap((trace) => trace.findings);
  return { findings, errors: findings.filter(({ severity }) => severity === 'error') };
}
