import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { LanguageDetection } from '../../src/extension/features/language-detection.ts';
import { LANGUAGE_ID } from '../../src/extension/ids.ts';
import * as fake from './support/fake-vscode.ts';
import { readLog } from './support/start.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const PATH = 'file:///logs/boot.log';
const FOREIGN = '2026-01-05 10:00:00 INFO  Loading driver for /dev/sda\n';

let detection: LanguageDetection;

beforeEach(async () => {
  const { registerLanguageDetection } = await import('../../src/extension/features/language-detection.ts');
  detection = registerLanguageDetection();
});

afterEach(() => {
  detection.dispose();
  expect(fake.openResources()).toEqual([]);
  fake.reset();
});

async function languageOf(document: fake.FakeDocument): Promise<string> {
  await detection.whenSettled(document.uri as never);
  return document.languageId;
}

describe('language detection', () => {
  test.each(['log', 'plaintext'])('recognises a firmware log among files of language %s', async (language) => {
    expect(await languageOf(fake.openDocument(PATH, language, await readLog('stock-ahci')))).toBe(LANGUAGE_ID);
  });

  test('finds firmware behind the output of a console', async () => {
    const text = FOREIGN.repeat(4000) + (await readLog('sevlike-xhci')).repeat(2);
    expect(await languageOf(fake.openDocument(PATH, 'log', text))).toBe(LANGUAGE_ID);
  });

  test('leaves the logs of others alone', async () => {
    expect(await languageOf(fake.openDocument(PATH, 'log', FOREIGN.repeat(5000)))).toBe('log');
  });

  test('leaves files alone whose language somebody has chosen', async () => {
    const document = fake.openDocument(PATH, 'markdown', await readLog('sevlike-xhci'));
    expect(await languageOf(document)).toBe('markdown');
  });

  test('leaves the views of other extensions alone', async () => {
    const document = fake.openDocument('output:/firmware', 'log', await readLog('sevlike-xhci'));
    expect(await languageOf(document)).toBe('log');
  });

  test('can be switched off', async () => {
    fake.settings.set('dmaHandoff.detectLanguage', false);
    expect(await languageOf(fake.openDocument(PATH, 'log', await readLog('sevlike-xhci')))).toBe('log');
  });

  test('does not argue with a user who changes the language back', async () => {
    const document = fake.openDocument(PATH, 'log', await readLog('sevlike-xhci'));
    await languageOf(document);
    await fake.languages.setTextDocumentLanguage(document, 'log');
    expect(await languageOf(document)).toBe('log');
  });

  test('recognises a log again after it was closed', async () => {
    const text = await readLog('sevlike-xhci');
    const document = fake.openDocument(PATH, 'log', text);
    await languageOf(document);
    fake.closeDocument(document);
    await new Promise((resolve) => setTimeout(resolve));
    expect(await languageOf(fake.openDocument(PATH, 'log', text))).toBe(LANGUAGE_ID);
  });

  test('recognises a log that grows', async () => {
    const lines = (await readLog('sevlike-xhci')).split('\n');
    const document = fake.openDocument(PATH, 'log', '');
    for (const count of [0, 1, 2, 4, 100]) document.edit(['BdsDxe: nothing yet', ...lines.slice(0, count)].join('\n'));
    expect(await languageOf(document)).toBe(LANGUAGE_ID);
  });
});
