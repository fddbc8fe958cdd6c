import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ReportFinding } from '../../src/core/index.ts';
import type { Analysis } from '../../src/extension/analyzer.ts';
import type { Diagnostics } from '../../src/extension/features/diagnostics.ts';
import type { ResultStore } from '../../src/extension/results.ts';
import { succeeded } from '../../src/protocol/outcome.ts';
import * as fake from './support/fake-vscode.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const PATH = 'file:///logs/boot.log';
const URI = fake.Uri.parse(PATH);

let results: ResultStore;
let diagnostics: Diagnostics;

beforeEach(async () => {
  const { createResultStore } = await import('../../src/extension/results.ts');
  const { registerDiagnostics } = await import('../../src/extension/features/diagnostics.ts');
  results = createResultStore();
  diagnostics = registerDiagnostics(results);
});

afterEach(() => {
  diagnostics.dispose();
  expect(fake.openResources()).toEqual([]);
  fake.reset();
});

function finding(line: number, values: Partial<ReportFinding> = {}): ReportFinding {
  const empty = { certain: true, mapping: null, buffer: null, related: [] };
  return { rule: 'double-unmap', severity: 'error', line, message: `found in ${line}`, ...empty, ...values };
}

async function show(findings: readonly ReportFinding[]): Promise<void> {
  const analysis = {
    digest: { findingCount: findings.length },
    readFindings: async (from: number, to: number) => succeeded(findings.slice(from, to)),
    dispose: () => undefined,
  } as unknown as Analysis;
  results.set({ state: 'done', uri: URI as never, origin: { kind: 'document', version: 1 }, analysis });
  await diagnostics.whenShown(URI as never);
}

const shownLines = (): number[] => fake.diagnosticsOf(URI).map(({ range }) => range.start.line + 1);

describe('problems', () => {
  test('cover the text of their line and lead to the page of their rule', async () => {
    fake.openDocument(PATH, 'edk2-log', 'one\n  two  \nthree');
    await show([finding(2, { severity: 'warning', related: [{ line: 3, message: 'mapped' }] })]);
    const [shown] = fake.diagnosticsOf(URI);
    expect(shown).toMatchObject({
      source: 'dma-handoff',
      severity: fake.DiagnosticSeverity.Warning,
      message: 'found in 2',
      range: { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } },
      relatedInformation: [{ message: 'mapped', location: { range: { start: { line: 2 } } } }],
    });
    expect(String((shown?.code as { target: fake.Uri }).target)).toBe('dma-handoff-docs:/docs/rules/double-unmap.md');
  });

  test('of a file that is not open cover whole lines', async () => {
    await show([finding(7)]);
    expect(fake.diagnosticsOf(URI)[0]?.range).toMatchObject({
      start: { line: 6, character: 0 },
      end: { line: 6, character: Number.MAX_SAFE_INTEGER },
    });
  });

  test('say when they are inferred', async () => {
    await show([finding(1, { certain: false })]);
    expect(fake.diagnosticsOf(URI)[0]?.message).toBe('found in 1 (inferred)');
  });

  test('go when the result goes', async () => {
    await show(Array.from({ length: 120 }, (_, index) => finding(index + 1)));
    expect(shownLines()).toHaveLength(120);
    results.delete(URI as never);
    expect(shownLines()).toEqual([]);
  });

  test('are replaced by those of the next result, also by fewer', async () => {
    await show(Array.from({ length: 120 }, (_, index) => finding(index + 1)));
    await show([finding(3)]);
    expect(shownLines()).toEqual([3]);
    await show([]);
    expect(shownLines()).toEqual([]);
  });

  test('are never more than VS Code shows, and the last one says so', async () => {
    await show(Array.from({ length: 1500 }, (_, index) => finding(index + 1)));
    const shown = fake.diagnosticsOf(URI);
    expect(shown).toHaveLength(1000);
    expect(shown.filter(({ message }) => message.startsWith('501 more findings'))).toHaveLength(1);
  });

  test('stay while the next analysis runs, but none where a change may have moved its line', async () => {
    const document = fake.openDocument(PATH, 'edk2-log', 'a\nb\nc\nd\ne\nf');
    await show([finding(1), finding(2, { related: [{ line: 6, message: 'hand-off' }] }), finding(4), finding(5)]);
    results.set({ state: 'running', uri: URI as never });
    expect(shownLines()).toEqual([1, 2, 4, 5]);
    document.edit('a\nb\nc\nd\nnew\ne\nf', 4);
    expect(shownLines()).toEqual([1, 4]);
  });

  test('of an overtaken result never come late', async () => {
    let release = (): void => undefined;
    const late = {
      digest: { findingCount: 1 },
      readFindings: () => new Promise((resolve) => (release = () => resolve(succeeded([finding(1)])))),
      dispose: () => undefined,
    } as unknown as Analysis;
    results.set({ state: 'done', uri: URI as never, origin: { kind: 'disk' }, analysis: late });
    const waiting = diagnostics.whenShown(URI as never);
    await show([finding(2)]);
    release();
    await waiting;
    expect(shownLines()).toEqual([2]);
  });
});
