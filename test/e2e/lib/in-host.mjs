// Runs the tests of test/extension inside an extension host of a real VS Code window.
import { createRequire } from 'node:module';
import fs from 'node:fs';
import path from 'node:path';
import { remoteUri, windowUrl } from './browser.mjs';
import { harnessDir, harnessModulesDir, inHostTestsDir } from './paths.mjs';
import { writeSettings } from './settings.mjs';

/**
 * @typedef {import('./run-folder.mjs').RunFolder} RunFolder
 * @typedef {import('./server.mjs').Server} Server
 * @typedef {import('./tally.mjs').Tally} Tally
 * @typedef {'node' | 'web'} Host
 */

const PREFIX = '@@e2e ';
const PUBLISHER = 'dma-handoff-e2e';
const TIMEOUT_MS = 15 * 60_000;

/** How each host gets its entry point, and how VS Code is told to run an extension there. */
const HOSTS = /** @type {const} */ ({
  node: { platform: 'node', entryKey: 'main', extensionKind: 'workspace' },
  web: { platform: 'browser', entryKey: 'browser', extensionKind: 'web' },
});

/**
 * @param {Host} host
 * @param {Server} server
 * @param {RunFolder} run
 * @param {any} browser
 * @param {Tally} tally
 */
export async function runInHost(host, server, run, browser, tally) {
  // The installed package has entries for both hosts; this setting decides which one VS Code takes.
  const kind = [HOSTS[host].extensionKind];
  writeSettings(run.dataDir, {
    'remote.extensionKind': { 'dma-handoff.dma-handoff': kind, [`${PUBLISHER}.tests-${host}`]: kind },
  });
  const folder = await bundleTests(host, run);
  const tests = remoteUri(server, `${folder}/tests.js`);
  const url = windowUrl(server, run.workspace, [
    ['extensionDevelopmentPath', remoteUri(server, folder)],
    ['extensionTestsPath', tests],
  ]);

  const page = await browser.newPage();
  try {
    const { ended, exitCode } = await listen(page, url, host, tally);
    if (!ended) tally.fail(`${host}: the tests came to their end`, `VS Code ended them with ${exitCode}`);
  } finally {
    await page.close();
  }
}

/**
 * Opens the window and reports the messages of the tests until VS Code says they are over.
 * @param {any} page
 * @param {string} url
 * @param {Host} host
 * @param {Tally} tally
 * @returns {Promise<{ ended: boolean, exitCode: string }>}
 */
async function listen(page, url, host, tally) {
  let ended = false;
  /** @type {string[]} */
  const output = [];
  /** @type {(code: string) => void} */
  let exit = () => undefined;
  const exited = new Promise((/** @type {(code: string) => void} */ resolve) => (exit = resolve));
  const timer = setTimeout(() => exit('a timeout'), TIMEOUT_MS);
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ _type, /** @type {unknown[]} */ args) => {
    const line = args.map(String).join(' ');
    if (line.startsWith(PREFIX)) ended = report(JSON.parse(line.slice(PREFIX.length)), host, tally) || ended;
    else output.push(line);
  });
  await page.exposeFunction('codeAutomationExit', (/** @type {number} */ code) => exit(`exit code ${code}`));
  page.on('crash', () => exit('a crash of the page'));
  await page.goto(url);
  const exitCode = await exited;
  clearTimeout(timer);
  if (!ended) console.log(output.slice(-30).join('\n').replace(/^/gm, '    '));
  return { ended, exitCode };
}

/**
 * @param {any} message see test/extension/support/tell.ts
 * @param {Host} host
 * @param {Tally} tally
 * @returns {boolean} whether it was the last message, after some tests
 */
function report(message, host, tally) {
  if (message.kind === 'pass') tally.pass(`${host}: ${message.name}`, message.durationMs);
  if (message.kind === 'fail') tally.fail(`${host}: ${message.name}`, message.reason);
  if (message.kind === 'note') tally.note(`${host}: ${message.text}`);
  return message.kind === 'end' && message.passed + message.failed > 0;
}

/**
 * The tests become an extension of their own beside the installed one: VS Code runs them in the host of the extension
 * that contains them. Every *.test.ts is in, nobody keeps a list.
 * @param {Host} host
 * @param {RunFolder} run
 * @returns {Promise<string>} its folder
 */
async function bundleTests(host, run) {
  const { platform, entryKey } = HOSTS[host];
  const folder = path.join(run.root, `tests-${host}`);
  fs.mkdirSync(folder);
  const manifest = {
    name: `tests-${host}`,
    publisher: PUBLISHER,
    version: '0.0.0',
    // Not '*': VS Code would drop the extension without a word.
    engines: { vscode: '^1.95.0' },
    [entryKey]: './extension.js',
    capabilities: { untrustedWorkspaces: { supported: true } },
  };
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  fs.writeFileSync(path.join(folder, 'extension.js'), 'exports.activate = () => undefined;\n');

  const testFiles = fs.readdirSync(inHostTestsDir).filter((name) => name.endsWith('.test.ts'));
  const imports = ['./host/setup.ts', ...testFiles.sort().map((name) => `./${name}`)].map(
    (name) => `import '${name}';`,
  );
  const esbuild = createRequire(path.join(harnessDir, 'package.json'))('esbuild');
  await esbuild.build({
    stdin: {
      contents: [...imports, `export { run } from './host/run.ts';`].join('\n'),
      resolveDir: inHostTestsDir,
      loader: 'ts',
    },
    outfile: path.join(folder, 'tests.js'),
    bundle: true,
    format: 'cjs',
    platform,
    target: 'es2022',
    external: ['vscode', 'node:*'],
    define: { __HOST__: JSON.stringify(host), global: 'globalThis' },
    nodePaths: [harnessModulesDir],
    // The root's package.json says that no module has side effects. Test files have nothing else.
    ignoreAnnotations: true,
    sourcemap: 'inline',
    logLevel: 'error',
  });
  return folder;
}
