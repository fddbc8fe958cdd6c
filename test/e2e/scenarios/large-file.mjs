// A log above VS Code's limit for documents: it is read from disk, and the window says what is going on.
import { HUGE_LOG } from '../lib/fixtures.mjs';
import { photograph, inWindow } from '../lib/window.mjs';
import { runCommand, TIMEOUT_MS } from '../lib/workbench.mjs';

const ANALYSIS_TIMEOUT_MS = 120_000;

/** @param {import('../lib/window.mjs').Context} context */
export async function largeFile(context) {
  await inWindow(context, {}, async (page, test) => {
    const progress = page.locator(
      '.notifications-toasts .monaco-progress-container.active, .statusbar-item .codicon-loading',
    );

    await test('Analyze File on Disk asks for a file above 50 MiB and shows progress', async () => {
      await runCommand(page, 'DMA Handoff: Analyze File on Disk');
      const shown = progress.first().waitFor({ timeout: 2 * TIMEOUT_MS });
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: HUGE_LOG })
        .first()
        .click({ timeout: TIMEOUT_MS });
      await shown;
      await photograph(page, 'large file progress');
    });

    await test('its result is told', async () => {
      const told = page.locator('.notifications-toasts .notification-list-item, .editor-instance .view-lines');
      await told
        .filter({ hasText: /\d+ (?:DMA )?mappings?\b|\bmapped at hand-off/ })
        .first()
        .waitFor({ timeout: ANALYSIS_TIMEOUT_MS });
      await photograph(page, 'large file result');
    });
  });
}
