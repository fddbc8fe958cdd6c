import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { createAnalysis, createTimeline, type Timeline } from '../../src/core/index.ts';
import type { OpenTimeline } from '../../src/protocol/timeline-messages.ts';

/** The timeline of the first boot of a real log. */
export async function readTimeline(name: string): Promise<Timeline> {
  const packed = await readFile(new URL(`../fixtures/logs/${name}.log.gz`, import.meta.url));
  const analysis = createAnalysis({ sourceName: name, version: '0', journal: true });
  analysis.push(gunzipSync(packed).toString('latin1'));
  const report = analysis.finish();
  return createTimeline(report.traces[0]!, analysis.journals[0]!);
}

export function openMessage({ outline, rowBars, rowUnderlays }: Timeline): OpenTimeline {
  const head = { load: 1, log: 'file:///boot.log', name: 'boot.log', boot: 0, boots: [''], firstStep: 0, view: null };
  return { kind: 'open', ...head, outline, rowBars, rowUnderlays };
}
