import { languages, workspace, type TextDocument, type Uri } from 'vscode';
import { looksLikeFirmwareLog } from '../../core/index.ts';
import type { Disposable } from '../disposable.ts';
import { textFrom } from '../document-text.ts';
import { LANGUAGE_ID } from '../ids.ts';
import { readSettings } from '../settings.ts';
import { isLogDocument } from '../uris.ts';

/** Recognises firmware logs by their text: `.log` and `.txt` say nothing about who wrote them. */
export interface LanguageDetection extends Disposable {
  /** Resolves when a change of language that is under way is done. */
  whenSettled(uri: Uri): Promise<void>;
}

/** Languages of files that nobody has claimed. */
const UNCLAIMED: readonly string[] = ['log', 'plaintext'];

const HEAD_LENGTH = 64 * 1024;
const SAMPLE_LENGTH = 16 * 1024;

export function registerLanguageDetection(): LanguageDetection {
  /** Changes of language under way. */
  const changing = new Map<string, Promise<void>>();
  /** Documents recognised before: who chose another language for one afterwards wants it so. */
  const recognised = new Set<string>();
  /** How many lines a document had when it was looked at and not recognised. */
  const examinedLines = new Map<string, number>();

  function examine(document: TextDocument): void {
    const key = document.uri.toString();
    if (!UNCLAIMED.includes(document.languageId) || recognised.has(key) || !isLogDocument(document)) return;
    if (!readSettings(document.uri).detectLanguage) return;
    examinedLines.set(key, document.lineCount);
    if (!isFirmwareLog(document)) return;
    recognised.add(key);
    const change = Promise.resolve(languages.setTextDocumentLanguage(document, LANGUAGE_ID))
      // The document was closed in the meantime.
      .catch(() => undefined)
      .then(() => void changing.delete(key));
    changing.set(key, change);
  }

  /** A log that grows is looked at again each time it has doubled, so that following it costs next to nothing. */
  function examineGrown(document: TextDocument): void {
    const examined = examinedLines.get(document.uri.toString());
    if (examined !== undefined && document.lineCount >= 2 * examined) examine(document);
  }

  function forgetClosed({ uri }: TextDocument): void {
    const key = uri.toString();
    examinedLines.delete(key);
    // A change of language closes and reopens the document in the same turn.
    setTimeout(() => {
      if (!workspace.textDocuments.some((document) => document.uri.toString() === key)) recognised.delete(key);
    });
  }

  const subscriptions = [
    workspace.onDidOpenTextDocument(examine),
    workspace.onDidChangeTextDocument(({ document }) => examineGrown(document)),
    workspace.onDidCloseTextDocument(forgetClosed),
  ];
  workspace.textDocuments.forEach(examine);

  return {
    whenSettled: async (uri) => changing.get(uri.toString()),
    dispose() {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Looks at the beginning, and since a console may have written for long before the firmware, in two more places. */
function isFirmwareLog(document: TextDocument): boolean {
  if (looksLikeFirmwareLog(textFrom(document, 0, HEAD_LENGTH))) return true;
  return [1 / 3, 2 / 3].some((part) =>
    looksLikeFirmwareLog(textFrom(document, Math.floor(document.lineCount * part), SAMPLE_LENGTH)),
  );
}
