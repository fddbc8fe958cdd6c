import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A program that goes over a whole log.
 *
 * @typedef {object} Contender
 * @property {string} name
 * @property {string} about
 * @property {(log: string) => readonly string[]} command
 * @property {import('./measure.mjs').MeasureOptions} options
 */

const REFERENCE = fileURLToPath(new URL('reference.py', import.meta.url));
const PLAIN = fileURLToPath(new URL('plain.py', import.meta.url));
const READ = fileURLToPath(new URL('read.mjs', import.meta.url));

/** The names that targets and ratios speak of. */
export const CLI_TEXT = 'CLI text';
export const CLI_JSONL = 'CLI jsonl';
export const PYTHON = 'python';

/** The command line exits with 1 when it has found something. */
const CLI_STATUSES = [0, 1];

/** @type {(cli: string, log: string, format: 'text' | 'jsonl') => string[]} */
export const cliCommand = (cli, log, format) => [process.execPath, cli, 'check', log, '--format', format];

/** @type {(log: string) => string[]} */
export const pythonCommand = (log) => ['python3', REFERENCE, log];

/**
 * Those that can run here.
 *
 * @param {string} cli path of the command line
 * @returns {Contender[]}
 */
export function findContenders(cli) {
  /** @type {Contender[]} */
  const all = [
    {
      name: CLI_TEXT,
      about: 'dma-handoff check LOG --format text',
      command: (log) => cliCommand(cli, log, 'text'),
      options: { stdout: 'pipe', statuses: CLI_STATUSES },
    },
    {
      name: CLI_JSONL,
      about: 'dma-handoff check LOG --format jsonl > /dev/null',
      command: (log) => cliCommand(cli, log, 'jsonl'),
      options: { stdout: 'ignore', statuses: CLI_STATUSES },
    },
    {
      name: PYTHON,
      about: 'plain.py: a regular expression a record, tried in turn on every line',
      command: (log) => ['python3', PLAIN, log],
      options: { stdout: 'pipe', statuses: [0] },
    },
    {
      name: 'python, tuned',
      about: 'reference.py: all records in one regular expression that was measured to be the fastest',
      command: pythonCommand,
      options: { stdout: 'pipe', statuses: [0] },
    },
    {
      name: 'grep',
      about: 'grep -c IoMmu LOG',
      command: (log) => ['grep', '-c', 'IoMmu', log],
      // GNU grep stops at the first match when its output is the null device.
      options: { stdout: 'pipe', statuses: [0, 1] },
    },
    {
      name: 'node read',
      about: 'read.mjs: a stream that reads the file and does nothing',
      command: (log) => [process.execPath, READ, log],
      options: { stdout: 'pipe', statuses: [0] },
    },
    {
      name: 'cat',
      about: 'cat LOG > /dev/null',
      command: (log) => ['cat', log],
      options: { stdout: 'ignore', statuses: [0] },
    },
  ];
  return all.filter(({ command }) => isInstalled(command('')[0] ?? ''));
}

/** @param {string} program */
function isInstalled(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;
}
