// The logs that VS Code opens: the repository's fixtures, unpacked, and files made from them that are too big to commit.
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { fixtureLogsDir, standInsDir } from './paths.mjs';

/** VS Code keeps no text document of a file above this size. */
const LARGEST_DOCUMENT_BYTES = 50 * 1024 * 1024;

export const HUGE_LOG = 'huge.log';

/**
 * Unpacks test/fixtures/logs/NAME.log.gz to NAME.log.
 * @param {string} folder
 * @param {...string} names
 */
export function unpackLogs(folder, ...names) {
  for (const name of names) fs.writeFileSync(path.join(folder, `${name}.log`), readLog(name));
}

/**
 * Puts test/fixtures/logs/NAME.log.gz there as it is.
 * @param {string} folder
 * @param {string} name
 */
export function copyPackedLog(folder, name) {
  fs.copyFileSync(path.join(fixtureLogsDir, `${name}.log.gz`), path.join(folder, `${name}.log.gz`));
}

/**
 * Puts the stand-in for QEMU there, which can be run.
 * @param {string} folder
 */
export function copyQemu(folder) {
  const name = 'qemu-system-x86_64';
  fs.copyFileSync(path.join(standInsDir, name), path.join(folder, name));
  fs.chmodSync(path.join(folder, name), 0o755);
}

/**
 * Several boots in one file, as QEMU appends them after a reset.
 * @param {string} folder
 * @param {string} fileName
 * @param {string} boot name of the fixture to repeat
 * @param {number} boots
 */
export function writeRepeatedLog(folder, fileName, boot, boots) {
  const content = readLog(boot);
  const file = fs.openSync(path.join(folder, fileName), 'w');
  for (let written = 0; written < boots; written++) fs.writeSync(file, content);
  fs.closeSync(file);
}

/**
 * A log of something else with as many lines, for comparison.
 * @param {string} folder
 * @param {string} fileName
 * @param {number} lines
 */
export function writeForeignLog(folder, fileName, lines) {
  let content = '';
  for (let line = 0; line < lines; line++)
    content += `2026-01-05 10:00:00 INFO  request ${line} was served in ${line % 97} ms\n`;
  fs.writeFileSync(path.join(folder, fileName), content);
}

/**
 * A log that VS Code cannot open as a document.
 * @param {string} folder
 * @returns {{ file: string, boots: number }}
 */
export function writeHugeLog(folder) {
  const boot = 'buggy-no-teardown';
  const boots = Math.ceil((LARGEST_DOCUMENT_BYTES * 1.05) / readLog(boot).length);
  writeRepeatedLog(folder, HUGE_LOG, boot, boots);
  return { file: path.join(folder, HUGE_LOG), boots };
}

/** @param {string} name */
function readLog(name) {
  return zlib.gunzipSync(fs.readFileSync(path.join(fixtureLogsDir, `${name}.log.gz`)));
}
