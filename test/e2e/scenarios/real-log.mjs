// A firmware engineer opens a real log of a boot that leaves ten mappings behind.
import assert from 'node:assert/strict';
import { arrangeHover, arrangeProblems, PICTURE_LOG } from '../lib/pictures.mjs';
import { goToLine, statusItem, TIMEOUT_MS, untilOnLine } from '../lib/workbench.mjs';
import { inWindow } from '../lib/window.mjs';

/** @param {import('../lib/window.mjs').Context} context */
export async function realLog(context) {
  await inWindow(context, { file: PICTURE_LOG }, async (page, test) => {
    await test('the line of a leaked mapping gets an error squiggle', async () => {
      await goToLine(page, 4083);
      await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
    });

    await test('the language mode in the status bar is that of the extension', async () => {
      const mode = page.locator('#status\\.editor\\.mode');
      await mode.filter({ hasNotText: /^(Log|Plain Text)$/ }).waitFor({ timeout: TIMEOUT_MS });
      assert.match(await mode.innerText(), /edk2/i);
    });

    await test('the status bar carries the verdict', async () => {
      const item = statusItem(page);
      await item.filter({ hasText: /DMA/ }).waitFor({ timeout: TIMEOUT_MS });
      assert.match(await item.innerText(), /\b10\b/);
    });

    await test('the Problems panel lists every leaked mapping with its rule', async () => {
      await arrangeProblems(page);
      await page
        .locator('#status\\.problems [aria-label^="Errors: 10"], #status\\.problems[aria-label^="Errors: 10"]')
        .first()
        .waitFor({ timeout: TIMEOUT_MS });
      const problem = page.locator('.markers-panel .monaco-list-row', { hasText: '[Ln 4083,' }).first();
      assert.equal(await problem.locator('.marker-source').innerText(), 'dma-handoff');
      const rule = await problem.locator('.marker-code').innerText();
      assert.match(rule, /^[a-z0-9]+(?:-[a-z0-9]+)+$/);
      assert.match((await problem.locator('a.monaco-link').getAttribute('href')) ?? '', new RegExp(rule));
    });

    await test('a double click on a problem goes to its line', async () => {
      await page.locator('.markers-panel .monaco-list-row', { hasText: '[Ln 4302,' }).first().dblclick();
      await untilOnLine(page, 4302);
    });

    await test('the hover shows the history of the mapping as a table', async () => {
      const hover = await arrangeHover(page);
      await page.locator('.monaco-hover:not(.hidden) table').first().waitFor({ timeout: TIMEOUT_MS });
      assert.match(await hover.innerText(), /Mapping/);
    });

    await test('a link in the hover goes to the line it names', async () => {
      const links = page.locator('.monaco-hover:not(.hidden) a[data-href^="command:dmaHandoff.showLine"]');
      const link = links.filter({ hasText: /\d/ }).first();
      const lineNumber = Number(/\d+/.exec(await link.innerText())?.[0]);
      await link.click();
      await untilOnLine(page, lineNumber);
    });
  });
}
