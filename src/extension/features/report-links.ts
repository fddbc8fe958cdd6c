import { DocumentLink, Range, languages, type TextDocument, type Uri } from 'vscode';
import type { Disposable } from '../disposable.ts';
import { REPORT_SCHEME } from '../ids.ts';
import { formatOfReport, sourceOfReport } from '../report-uri.ts';
import { toPageUri } from './documentation.ts';

/** Where a text report, wrapped anywhere, names lines of the log: `line 12`, `lines 12, 15`, `lines 12–80`, and the first column of a table. */
const NAMED_LINES = /\blines?\s+\d+(?:(?:,\s+|–)\d+)*|^ {4,}\d+ {2}(?=[A-Z?])/gm;

/** Pages of the documentation. */
const NAMED_PAGES = /\bdocs\/[\w-]+\.md\b/g;

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
  const text = report.getText();
  const toLink = (place: Place, target: Uri, tooltip: string): DocumentLink => {
    const end = place.offset + place.text.length;
    const link = new DocumentLink(new Range(report.positionAt(place.offset), report.positionAt(end)), target);
    link.tooltip = tooltip;
    return link;
  };
  const lines = findLineNumbers(text)
    .slice(0, MOST_LINKS)
    .map((place) => toLink(place, log.with({ fragment: `L${place.text}` }), 'Go to this line of the log'));
  const pages = [...text.matchAll(NAMED_PAGES)].map(({ index, 0: path }) =>
    toLink({ offset: index, text: path }, toPageUri(path), 'Open this page'),
  );
  return [...lines, ...pages];
}

/** A piece of the report. */
interface Place {
  readonly offset: number;
  readonly text: string;
}

export function findLineNumbers(report: string): Place[] {
  const found: Place[] = [];
  for (const match of report.matchAll(NAMED_LINES)) {
    for (const number of match[0].matchAll(/\d+/g)) found.push({ offset: match.index + number.index, text: number[0] });
  }
  return found;
}
