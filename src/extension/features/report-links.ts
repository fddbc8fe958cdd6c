import { DocumentLink, Range, languages, type TextDocument } from 'vscode';
import type { Disposable } from '../disposable.ts';
import { REPORT_SCHEME } from '../ids.ts';
import { formatOfReport, sourceOfReport } from '../report-uri.ts';

/** Where a text report, wrapped anywhere, names lines of the log: `line 12`, `lines 12, 15`, `lines 12–80`, and the first column of a table. */
const NAMED_LINES = /\blines?\s+\d+(?:(?:,\s+|–)\d+)*|^ {4,}\d+ {2}(?=[A-Z?])/gm;

const MOST_LINKS = 2000;

/** Makes the line numbers of a report lead to the log. */
export function registerReportLinks(): Disposable {
  return languages.registerDocumentLinkProvider(
    { scheme: REPORT_SCHEME },
    {
      provideDocumentLinks: (report) => (formatOfReport(report.uri) === 'text' ? findLinks(report) : []),
    },
  );
}

function findLinks(report: TextDocument): DocumentLink[] {
  const log = sourceOfReport(report.uri);
  return findLineNumbers(report.getText())
    .slice(0, MOST_LINKS)
    .map(({ offset, text }) => {
      const range = new Range(report.positionAt(offset), report.positionAt(offset + text.length));
      const link = new DocumentLink(range, log.with({ fragment: `L${text}` }));
      link.tooltip = 'Go to this line of the log';
      return link;
    });
}

export function findLineNumbers(report: string): { readonly offset: number; readonly text: string }[] {
  const found: { offset: number; text: string }[] = [];
  for (const match of report.matchAll(NAMED_LINES)) {
    for (const number of match[0].matchAll(/\d+/g)) found.push({ offset: match.index + number.index, text: number[0] });
  }
  return found;
}
