import { Hover, MarkdownString, Range, languages, type TextDocument } from 'vscode';
import type { Disposable } from '../disposable.ts';
import { COMMANDS } from '../ids.ts';
import type { ResultStore } from '../results.ts';
import { hoverMarkdown } from '../text/hover.ts';
import { toLineLink } from './show-line.ts';

/** Tells on each line of a mapping its whole life, and at ExitBootServices what was left and who ran. */
export function registerHover(results: ResultStore): Disposable {
  // Any document can be analysed on request; for all others this is one look-up.
  return languages.registerHoverProvider('*', {
    async provideHover(document, position, token) {
      const { uri } = document;
      const result = results.get(uri);
      if (result?.state !== 'done' || result.origin.kind !== 'document') return null;
      // The line numbers are those of another text.
      if (result.origin.version !== document.version) return null;
      const facts = await result.analysis.describeLine(position.line + 1, token);
      if (!facts.ok || facts.value.length === 0) return null;
      const text = hoverMarkdown(facts.value, {
        line: position.line + 1,
        lineLink: (line) => toLineLink({ uri: uri.toString(), line }),
      });
      const markdown = new MarkdownString(text);
      markdown.isTrusted = { enabledCommands: [COMMANDS.showLine] };
      return new Hover(markdown, textRange(document, position.line));
    },
  });
}

function textRange(document: TextDocument, line: number): Range {
  const { text, firstNonWhitespaceCharacterIndex: start } = document.lineAt(line);
  return new Range(line, start, line, Math.max(text.trimEnd().length, start));
}
