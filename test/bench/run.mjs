// Measures the command line against a plain Python script, grep and a mere read of the file, over logs made from real ones.
//
//   npm run bench [-- --megabytes N] [--repetitions N] [--cli FILE]
//
// Each program is a whole process, start included; all run in turn, several times, and the medians count. Exits with 1 when the
// command line is slower than it should be (results.mjs), or finds other live mappings than the script.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildBundles } from '../../esbuild.mjs';
import { findContenders, PYTHON } from './contenders.mjs';
import { liveMappingsOfCli, liveMappingsOfPython } from './live-mappings.mjs';
import { writeLogs } from './logs.mjs';
import { createMeter } from './measure.mjs';
import { formatResult, judge } from './results.mjs';

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '48' },
    repetitions: { type: 'string', default: '5' },
    cli: { type: 'string' },
  },
});
const megabytes = Number(values.megabytes);
const repetitions = Number(values.repetitions);
if (!(megabytes > 0) || !Number.isInteger(repetitions) || repetitions < 1) {
  console.error('Usage: npm run bench [-- --megabytes N] [--repetitions N] [--cli FILE]');
  process.exit(2);
}
if (values.cli === undefined) await buildBundles(['cli']);
const cli = values.cli ?? fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

const meter = createMeter();
const contenders = findContenders(cli);
const hasPython = contenders.some(({ name }) => name === PYTHON);
describeMachine();

const folder = mkdtempSync(join(tmpdir(), 'dma-handoff-bench-'));
try {
  const logs = writeLogs(folder, megabytes);
  const agrees = !hasPython || (await compareResults(logs));
  const results = [];
  for (const log of logs) {
    const result = { log, costs: await measureAll(log) };
    results.push(result);
    console.log(`\n${formatResult(result)}`);
  }
  const { met, sentences } = judge(results);
  console.log(`\n${hasPython ? sentences.join('\n') : 'python3 is not installed: the targets cannot be checked'}`);
  process.exitCode = met && agrees ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * @param {import('./logs.mjs').BenchLog} log
 * @returns {Promise<Map<string, import('./measure.mjs').Cost[]>>}
 */
async function measureAll(log) {
  /** @type {Map<string, import('./measure.mjs').Cost[]>} */
  const costs = new Map(contenders.map(({ name }) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const { name, command, options } of contenders)
      costs.get(name)?.push(await meter.measure(command(log.path), options));
  }
  return costs;
}

/**
 * @param {readonly import('./logs.mjs').BenchLog[]} logs
 * @returns {Promise<boolean>}
 */
async function compareResults(logs) {
  let agrees = true;
  for (const { name, path } of logs) {
    const [found, expected] = [await liveMappingsOfCli(cli, path), await liveMappingsOfPython(path)];
    const difference = found.findIndex((text, index) => text !== expected[index]);
    if (found.length === expected.length && difference < 0) {
      console.log(`${name}: both find ${found[0]}, and the same ${found.length - 1} live at the end of their boots`);
    } else {
      const index = difference < 0 ? found.length : difference;
      console.error(`${name}: the command line and Python do not find the same; the first difference:`, {
        commandLine: found[index],
        python: expected[index],
      });
      agrees = false;
    }
  }
  return agrees;
}

function describeMachine() {
  const python = hasPython ? spawnSync('python3', ['--version'], { encoding: 'utf8' }).stdout.trim() : 'no python3';
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const load = loadavg()[0]?.toFixed(1);
  console.log(
    `Node ${process.version}, ${python}, ${availableParallelism()} cores (${model}), load ${load}; measured with ${meter.about}`,
  );
  for (const { name, about } of contenders) console.log(`  ${name.padEnd(9)}  ${about}`);
}
