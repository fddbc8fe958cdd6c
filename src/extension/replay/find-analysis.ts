import { workspace, type Uri } from 'vscode';
import { refused, succeeded, type Outcome } from '../../protocol/outcome.ts';
import type { Analysis } from '../analyzer.ts';
import type { DemandAnalysis } from '../log-analyses.ts';
import { nameOf } from '../uris.ts';

/** The analysis of a log that shall be replayed: the one at hand, or a new one. */
export async function findAnalysis(uri: Uri, demand: DemandAnalysis): Promise<Outcome<Analysis>> {
  // VS Code will show the log; when its text is what was analysed, lines cannot differ.
  if (!isCompressed(uri)) await openDocument(uri);
  const found = await demand(uri);
  return found ? succeeded(found.analysis) : refused(`${nameOf(uri)} could not be analyzed.`);
}

/** No editor can show what is in it. */
export function isCompressed(uri: Uri): boolean {
  return uri.path.endsWith('.gz');
}

/** Does nothing where it is too large for a document, or cannot be read: whoever analyses it says why. */
async function openDocument(uri: Uri): Promise<void> {
  try {
    await workspace.openTextDocument(uri);
  } catch {
    return;
  }
}
