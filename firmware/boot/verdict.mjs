// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Holds the product to what it must say of a boot: the real command line, run on the log of the boot, against the tracer's own records as
// trace.mjs reads them, and against what machines.mjs expects.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { tracerArguments } from './machines.mjs';

const handOff = 'the tracer saw ExitBootServices() succeed';

/**
 * What `dma-handoff check` says of a log: its exit status, its report, and its text.
 *
 * @param {string} cli
 * @param {string} log
 */
export function checkLog(cli, log) {
  const run = (format) =>
    spawnSync(process.execPath, [cli, 'check', '--format', format, log], { encoding: 'utf8', maxBuffer: 1 << 28 });
  const text = run('text');
  const json = run('json');
  if (json.status === null || json.status > 1) throw new Error(json.stderr || `dma-handoff check: ${json.status}`);
  return { status: json.status, report: JSON.parse(json.stdout), text: text.stdout };
}

/** What is wrong with a report of one boot, whatever the firmware. `found` is the boot as trace.mjs replays it, `dialects` who writes. */
export function reportProblems({ report, status }, found, dialects = ['dma-trace']) {
  const problems = [];
  const expect = (what, said, known) => {
    if (said !== known) problems.push(`dma-handoff says ${what}: ${said}; expected: ${known}`);
  };
  const [trace] = report.traces;
  expect('boots', report.traces.length, 1);
  expect('dialects', trace.dialects.join(' '), dialects.join(' '));
  expect('platform', trace.platform, 'permit');
  expect('hand-off', trace.handoff?.evidence, handOff);
  expect('checked', trace.tracer.checked, true);
  expect('missing records', trace.tracer.missingRecords, 0);
  expect('disagreements', trace.tracer.disagreements, 0);
  expect('lost', trace.tracer.lost, Number(found.stats?.lost));
  expect('maps', trace.summary.maps, Number(found.stats?.maps));
  expect('unmaps', trace.summary.unmaps, Number(found.stats?.unmaps));
  expect('attempts', trace.exitBootServices.attempts, found.attempts.length);
  expect('callbacks', trace.exitBootServices.callbacks.length, found.callbacks);
  expect('uncertain findings', trace.findings.filter(({ certain }) => !certain).length, 0);
  expect('uncertain mappings', trace.mappings.filter((mapping) => !isCertain(mapping)).length, 0);
  expect('bound before', boundOf(trace).join(', '), found.bound.join(', '));
  // Where a table of the tracer was full, its list is not whole, which it says.
  if (found.full.length === 0) expect('mapped at hand-off', liveOf(trace).join(', '), found.live.join(', '));
  const isBad = trace.findings.some(({ severity }) => severity === 'error');
  expect('exit status', status, isBad ? 1 : 0);
  return problems;
}

/**
 * What is wrong with a capture: it must end as `check` of its log does, say the same, and have run the command line that it prints.
 *
 * @param {import('./boot.mjs').BootResult} result
 * @param {{ status: number, text: string }} said what `check` says of the log
 * @param {{ cli: string, log: string, flags: readonly string[], command: readonly string[] }} capture
 */
export function captureProblems(result, said, { cli, log, flags, command }) {
  const problems = [];
  if (result.status !== said.status) problems.push(`capture exits with ${result.status}, check with ${said.status}`);
  if (result.output !== said.text) problems.push(`capture says otherwise than check: ${result.output.slice(0, 400)}`);
  if (!/^dma-handoff: the operating system has taken over, (?:no|\d+) mappings? (?:is|are) live/m.test(result.serial))
    problems.push('capture did not say that the operating system has taken over');
  const printed = spawnSync(process.execPath, [cli, 'capture', '--print', ...flags, '--', ...command], {
    encoding: 'utf8',
  });
  const rom = join(
    dirname(cli),
    '..',
    'firmware',
    flags.includes('--rebind') ? 'dma-tracer-rebind.rom' : 'dma-tracer.rom',
  );
  const expected = [...command, ...tracerArguments(rom, log)].join(' ');
  // What a shell would read: the words of these command lines have no blanks, so only quotes and line breaks differ.
  const words = printed.stdout.replaceAll(/'|\\\n */g, '').trim();
  if (printed.status !== 0 || words !== expected) problems.push(`--print says ${words}; expected: ${expected}`);
  return problems;
}

/** What the report says otherwise than `expected` does, which is true of one version of the firmware. */
export function expectationProblems({ report, status }, expected) {
  const [trace] = report.traces;
  const findings = trace.findings.map(({ severity, rule }) => `${severity} ${rule}`);
  const pairs = [
    ['exit status', String(status), String(expected.status)],
    ['mapped at hand-off', liveOf(trace).join(', '), [...expected.live].sort().join(', ')],
    ['findings', findings.sort().join(', '), [...expected.findings].sort().join(', ')],
    ['bound before', boundOf(trace).join(', '), expected.bound.join(', ')],
  ];
  return pairs.flatMap(([what, said, known]) => (said === known ? [] : [`${what}: ${said}; expected: ${known}`]));
}

/** As "driver address operation bytes", sorted. */
function liveOf(trace) {
  return trace.mappings
    .filter(({ liveAtHandoff }) => liveAtHandoff)
    .map(({ owner, operation, bytes }) => `${owner?.name} ${owner?.device} ${operation} 0x${bytes.toString(16)}`)
    .sort();
}

const boundOf = (trace) => trace.tracer.boundBefore.map(({ device, driver }) => `${device} ${driver}`);
const isCertain = ({ owner, pci }) => owner?.certain === true && pci?.certain === true;
