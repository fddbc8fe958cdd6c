import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS, LANGUAGE_ID } from '../../src/extension/ids.ts';
import * as fake from './support/fake-vscode.ts';
import { readLog, startExtension, until } from './support/start.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const PATH = 'file:///logs/boot.log';

afterEach(() => fake.reset());

describe('the extension', () => {
  test('does not start a worker before there is a log', async () => {
    fake.openDocument('file:///logs/foreign.log', 'log', '2026-01-05 10:00:00 INFO hello\n'.repeat(100));
    const started = await startExtension();
    expect(await started.api.whenAnalyzed('file:///logs/foreign.log')).toBeNull();
    expect(started.workers).toEqual([]);
    started.stop();
  });

  test('analyses a firmware log that was open before it started', async () => {
    const document = fake.openDocument(PATH, 'log', await readLog('buggy-no-teardown'));
    const started = await startExtension();
    const report = await started.api.whenAnalyzed(PATH);
    expect(document.languageId).toBe(LANGUAGE_ID);
    expect(report?.traces[0]?.summary.liveAtHandoff).toBe(10);
    expect(report?.traces[0]?.mappings.length).toBeGreaterThan(1000);
    expect(fake.diagnosticsOf(document.uri).filter(({ severity }) => severity === 0)).toHaveLength(10);
    started.stop();
  });

  test('leaves nothing behind when it is disposed of', async () => {
    const started = await startExtension();
    const document = fake.openDocument(PATH, LANGUAGE_ID, await readLog('sevlike-xhci'));
    fake.showEditor(document);
    await started.api.whenAnalyzed(PATH);
    expect(fake.openResources().length).toBeGreaterThan(10);
    started.stop();
    await until('the worker is terminated', () => started.workers.includes('terminated'));
    expect(fake.openResources()).toEqual([]);
    expect(started.workers).toEqual(['started', 'terminated']);
  });

  test('leaves nothing behind when it is disposed of in the middle of an analysis', async () => {
    const started = await startExtension();
    const document = fake.openDocument(PATH, LANGUAGE_ID, await readLog('sevlike-xhci'));
    await until('the analysis has begun', () => started.workers.length > 0);
    document.edit('one line', 0);
    started.stop();
    await until('the worker is terminated', () => started.workers.includes('terminated'));
    expect(fake.openResources()).toEqual([]);
  });

  test('starts the worker again after it died, and has everything back', async () => {
    const started = await startExtension();
    const document = fake.openDocument(PATH, LANGUAGE_ID, await readLog('buggy-no-teardown'));
    await started.api.whenAnalyzed(PATH);
    started.crashWorker();
    const report = await started.api.whenAnalyzed(PATH);
    expect(report?.traces[0]?.summary.liveAtHandoff).toBe(10);
    expect(await fake.hoverAt(document, 4082)).toContain('still mapped');
    expect(started.workers).toEqual(['started', 'started']);
    started.stop();
  });

  test('shows the life of a mapping on hover, and nothing while the text is another one', async () => {
    const started = await startExtension();
    const text = await readLog('buggy-no-teardown');
    const document = fake.openDocument(PATH, LANGUAGE_ID, text);
    await started.api.whenAnalyzed(PATH);
    const hover = await fake.hoverAt(document, 4082);
    expect(hover).toContain('| Mapped | [4083](command:dmaHandoff.showLine?');
    expect(await fake.hoverAt(document, 1)).toBeNull();
    document.edit(`one more line\n${text}`);
    expect(await fake.hoverAt(document, 4083)).toBeNull();
    await started.api.whenAnalyzed(PATH);
    expect(await fake.hoverAt(document, 4083)).toContain('[4084]');
    started.stop();
  });

  test('shows the report as a document that follows the log', async () => {
    const started = await startExtension();
    const document = fake.openDocument(PATH, LANGUAGE_ID, await readLog('buggy-no-teardown'));
    fake.showEditor(document);
    await fake.commands.executeCommand(COMMANDS.showReport);
    const shown = fake.window.activeTextEditor?.document;
    expect(shown?.uri.path).toBe('/logs/boot.log.dma-report.txt');
    expect(shown?.getText()).toContain('10 mappings are live at hand-off');
    await fake.commands.executeCommand(COMMANDS.showReportAsJson);
    expect(fake.window.activeTextEditor?.document.getText()).toMatch(/^\{\n {2}"schemaVersion": 1,/);
    fake.closeDocument(document);
    expect(await fake.provideText(shown!.uri)).toContain('not analyzed any more');
    started.stop();
  });

  test('analyses a file on disk without opening it, until the results are cleared', async () => {
    const uri = fake.Uri.parse(PATH);
    fake.files.set(PATH, Buffer.from(await readLog('buggy-no-teardown'), 'latin1'));
    const started = await startExtension();
    await fake.commands.executeCommand(COMMANDS.analyzeLargeFile, uri);
    expect(fake.messages).toEqual(['boot.log: 10 mappings are live at hand-off; 10 errors.']);
    await until('the problems are shown', () => fake.diagnosticsOf(uri).length >= 10);
    await fake.commands.executeCommand(COMMANDS.clearResults);
    expect(fake.diagnosticsOf(uri)).toEqual([]);
    started.stop();
  });

  test('says why a file on disk cannot be analysed', async () => {
    const started = await startExtension();
    await fake.commands.executeCommand(COMMANDS.analyzeLargeFile, fake.Uri.parse('file:///logs/missing.log'));
    expect(fake.messages).toHaveLength(1);
    expect(fake.messages[0]).toMatch(/^missing\.log could not be analyzed\. .*FileNotFound/);
    started.stop();
  });

  test('says what to switch on when a log that it was asked to analyse holds no trace', async () => {
    const started = await startExtension();
    const document = fake.openDocument('untitled:Untitled-1', 'plaintext', 'nothing to see here\n');
    fake.showEditor(document);
    await fake.commands.executeCommand(COMMANDS.analyzeFile);
    expect(fake.messages).toHaveLength(1);
    expect(fake.messages[0]).toMatch(/Untitled-1: no DMA/);
    started.stop();
  });
});
