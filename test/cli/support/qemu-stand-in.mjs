// What QEMU is for a capture: it takes a command line, writes files, prints, reads its terminal, and ends when it is asked to.
//
// The environment says what to do: QEMU_STEPS is a JSON file with the steps (stand-in.ts), QEMU_RECORD a file that is told, line by
// line in JSON, the command line and each SIGTERM.
import { appendFileSync, closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const { QEMU_STEPS = '', QEMU_RECORD = '' } = process.env;
const words = process.argv.slice(2);

/** @param {string} option */
function valueOf(option) {
  const at = words.indexOf(option);
  return at < 0 ? null : (words[at + 1] ?? null);
}

/** @param {unknown} entry */
function record(entry) {
  appendFileSync(QEMU_RECORD, `${JSON.stringify(entry)}\n`);
}

/** @param {string} path */
function opened(path) {
  const file = openSync(path, 'w');
  process.on('exit', () => closeSync(file));
  return file;
}

record(words);
const debugcon = valueOf('-debugcon')?.replace(/^file:/, '') ?? null;
const log = debugcon === null ? null : opened(debugcon);
const traceFile = valueOf('-D');
const trace = traceFile === null ? null : opened(traceFile);

/** @type {() => void} */
let onTerm = () => undefined;
const terminated = new Promise((resolve) => {
  onTerm = () => resolve(null);
});
process.on('SIGTERM', () => {
  record('SIGTERM');
  process.stdout.write('stand-in: asked to end\n');
  onTerm();
});
// A terminal sends it to both; QEMU is asked by SIGTERM.
process.on('SIGINT', () => undefined);

/** @param {number | null} file @param {string} text one byte to one UTF-16 unit */
function write(file, text) {
  if (file !== null) writeSync(file, Buffer.from(text, 'latin1'));
}

/** @param {any} step */
async function take(step) {
  if ('say' in step) process.stdout.write(step.say);
  else if ('complain' in step) process.stderr.write(step.complain);
  else if ('write' in step) {
    const { pieces = 1 } = step;
    const size = Math.ceil(step.write.length / pieces);
    for (let from = 0; from < step.write.length; from += size) {
      write(log, step.write.slice(from, from + size));
      // Whoever follows the file may look at it in between.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  } else if ('trace' in step) write(trace, step.trace);
  else if ('reboot' in step) {
    const timer = globalThis.setInterval(() => write(log, step.reboot), 5);
    await terminated;
    globalThis.clearInterval(timer);
  } else if (step.await === 'SIGTERM') await untilAlive(terminated);
  else if (step.await === 'a line') {
    const lines = createInterface(process.stdin);
    await new Promise((resolve) => lines.once('line', resolve));
    lines.close();
  } else if (step.await === 'the end of the world') await untilAlive(new Promise(() => undefined));
  else if ('exit' in step) process.exit(step.exit);
  else if ('die' in step) {
    process.kill(process.pid, step.die);
    await untilAlive(new Promise(() => undefined));
  }
}

/** @param {Promise<unknown>} event */
async function untilAlive(event) {
  const alive = globalThis.setInterval(() => undefined, 1000);
  await event;
  globalThis.clearInterval(alive);
}

for (const step of JSON.parse(readFileSync(QEMU_STEPS, 'utf8'))) await take(step);
process.exit(0);
