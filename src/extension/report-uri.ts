import { Uri } from 'vscode';
import type { ReportFormat } from '../protocol/analysis-calls.ts';
import { REPORT_SCHEME } from './ids.ts';

const EXTENSIONS: Readonly<Record<ReportFormat, string>> = { text: '.dma-report.txt', json: '.dma-report.json' };

/** The address of the read-only document with the report of a log. The path is what a tab shows. */
export function toReportUri(log: Uri, format: ReportFormat): Uri {
  return Uri.from({ scheme: REPORT_SCHEME, path: log.path + EXTENSIONS[format], query: log.toString() });
}

export function sourceOfReport(report: Uri): Uri {
  return Uri.parse(report.query, true);
}

export function formatOfReport(report: Uri): ReportFormat {
  return report.path.endsWith(EXTENSIONS.json) ? 'json' : 'text';
}
