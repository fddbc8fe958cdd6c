// A firmware engineer looks at a boot that leaves ten mappings behind, and follows one of them to its line.
import assert from 'node:assert/strict';
import { pressDebug, stackLines, stopReplay, untilStoppedAt } from '../lib/debug.mjs';
import { PICTURE_LOG } from '../lib/pictures.mjs';
import { clickPicture, FIRST_ROW_Y, openTimeline, picture, timelineFrame } from '../lib/timeline.mjs';
import { inWindow, photograph, reopenWindow } from '../lib/window.mjs';
import { goToLine, TIMEOUT_MS, until, untilOnLine } from '../lib/workbench.mjs';

/** The last step of the boot. */
const HANDOFF_LINE = 19008;

/** @param {import('../lib/window.mjs').Context} context */
export async function timeline(context) {
  await inWindow(context, { file: PICTURE_LOG }, async (page, test) => {
    /** @type {any} */
    let frame;

    await test('Show Timeline opens beside the log and says what crosses hand-off', async () => {
      frame = await openTimeline(page);
      assert.match(await frame.locator('.summary').innerText(), /\b10\b.+hand-off.+XhciDxe/s);
      await photograph(page, 'timeline all');
    });

    await test('E zooms to ExitBootServices', async () => {
      await picture(frame).focus();
      await page.keyboard.press('e');
      await frame.locator('.status', { hasText: /^Events 9,58\d/ }).waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'timeline ExitBootServices');
    });

    await test('a click on a bar that crosses hand-off tells its life', async () => {
      await clickPicture(page, frame, 0.9, FIRST_ROW_Y);
      const details = frame.locator('.details');
      await details.locator('table').waitFor({ timeout: TIMEOUT_MS });
      assert.match(await details.innerText(), /still mapped/);
      await photograph(page, 'timeline details');
    });

    await test('its line is one click away', async () => {
      const row = frame.locator('.details tr', { hasText: 'Mapped' }).first();
      const link = row.locator('button.link').first();
      const line = Number(await link.innerText());
      await link.click();
      await untilOnLine(page, line);
      await photograph(page, 'timeline line');
    });

    await test('an address finds the mapping that covers it', async () => {
      await frame.locator('input[type="search"]').fill('0x1e6bc010');
      await frame.locator('.count', { hasText: /^1$/ }).waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'timeline search');
    });

    await test('the table has the mappings of the picture, for keyboards and screen readers', async () => {
      await frame.locator('select[aria-label="Filter"]').selectOption('is:leaked');
      await frame.getByRole('button', { name: 'Show as a table' }).click();
      const grid = frame.locator('[role="grid"]');
      await until(async () => (await grid.getAttribute('aria-rowcount')) === '11', 'a table of ten mappings');
      await grid.locator('[role="gridcell"][tabindex="0"]').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      await photograph(page, 'timeline table');
    });

    await test('the cursor of the editor is shown, and the timeline survives a reload of the window', async () => {
      await goToLine(page, 4302);
      // In a browser VS Code writes its state down every five seconds.
      await page.waitForTimeout(7000);
      await reopenWindow(page);
      frame = await timelineFrame(page);
      assert.match(await frame.locator('.summary').innerText(), /\b10\b/);
      assert.equal(await frame.locator('select[aria-label="Filter"]').inputValue(), 'is:leaked');
      await photograph(page, 'timeline restored');
    });

    await test('a replay and the timeline share one cursor', async () => {
      const slider = frame.getByLabel('Step of the replay');
      await frame.getByRole('button', { name: 'Debug this log' }).click();
      await page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
      await until(async () => (await stackLines(page)).length > 0, 'the session to stand somewhere');
      const [entry = NaN] = await stackLines(page);
      await pressDebug(page, 'step-over');
      await until(async () => (await slider.inputValue()) === '1', 'the timeline to follow the debugger');
      await frame.getByRole('button', { name: 'To the last step' }).click();
      await untilStoppedAt(page, (line) => line === HANDOFF_LINE, 'the debugger to follow the timeline');
      await frame.getByRole('button', { name: 'To the first step' }).click();
      await untilStoppedAt(page, (line) => line === entry, 'the debugger to follow the timeline back');
      await photograph(page, 'timeline replay');
      await stopReplay(page);
    });
  });
}
