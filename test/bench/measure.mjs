import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What one whole process cost. `null` is what this machine cannot tell.
 *
 * @typedef {object} Cost
 * @property {number} wallSeconds
 * @property {number | null} userSeconds
 * @property {number | null} peakBytes largest resident set
 */

/**
 * Runs programs and measures them, with GNU time where it is installed, else by looking at /proc while they run.
 *
 * @typedef {object} Meter
 * @property {string} about
 * @property {(command: readonly string[], options: MeasureOptions) => Promise<Cost>} measure
 *
 * @typedef {object} MeasureOptions
 * @property {'pipe' | 'ignore'} stdout whether somebody reads what it prints, or it goes to the null device
 * @property {readonly number[]} statuses exit statuses of success
 */

const GNU_TIME = '/usr/bin/time';
const POLL_MILLISECONDS = 5;
/** USER_HZ, in which /proc counts: 100 on every Linux that runs Node. */
const TICKS_PER_SECOND = 100;

/** @returns {Meter} */
export function createMeter() {
  const hasGnuTime = spawnSync(GNU_TIME, ['-f', '%U', 'true'], { stdio: 'ignore' }).status === 0;
  return hasGnuTime
    ? { about: 'GNU time', measure: measureWithTime }
    : { about: `/proc, every ${POLL_MILLISECONDS} ms`, measure: measureByPolling };
}

/** @type {Meter['measure']} */
async function measureWithTime(command, options) {
  const { wallSeconds, stderr } = await run([GNU_TIME, '-q', '-f', '%U %M', ...command], options);
  const [user = Number.NaN, kibibytes = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wallSeconds, userSeconds: user, peakBytes: kibibytes * 1024 };
}

/** @type {Meter['measure']} */
async function measureByPolling(command, options) {
  let last = { userSeconds: /** @type {number | null} */ (null), peakBytes: /** @type {number | null} */ (null) };
  const { wallSeconds } = await run(command, options, (processId) => {
    const seen = lookAt(processId);
    if (seen) last = seen;
  });
  return { wallSeconds, ...last };
}

/**
 * @param {number} processId
 * @returns {{ userSeconds: number, peakBytes: number } | null} `null` when it is gone, or there is no /proc
 */
function lookAt(processId) {
  try {
    const status = readFileSync(`/proc/${processId}/status`, 'latin1');
    const stat = readFileSync(`/proc/${processId}/stat`, 'latin1');
    const peak = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1];
    // The name, field 2, may hold blanks; `utime` is field 14.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[11];
    return peak === undefined
      ? null
      : { userSeconds: Number(ticks) / TICKS_PER_SECOND, peakBytes: Number(peak) * 1024 };
  } catch {
    return null;
  }
}

/**
 * @param {readonly string[]} command
 * @param {MeasureOptions} options
 * @param {(processId: number) => void} [look] called while the program runs
 * @returns {Promise<{ wallSeconds: number, stderr: string }>}
 */
function run([program = '', ...args], { stdout, statuses }, look) {
  return new Promise((resolve, reject) => {
    const begin = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', stdout, 'pipe'] });
    let stderr = '';
    let wallSeconds = 0;
    let watching = look !== undefined;
    const poll = () => {
      if (!watching || child.pid === undefined) return;
      look?.(child.pid);
      setTimeout(poll, POLL_MILLISECONDS);
    };
    child.stdout?.resume();
    child.stderr?.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', reject);
    child.on('exit', () => {
      wallSeconds = (performance.now() - begin) / 1000;
      watching = false;
    });
    child.on('close', (status) => {
      if (status !== null && statuses.includes(status)) resolve({ wallSeconds, stderr });
      else reject(new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`));
    });
    poll();
  });
}
