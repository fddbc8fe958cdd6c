import { Range, Uri, commands, window, type ViewColumn } from 'vscode';
import type { Disposable } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';

/** Where a link in a hover or a report leads to. */
export interface LinePlace {
  readonly uri: string;
  /** 1-based. */
  readonly line: number;
}

/** The address of a link, for Markdown that trusts `COMMANDS.showLine`. */
export function toLineLink(place: LinePlace): string {
  return `command:${COMMANDS.showLine}?${encodeURIComponent(JSON.stringify([place]))}`;
}

export function registerShowLine(): Disposable {
  return commands.registerCommand(COMMANDS.showLine, async (place: unknown) => {
    if (isLinePlace(place)) await showLine(place);
  });
}

/** Shows the line in an editor. `column`: where the editor goes; absent: to the active ones. */
export async function showLine(place: LinePlace, column?: ViewColumn): Promise<void> {
  const uri = Uri.parse(place.uri, true);
  const line = place.line - 1;
  const options = { selection: new Range(line, 0, line, 0), ...(column === undefined ? {} : { viewColumn: column }) };
  try {
    // Not `showTextDocument`: it refuses files that are too large to share with extensions, which editors can show.
    await commands.executeCommand('vscode.open', uri, options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void window.showWarningMessage(`Line ${place.line} cannot be shown in an editor. ${reason}`);
  }
}

function isLinePlace(value: unknown): value is LinePlace {
  if (typeof value !== 'object' || value === null || !('uri' in value) || !('line' in value)) return false;
  return typeof value.uri === 'string' && typeof value.line === 'number' && value.line >= 1;
}
