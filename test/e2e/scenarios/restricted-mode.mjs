// A log often comes from somebody else: the extension must serve a folder that the user does not trust.
import { PICTURE_LOG } from '../lib/pictures.mjs';
import { goToLine, TIMEOUT_MS } from '../lib/workbench.mjs';
import { inWindow } from '../lib/window.mjs';

const RESTRICTED = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/** @param {import('../lib/window.mjs').Context} context */
export async function restrictedMode(context) {
  await inWindow(context, { file: PICTURE_LOG, settings: RESTRICTED }, async (page, test) => {
    await test('the window is in restricted mode', async () => {
      await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).waitFor({ timeout: TIMEOUT_MS });
    });
    await test('errors are shown in restricted mode', async () => {
      await goToLine(page, 4083);
      await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
    });
  });
}
