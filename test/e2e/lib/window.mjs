// A VS Code window for a few tests: opened with its own settings, closed afterwards, photographed when a test fails.
import fs from 'node:fs';
import path from 'node:path';
import { remoteUri, windowUrl } from './browser.mjs';
import { shotsDir } from './paths.mjs';
import { takePicture } from './pictures.mjs';
import { writeSettings } from './settings.mjs';
import { untilReady } from './workbench.mjs';

/**
 * @typedef {object} Context what the tests of a suite share
 * @property {import('./server.mjs').Server} server
 * @property {import('./run-folder.mjs').RunFolder} run
 * @property {any} browser
 * @property {import('./tally.mjs').Tally} tally
 *
 * @typedef {object} WindowOptions
 * @property {string} [file] name of the workspace's file to open
 * @property {Readonly<Record<string, unknown>>} [settings]
 */

/**
 * @param {Context} context
 * @param {WindowOptions} options
 */
export async function openWindow({ server, run, browser }, options) {
  writeSettings(run.dataDir, options.settings);
  const page = await browser.newPage();
  const folder = ownFolder(run);
  /** @type {[string, string][]} */
  const payload = options.file === undefined ? [] : [['openFile', remoteUri(server, path.join(folder, options.file))]];
  await page.goto(windowUrl(server, folder, payload));
  await untilReady(page);
  if (options.file !== undefined) await page.locator('.tab', { hasText: options.file }).waitFor({ timeout: 60_000 });
  return page;
}

/**
 * VS Code remembers editors and layout by folder: each window gets a folder of its own, with the same files.
 * @param {import('./run-folder.mjs').RunFolder} run
 */
function ownFolder(run) {
  const folder = path.join(fs.mkdtempSync(path.join(run.root, 'window-')), 'logs');
  fs.mkdirSync(folder);
  for (const name of fs.readdirSync(run.workspace))
    fs.linkSync(path.join(run.workspace, name), path.join(folder, name));
  return folder;
}

/**
 * Loads the window anew, as after a restart. It is asked for no file, since then VS Code would not restore editors.
 * @param {any} page
 */
export async function reopenWindow(page) {
  const url = new URL(page.url());
  url.searchParams.delete('payload');
  await page.goto(url.href);
  await untilReady(page);
}

/**
 * @param {Context} context
 * @param {WindowOptions} options
 * @param {(page: any, test: (name: string, body: () => Promise<void>) => Promise<void>) => Promise<void>} body
 */
export async function inWindow(context, options, body) {
  /** @type {any} */
  let page;
  const opened = await context.tally.test(`ui: a window with ${options.file ?? 'no file'} opens`, async () => {
    page = await openWindow(context, options);
  });
  if (!opened) return;
  const test = async (/** @type {string} */ name, /** @type {() => Promise<void>} */ run) => {
    if (!(await context.tally.test(`ui: ${name}`, run))) await photograph(page, `failed ${name}`);
  };
  try {
    await body(page, test);
  } finally {
    await page.close({ runBeforeUnload: false });
  }
}

/**
 * @param {any} page
 * @param {string} name
 */
export async function photograph(page, name) {
  fs.mkdirSync(shotsDir, { recursive: true });
  await takePicture(page, path.join(shotsDir, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.png`));
}
