import { window, type TextEditor, type Uri } from 'vscode';
import { together, type Disposable } from '../disposable.ts';

/** At most so often the marker moves while somebody runs through the log with an arrow key. */
const INTERVAL_MS = 60;

/** Where the cursor stands in the editor of a log. */
export interface EditorLine extends Disposable {
  /** Tells the line now. */
  tell(): void;
}

/** @param onLine gets the 1-based line, or `null` where no editor shows the log */
export function followEditorLine(log: Uri, onLine: (line: number | null) => void): EditorLine {
  const key = log.toString();
  let timer: unknown = null;
  let told: number | null | undefined;

  const isOfLog = ({ document }: TextEditor): boolean => document.uri.toString() === key;

  function tell(): void {
    const editor = window.visibleTextEditors.find(isOfLog);
    const line = editor === undefined ? null : editor.selection.active.line + 1;
    if (line === told) return;
    told = line;
    onLine(line);
  }

  function tellSoon(): void {
    timer ??= setTimeout(() => {
      timer = null;
      tell();
    }, INTERVAL_MS);
  }

  const subscriptions = [
    window.onDidChangeTextEditorSelection(({ textEditor }) => {
      if (isOfLog(textEditor)) tellSoon();
    }),
    window.onDidChangeVisibleTextEditors(tellSoon),
  ];
  return {
    tell() {
      told = undefined;
      tell();
    },
    dispose() {
      clearTimeout(timer);
      together(subscriptions).dispose();
    },
  };
}
