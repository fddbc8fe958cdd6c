// Analyses one hostile input in a thread of its own, which can be limited in memory and stopped. See hostile.test.ts.
import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';

const core = runInThisContext(
  `${readFileSync(new URL('../../../dist-test/core.js', import.meta.url), 'utf8')}; DmaHandoffCore`,
);
const { makeInput, count } = workerData;

const seen = { traces: 0, findings: 0, mappings: 0, live: 0, lines: 0, callbacks: 0, malformedLines: 0 };
const analysis = core.createStreamingAnalysis(
  { sourceName: 'hostile.log', version: '0.0.0' },
  {
    wanted: 'all',
    mapping: () => seen.mappings++,
    buffer: () => undefined,
    trace({ findings, summary, exitBootServices }) {
      seen.traces++;
      seen.findings += findings.length;
      seen.live = summary.peakLive;
      seen.callbacks += exitBootServices?.callbacks.length ?? 0;
    },
  },
);
/** A generator function, as source text: it makes the input piece by piece, so that it is never whole in memory. */
const generate = runInThisContext(`(${makeInput})`);
let pending = '';
for (const piece of generate(count)) {
  pending += piece;
  if (pending.length < 1 << 16) continue;
  analysis.push(pending);
  pending = '';
}
analysis.push(pending);
const { source, input } = analysis.finish();
seen.lines = source.lines;
seen.malformedLines = input.malformedLines;
parentPort?.postMessage(seen);
