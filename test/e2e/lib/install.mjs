// Installs the harness into .harness from the npm registry, once for each state of the lockfile and of this folder's code.
// No install script runs and nothing is compiled: code-server's npm package holds a complete VS Code server and web workbench.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { e2eDir, harnessDir, standInsDir } from './paths.mjs';
import { unpackChromium } from './chromium.mjs';

const MANIFESTS = ['package.json', 'package-lock.json', '.npmrc'];
const STAMP = 'installed-for';

/** Makes sure that .harness fits the lockfile. */
export async function ensureHarness() {
  const wanted = fingerprint();
  const stamp = path.join(harnessDir, STAMP);
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return;

  console.log('# installing VS Code, Chromium and the test tools from the npm registry (once)');
  const startedMs = Date.now();
  // Everything goes to a folder beside it and is renamed at the end: a broken install is never taken for a harness.
  const staging = `${harnessDir}-${process.pid}`;
  fs.rmSync(staging, { recursive: true, force: true });
  fs.mkdirSync(staging);
  try {
    for (const name of MANIFESTS) fs.copyFileSync(path.join(e2eDir, name), path.join(staging, name));
    npm(['ci'], staging);
    installServer(path.join(staging, 'node_modules/code-server/lib/vscode'));
    await unpackChromium(path.join(staging, 'node_modules'), path.join(staging, 'chromium'));
    fs.writeFileSync(path.join(staging, STAMP), wanted);
    fs.rmSync(harnessDir, { recursive: true, force: true });
    fs.renameSync(staging, harnessDir);
  } finally {
    fs.rmSync(staging, { recursive: true, force: true });
  }
  console.log(`# installed in ${Math.round((Date.now() - startedMs) / 1000)} s`);
}

function fingerprint() {
  const hash = createHash('sha256');
  const files = [...MANIFESTS.map((name) => path.join(e2eDir, name)), ...listFiles(standInsDir)];
  files.push(path.join(import.meta.dirname, 'install.mjs'), path.join(import.meta.dirname, 'chromium.mjs'));
  for (const file of files) hash.update(fs.readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** @param {string} folder */
function listFiles(folder) {
  return fs
    .readdirSync(folder)
    .sort()
    .map((name) => path.join(folder, name));
}

/**
 * The server's own dependencies, which code-server's postinstall script would install.
 * `npm ci` refuses there: its package.json and its npm-shrinkwrap.json differ.
 * @param {string} serverDir
 */
function installServer(serverDir) {
  npm(['install', '--omit=dev'], serverDir);
  const modules = path.join(serverDir, 'node_modules');
  replaceModule(path.join(modules, '@vscode/spdlog'), 'spdlog.cjs');
  replaceModule(path.join(modules, 'native-watchdog'), 'native-watchdog.cjs');
  replaceModule(path.join(modules, 'node-pty'), 'node-pty.cjs');
}

/**
 * @param {string} folder
 * @param {string} standIn
 */
function replaceModule(folder, standIn) {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.copyFileSync(path.join(standInsDir, standIn), path.join(folder, 'index.js'));
  // The server is an ES module package, its stand-ins are not.
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "main": "index.js", "type": "commonjs" }\n');
}

/**
 * @param {readonly string[]} args
 * @param {string} cwd
 */
function npm(args, cwd) {
  try {
    execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      stdio: 'pipe',
      env: npmEnvironment(),
    });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout?: Buffer, stderr?: Buffer }} */ (error);
    throw new Error(`npm ${args.join(' ')} failed\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

/** Under `npm run`, npm hands its own settings down in npm_* variables, among them the root's prefix: not meant for us. */
function npmEnvironment() {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:config_(?:local_prefix|prefix|package)|package|lifecycle)/i.test(name),
  );
  return Object.fromEntries(kept);
}
