// The views in VS Code's three basic themes: the assertion is that they come up, the judge is who looks at the pictures.
import { arrangeHover, arrangeProblems, arrangeReplay, arrangeTimeline, PICTURE_LOG } from '../lib/pictures.mjs';
import { THEMES } from '../lib/settings.mjs';
import { runCommand } from '../lib/workbench.mjs';
import { inWindow, photograph } from '../lib/window.mjs';

/** @param {import('../lib/window.mjs').Context} context */
export async function themes(context) {
  for (const [name, theme] of Object.entries(THEMES)) {
    await inWindow(context, { file: PICTURE_LOG, settings: { 'workbench.colorTheme': theme } }, async (page, test) => {
      await test(`problems and editor in ${theme}`, async () => {
        await arrangeProblems(page);
        await photograph(page, `problems ${name}`);
      });
      await test(`hover in ${theme}`, async () => {
        await arrangeHover(page);
        await photograph(page, `hover ${name}`);
      });
      await test(`timeline in ${theme}`, async () => {
        await arrangeTimeline(page);
        await photograph(page, `timeline ${name}`);
        await runCommand(page, 'View: Close Editor');
      });
      await test(`replay in ${theme}`, async () => {
        await arrangeReplay(page);
        await photograph(page, `replay ${name}`);
      });
    });
  }
}
