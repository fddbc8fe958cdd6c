import { ownerName } from './owner-name.ts';
import { formatBytes } from '../model/describe.ts';
import type { Report, ReportFinding, ReportMapping, ReportTrace, Severity } from '../model/report.ts';
import { SEVERITIES } from '../model/report.ts';
import { hasDma, plural, verdictOf } from './verdict.ts';

export interface TextOptions {
  /** Whether to use ANSI colours. Words carry the meaning either way. */
  readonly color: boolean;
}

/** Mappings that the table shows. */
export const SHOWN_MAPPINGS = 100;
/** Findings of one rule that are shown in full; the rest is named by its lines. */
const SHOWN_OF_A_RULE = 3;
/** Lines of the rest that are named. */
const NAMED_LINES = 12;

/**
 * The report for a person at a terminal: the verdict first, then what crossed hand-off as a table, then why, with line numbers.
 * Everything that stems from the log is free of control characters.
 */
export function renderTextReport(report: Report, options: TextOptions): string {
  const paint = options.color ? withColors : plain;
  const verdict = verdictOf(report);
  const badge = {
    error: paint('red', 'ERROR'),
    warning: paint('yellow', 'WARNING'),
    clean: paint('green', 'OK'),
    incomplete: paint('blue', 'INCOMPLETE'),
    'no-trace': paint('blue', 'NO TRACE'),
  }[verdict.level];
  const lines = [`${badge}  ${paint('bold', printable(report.source.name))}: ${verdict.headline}`];
  const traces = report.traces.filter(hasDma);
  for (const trace of traces) lines.push('', ...renderTrace(trace, report.traces, paint));
  for (const note of report.input.notes) lines.push('', ...wrap(note, '  '));
  return `${lines.join('\n')}\n`;
}

function renderTrace(trace: ReportTrace, all: readonly ReportTrace[], paint: Paint): string[] {
  const { summary, handoff, exitBootServices: exit } = trace;
  const place =
    all.length > 1
      ? `Boot ${all.indexOf(trace) + 1} of ${all.length}, lines ${trace.firstLine}–${trace.lastLine}: `
      : '';
  const head = `${place}${plural(summary.maps, 'Map')}, ${plural(summary.unmaps, 'Unmap')}, at most ${summary.peakLive} live (${formatBytes(summary.peakLiveBytes)})`;
  const lines = [
    `  ${head}`,
    `  ${handoff ? `Hand-off at line ${handoff.line}: ${printable(handoff.evidence)}` : 'No hand-off in this log'}`,
  ];
  if (exit) {
    const names = [...new Set(exit.callbacks.map(({ name }) => printable(name)))].join(', ');
    const isTraced = exit.callbacks.some(({ group }) => group !== null);
    const callbacks =
      exit.callbacks.length > 0
        ? `; ${isTraced ? `${exit.callbacks.length} callbacks, of` : 'callbacks that print:'} ${names}`
        : '';
    const cleanup = exit.cleanup
      ? `; the IOMMU driver’s cleanup removed ${exit.cleanup.unmapped} at line ${exit.cleanup.line}`
      : '; no cleanup by the IOMMU driver';
    const inferred = exit.firstLine < exit.markerLine ? ` (inferred; first proof at line ${exit.markerLine})` : '';
    lines.push(...wrap(`ExitBootServices from line ${exit.firstLine}${inferred}${callbacks}${cleanup}`, '  '));
  }
  const live = trace.mappings.filter((mapping) => mapping.liveAtHandoff);
  if (live.length > 0)
    lines.push('', `  ${paint('bold', 'Mapped at hand-off')}`, ...renderMappings(live.slice(0, SHOWN_MAPPINGS)));
  if (summary.liveAtHandoff > SHOWN_MAPPINGS) lines.push(`    … and ${summary.liveAtHandoff - SHOWN_MAPPINGS} more`);
  const grave = trace.findings.filter((finding) => finding.severity !== 'information');
  const mild = trace.findings.filter((finding) => finding.severity === 'information');
  if (grave.length > 0) lines.push('', `  ${paint('bold', 'Why')}`, ...renderFindings(grave, paint));
  if (mild.length > 0) lines.push('', `  ${paint('bold', 'Good to know')}`, ...renderFindings(mild, paint));
  return lines;
}

function renderMappings(mappings: readonly ReportMapping[]): string[] {
  const rows = mappings.map((mapping) => [
    String(mapping.mappedLine),
    mapping.operation ?? '?',
    mapping.device,
    mapping.bytes === null ? '?' : formatBytes(mapping.bytes),
    mapping.owner ? `${printable(ownerName(mapping.owner))}${mapping.owner.certain ? '' : ' (probably)'}` : '?',
  ]);
  return table(['line', 'operation', 'device address', 'size', 'driver'], rows);
}

/** Columns as wide as their widest cell; the first one right-aligned. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = header.map((title, column) =>
    rows.reduce((width, row) => Math.max(width, (row[column] ?? '').length), title.length),
  );
  return [header, ...rows].map((row) =>
    `    ${row.map((cell, column) => (column === 0 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ')}`.trimEnd(),
  );
}

function renderFindings(findings: readonly ReportFinding[], paint: Paint): string[] {
  const byRule = new Map<string, ReportFinding[]>();
  const gravestFirst = [...findings].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  for (const finding of gravestFirst) {
    const key = `${finding.severity} ${finding.rule}`;
    const group = byRule.get(key);
    if (group) group.push(finding);
    else byRule.set(key, [finding]);
  }
  const lines: string[] = [];
  for (const group of byRule.values()) {
    for (const finding of group.slice(0, SHOWN_OF_A_RULE)) lines.push(...renderFinding(finding, paint));
    const rest = group.slice(SHOWN_OF_A_RULE);
    if (rest.length === 0) continue;
    const named = rest.slice(0, NAMED_LINES).map(({ line }) => line);
    lines.push(
      ...wrap(
        `${rest.length} more of ${rest[0]?.rule ?? ''}: ${rest.length === 1 ? 'line' : 'lines'} ${named.join(', ')}${rest.length > named.length ? ', …' : ''}`,
        '    ',
      ),
    );
  }
  return lines;
}

const SEVERITY_COLORS: Readonly<Record<Severity, Color>> = { error: 'red', warning: 'yellow', information: 'blue' };

function renderFinding(finding: ReportFinding, paint: Paint): string[] {
  // Where ExitBootServices and hand-off are stands above, once for all.
  const related = finding.related
    .filter(({ message }) => !/^(?:hand-off|first proof)/.test(message))
    .map(({ line, message }) => `line ${line}: ${printable(message)}`);
  const inferred = finding.certain ? '' : ' (inferred)';
  return [
    `    line ${finding.line}  ${paint(SEVERITY_COLORS[finding.severity], finding.severity)}  ${finding.rule}${inferred}`,
    ...wrap(printable(finding.message), '      '),
    ...(related.length > 0 ? wrap(related.slice(0, 6).join(' · '), '      ').map((line) => paint('dim', line)) : []),
  ];
}

const LINE_WIDTH = 100;

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > LINE_WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  return [...lines, line];
}

/** Text from outside, such as a file name, without what would steer a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, '�');
}

type Color = 'red' | 'yellow' | 'green' | 'blue' | 'bold' | 'dim';
type Paint = (color: Color, text: string) => string;

const CODES: Readonly<Record<Color, number>> = { red: 31, yellow: 33, green: 32, blue: 36, bold: 1, dim: 2 };

function withColors(color: Color, text: string): string {
  return `\u001b[${CODES[color]}m${text}\u001b[0m`;
}

function plain(_color: Color, text: string): string {
  return text;
}
