import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { createRandom } from './random.mjs';
import { syntheticSteps } from './synthetic-steps.mjs';

/**
 * What it costs to walk through a long boot:
 *
 *   node --expose-gc test/bench/replay.mjs [steps]
 *
 * Single steps are measured in time that passes, everything else in time of the processor.
 */
const [wanted = '10000000'] = process.argv.slice(2);

/** @type {readonly { about: string, unmapShare: number }[]} */
const SHAPES = [
  { about: 'few live at once', unmapShare: 0.75 },
  { about: 'a quarter of the steps unmap: hundreds of thousands live', unmapShare: 0.3 },
  { about: 'nothing is ever unmapped', unmapShare: 0 },
];

const core = await loadReplay();
for (const shape of SHAPES) measure(shape);

async function loadReplay() {
  const folder = mkdtempSync(join(tmpdir(), 'replay-'));
  const outfile = join(folder, 'replay.mjs');
  const source = (/** @type {string} */ path) =>
    JSON.stringify(new URL(`../../src/core/${path}`, import.meta.url).pathname);
  const contents = `
    export { createReplay } from ${source('replay/replay.ts')};
    export { createBoot } from ${source('replay/boot.ts')};
    export { STEP_KINDS } from ${source('model/step.ts')};
  `;
  await build({ stdin: { contents, resolveDir: folder }, bundle: true, format: 'esm', platform: 'node', outfile });
  const loaded = await import(pathToFileURL(outfile).href);
  rmSync(folder, { recursive: true });
  return loaded;
}

/** @param {{ about: string, unmapShare: number }} shape */
function measure({ about, unmapShare }) {
  const { trace, journal } = syntheticSteps({ kinds: core.STEP_KINDS, steps: Number(wanted), unmapShare, seed: 7 });
  const random = createRandom(11);
  const before = usedBytes();
  const [replay, openMs] = measured(() => {
    const made = core.createReplay({ traces: [trace] }, [journal]);
    made.momentAt(0);
    return made;
  });
  console.log(`\n${about}: ${journal.stepCount} steps, at most ${trace.summary.peakLive} live`);
  console.log(
    `  opened in ${openMs.toFixed(0)} ms, holds ${mebibytes(usedBytes() - before)} beside ${mebibytes(13 * journal.stepCount)} of journal`,
  );
  const boot = core.createBoot(0, 0, trace, journal);
  console.log(`  ${boot.checkpoints.count} checkpoints, ${mebibytes(boot.checkpoints.bytes)}`);

  row(
    'moment at a random step',
    times(101, () => replay.momentAt(random(journal.stepCount))),
  );
  row(
    '100 variables at a random step',
    times(101, () => replay.variablesAt(random(journal.stepCount), 'mappings', random(1000), 100)),
  );
  for (const [name, delta] of /** @type {const} */ ([
    ['forward', 1],
    ['back', -1],
  ])) {
    const from = journal.stepCount >> 1;
    replay.momentAt(from);
    const each = times(10_000, (index) => replay.momentAt(from + delta * (index + 1)));
    row(`one step ${name}`, each);
  }
  for (const [name, stops, from, direction] of searches(journal)) {
    const [stop, ms] = measured(() =>
      finish(replay.searchStop(from, direction, { lines: [], events: [], rules: [], ...stops })),
    );
    console.log(`  ${name}: ${ms.toFixed(0)} ms, to step ${stop.step} (${stop.reason})`);
  }
}

/**
 * Each runs through the whole boot, because nothing holds on the way.
 *
 * @param {{ readonly stepCount: number }} journal
 * @returns {[name: string, stops: object, from: number, direction: string][]}
 */
function searches(journal) {
  const last = journal.stepCount - 1;
  const event = (/** @type {string} */ name, /** @type {string} */ condition) => ({
    events: [{ event: name, condition, hits: 0 }],
  });
  return [
    ['run through, event that never comes', event('fault', ''), 0, 'forward'],
    ['run back, event that never comes', event('fault', ''), last, 'backward'],
    ['run through, `live < 0` at each Map()', event('map', 'live < 0'), 0, 'forward'],
    ['run back, `live < 0` at each Map()', event('map', 'live < 0'), last, 'backward'],
    [
      'run through, `op == CommonBuffer && bytes > 8192` at each Map()',
      event('map', 'op == CommonBuffer && bytes > 8192'),
      0,
      'forward',
    ],
    [
      'run through, `live("XhciDxe") > 99999999` at each Map()',
      event('map', 'live("XhciDxe") > 99999999'),
      0,
      'forward',
    ],
    ['run through, `address in 0x1..0x2` at each Map()', event('map', 'address in 0x1..0x2'), 0, 'forward'],
  ];
}

function finish(search) {
  for (;;) {
    const { done, value } = search.next();
    if (done) return value;
  }
}

function times(runs, act) {
  return Array.from({ length: runs }, (_, index) => timed(() => act(index))[1]).sort((a, b) => a - b);
}

function row(name, sorted) {
  const at = (/** @type {number} */ share) =>
    `${((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 1000).toFixed(0)} µs`;
  console.log(`  ${name}: median ${at(0.5)}, 95 % ${at(0.95)}, most ${at(1)}`);
}

/** @template T @param {() => T} act @returns {[T, number]} */
function timed(act) {
  const start = performance.now();
  const value = act();
  return [value, performance.now() - start];
}

/**
 * In milliseconds of the processor, whatever else the machine does.
 *
 * @template T @param {() => T} act @returns {[T, number]}
 */
function measured(act) {
  const start = process.cpuUsage();
  const value = act();
  const { user, system } = process.cpuUsage(start);
  return [value, (user + system) / 1000];
}

function usedBytes() {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
