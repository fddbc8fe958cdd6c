import { Range, type TextDocument } from 'vscode';

/** What one slice aims at: copying it out of the document takes well below a millisecond. */
const SLICE_LENGTH = 256 * 1024;
const FIRST_SLICE_LINES = 1000;
const MOST_SLICE_LINES = 8000;

/**
 * The text of a document in slices of whole lines: `getText()` of a large one would block the extension host. The document
 * may change between two slices; who reads on must look at its version.
 */
export function* sliceText(document: TextDocument): Generator<string, void, void> {
  let line = 0;
  let lines = FIRST_SLICE_LINES;
  while (line < document.lineCount) {
    const text = document.getText(new Range(line, 0, line + lines, 0));
    yield text;
    line += lines;
    // Lines are of any length, and only reading them tells.
    const fitting = (lines * SLICE_LENGTH) / Math.max(text.length, 1);
    lines = Math.max(1, Math.min(MOST_SLICE_LINES, lines * 4, Math.floor(fitting)));
  }
}

/** Up to `length` characters from the beginning of the 0-based line. */
export function textFrom(document: TextDocument, line: number, length: number): string {
  let text = '';
  for (let at = line; at < document.lineCount && text.length < length; at += 200) {
    text += document.getText(new Range(at, 0, at + 200, 0));
  }
  return text.slice(0, length);
}
