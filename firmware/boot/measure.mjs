// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Measures what the tracer costs: the same machine is booted by turns without and with it, up to Linux's first line.
import { readTrace } from './trace.mjs';

/**
 * Boots `rounds` times without and with the tracer, and prints what it cost.
 *
 * @param {{ name: string }} machine
 * @param {number} rounds
 * @param {(isTraced: boolean) => Promise<import('./boot.mjs').BootResult & { log: string }>} bootOnce
 */
export async function measureMachine(machine, rounds, bootOnce) {
  const plain = [];
  const traced = [];
  for (let round = 0; round < rounds; round++) {
    plain.push(await bootOnce(false));
    traced.push(await bootOnce(true));
  }
  if ([...plain, ...traced].some(({ used }) => used === null)) throw new Error(`${machine.name}: Linux did not start`);
  const log = traced[0]?.log ?? '';
  const { records } = readTrace(log);
  // A pair was booted one behind the other: what else the machine had to do in those seconds was about the same for both.
  const costs = seconds(traced).map((used, round) => used - plain[round]?.used);
  console.log(
    `${machine.name}: ${describe(seconds(plain))} s, traced ${describe(seconds(traced))} s, difference ${describe(costs)} s; ` +
      `${records.length} records, ${log.length} bytes, ${writingTime(traced)} µs a record`,
  );
}

/**
 * Microseconds from one record to the next where the tracer writes one behind the other and does little else: its list of devices at
 * hand-off. The least of all boots, since everything else only adds to it.
 */
function writingTime(traced) {
  const medians = traced.map(({ log }) => {
    const times = readTrace(log)
      .records.filter(({ event, keys }) => event === 'DevState' && keys.when === 'handoff')
      .map(({ time }) => time);
    return median(times.slice(1).map((time, index) => time - (times[index] ?? time)));
  });
  return Math.min(...medians);
}

const seconds = (results) => results.map(({ used }) => used);

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, and from where to where. */
const describe = (numbers) =>
  `${median(numbers).toFixed(2)} (${Math.min(...numbers).toFixed(2)} to ${Math.max(...numbers).toFixed(2)})`;
