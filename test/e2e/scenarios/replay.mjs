// A firmware engineer walks through a real boot, there and back, and asks what is mapped.
import assert from 'node:assert/strict';
import {
  addConditionalBreakpoint,
  askConsole,
  foldOtherViews,
  pressDebug,
  stackLines,
  startReplay,
  stopReplay,
  unfoldVariable,
  untilStoppedAt,
} from '../lib/debug.mjs';
import { PICTURE_LOG } from '../lib/pictures.mjs';
import { inWindow, photograph } from '../lib/window.mjs';
import { untilOnLine } from '../lib/workbench.mjs';

/** In that log the eleventh live mapping is made here: a Write beside ten that stay. */
const CROWDED_LINE = 9814;

/** Here the second one is. */
const EARLY_LINE = 4302;

/** @param {import('../lib/window.mjs').Context} context */
export async function replay(context) {
  await inWindow(context, { file: PICTURE_LOG }, async (page, test) => {
    /** @type {number[]} */
    const walked = [];

    await test('Replay Trace starts a debug session that stands at the first step', async () => {
      await startReplay(page);
      const [line = NaN] = await stackLines(page);
      walked.push(line);
      assert.ok(line >= 1);
      await photograph(page, 'replay entry');
    });

    await test('a step goes on to a later line', async () => {
      for (let count = 0; count < 3; count++) {
        const before = walked.at(-1) ?? NaN;
        await pressDebug(page, 'step-over');
        walked.push(await untilStoppedAt(page, (line) => line > before, `a line behind ${before}`));
      }
      await photograph(page, 'replay step');
    });

    await test('a step back goes back to where it was', async () => {
      for (const wanted of walked.slice(0, -1).reverse()) {
        await pressDebug(page, 'step-back');
        await untilStoppedAt(page, (line) => line === wanted, String(wanted));
      }
      await photograph(page, 'replay step back');
    });

    await test('conditional breakpoints stop only where their condition holds', async () => {
      await addConditionalBreakpoint(page, EARLY_LINE, 'live > 10');
      await addConditionalBreakpoint(page, CROWDED_LINE, 'op == Write && live > 10');
      await pressDebug(page, 'continue');
      await untilStoppedAt(page, (line) => line === CROWDED_LINE, String(CROWDED_LINE));
      await untilOnLine(page, CROWDED_LINE);
      await photograph(page, 'replay breakpoint');
    });

    await test('the variables tell what is mapped there', async () => {
      await foldOtherViews(page);
      await unfoldVariable(page, 'Counters', /^live\b.+\b11\b/, ['Step']);
      const rows = await unfoldVariable(page, 'Live mappings', /XhciDxe/, ['Step', 'Counters']);
      assert.ok(
        rows.some((row) => row.includes('CommonBuffer') && row.includes('XhciDxe')),
        rows.join('\n'),
      );
      await photograph(page, 'replay variables');
    });

    await test('the debug console answers what covers an address', async () => {
      assert.match(await askConsole(page, 'who 0x1e6bc000', /XhciDxe/), /XhciDxe/);
      await photograph(page, 'replay console');
    });

    await test('reverse goes back to the beginning, and Stop ends the session', async () => {
      await pressDebug(page, 'reverse-continue');
      await untilStoppedAt(page, (line) => line === walked[0], String(walked[0]));
      await stopReplay(page);
    });
  });
}
