import { CLI_JSONL, CLI_TEXT, PYTHON } from './contenders.mjs';
import { formatTable, median } from './table.mjs';

/**
 * What all programs cost on one log: by program, one cost a repetition. Repetition by repetition they ran next to each other.
 *
 * @typedef {object} LogResult
 * @property {import('./logs.mjs').BenchLog} log
 * @property {Map<string, import('./measure.mjs').Cost[]>} costs
 */

/**
 * The most that the command line may take, as a multiple of the Python script's wall time.
 *
 * @type {Readonly<Record<string, number>>}
 */
const TARGETS = { dense: 1, sparse: 1 / 3 };

/**
 * The ratio of what two programs cost: the median over the repetitions, so that a load that comes and goes falls on both.
 *
 * @param {LogResult} result
 * @param {string} name
 * @param {string} base
 * @param {'wallSeconds' | 'userSeconds'} cost
 */
function ratio({ costs }, name, base, cost = 'wallSeconds') {
  const bases = costs.get(base) ?? [];
  return median((costs.get(name) ?? []).map((each, index) => (each[cost] ?? NaN) / (bases[index]?.[cost] ?? NaN)));
}

/**
 * @param {LogResult} result
 * @returns {string}
 */
export function formatResult(result) {
  const { log, costs } = result;
  const megabytes = log.bytes / 1e6;
  const rows = [...costs].map(([name, all]) => {
    const wall = median(all.map((cost) => cost.wallSeconds));
    return [
      name,
      wall.toFixed(2),
      optional(all, (cost) => cost.userSeconds, 2),
      (megabytes / wall).toFixed(0),
      (log.lines / wall / 1e6).toFixed(2),
      optional(all, (cost) => cost.peakBytes && cost.peakBytes / 1e6, 0),
      ...[CLI_TEXT, CLI_JSONL].map((cli) => (name === cli ? '–' : ratio(result, cli, name).toFixed(2))),
    ];
  });
  const heading = ['', 'wall s', 'user s', 'MB/s', 'M lines/s', 'peak MB', 'text ÷ it', 'jsonl ÷ it'];
  return [
    `${log.name}: ${log.about}; ${megabytes.toFixed(1)} MB, ${log.lines} lines`,
    formatTable([heading, ...rows]),
  ].join('\n');
}

/**
 * @param {readonly import('./measure.mjs').Cost[]} costs
 * @param {(cost: import('./measure.mjs').Cost) => number | null} pick
 * @param {number} digits
 */
function optional(costs, pick, digits) {
  const known = costs.map(pick).filter((value) => value !== null);
  return known.length === 0 ? '?' : median(known).toFixed(digits);
}

/**
 * One sentence a target, and whether all are met.
 *
 * @param {readonly LogResult[]} results
 * @returns {{ met: boolean, sentences: string[] }}
 */
export function judge(results) {
  const verdicts = results.flatMap((result) => {
    const most = TARGETS[result.log.name];
    if (most === undefined || !result.costs.has(PYTHON)) return [];
    const reached = ratio(result, CLI_TEXT, PYTHON);
    const met = reached <= most;
    const userRatio = ratio(result, CLI_TEXT, PYTHON, 'userSeconds').toFixed(2);
    const sentence = `${met ? 'met   ' : 'MISSED'}  ${result.log.name}: the command line takes ${reached.toFixed(2)} of the Python script's time (user CPU: ${userRatio}), at most ${most.toFixed(2)} wanted`;
    return [{ met, sentence }];
  });
  return { met: verdicts.every(({ met }) => met), sentences: verdicts.map(({ sentence }) => sentence) };
}
