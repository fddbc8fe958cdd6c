import { describe, expect, test, vi } from 'vitest';
import type { TextDocument } from 'vscode';
import { FakeDocument, Uri } from './support/fake-vscode.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const { sliceText, textFrom } = await import('../../src/extension/document-text.ts');

function documentOf(text: string): TextDocument {
  return new FakeDocument(Uri.file('/boot.log'), 'edk2-log', text) as unknown as TextDocument;
}

describe('slices of a document', () => {
  test.each([
    ['nothing', ''],
    ['one line without an end', 'SEC: Normal boot'],
    ['many short lines', 'a line\n'.repeat(50_000)],
    ['lines that become long', `${'short\n'.repeat(5000)}${`${'x'.repeat(20_000)}\n`.repeat(200)}`],
    ['empty lines', '\n'.repeat(10_000)],
  ])('put together give the document again: %s', (_what, text) => {
    expect([...sliceText(documentOf(text))].join('')).toBe(text);
  });

  test('stay small, however long the lines are', () => {
    const text = `${'short\n'.repeat(3000)}${`${'x'.repeat(5000)}\n`.repeat(4000)}`;
    const lengths = [...sliceText(documentOf(text))].map((slice) => slice.length);
    // Where lines grow a thousandfold from one to the next, one slice cannot know.
    const surprised = lengths.filter((length) => length > 512 * 1024);
    expect(surprised.length).toBeLessThanOrEqual(1);
    expect(Math.max(...lengths.slice(-10))).toBeLessThan(512 * 1024);
  });

  test('textFrom gives no more than it is asked for', () => {
    const document = documentOf('0123456789\n'.repeat(1000));
    expect(textFrom(document, 2, 15)).toBe('0123456789\n0123');
    expect(textFrom(document, 999, 100)).toBe('0123456789\n');
    expect(textFrom(document, 5000, 100)).toBe('');
  });
});
