import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { mixes, tracerArguments, variants } from '../../firmware/boot/machines.mjs';
import { readTrace, replayTrace } from '../../firmware/boot/trace.mjs';
import { expectationProblems, reportProblems } from '../../firmware/boot/verdict.mjs';
import { planCapture } from '../../src/capture/plan-capture.ts';
import type { Report } from '../../src/core/index.ts';
import { analyse } from '../core/support/analyse.ts';

/**
 * What the boots of firmware/boot are held to, tried on logs of such boots: good ones must pass, and anything that is told otherwise must be
 * noticed, since a check that cannot fail would keep a boot green for ever.
 */

const BOOTS = ['ahci', 'nvme', 'xhci', 'ehci', 'virtio-rebind', 'virtio-legacy'];

describe.each(BOOTS)('the boot %s', (name) => {
  const text = readLog(name);
  const found = replayTrace(readTrace(text));
  const machine = [...mixes, ...variants].find((each) => each.name === name);
  const expected = machine!.expected!;
  const said = (change: (trace: Report['traces'][number]) => void = () => undefined) => {
    const report = structuredClone(analyse(text));
    change(report.traces[0]!);
    return { report, status: expected.status };
  };

  test('agrees with itself, and is told as it is expected', () => {
    expect(found.problems).toEqual([]);
    expect(reportProblems(said(), found)).toEqual([]);
    expect(expectationProblems(said(), expected)).toEqual([]);
  });

  test('is not as expected with another exit status', () => {
    const other = { ...said(), status: 1 - expected.status };
    expect(reportProblems(other, found)).toHaveLength(1);
    expect(expectationProblems(other, expected)).toHaveLength(1);
  });

  test('is not as expected with a finding less, or with one that is inferred', () => {
    const less = said((trace) => void (trace.findings as unknown[]).pop());
    expect(expectationProblems(less, expected)).toHaveLength(1);
    const inferred = said((trace) => Object.assign(trace.findings[0]!, { certain: false }));
    expect(reportProblems(inferred, found)).toHaveLength(1);
  });

  test('is not as expected with a mapping less at hand-off', () => {
    const less = said((trace) => trace.mappings.forEach((mapping) => Object.assign(mapping, { liveAtHandoff: false })));
    const count = expected.live.length === 0 ? 0 : 1;
    expect(reportProblems(less, found)).toHaveLength(count);
    expect(expectationProblems(less, expected)).toHaveLength(count);
  });

  test('does not agree with itself once a record is taken out', () => {
    const without = text.replace(/DMATRACE v2 #\d+ [^\n]* CbEnd [^\n]*\n/, '');
    expect(without).not.toBe(text);
    expect(replayTrace(readTrace(without)).problems).not.toEqual([]);
  });
});

test('boots without the product add to a machine what a capture adds', () => {
  const plan = planCapture(['qemu-system-x86_64', '-M', 'q35'], { log: 'a.log', rom: 'dma-tracer.rom', trace: null });
  expect(plan).toMatchObject({ kind: 'plan', added: tracerArguments('dma-tracer.rom', 'a.log') });
});

function readLog(name: string): string {
  const path = join(import.meta.dirname, `../fixtures/findings/${name}.log.gz`);
  return gunzipSync(readFileSync(path)).toString('latin1');
}
