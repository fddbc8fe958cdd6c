import { renderJsonReport, renderTextReport, type Report } from '../core/index.ts';
import type { ReportFormat } from '../protocol/analysis-calls.ts';

/** The report as UTF-8. */
export function renderReport(report: Report, format: ReportFormat): ArrayBuffer {
  return format === 'json' ? join(renderJsonReport(report)) : join([renderTextReport(report, { color: false })]);
}

/** As bytes, since a string cannot be long enough for the JSON of a log of a few hundred megabytes. */
function join(parts: Iterable<string>): ArrayBuffer {
  const encoder = new TextEncoder();
  const encoded: Uint8Array[] = [];
  let length = 0;
  for (const part of parts) {
    const bytes = encoder.encode(part);
    encoded.push(bytes);
    length += bytes.length;
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const bytes of encoded) {
    whole.set(bytes, offset);
    offset += bytes.length;
  }
  return whole.buffer;
}
