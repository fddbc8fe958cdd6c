import { formatBytes, type ReportFinding, type ReportMapping, type ReportOwner } from '../../core/index.ts';
import type { StoryPart, StorySpan, StoryText } from '../../protocol/story.ts';

/** The extension's own words. What stems from the log is `quoted`, or `code`. */
export function words(text: string): StorySpan {
  return { text, style: 'words', strong: false, line: null };
}

export function quoted(text: string): StorySpan {
  return { text, style: 'quoted', strong: false, line: null };
}

/** A name or number of the log. */
export function code(text: string): StorySpan {
  return { text, style: 'code', strong: false, line: null };
}

export function strong(...spans: readonly StorySpan[]): StorySpan[] {
  return spans.map((span) => ({ ...span, strong: true }));
}

/** A span that leads to a 1-based line. */
export function lineLink(line: number, text = String(line)): StorySpan {
  return { ...words(text), line };
}

/** A cell with a link to a line, or nothing. */
export function lineCell(line: number | null): StoryText {
  return line === null ? [] : [lineLink(line)];
}

export function paragraph(...text: StoryText): StoryPart {
  return { kind: 'paragraph', text };
}

/** Texts of a list, one separator between two. */
export function join(texts: readonly StoryText[], separator: string): StoryText {
  return texts.flatMap((text, index) => (index === 0 ? text : [words(separator), ...text]));
}

/** `Mapping 0x1e3edb98`, with the number of its use: handles recur. */
export function mappingName({ handle, generation }: ReportMapping): StoryText {
  if (handle === null) return [words('Mapping')];
  const use = generation > 1 ? [words(` (use ${generation} of this handle)`)] : [];
  return [words('Mapping '), code(handle), ...use];
}

/** `XhciDxe`, `XhciDxe at 00:02.0`, or the device alone. */
export function ownerWords({ name, device }: ReportOwner): StoryText {
  if (name === null) return [words('PCI '), code(device ?? '?')];
  return device === null ? [code(name)] : [code(name), words(' at '), code(device)];
}

export function operationAndSize({ operation, bytes }: ReportMapping): string {
  return `${operation ?? 'unknown operation'}, ${bytes === null ? 'unknown size' : size(bytes)}`;
}

/** In human units, and exactly. */
export function size(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${formatBytes(bytes)} (0x${bytes.toString(16)})`;
}

const SEVERITY_WORDS = { error: 'Error', warning: 'Warning', information: 'Information' } as const;

/** The findings that are not on the line `here`: those VS Code shows above its hover. */
export function findingsElsewhere(findings: readonly ReportFinding[], here: number | null): StoryPart[] {
  return findings
    .filter(({ line }) => line !== here)
    .map(({ severity, message, rule, line }) =>
      paragraph(
        words(`${SEVERITY_WORDS[severity]} at `),
        lineLink(line, `line ${line}`),
        words(': '),
        quoted(message),
        words(' ('),
        quoted(rule),
        words(')'),
      ),
    );
}
