// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Boots stock OVMF without the tracer and by `dma-handoff capture`, from several devices, up to Linux.
//
//   node firmware/boot/run.mjs [--only NAME]... [--kernel FILE] [--out DIR]
//   node firmware/boot/run.mjs --rounds N        measures what the tracer costs instead
//
// Linux must start either way, the trace must agree with itself (trace.mjs), and the command line must say of it what is expected
// (verdict.mjs, machines.mjs), at hand-off as well as afterwards. Prints a line a boot, at the end "N passed, M failed", and exits with 1
// if any failed. Logs stay in DIR, .cache/firmware/logs by default. Takes about 10 s a boot with TCG on one core.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bootCaptured, bootDirectly } from './boot.mjs';
import { mixes, tracerArguments, userArguments, variants } from './machines.mjs';
import { measureMachine } from './measure.mjs';
import { prepareMedia } from './media.mjs';
import { readTrace, replayTrace } from './trace.mjs';
import { captureProblems, checkLog, expectationProblems, reportProblems } from './verdict.mjs';

const firmware = join(dirname(fileURLToPath(import.meta.url)), '..');
const root = join(firmware, '..');
const cache = join(root, '.cache', 'firmware');
const cli = join(root, 'dist', 'cli', 'main.js');
const knownFirmware = '2022.11';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    rounds: { type: 'string' },
    kernel: { type: 'string' },
    out: { type: 'string', default: join(cache, 'logs') },
  },
});

/** Builds the tracer with other sizes of tables. Returns its option ROM. */
function buildRom(defines) {
  const out = join(cache, `build${defines.replace(/\W+/g, '-')}`);
  execFileSync('make', ['-s', '-C', firmware, `O=${out}`, `DEFINES=${defines}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(out, 'dma-tracer.rom');
}

const shippedRom = join(root, 'dist', 'firmware', 'dma-tracer.rom');

/** An empty folder for the logs of a boot, and what the machine needs. */
function prepareBoot(machine, media, label) {
  const dir = join(options.out, `${machine.name}-${label}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  return { dir, files: { code: media.code, disk: media.disk, blank: media.blank, vars: media.freshVars() } };
}

/** Boots without the tracer. */
async function bootPlain(machine, media) {
  const { dir, files } = prepareBoot(machine, media, 'plain');
  const result = await bootDirectly(userArguments(machine, files));
  writeFileSync(join(dir, 'serial.log'), result.serial, 'latin1');
  return result;
}

/** Boots with the tracer, but without the product's help: what that cannot do, or does not want. */
async function bootTraced(machine, media) {
  const { dir, files } = prepareBoot(machine, media, 'traced');
  const rom = machine.defines === undefined ? shippedRom : buildRom(machine.defines);
  const debugcon = join(dir, 'debugcon.log');
  const serial = join(dir, 'serial.log');
  const result = await bootDirectly([
    ...userArguments(machine, files),
    ...tracerArguments(rom, machine.com1 ? null : debugcon),
  ]);
  // The machine was stopped in the middle of a line.
  writeFileSync(serial, result.serial.slice(0, result.serial.lastIndexOf('\n') + 1), 'latin1');
  return { result, log: machine.com1 ? serial : debugcon, problemsOf: () => [] };
}

/** Boots as a user does, by `dma-handoff capture`. */
async function bootByCapture(machine, media) {
  const { dir, files } = prepareBoot(machine, media, 'captured');
  const log = join(dir, 'debugcon.log');
  const command = ['qemu-system-x86_64', ...userArguments(machine, files)];
  const flags = ['--log', log, ...(machine.isRebound ? ['--rebind'] : [])];
  const result = await bootCaptured(flags, command, { cli, isAwaited: !machine.endsAtHandoff });
  writeFileSync(join(dir, 'serial.log'), result.serial, 'latin1');
  writeFileSync(join(dir, 'report.txt'), result.output);
  return { result, log, problemsOf: (said) => captureProblems(result, said, { cli, log, flags, command }) };
}

function linuxProblems(result) {
  if (result.elapsed !== null) return [];
  return [`Linux did not start. ${result.errors.trim() || result.serial.slice(-300)}`];
}

/** What is wrong with the trace of a boot. */
function traceProblems(machine, found) {
  const problems = [...found.problems];
  const lost = Number(found.stats?.lost ?? 0);
  if (machine.isFull ? lost === 0 || !found.full.includes('maps') : lost > 0)
    problems.push(`lost=${lost}, full: ${found.full.join(' ')}`);
  if (found.attempts.at(-1) !== 'Success') problems.push(`ExitBootServices: ${found.attempts.join(' ')}`);
  return problems;
}

/** Boots a machine with the tracer and says what came out. Returns the problems. */
async function examine(machine, media) {
  const isCaptured = machine.com1 !== true && machine.defines === undefined;
  const { result, log, problemsOf } = await (isCaptured ? bootByCapture : bootTraced)(machine, media);
  const problems = machine.endsAtHandoff ? [] : linuxProblems(result);
  const found = replayTrace(readTrace(existsSync(log) ? readFileSync(log, 'latin1') : ''));
  problems.push(...traceProblems(machine, found));
  let heading = '';
  if (found.records > 0) {
    const said = checkLog(cli, log);
    heading = said.text.split('\n', 1).join('').replace(`${log}: `, '');
    problems.push(...problemsOf(said), ...reportProblems(said, found, machine.dialects));
    if (machine.expected !== null && media.version.startsWith(knownFirmware))
      problems.push(...expectationProblems(said, machine.expected));
  }
  const { stats, live, bound, busMasters } = found;
  console.log(
    `${problems.length === 0 ? 'ok    ' : 'FAILED'} ${machine.name}${isCaptured ? ', by dma-handoff capture' : ''}`,
  );
  console.log(`         ${heading}`);
  console.log(`         maps ${stats?.maps}/${stats?.unmaps}; bound before: ${bound.join(', ') || 'none'}`);
  console.log(`         mapped at hand-off: ${live.join(', ') || 'nothing'}; Bus Master on: ${busMasters}`);
  for (const problem of problems.slice(0, 20)) console.log(`         ${problem}`);
  return problems;
}

/** Boots a machine without the tracer. Returns the problems. */
async function examinePlain(machine, media) {
  const problems = linuxProblems(await bootPlain(machine, media));
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${machine.name}, without the tracer`);
  for (const problem of problems) console.log(`         ${problem}`);
  return problems;
}

async function examineAll(machines, media) {
  const outcomes = [];
  for (const machine of machines) {
    if (mixes.includes(machine)) outcomes.push(await examinePlain(machine, media));
    outcomes.push(await examine(machine, media));
  }
  const failed = outcomes.filter((problems) => problems.length > 0).length;
  console.log(`${outcomes.length - failed} passed, ${failed} failed`);
  return failed === 0 && outcomes.length > 0;
}

async function measureAll(machines, media, rounds) {
  for (const machine of machines) {
    await measureMachine(machine, rounds, async (isTraced) => {
      const { dir, files } = prepareBoot(machine, media, 'measured');
      const log = join(dir, 'debugcon.log');
      // The debug console is there either way, so that the tracer is all that differs.
      const result = await bootDirectly([
        ...userArguments(machine, files),
        ...tracerArguments(isTraced ? shippedRom : null, log),
      ]);
      return { ...result, log: readFileSync(log, 'latin1') };
    });
  }
  return true;
}

if (!existsSync(cli))
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
const media = prepareMedia(cache, options.kernel);
console.log(
  `OVMF ${media.version}, ${execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' }).split('\n')[0]}`,
);
const isWanted = (machine) => options.only === undefined || options.only.includes(machine.name);
const isGood =
  options.rounds === undefined
    ? await examineAll([...mixes, ...variants].filter(isWanted), media)
    : await measureAll(mixes.filter(isWanted), media, Number(options.rounds));
process.exitCode = isGood ? 0 : 1;
