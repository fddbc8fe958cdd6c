import type { Report, ReportBuffer, ReportEnd, ReportMapping, ReportSink, ReportTrace } from '../core/index.ts';
import { renderJsonReport, renderTextReport, SHOWN_MAPPINGS } from '../core/index.ts';
import type { Format } from './arguments.ts';

/** Takes the parts of a report as they become final and writes it in one format. */
export interface Output {
  readonly sink: ReportSink;
  /** The end of one input: returns what is to be written, in pieces. */
  finish(end: ReportEnd): Iterable<string>;
  /** What is ready to be written while the analysis goes on. */
  drain(): string;
}

export interface OutputOptions {
  readonly version: string;
  readonly color: boolean;
}

export function createOutput(format: Format, options: OutputOptions): Output {
  switch (format) {
    case 'text':
      return createTextOutput(options);
    case 'json':
      return createJsonOutput(options);
    case 'jsonl':
      return createLineOutput(options);
  }
}

/** Keeps only what the text shows, so that a log of any size fits into memory. */
function createTextOutput({ version, color }: OutputOptions): Output {
  const collector = createCollector('live-at-handoff');
  return {
    sink: collector.sink,
    finish: (end) => [renderTextReport(collector.toReport(end, version), { color })],
    drain: () => '',
  };
}

function createJsonOutput({ version }: OutputOptions): Output {
  const collector = createCollector('all');
  return {
    sink: collector.sink,
    finish: (end) => renderJsonReport(collector.toReport(end, version)),
    drain: () => '',
  };
}

/** One JSON object a line, each written as soon as it is final: nothing is kept. */
function createLineOutput({ version }: OutputOptions): Output {
  let boot = 1;
  let pending: string[] = [JSON.stringify({ report: { schemaVersion: 1, tool: { name: 'dma-handoff', version } } })];
  const add = (object: object): void => {
    pending.push(JSON.stringify(object));
  };
  const drain = (): string => {
    const text = pending.length > 0 ? `${pending.join('\n')}\n` : '';
    pending = [];
    return text;
  };
  return {
    sink: {
      wanted: 'all',
      mapping: (mapping) => {
        add({ boot, mapping });
      },
      buffer: (buffer) => {
        add({ boot, buffer });
      },
      trace({ findings, failedMaps, summary, ...trace }) {
        add({ boot, trace });
        for (const failedMap of failedMaps) add({ boot, failedMap });
        for (const finding of findings) add({ boot, finding });
        add({ boot, summary });
        boot++;
      },
    },
    finish({ source, input }) {
      add({ source, input });
      return [drain()];
    },
    drain,
  };
}

function createCollector(wanted: ReportSink['wanted']): {
  readonly sink: ReportSink;
  toReport(end: ReportEnd, version: string): Report;
} {
  const traces: ReportTrace[] = [];
  let mappings: ReportMapping[] = [];
  let buffers: ReportBuffer[] = [];
  return {
    sink: {
      wanted,
      mapping(mapping) {
        if (wanted === 'all' || mappings.length < SHOWN_MAPPINGS) mappings.push(mapping);
      },
      ...(wanted === 'all' ? { buffer: (buffer: ReportBuffer) => void buffers.push(buffer) } : {}),
      trace(trace) {
        traces.push({
          ...trace,
          mappings: mappings.sort((a, b) => a.id - b.id),
          buffers: buffers.sort((a, b) => a.id - b.id),
        });
        mappings = [];
        buffers = [];
      },
    },
    toReport: ({ source, input }, version) => ({
      schemaVersion: 1,
      tool: { name: 'dma-handoff', version },
      source,
      traces,
      input,
    }),
  };
}
