/* global PerformanceObserver */
import { parseArgs } from 'node:util';
import { startTimelineBrowser } from './timeline-page.mjs';

/**
 * What the timeline of a huge log costs in a browser: opening it, and drawing it anew at all zooms on all axes.
 *
 *   node test/bench/timeline-webview.mjs [--mappings N]
 *
 * Bundles must be built, and the harness of the end-to-end tests installed. The log is made up in the page and analysed by the
 * bundled worker there. Exits with 1 where a figure misses its target.
 */
const { values } = parseArgs({ options: { mappings: { type: 'string', default: '1000000' } } });
const mappings = Number(values.mappings);
const TARGETS = { openSeconds: 3, redrawMs: 16 };

const browser = await startTimelineBrowser();
const page = await browser.openPage('dark', { width: 1600, height: 1000 });
const { analysisSeconds, steps } = await page.evaluate(analyseMadeUpLog, mappings);
console.log(`${mappings} mappings, ${steps} lines, analysed in ${analysisSeconds.toFixed(1)} s (not part of opening)`);

const opened = await page.evaluate(openTimeline);
console.log(
  `open to first picture ${opened.seconds.toFixed(2)} s, of which layout in the worker ${opened.layoutSeconds.toFixed(2)} s; ` +
    `${opened.summary}`,
);
console.log(
  `heap of the page ${mebibytes(opened.heapBytes)}, columns of the timeline ${mebibytes(opened.columnBytes)}`,
);

let worst = 0;
for (const axis of ['order', 'line']) {
  await page.selectOption('select[aria-label="Horizontal axis"]', axis);
  const redraws = await page.evaluate(sweep);
  const median = quantile(redraws.all, 0.5);
  worst = Math.max(worst, median);
  console.log(
    `axis ${axis}: ${redraws.all.length} redraws, median ${median.toFixed(1)} ms, 95 % ${quantile(redraws.all, 0.95).toFixed(1)} ms, ` +
      `most ${Math.max(...redraws.all).toFixed(1)} ms (script alone: median ${quantile(redraws.script, 0.5).toFixed(1)} ms)`,
  );
}
await browser.close();
if (opened.seconds > TARGETS.openSeconds || worst > TARGETS.redrawMs) {
  console.error(`missed: ${TARGETS.openSeconds} s to open, ${TARGETS.redrawMs} ms for a redraw`);
  process.exitCode = 1;
}

/**
 * Runs in the page: transfers of six devices, up to 24 of each at a time, lines as IntelVTdDxe prints them.
 *
 * @param {number} count
 */
async function analyseMadeUpLog(count) {
  const { standIn } = /** @type {any} */ (globalThis);
  const begin = performance.now();
  await standIn.call('startAnalysis', { analysis: 1, sourceName: 'made-up', rules: {}, platform: 'auto' });
  const DEVICES = 6;
  const MOST_LIVE = 24;
  const live = Array.from({ length: DEVICES }, () => /** @type {string[]} */ ([]));
  let seed = 1;
  const random = (/** @type {number} */ limit) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  let lines = ['SecCoreStartupWithStack(0xFFFCC000, 0x820000)'];
  let total = 0;
  const flush = async () => {
    total += lines.length;
    await standIn.call('pushText', { analysis: 1, text: `${lines.join('\n')}\n` });
    lines = [];
  };
  for (let mapping = 0; mapping < count; mapping++) {
    const device = random(DEVICES);
    const handle = `0x${(0x10000000 + mapping * 0x40).toString(16).toUpperCase()}`;
    const address = `0x${(0x80000000 + (mapping % 0x40000) * 0x2000).toString(16).toUpperCase()}`;
    lines.push(
      `IoMmuMap: ==> ${address} - 0x00001000 (${random(20) === 0 ? 2 : random(2)})`,
      `IoMmuMap: ${address} - ${handle} <==`,
      `IoMmuSetAttribute: PCI(S0.B0.D${device + 1}.F0) (${address}~0x1000) - 3`,
    );
    const mine = live[device] ?? [];
    mine.push(handle);
    while (mine.length > random(MOST_LIVE)) lines.push(`IoMmuUnmap: ${mine.splice(random(mine.length), 1)[0]}`);
    if (lines.length > 20_000) await flush();
  }
  lines.push('Vtd OnExitBootServices', '[    0.000000] Linux version 6.1.0');
  await flush();
  await standIn.call('finishAnalysis', { analysis: 1 });
  return { analysisSeconds: (performance.now() - begin) / 1000, steps: total };
}

/** Runs in the page: loads the webview and waits for its first picture. */
async function openTimeline() {
  const { standIn, document, gc } = /** @type {any} */ (globalThis);
  const begin = performance.now();
  const painted = new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const [first] = list.getEntriesByName('dma-timeline-first-paint');
      if (first) resolve(first.startTime + first.duration);
    }).observe({ type: 'measure' });
  });
  standIn.start();
  const end = await painted;
  gc?.();
  const { usedJSHeapSize } = /** @type {any} */ (performance).memory;
  return {
    seconds: (end - begin) / 1000,
    layoutSeconds: standIn.seconds.layout,
    heapBytes: usedJSHeapSize,
    columnBytes: standIn.seconds.columnBytes,
    summary: document.querySelector('h1').textContent,
  };
}

/** Runs in the page: zooms in and out again and pans at each zoom, and takes the time of each picture with its pixels. */
async function sweep() {
  const { document, KeyboardEvent, requestAnimationFrame } = /** @type {any} */ (globalThis);
  const canvas = document.querySelector('canvas.picture');
  /** @type {number[]} */
  const script = [];
  /** @type {number[]} */
  const all = [];
  let lastMs = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntriesByName('dma-timeline-redraw')) lastMs = duration;
  });
  observer.observe({ type: 'measure' });
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));

  async function press(/** @type {string} */ key) {
    canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    // The picture is painted in the next frame, before this continues, since it asked first.
    await frame();
    const begin = performance.now();
    // Pixels are made when somebody asks for them.
    canvas.getContext('2d').getImageData(0, 0, 1, 1);
    const pixelsMs = performance.now() - begin;
    await frame();
    script.push(lastMs);
    all.push(lastMs + pixelsMs);
  }

  await press('0');
  for (let level = 0; level < 34; level++) {
    await press('+');
    for (const key of ['d', 'd', 'a', 'd']) await press(key);
  }
  for (let level = 0; level < 34; level++) await press('-');
  await press('e');
  observer.disconnect();
  return { script, all };
}

/**
 * @param {readonly number[]} numbers
 * @param {number} share
 */
function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? 0;
}

/** @param {number} bytes */
function mebibytes(bytes) {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
