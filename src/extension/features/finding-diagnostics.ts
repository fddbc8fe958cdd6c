import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  Location,
  Range,
  type TextDocument,
  Uri,
} from 'vscode';
import type { ReportFinding, Severity } from '../../core/index.ts';
import { DIAGNOSTIC_SOURCE } from '../ids.ts';
import { toRulePageUri } from './documentation.ts';

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
};

/** Enough to follow the story of one mapping; the rest is in the report. */
const MOST_RELATED = 10;

/** @param document the open document of the log, so that squiggles begin and end where its text does */
export function toDiagnostics(
  uri: Uri,
  findings: readonly ReportFinding[],
  document: TextDocument | undefined,
): Diagnostic[] {
  // A copy that has never been formatted is a third of the size when VS Code sends it, once for every related place.
  const plainUri = Uri.from(uri);
  return findings.map((finding) => toDiagnostic(plainUri, finding, document));
}

/** Stands in for the findings that do not fit into the list of problems. */
export function toOmissionNotice(omitted: number, document: TextDocument | undefined): Diagnostic {
  const message = `${omitted} more findings are not listed here. Run “DMA Handoff: Show Report” to see them all.`;
  const notice = new Diagnostic(lineRange(1, document), message, DiagnosticSeverity.Information);
  notice.source = DIAGNOSTIC_SOURCE;
  return notice;
}

function toDiagnostic(uri: Uri, finding: ReportFinding, document: TextDocument | undefined): Diagnostic {
  const message = finding.certain ? finding.message : `${finding.message} (inferred)`;
  const diagnostic = new Diagnostic(lineRange(finding.line, document), message, SEVERITIES[finding.severity]);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = { value: finding.rule, target: toRulePageUri(finding.rule) };
  diagnostic.relatedInformation = finding.related
    .slice(0, MOST_RELATED)
    .map(
      (place) => new DiagnosticRelatedInformation(new Location(uri, lineRange(place.line, document)), place.message),
    );
  return diagnostic;
}

/** The text of the 1-based line without the white space around it. */
function lineRange(lineNumber: number, document: TextDocument | undefined): Range {
  const line = Math.max(lineNumber - 1, 0);
  if (document === undefined || line >= document.lineCount) return new Range(line, 0, line, Number.MAX_SAFE_INTEGER);
  const { text, firstNonWhitespaceCharacterIndex: start } = document.lineAt(line);
  return new Range(line, start, line, Math.max(text.trimEnd().length, start));
}
