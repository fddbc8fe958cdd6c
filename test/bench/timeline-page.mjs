import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { findChromium } from '../e2e/lib/chromium.mjs';
import { harnessDir, repoDir } from '../e2e/lib/paths.mjs';
import { themeVariables } from './timeline-themes.mjs';

/**
 * The bundled timeline in Chromium, without VS Code: a page with the variables of a theme, and a stand-in for the extension that
 * relays between the bundled worker and the webview.
 *
 * @typedef {'dark' | 'light' | 'high-contrast'} ThemeName
 */

const TYPES = /** @type {const} */ ({ js: 'text/javascript', css: 'text/css', html: 'text/html' });

/** Starts a browser and a server for the bundles. */
export async function startTimelineBrowser() {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const [, theme = 'dark'] = /^\/page\/([a-z-]+)$/.exec(path) ?? [];
    if (path.startsWith('/page/')) return respond(response, 'html', pageText(/** @type {ThemeName} */ (theme)));
    if (!/^\/(?:dist\/(?:webview|worker)|media|test\/bench)\/[\w.-]+$/.test(path))
      return respond(response, 'html', '', 404);
    response.setHeader('content-type', TYPES[path.endsWith('.css') ? 'css' : 'js']);
    createReadStream(join(repoDir, path)).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const { chromium } = createRequire(join(harnessDir, 'package.json'))('playwright-core');
  const { executablePath, env } = findChromium();
  const flags = [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--enable-precise-memory-info',
    '--js-flags=--expose-gc',
  ];
  const browser = await chromium.launch({ executablePath, env, headless: true, args: flags });
  return {
    /**
     * @param {ThemeName} theme
     * @param {{ width: number, height: number, deviceScaleFactor?: number }} size
     */
    async openPage(theme, { deviceScaleFactor = 1, ...viewport }) {
      const context = await browser.newContext({ viewport, deviceScaleFactor });
      const page = await context.newPage();
      page.on('pageerror', (/** @type {Error} */ error) => console.error(error));
      await page.goto(`http://127.0.0.1:${port}/page/${theme}`);
      return page;
    },
    async close() {
      await browser.close();
      server.close();
    },
  };
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {keyof typeof TYPES} type
 * @param {string} text
 */
function respond(response, type, text, status = 200) {
  response.writeHead(status, { 'content-type': TYPES[type] });
  response.end(text);
}

/**
 * As `src/extension/timeline/timeline-html.ts` makes it, but that the stand-in comes first.
 *
 * @param {ThemeName} theme
 */
function pageText(theme) {
  const variables = Object.entries(themeVariables(theme)).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `<!DOCTYPE html>
<html lang="en" style="${variables.join(' ').replaceAll('"', "'")}">
<head>
<meta charset="utf-8">
<link rel="stylesheet" href="/media/timeline.css">
</head>
<body class="vscode-${theme}">
<script src="/test/bench/timeline-stand-in.js"></script>
</body>
</html>`;
}
