// Everything a run writes lies in one temp folder, and everything it starts is undone in reverse order when it ends.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeSettings } from './settings.mjs';

/**
 * @typedef {object} RunFolder
 * @property {string} root
 * @property {string} workspace the folder that VS Code opens
 * @property {string} dataDir VS Code's server data: settings, extensions, state
 * @property {(undo: () => unknown) => void} defer
 * @property {() => Promise<void>} cleanUp
 */

/** @returns {RunFolder} */
export function createRunFolder() {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'dma-handoff-e2e-'));
  const workspace = path.join(root, 'workspace');
  const dataDir = path.join(root, 'data');
  fs.mkdirSync(workspace);
  useForTemporaryFiles(path.join(root, 'tmp'));
  writeSettings(dataDir);

  /** @type {(() => unknown)[]} */
  const undos = [() => removeFolder(root)];
  /** @type {Promise<void> | undefined} */
  let ending;
  const cleanUp = () => (ending ??= runAll(undos.reverse()));
  // A reader that goes away (`… | head`) must not cost us the cleaning up.
  process.stdout.on('error', () => undefined);
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  }
  return { root, workspace, dataDir, defer: (undo) => void undos.push(undo), cleanUp };
}

/**
 * Sockets of the server, downloads of the browser: this process and all its children leave them here.
 * @param {string} folder
 */
function useForTemporaryFiles(folder) {
  fs.mkdirSync(folder);
  process.env.TMPDIR = folder;
  process.env.XDG_RUNTIME_DIR = folder;
}

/** @param {readonly (() => unknown)[]} steps */
async function runAll(steps) {
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      console.error(`# while cleaning up: ${String(error)}`);
    }
  }
}

/** @param {string} folder */
function removeFolder(folder) {
  // A browser that has just ended may still be writing its profile.
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
}
