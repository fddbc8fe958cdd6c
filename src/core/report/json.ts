import type { Report, ReportTrace } from '../model/report.ts';

/**
 * The report as JSON text in pieces, one mapping, buffer or finding to a line: a report of millions of mappings does not fit into
 * one string, and people compare reports with line-based tools.
 */
export function* renderJsonReport(report: Report): Generator<string> {
  const { traces, ...rest } = report;
  const { input, ...head } = rest;
  yield `{\n${members(head, '  ')},\n  "traces": [`;
  for (const [index, trace] of traces.entries()) {
    yield index === 0 ? '\n' : ',\n';
    yield* renderTrace(trace);
  }
  yield `${traces.length > 0 ? '\n  ' : ''}],\n${members({ input }, '  ')}\n}\n`;
}

function* renderTrace(trace: ReportTrace): Generator<string> {
  const { buffers, mappings, failedMaps, findings, summary, ...head } = trace;
  yield `    {\n${members(head, '      ')}`;
  for (const [name, items] of Object.entries({ buffers, mappings, failedMaps, findings })) {
    yield `,\n      ${JSON.stringify(name)}: [`;
    for (const [index, item] of items.entries()) yield `${index === 0 ? '' : ','}\n        ${JSON.stringify(item)}`;
    yield items.length > 0 ? '\n      ]' : ']';
  }
  yield `,\n${members({ summary }, '      ')}\n    }`;
}

function members(object: object, indent: string): string {
  return Object.entries(object)
    .map(([name, value]) => `${indent}${JSON.stringify(name)}: ${JSON.stringify(value)}`)
    .join(',\n');
}
