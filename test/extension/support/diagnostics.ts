import * as vscode from 'vscode';
import { expectEqual, expectMatch, expectPresent, expectTrue } from './expect.ts';
import { DIAGNOSTIC_SOURCE } from './extension.ts';
import { until } from './until.ts';

/** The extension's diagnostics for a file, in the order of their lines. */
export function diagnosticsOf(uri: vscode.Uri): readonly vscode.Diagnostic[] {
  const all = vscode.languages.getDiagnostics(uri).filter((diagnostic) => diagnostic.source === DIAGNOSTIC_SOURCE);
  return all.sort((a, b) => a.range.start.line - b.range.start.line);
}

/** 1-based lines of the diagnostics with one severity. */
export function linesOf(
  diagnostics: readonly vscode.Diagnostic[],
  severity: vscode.DiagnosticSeverity,
): readonly number[] {
  return diagnostics
    .filter((diagnostic) => diagnostic.severity === severity)
    .map((diagnostic) => diagnostic.range.start.line + 1);
}

export async function untilErrorLines(uri: vscode.Uri, expected: readonly number[]): Promise<void> {
  const wanted = JSON.stringify(expected);
  const errorLines = (): string => JSON.stringify(linesOf(diagnosticsOf(uri), vscode.DiagnosticSeverity.Error));
  await until(`errors on lines ${wanted}`, () => (errorLines() === wanted ? true : undefined)).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}; they are on ${errorLines()}`);
    },
  );
}

/** The rule behind a diagnostic; checks on the way that its code names the rule and links to the rule's page. */
export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const code = expectPresent(diagnostic.code, 'the code of a diagnostic');
  expectTrue(typeof code === 'object', `the code ${JSON.stringify(code)} has no link to the rule's page`);
  const rule = String(code.value);
  expectMatch(rule, /^[a-z0-9]+(?:-[a-z0-9]+)+$/, 'the rule id');
  expectMatch(code.target.toString(), new RegExp(rule), 'the link to the rule page');
  return rule;
}

/** Every place a diagnostic points at must be in the same file and say something. */
export function checkRelated(diagnostic: vscode.Diagnostic, document: vscode.TextDocument): void {
  const related = diagnostic.relatedInformation ?? [];
  expectTrue(
    related.length > 0,
    `the diagnostic on line ${String(diagnostic.range.start.line + 1)} points at nothing else`,
  );
  for (const { location, message } of related) {
    expectEqual(location.uri.toString(), document.uri.toString(), 'the file of a related place');
    expectTrue(
      location.range.start.line < document.lineCount,
      `a related place on line ${String(location.range.start.line + 1)} is outside the file`,
    );
    expectTrue(message.length > 0, 'a related place has no text');
  }
}
