// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Boots stock OVMF with and without the tracer, from several devices, up to Linux.
//
//   node firmware/boot/run.mjs [--only NAME]... [--rounds N] [--kernel FILE] [--out DIR]
//
// Linux must start either way, and the trace must agree with itself (trace.mjs). Prints a line a boot, at the end "N passed, M failed", and
// exits with 1 if any failed. Logs stay in DIR, .cache/firmware/logs by default. Takes about 10 s a boot with TCG on one core.
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { mixes, qemuArguments, variants } from './machines.mjs';
import { prepareMedia } from './media.mjs';
import { readTrace, replayTrace } from './trace.mjs';

const firmware = join(dirname(fileURLToPath(import.meta.url)), '..');
const cache = join(firmware, '..', '.cache', 'firmware');
const bootLimit = 240_000;
const clockTicksPerSecond = 100;
const knownFirmware = '2022.11';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string', default: '1' },
    kernel: { type: 'string' },
    out: { type: 'string', default: join(cache, 'logs') },
  },
});
const rounds = Number(options.rounds);

/** Builds the tracer, where `defines` is not empty with other sizes of tables. Returns the folder. */
function build(defines = '') {
  const out = join(cache, defines === '' ? 'build' : `build${defines.replace(/\W+/g, '-')}`);
  execFileSync('make', ['-s', '-C', firmware, `O=${out}`, `DEFINES=${defines}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return out;
}

/** The processor time in seconds that a process has used so far. On a busy machine it says more than the clock on the wall. */
function processorSeconds(pid) {
  // proc(5): fields 14 and 15, counted from the one behind the name in parentheses.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}

/** Boots until Linux has printed its first line. Returns how long that took in seconds, null if it did not, and the serial output. */
function boot(machine, files) {
  return new Promise((resolve) => {
    const start = performance.now();
    const child = spawn('qemu-system-x86_64', qemuArguments(machine, files), { stdio: ['pipe', 'pipe', 'pipe'] });
    let serial = '';
    let errors = '';
    let hasPressed = false;
    let elapsed = null;
    let used = null;
    const timer = setTimeout(() => child.kill(), bootLimit);
    child.stdin.on('error', () => {});
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.stdout.on('data', (chunk) => {
      serial += chunk.toString('latin1');
      // The shell waits five seconds for a key before it runs startup.nsh.
      if (!hasPressed && serial.includes('any other key to continue')) {
        hasPressed = true;
        child.stdin.write('\r');
      }
      if (elapsed === null && /\] Linux version \d/.test(serial)) {
        elapsed = (performance.now() - start) / 1000;
        used = processorSeconds(child.pid);
        child.kill();
      }
    });
    child.on('error', (error) => (errors += error.message));
    child.on('close', () => {
      clearTimeout(timer);
      resolve({ elapsed, used, serial, errors });
    });
  });
}

/** Boots a machine with this ROM, or with none, and keeps its logs. */
async function bootOnce(machine, media, rom, label) {
  const dir = join(options.out, `${machine.name}-${label}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const debugcon = join(dir, 'debugcon.log');
  const files = { code: media.code, disk: media.disk, blank: media.blank, vars: media.freshVars(), debugcon, rom };
  const result = await boot(machine, files);
  writeFileSync(join(dir, 'serial.log'), result.serial, 'latin1');
  const trace = machine.com1 ? result.serial : existsSync(debugcon) ? readFileSync(debugcon, 'latin1') : '';
  return { ...result, trace };
}

function linuxProblems(result) {
  if (result.elapsed !== null) return [];
  return [`Linux did not start. ${result.errors.trim() || result.serial.slice(-300)}`];
}

/** What is wrong with a traced boot. */
function traceProblems(machine, found, version) {
  const problems = [...found.problems];
  const lost = Number(found.stats?.lost ?? 0);
  if (machine.isFull ? lost === 0 || !found.full.includes('maps') : lost > 0)
    problems.push(`lost=${lost}, full: ${found.full.join(' ')}`);
  if (found.attempts.at(-1) !== 'Success') problems.push(`ExitBootServices: ${found.attempts.join(' ')}`);
  if (machine.live !== null && version.startsWith(knownFirmware)) {
    const expected = [...machine.live].sort().join(', ');
    if (found.live.join(', ') !== expected)
      problems.push(`live at hand-off: ${found.live.join(', ')}; expected: ${expected}`);
  }
  return problems;
}

const least = (results, key) => Math.min(...results.map((result) => result[key] ?? Infinity)).toFixed(2);
const times = (results) => `${least(results, 'elapsed')} s (processor ${least(results, 'used')} s)`;

/** Boots a machine and says what came out. Returns the problems. */
async function examine(machine, media, { isCompared }) {
  const rom = join(build(machine.defines), machine.rom ?? 'dma-tracer.rom');
  const plain = [];
  const traced = [];
  for (let round = 0; round < rounds; round++) {
    if (isCompared) plain.push(await bootOnce(machine, media, null, `plain${round}`));
    traced.push(await bootOnce(machine, media, rom, `traced${round}`));
  }

  const problems = [...plain, ...traced].flatMap(linuxProblems);
  const found = traced.map((result) => replayTrace(readTrace(result.trace)));
  for (const each of found) problems.push(...traceProblems(machine, each, media.version));
  const { stats, live, bound, averageLength, busMasters } = found[0];
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${machine.name}`);
  if (isCompared) console.log(`         to Linux ${times(plain)}, traced ${times(traced)}`);
  console.log(
    `         maps ${stats?.maps}/${stats?.unmaps}, ${averageLength} bytes a record; bound before: ${bound.join(', ') || 'none'}`,
  );
  console.log(`         mapped at hand-off: ${live.join(', ') || 'nothing'}; Bus Master on: ${busMasters}`);
  for (const problem of problems.slice(0, 20)) console.log(`         ${problem}`);
  return problems;
}

const media = prepareMedia(cache, options.kernel);
console.log(
  `OVMF ${media.version}, ${execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' }).split('\n')[0]}`,
);
const isWanted = (machine) => options.only === undefined || options.only.includes(machine.name);
let passed = 0;
let failed = 0;
for (const [machines, isCompared] of [
  [mixes, true],
  [variants, false],
]) {
  for (const machine of machines.filter(isWanted)) {
    const problems = await examine(machine, media, { isCompared });
    if (problems.length === 0) passed++;
    else failed++;
  }
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
