import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { SHAPES, makeBoot } from './timeline-boots.mjs';

/**
 * What it costs to lay out a boot and to work out a scene, without painting it:
 *
 *   node --expose-gc test/bench/timeline-layout.mjs [mappings]
 *
 * Painting is measured in a browser.
 */
const [mappings = '1000000'] = process.argv.slice(2);
const RUNS = 31;
const VIEW = { width: 1600, height: 1000 };

const folder = mkdtempSync(join(tmpdir(), 'timeline-'));
const outfile = join(folder, 'timeline.mjs');
const source = (/** @type {string} */ path) => new URL(`../../src/core/${path}`, import.meta.url).pathname;
await build({
  stdin: {
    contents: `
      export { kindNumber } from '${source('journal/journal.ts')}';
      export { createTimeline } from '${source('timeline/layout.ts')}';
      export { createSceneBuilder } from '${source('timeline/scene-builder.ts')}';
      export { extentOf } from '${source('timeline/axis.ts')}';
      export { liveAt } from '${source('timeline/live-at.ts')}';
      export { searchTimeline } from '${source('timeline/search.ts')}';
      export { DEFAULT_METRICS } from '${source('timeline/scene.ts')}';
    `,
    resolveDir: folder,
  },
  bundle: true,
  format: 'esm',
  platform: 'node',
  outfile,
});
const core = await import(pathToFileURL(outfile).href);
rmSync(folder, { recursive: true });

for (const shape of SHAPES) {
  const { trace, journal } = makeBoot(Number(mappings), shape, core.kindNumber);
  console.log(`\n${shape.about}: ${trace.mappings.length} mappings, ${journal.stepCount} steps`);
  globalThis.gc?.();
  const before = process.memoryUsage();
  const [timeline, layoutMs] = timed(() => core.createTimeline(trace, journal));
  globalThis.gc?.();
  const after = process.memoryUsage();
  const columns = [timeline.bars, timeline.underlays].flatMap((table) => Object.values(table));
  const tableBytes = [...columns, timeline.rowBars, timeline.rowUnderlays].reduce(
    (sum, column) => sum + (column?.byteLength ?? 0),
    0,
  );
  console.log(
    `  layout ${layoutMs.toFixed(0)} ms, ${timeline.outline.rowCount} rows, columns ${mebibytes(tableBytes)}, ` +
      `kept ${mebibytes(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers)}`,
  );
  const [builder, builderMs] = timed(() => core.createSceneBuilder(timeline));
  const [live, liveMs] = timed(() => core.liveAt(timeline));
  const [matches, searchMs] = timed(() => core.searchTimeline(trace, timeline, 'owner:Xhci 0x1e6bc010'));
  console.log(
    `  first scene prepared in ${builderMs.toFixed(0)} ms, live figures in ${liveMs.toFixed(0)} ms ` +
      `(at the end ${live(journal.stepCount - 1).live}), search ${searchMs.toFixed(0)} ms: ${matches.message}`,
  );
  for (const axis of ['order', 'line', 'time']) measureScenes(timeline, builder, axis, matches.bars);
}

function measureScenes(timeline, builder, axis, matches) {
  const extent = core.extentOf(timeline.outline, axis);
  const view = {
    axis,
    ...VIEW,
    metrics: core.DEFAULT_METRICS,
    selectedBar: 0,
    cursor: timeline.outline.last,
    editor: timeline.outline.first,
  };
  const all = new Set(timeline.outline.lanes.keys());
  for (const [name, collapsed, sought] of [
    ['', new Set(), null],
    [', searched', new Set(), matches],
    [', collapsed', all, null],
  ]) {
    const cells = [];
    for (const zoom of [1, 10, 100, 1000, 10_000, 100_000]) {
      const length = (extent.to - extent.from) / zoom;
      const times = [];
      let count = 0;
      for (let run = 0; run < RUNS; run++) {
        const from = extent.from + (extent.to - extent.from - length) * (run / (RUNS - 1));
        const [scene, ms] = timed(() =>
          builder.build({
            ...view,
            from,
            to: from + length,
            scrollTop: run * 20,
            collapsed,
            matches: sought,
            matchesOnly: false,
          }),
        );
        times.push(ms);
        count = Math.max(count, scene.rects.count);
      }
      times.sort((a, b) => a - b);
      cells.push(`${times[RUNS >> 1]?.toFixed(1)} (${times.at(-1)?.toFixed(1)}; ${count})`);
    }
    console.log(`  ${axis}${name}, ms median (most; rectangles) at 1×, 10×, … 100 000×: ${cells.join('  ')}`);
  }
}

/**
 * @template T
 * @param {() => T} work
 * @returns {[T, number]}
 */
function timed(work) {
  const begin = performance.now();
  const value = work();
  return [value, performance.now() - begin];
}

function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
