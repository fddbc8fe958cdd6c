// Runs the end-to-end tests: node test/e2e/run.mjs [ui[/SCENARIO]] [node] [web]; all three without an argument.
import fs from 'node:fs';
import { launchBrowser } from './lib/browser.mjs';
import {
  copyPackedLog,
  copyQemu,
  unpackLogs,
  writeForeignLog,
  writeHugeLog,
  writeRepeatedLog,
} from './lib/fixtures.mjs';
import { runInHost } from './lib/in-host.mjs';
import { ensureHarness } from './lib/install.mjs';
import { shotsDir } from './lib/paths.mjs';
import { createRunFolder } from './lib/run-folder.mjs';
import { installExtension, startServer, vscodeVersion } from './lib/server.mjs';
import { Tally } from './lib/tally.mjs';
import { packageExtension } from './lib/vsix.mjs';
import { capture } from './scenarios/capture.mjs';
import { largeFile } from './scenarios/large-file.mjs';
import { realLog } from './scenarios/real-log.mjs';
import { replay } from './scenarios/replay.mjs';
import { restrictedMode } from './scenarios/restricted-mode.mjs';
import { themes } from './scenarios/themes.mjs';
import { timeline } from './scenarios/timeline.mjs';

/** @typedef {import('./lib/window.mjs').Context} Context */

/** @typedef {(context: Context) => Promise<void>} Suite */

/** What a user does, by name. */
const SCENARIOS = { realLog, timeline, replay, capture, largeFile, themes, restrictedMode };

/** @type {Readonly<Record<string, Suite>>} */
const SUITES = {
  async ui(context) {
    for (const scenario of Object.values(SCENARIOS)) await scenario(context);
  },
  node: ({ server, run, browser, tally }) => runInHost('node', server, run, browser, tally),
  web: ({ server, run, browser, tally }) => runInHost('web', server, run, browser, tally),
};

/** @type {Readonly<Record<string, Suite>>} */
const PARTS = Object.fromEntries(Object.entries(SCENARIOS).map(([name, scenario]) => [`ui/${name}`, scenario]));

const asked = process.argv.slice(2);
const known = { ...SUITES, ...PARTS };
const unknown = asked.filter((name) => known[name] === undefined);
if (unknown.length > 0) {
  console.error(`unknown suite ${unknown.join(', ')}; there are ${Object.keys(known).join(', ')}`);
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
    await known[name]?.({ server, run, browser, tally });
  }
} catch (error) {
  tally.fail('the harness', error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  await run.cleanUp();
}
process.exit(tally.summarize());

/** @param {string} folder */
function fillWorkspace(folder) {
  unpackLogs(folder, 'sevlike-xhci', 'buggy-no-teardown', 'buggy-xhci-free-in-ebs', 'stock-virtio', 'tracer-v2-xhci');
  copyQemu(folder);
  copyPackedLog(folder, 'buggy-no-teardown');
  writeRepeatedLog(folder, 'large.log', 'buggy-no-teardown', 10);
  writeHugeLog(folder);
  writeForeignLog(folder, 'foreign.log', 5);
  writeForeignLog(folder, 'large-foreign.log', 190_000);
}
