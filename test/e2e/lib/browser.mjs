// Starts the browser and opens VS Code in it.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { findChromium } from './chromium.mjs';
import { harnessDir } from './paths.mjs';

/**
 * @typedef {import('./run-folder.mjs').RunFolder} RunFolder
 * @typedef {import('./server.mjs').Server} Server
 */

const VIEWPORT = { width: 1400, height: 900 };

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/**
 * A persistent context: the throw-away contexts of Chromium block the storage that VS Code's webviews need.
 * @param {RunFolder} run
 */
export async function launchBrowser(run) {
  const { chromium } = createRequire(path.join(harnessDir, 'package.json'))('playwright-core');
  const { executablePath, env } = findChromium();
  const profile = fs.mkdtempSync(path.join(run.root, 'profile-'));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath,
    env: { ...env, HOME: run.root },
    headless: true,
    viewport: VIEWPORT,
    args: FLAGS,
    // Playwright would end this process at once, before the run folder is gone.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  run.defer(() => browser.close());
  return browser;
}

/**
 * The address of a window on `folder`.
 * @param {Server} server
 * @param {string} folder
 * @param {readonly (readonly [string, string])[]} payload openFile, extensionTestsPath, …
 */
export function windowUrl(server, folder, payload = []) {
  const url = new URL(server.origin);
  url.searchParams.set('folder', folder);
  if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

/**
 * A path on the server's side as VS Code addresses it.
 * @param {Server} server
 * @param {string} file
 */
export function remoteUri(server, file) {
  return `vscode-remote://${server.authority}${file}`;
}
