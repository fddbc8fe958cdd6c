// The VS Code server: installs the packaged extension and serves the web workbench on a free port.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { vscodeServerDir } from './paths.mjs';

/** @typedef {import('./run-folder.mjs').RunFolder} RunFolder */

/**
 * @typedef {object} Server
 * @property {string} origin http://127.0.0.1:port
 * @property {string} authority 127.0.0.1:port, the authority of its vscode-remote: addresses
 * @property {string} dataDir
 */

const START_TIMEOUT_MS = 60_000;
const KEEPER = path.join(import.meta.dirname, 'server-keeper.mjs');
const READY = /Extension host agent listening on (\d+)/;

/**
 * @param {string} vsix
 * @param {RunFolder} run
 */
export function installExtension(vsix, run) {
  const output = execFileSync(process.execPath, serverArgs(run.dataDir, ['--install-extension', vsix]), {
    encoding: 'utf8',
    env: serverEnvironment(),
  });
  if (!/successfully installed/.test(output)) throw new Error(`the .vsix was not installed:\n${output}`);
}

/**
 * @param {RunFolder} run
 * @returns {Promise<Server>}
 */
export async function startServer(run) {
  const flags = ['--host', '127.0.0.1', '--port', '0', '--without-connection-token'];
  // Without this flag a built workbench ignores the payload entries that start in-host tests.
  flags.push('--enable-smoke-test-driver');
  const child = spawn(process.execPath, [KEEPER, ...serverArgs(run.dataDir, flags)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: serverEnvironment(),
    // Its own process group: the extension hosts it forks end with it.
    detached: true,
  });
  run.defer(() => stop(child));
  const log = fs.createWriteStream(path.join(run.root, 'server.log'));
  // The keeper's end of this pipe is what tells it that we are gone.
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const port = await listeningPort(child);
  return { origin: `http://127.0.0.1:${port}`, authority: `127.0.0.1:${port}`, dataDir: run.dataDir };
}

/** The version of the VS Code under test. */
export function vscodeVersion() {
  const manifest = JSON.parse(fs.readFileSync(path.join(vscodeServerDir, 'package.json'), 'utf8'));
  return String(manifest.version);
}

/**
 * @param {string} dataDir
 * @param {readonly string[]} more
 */
function serverArgs(dataDir, more) {
  const main = path.join(vscodeServerDir, 'out/server-main.js');
  return [main, '--accept-server-license-terms', '--telemetry-level', 'off', '--server-data-dir', dataDir, ...more];
}

/** A terminal inside VS Code sets variables that would tie this server to that window. */
function serverEnvironment() {
  const foreign = /^(?:VSCODE_|ELECTRON_|NODE_OPTIONS$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}

/** @param {import('node:child_process').ChildProcess} child */
function listeningPort(child) {
  return new Promise((resolve, reject) => {
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      const port = READY.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.once('exit', (code) => reject(new Error(`the VS Code server ended with code ${code}:\n${output}`)));
    setTimeout(() => reject(new Error(`the VS Code server did not start:\n${output}`)), START_TIMEOUT_MS).unref();
  });
}

/** @param {import('node:child_process').ChildProcess} child */
async function stop(child) {
  if (child.pid === undefined) return;
  const ended = child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));
  signalGroup(child.pid, 'SIGTERM');
  await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 2000))]);
  signalGroup(child.pid, 'SIGKILL');
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has already ended.
  }
}
