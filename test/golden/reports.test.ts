import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report, ReportTrace } from '../../src/core/index.ts';
import { renderJsonReport, renderTextReport } from '../../src/core/index.ts';
import { analyse } from '../core/support/analyse.ts';
import { readLog } from '../core/support/logs.ts';
import { compileReportSchema } from '../core/support/report-schema.ts';

/**
 * Reports of real logs, word by word. `UPDATE_GOLDEN=1 npx vitest run test/golden` writes them anew; what changed then is in the diff.
 *
 * <log>.txt is the report as a terminal shows it. <log>.json is the same report with only those mappings and buffers that a
 * reader looks for: live at hand-off, removed while ExitBootServices ran, or part of a finding. Of the others, which are hundreds and
 * all alike, it has the number and a digest.
 */
const GOLDEN: readonly string[] = [
  'buggy-cleanup-before-exit',
  'buggy-failing-maps',
  'buggy-no-teardown',
  'buggy-nvme-free-never-unmap',
  'buggy-xhci-free-in-ebs',
  'sev2022-assertion',
  'sevlike-killed',
  'sevlike-mixed-writers',
  'sevlike-pc-ide-uhci',
  'sevlike-reboots',
  'sevlike-xhci',
  'stock-virtio',
  'tracer-buggy-free-in-ebs',
  'tracer-stock-shell',
  'vtd-buggy-free-in-ebs',
  'vtd-no-dmar-table',
  'vtd-xhci',
];

/** Mentioned by more findings than this of one rule, a mapping or buffer need not be shown for each. */
const SHOWN_OF_A_RULE = 4;

const folder = import.meta.dirname;
const updating = process.env['UPDATE_GOLDEN'] === '1';

const validate = compileReportSchema();
const reports = new Map<string, Report>();

function reportOf(name: string): Report {
  const report = reports.get(name) ?? analyse(readLog(name), { sourceName: `${name}.log` });
  reports.set(name, report);
  return report;
}

describe.each(GOLDEN)('the report of %s', (name) => {
  test('reads as it did', () => {
    expectGolden(`${name}.txt`, renderTextReport(reportOf(name), { color: false }));
  });

  test('holds what it did', () => {
    expectGolden(`${name}.json`, [...renderJsonReport(toGolden(reportOf(name)))].join(''));
  });

  test('fits the schema, and so does what is kept of it', () => {
    for (const report of [reportOf(name), JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as object]) {
      validate(report);
      expect(validate.errors ?? []).toEqual([]);
    }
  });
});

test('no golden report is left over', () => {
  const files = readdirSync(folder).filter((file) => !file.endsWith('.ts'));
  expect(files.sort()).toEqual(GOLDEN.flatMap((name) => [`${name}.json`, `${name}.txt`]).sort());
});

function expectGolden(file: string, text: string): void {
  const path = join(folder, file);
  if (updating) writeFileSync(path, text);
  expect(existsSync(path), `${file} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

function toGolden(report: Report): Report {
  return { ...report, traces: report.traces.map(keepTelling) };
}

/** What is left out, in place of which the golden report has its number and a digest. */
interface Omitted {
  readonly count: number;
  readonly digest: string;
}

function keepTelling(trace: ReportTrace): ReportTrace & { readonly omitted: Readonly<Record<'mappings' | 'buffers', Omitted>> } {
  const shown = new Map<string, number>();
  const findings = trace.findings.filter(({ rule }) => {
    const count = (shown.get(rule) ?? 0) + 1;
    shown.set(rule, count);
    return count <= SHOWN_OF_A_RULE;
  });
  const isTold = (kind: 'mapping' | 'buffer', id: number): boolean => findings.some((finding) => finding[kind] === id);
  const [mappings, otherMappings] = partition(
    trace.mappings,
    ({ id, liveAtHandoff, unmappedBy }) => liveAtHandoff || (unmappedBy !== null && unmappedBy !== 'boot') || isTold('mapping', id),
  );
  const [buffers, otherBuffers] = partition(trace.buffers, ({ id, freedIn }) => freedIn !== 'boot' || isTold('buffer', id));
  return { ...trace, mappings, buffers, omitted: { mappings: digestOf(otherMappings), buffers: digestOf(otherBuffers) } };
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  return [items.filter(belongs), items.filter((item) => !belongs(item))];
}

function digestOf(items: readonly object[]): Omitted {
  return { count: items.length, digest: createHash('sha256').update(JSON.stringify(items)).digest('hex').slice(0, 16) };
}
