import {
  languages,
  workspace,
  type Diagnostic,
  type DiagnosticCollection,
  type TextDocumentChangeEvent,
  type Uri,
} from 'vscode';
import { together, type Disposable } from '../disposable.ts';
import { DIAGNOSTIC_SOURCE } from '../ids.ts';
import { createPacer } from '../pacer.ts';
import type { Result, ResultStore } from '../results.ts';
import { toDiagnostics, toOmissionNotice } from './finding-diagnostics.ts';

/** Shows the findings of every result as problems of its log. */
export interface Diagnostics extends Disposable {
  /** Resolves when all problems of the log's present result are shown. */
  whenShown(uri: Uri): Promise<void>;
}

type Done = Result & { readonly state: 'done' };

/** VS Code shows no more problems of one file; the last place is for saying how many are missing. */
const MOST_FINDINGS = 999;

/**
 * Handing a problem over takes VS Code about a tenth of a millisecond, and a collection all its problems of a file at
 * once. So a file with many is spread over several collections, one a turn; a user sees no difference.
 */
const COLLECTION_SIZE = 50;

export function registerDiagnostics(results: ResultStore): Diagnostics {
  const collections: DiagnosticCollection[] = [];
  const showing = new Map<string, Promise<void>>();

  function collectionAt(index: number): DiagnosticCollection {
    const name = index === 0 ? DIAGNOSTIC_SOURCE : `${DIAGNOSTIC_SOURCE}-${index + 1}`;
    return (collections[index] ??= languages.createDiagnosticCollection(name));
  }

  function update(uri: Uri): void {
    const key = uri.toString();
    const result = results.get(uri);
    // While an analysis runs, the problems of the text before stay, as far as they still hold.
    if (result?.state === 'running') return;
    if (result?.state !== 'done') {
      clear(uri, 0);
      return;
    }
    const shown = show(result).finally(() => {
      if (showing.get(key) === shown) showing.delete(key);
    });
    showing.set(key, shown);
  }

  async function show(result: Done): Promise<void> {
    const { uri, analysis } = result;
    const count = Math.min(analysis.digest.findingCount, MOST_FINDINGS);
    const omitted = analysis.digest.findingCount - count;
    const pace = createPacer();
    clear(uri, Math.max(1, Math.ceil(count / COLLECTION_SIZE)));
    for (let from = 0; from === 0 || from < count; from += COLLECTION_SIZE) {
      const findings = await analysis.readFindings(from, Math.min(from + COLLECTION_SIZE, count));
      await pace();
      if (!findings.ok || results.get(uri) !== result) return;
      const document = workspace.textDocuments.find((candidate) => candidate.uri.toString() === uri.toString());
      const diagnostics = toDiagnostics(uri, findings.value, document);
      if (from === 0 && omitted > 0) diagnostics.push(toOmissionNotice(omitted, document));
      collectionAt(from / COLLECTION_SIZE).set(uri, diagnostics);
    }
  }

  /** @param kept number of collections that are about to be overwritten */
  function clear(uri: Uri, kept: number): void {
    for (const collection of collections.slice(kept)) collection.delete(uri);
  }

  /**
   * Until the analysis of the new text is there, problems before the first changed line still hold. The others may be
   * anywhere by now: better none than one in a wrong place.
   */
  function dropBehindChange({ document, contentChanges }: TextDocumentChangeEvent): void {
    if (contentChanges.length === 0) return;
    const firstLine = Math.min(...contentChanges.map((change) => change.range.start.line));
    for (const collection of collections) {
      const shown = collection.get(document.uri) ?? [];
      const kept = shown.filter((diagnostic) => lastLineOf(diagnostic) < firstLine);
      if (kept.length < shown.length) collection.set(document.uri, kept);
    }
  }

  const subscriptions = together([results.onDidChange(update), workspace.onDidChangeTextDocument(dropBehindChange)]);
  return {
    whenShown: async (uri) => showing.get(uri.toString()),
    dispose() {
      subscriptions.dispose();
      for (const collection of collections) collection.dispose();
    },
  };
}

/** Of the problem and of what it refers to. */
function lastLineOf({ range, relatedInformation = [] }: Diagnostic): number {
  return Math.max(range.end.line, ...relatedInformation.map(({ location }) => location.range.end.line));
}
