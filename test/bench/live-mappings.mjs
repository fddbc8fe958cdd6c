import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { cliCommand, pythonCommand } from './contenders.mjs';

/**
 * What a program found, in a form to compare: how many mappings were made, and then each that nobody removed before its boot
 * ended, in the order they were made. A comparison of speed is worth something only between programs that come to the same result.
 *
 * @param {string} cli
 * @param {string} log
 * @returns {Promise<string[]>}
 */
export async function liveMappingsOfCli(cli, log) {
  const live = [];
  let maps = 0;
  for await (const line of linesOf(cliCommand(cli, log, 'jsonl'))) {
    if (!/"unmappedLine":null|"summary":/.test(line)) continue;
    const { mapping, summary } = JSON.parse(line);
    maps += summary?.maps ?? 0;
    if (mapping?.unmappedLine !== null) continue;
    const { mappedLine, handle, operation, host, device, bytes } = mapping;
    live.push({ line: mappedLine, text: [mappedLine, handle, operation, host, device, `0x${bytes?.toString(16)}`] });
  }
  return inOrder(maps, live);
}

/**
 * @param {string} log
 * @returns {Promise<string[]>}
 */
export async function liveMappingsOfPython(log) {
  const live = [];
  let maps = 0;
  for await (const line of linesOf(pythonCommand(log))) {
    maps += Number(/^boot: (\d+) maps/.exec(line)?.[1] ?? 0);
    const [word, ...text] = line.replaceAll(/0x[\dA-F]+/g, (address) => address.toLowerCase()).split(' ');
    if (word === 'live') live.push({ line: Number(text[0]), text });
  }
  return inOrder(maps, live);
}

/**
 * @param {number} maps
 * @param {{ line: number, text: readonly unknown[] }[]} live
 */
function inOrder(maps, live) {
  return [`${maps} maps`, ...live.sort((a, b) => a.line - b.line).map(({ text }) => text.join(' '))];
}

/** @param {readonly string[]} command */
function linesOf([program = '', ...args]) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  return createInterface({ input: child.stdout, crlfDelay: Infinity });
}
