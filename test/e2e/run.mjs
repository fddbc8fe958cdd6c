// Runs the end-to-end tests: node test/e2e/run.mjs [ui] [node] [web]; all three without an argument.
import fs from 'node:fs';
import { launchBrowser } from './lib/browser.mjs';
import { copyPackedLog, unpackLogs, writeForeignLog, writeHugeLog, writeRepeatedLog } from './lib/fixtures.mjs';
import { runInHost } from './lib/in-host.mjs';
import { ensureHarness } from './lib/install.mjs';
import { shotsDir } from './lib/paths.mjs';
import { createRunFolder } from './lib/run-folder.mjs';
import { installExtension, startServer, vscodeVersion } from './lib/server.mjs';
import { Tally } from './lib/tally.mjs';
import { packageExtension } from './lib/vsix.mjs';
import { largeFile } from './scenarios/large-file.mjs';
import { realLog } from './scenarios/real-log.mjs';
import { restrictedMode } from './scenarios/restricted-mode.mjs';
import { themes } from './scenarios/themes.mjs';

/** @typedef {import('./lib/window.mjs').Context} Context */

/** @type {Readonly<Record<string, (context: Context) => Promise<void>>>} */
const SUITES = {
  async ui(context) {
    for (const scenario of [realLog, largeFile, themes, restrictedMode]) await scenario(context);
  },
  node: ({ server, run, browser, tally }) => runInHost('node', server, run, browser, tally),
  web: ({ server, run, browser, tally }) => runInHost('web', server, run, browser, tally),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => SUITES[name] === undefined);
if (unknown.length > 0) {
  console.error(`unknown suite ${unknown.join(', ')}; there are ${Object.keys(SUITES).join(', ')}`);
  process.exit(2);
}

await ensureHarness();
const run = createRunFolder();
const tally = new Tally();
try {
  fs.rmSync(shotsDir, { recursive: true, force: true });
  fillWorkspace(run.workspace);
  installExtension(packageExtension(run.root), run);
  const server = await startServer(run);
  console.log(`# VS Code ${vscodeVersion()} at ${server.origin}`);
  const browser = await launchBrowser(run);
  for (const name of asked.length > 0 ? asked : Object.keys(SUITES)) {
    await SUITES[name]?.({ server, run, browser, tally });
  }
} catch (error) {
  tally.fail('the harness', error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await run.cleanUp();
}
process.exit(tally.summarize());

/** @param {string} folder */
function fillWorkspace(folder) {
  unpackLogs(folder, 'sevlike-xhci', 'buggy-no-teardown', 'buggy-xhci-free-in-ebs');
  copyPackedLog(folder, 'buggy-no-teardown');
  writeRepeatedLog(folder, 'large.log', 'buggy-no-teardown', 10);
  writeHugeLog(folder);
  writeForeignLog(folder, 'foreign.log', 5);
  writeForeignLog(folder, 'large-foreign.log', 190_000);
}
