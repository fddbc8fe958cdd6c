// Compares the reports of a folder of real logs with what an independent script found in them.
//
//   npm run corpus -- DIR [-v]
//
// DIR holds truth.json (one entry a log, keyed by its path), optionally truth-boots.json (one list of boots a log), and the logs,
// gzipped or not. Logs in DIR/TRACER have no entry: each is held to what the tracer in it counted itself. Prints one line a log and a total; exits with 1 if any disagrees.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bootChecks, logChecks, spliceChecks } from './corpus/checks.mjs';
import { tracerChecks } from './corpus/tracer-checks.mjs';
import { loadCore } from './load-core.mjs';

const [dir = '', ...flags] = process.argv.slice(2);
if (!existsSync(join(dir, 'truth.json'))) {
  console.error('Usage: npm run corpus -- DIR [-v]   (DIR holds truth.json)');
  process.exit(2);
}
/** The folder of logs that a tracer wrote into. */
const TRACED = 'TRACER';
const verbose = flags.includes('-v');
const { createAnalysis } = loadCore();
const truths = readJson('truth.json') ?? {};
const bootTruths = readJson('truth-boots.json') ?? {};
const names = [...new Set([...Object.keys(truths), ...Object.keys(bootTruths), ...tracedLogs()])].sort();

let agreeing = 0;
let compared = 0;
for (const name of names) {
  const text = readLog(name);
  if (text === null) {
    console.log(`missing   ${name}`);
    compared++;
    continue;
  }
  const analysis = createAnalysis({ sourceName: name, version: '0.0.0' });
  analysis.push(text);
  const report = analysis.finish();
  const checks = [
    ...(truths[name] ? (isTorn(truths[name]) ? spliceChecks : logChecks)(truths[name], report, text) : []),
    ...(isTraced(name) ? tracerChecks(text, report) : []),
    ...(bootTruths[name] ? bootChecks(bootTruths[name], report) : []),
  ];
  const wrong = checks.filter((check) => check.expected !== check.found);
  compared++;
  if (wrong.length === 0) agreeing++;
  const findings = new Map();
  for (const { rule, severity } of report.traces.flatMap((trace) => trace.findings)) {
    const key = `${severity[0].toUpperCase()} ${rule}`;
    findings.set(key, (findings.get(key) ?? 0) + 1);
  }
  const summary = [...findings].sort().map(([key, count]) => (count === 1 ? key : `${key} ×${count}`));
  console.log(
    `${wrong.length === 0 ? 'agrees   ' : 'DISAGREES'} ${name}  ${checks.length} checks; ${summary.join(', ') || 'no finding'}`,
  );
  for (const { what, expected, found } of wrong) {
    const [most, least] = verbose ? [Infinity, Infinity] : [400, 400];
    console.log(
      `            ${what}: expected ${expected.slice(0, most)}\n            ${' '.repeat(what.length)}  found    ${found.slice(0, least)}`,
    );
  }
}
console.log(`${agreeing} of ${compared} logs agree`);
process.exitCode = agreeing === compared ? 0 : 1;

/** Logs that a tracer wrote into, by their paths. */
function tracedLogs() {
  const folder = join(dir, TRACED);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => /\.log(?:\.gz)?$/.test(name))
    .map((name) => `${TRACED}/${name.replace(/\.gz$/, '')}`);
}

function isTraced(name) {
  return name.startsWith(`${TRACED}/`);
}

/** Whether the truth was made line by line of a log whose lines are torn, and so says too little. */
function isTorn(truth) {
  return /undercounts/.test(truth.note ?? '');
}

function readJson(name) {
  const path = join(dir, name);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** One byte to one character, as the command line reads it. */
function readLog(name) {
  const path = join(dir, name);
  if (existsSync(`${path}.gz`)) return gunzipSync(readFileSync(`${path}.gz`)).toString('latin1');
  return existsSync(path) ? readFileSync(path).toString('latin1') : null;
}
