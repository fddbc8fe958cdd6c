import { formatBytes, type ReportFinding, type ReportMapping, type ReportOwner } from '../../core/index.ts';
import { code, escapeMarkdown, link } from './markdown.ts';

/** What the descriptions of a hover share. */
export interface HoverPlace {
  /** 1-based line that the mouse is on. */
  readonly line: number;
  /** Gives the address that a link to a 1-based line has. */
  readonly lineLink: (line: number) => string;
}

/** `Mapping 0x1e3edb98`, with the number of its use: handles recur. */
export function mappingName({ handle, generation }: ReportMapping): string {
  if (handle === null) return 'Mapping';
  return `Mapping ${code(handle)}${generation > 1 ? ` (use ${generation} of this handle)` : ''}`;
}

/** `XhciDxe`, `XhciDxe at 00:02.0`, or the device alone. */
export function ownerWords({ name, device }: ReportOwner): string {
  if (name === null) return `PCI ${code(device ?? '?')}`;
  return device === null ? code(name) : `${code(name)} at ${code(device)}`;
}

export function operationAndSize({ operation, bytes }: ReportMapping): string {
  return `${operation ?? 'unknown operation'}, ${bytes === null ? 'unknown size' : size(bytes)}`;
}

/** In human units, and exactly. */
export function size(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (0x${bytes.toString(16)})`;
}

/** A cell of a table with a link to a line, or nothing. */
export function lineCell(line: number | null, { lineLink }: HoverPlace): string {
  return line === null ? '' : link(String(line), lineLink(line));
}

const SEVERITY_WORDS = { error: 'Error', warning: 'Warning', information: 'Information' } as const;

/** The findings elsewhere; those of the line itself are shown by VS Code, above. */
export function findingsElsewhere(findings: readonly ReportFinding[], { line: here, lineLink }: HoverPlace): string[] {
  return findings
    .filter(({ line }) => line !== here)
    .map(({ severity, message, rule, line }) => {
      const place = link(`line ${line}`, lineLink(line));
      return `${SEVERITY_WORDS[severity]} at ${place}: ${escapeMarkdown(message)} (${escapeMarkdown(rule)})`;
    });
}
