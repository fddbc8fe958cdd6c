// Takes the README's pictures from a real VS Code with the packaged extension: node test/e2e/screenshots.mjs
import fs from 'node:fs';
import path from 'node:path';
import { launchBrowser } from './lib/browser.mjs';
import { unpackLogs } from './lib/fixtures.mjs';
import { ensureHarness } from './lib/install.mjs';
import { imagesDir, repoDir } from './lib/paths.mjs';
import {
  arrangeHover,
  arrangeProblems,
  arrangeReplay,
  arrangeTimeline,
  PICTURE_LOG,
  takePicture,
} from './lib/pictures.mjs';
import { createRunFolder } from './lib/run-folder.mjs';
import { installExtension, startServer } from './lib/server.mjs';
import { THEMES } from './lib/settings.mjs';
import { Tally } from './lib/tally.mjs';
import { packageExtension } from './lib/vsix.mjs';
import { openWindow } from './lib/window.mjs';
import { runCommand } from './lib/workbench.mjs';

await ensureHarness();
const run = createRunFolder();
try {
  unpackLogs(run.workspace, path.basename(PICTURE_LOG, '.log'));
  installExtension(packageExtension(run.root), run);
  const server = await startServer(run);
  const browser = await launchBrowser(run);
  fs.mkdirSync(imagesDir, { recursive: true });
  for (const name of /** @type {const} */ (['dark', 'light'])) {
    const settings = { 'workbench.colorTheme': THEMES[name] };
    const page = await openWindow({ server, run, browser, tally: new Tally() }, { file: PICTURE_LOG, settings });
    await arrangeProblems(page);
    await save(page, `problems-${name}`);
    await arrangeHover(page);
    await save(page, `hover-${name}`);
    await arrangeTimeline(page);
    await save(page, `timeline-${name}`);
    await runCommand(page, 'View: Close Editor');
    await arrangeReplay(page);
    await save(page, `replay-${name}`);
    await page.close();
  }
} finally {
  await run.cleanUp();
}
process.exit(0);

/**
 * @param {any} page
 * @param {string} name
 */
async function save(page, name) {
  const file = path.join(imagesDir, `${name}.png`);
  await takePicture(page, file);
  console.log(path.relative(repoDir, file));
}
