// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Runs one machine, by itself or by `dma-handoff capture`, until Linux has printed its first line.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

const bootLimit = 240_000;
const clockTicksPerSecond = 100;
// The whole line: where the trace goes the same way, it is part of the log.
const linuxLine = /\] Linux version \d[^\n]*\n/;

/**
 * @typedef {object} BootResult
 * @property {number | null} elapsed seconds until Linux's first line; `null` if there was none
 * @property {number | null} used processor seconds of QEMU until then. On a busy machine it says more than the clock on the wall
 * @property {string} serial what the machine wrote to its serial port; where `dma-handoff` ran it, among messages of that
 * @property {string} output what the command wrote to standard output, where that is not the serial port
 * @property {string} errors
 * @property {number | null} status exit status; `null` if a signal ended it
 */

/**
 * Boots with QEMU itself, and stops it at Linux's first line.
 *
 * @param {readonly string[]} qemuArguments
 * @returns {Promise<BootResult>}
 */
export function bootDirectly(qemuArguments) {
  const child = spawn('qemu-system-x86_64', qemuArguments, { stdio: ['pipe', 'pipe', 'pipe'] });
  return follow(child, { serial: child.stdout, other: child.stderr, isStopped: true });
}

/**
 * Boots by `dma-handoff capture`. If `isAwaited`, Linux's first line is awaited, and then the command is asked to end as a terminal or a
 * task would ask it; otherwise it stops the machine at hand-off, as it does by default.
 *
 * @param {readonly string[]} flags
 * @param {readonly string[]} command
 * @param {{ cli: string, isAwaited: boolean }} settings
 * @returns {Promise<BootResult>}
 */
export async function bootCaptured(flags, command, { cli, isAwaited }) {
  const words = ['capture', ...flags, ...(isAwaited ? ['--keep-running'] : []), '--', ...command];
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  // Standard output is the report's, so QEMU's goes to standard error.
  const result = await follow(child, { serial: child.stderr, other: child.stdout, isStopped: isAwaited });
  return { ...result, output: result.errors, errors: '' };
}

/** @returns {Promise<BootResult>} */
function follow(child, { serial: serialStream, other, isStopped }) {
  return new Promise((resolve) => {
    const start = performance.now();
    let serial = '';
    let errors = '';
    let hasPressed = false;
    let elapsed = null;
    let used = null;
    const timer = setTimeout(() => child.kill(), bootLimit);
    child.stdin.on('error', () => {});
    other.on('data', (chunk) => (errors += chunk.toString('utf8')));
    serialStream.on('data', (chunk) => {
      serial += chunk.toString('latin1');
      // The shell waits five seconds for a key before it runs startup.nsh.
      if (!hasPressed && serial.includes('any other key to continue')) {
        hasPressed = true;
        child.stdin.write('\r');
      }
      if (elapsed !== null || !linuxLine.test(serial)) return;
      elapsed = (performance.now() - start) / 1000;
      if (!isStopped) return;
      used = processorSeconds(child.pid);
      child.kill();
    });
    child.on('error', (error) => (errors += error.message));
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ elapsed, used, serial, output: '', errors, status });
    });
  });
}

/** The processor time in seconds that a process has used so far. */
function processorSeconds(pid) {
  // proc(5): fields 14 and 15, counted from the one behind the name in parentheses.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / clockTicksPerSecond;
}
