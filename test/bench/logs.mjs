import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createRandom } from './random.mjs';

/**
 * The logs that the bench runs over, made from real ones. The same seed and size give the same bytes.
 *
 * @typedef {object} BenchLog
 * @property {string} name
 * @property {string} about
 * @property {string} path
 * @property {number} bytes
 * @property {number} lines
 */

const FIXTURES = new URL('../fixtures/logs/', import.meta.url);
/** Whole boots of firmware that prints its DMA calls: with two faults, and with none. */
const BOOTS = ['buggy-no-teardown', 'buggy-xhci-free-in-ebs', 'sevlike-xhci'];
const SEED = 0x5eed;

/** One DMA record in this many lines. */
const SPARSE_LINES = 30;
/** Programs go over such a log several times as fast; it is longer, so that their start does not decide. */
const SPARSE_LENGTH = 3;

/** Lines of DMA calls, whoever prints them: not to stand among the lines that say nothing. */
const DMA_LINE = /IoMmu|InternalAllocateBuffer|EfiGetMemoryAttributes/;

/** A whole record of IoMmuDxe before ExitBootServices. The sweep's (`MemoryMapLocked=1`) are none: each would end a boot. */
const DMA_RECORD =
  /^IoMmu(?:Map|UnmapWorker|AllocateBuffer|FreeBuffer|SetAttribute|FreeBounceBuffer|FreeCommonBuffer): (?!.*MemoryMapLocked=1)/;

/** Lines that begin or end a boot. Repeated among others they would make a log of thousands of tiny boots. */
const BOOT_BOUNDARY =
  /SecCoreStartupWithStack|The 0th FV|SetUefiImageMemoryAttributes|ExitBoot|MpInitChangeApLoopCallback|4424AC57-BE4B-47DD-9E97-ED50F09F92A9/;

/** Where guest memory is: what is below are sizes, flags and small numbers, which stay as they are. */
const LOWEST_ADDRESS = 0x100_0000;
/** Addresses move up by at most this many pages, so that they keep their eight digits. */
const HIGHEST_SLIDE_PAGES = 0xd_0000;

/**
 * Writes the logs into `folder`, each of about `megabytes` MB, the sparse one of three times as much.
 *
 * @param {string} folder
 * @param {number} megabytes
 * @returns {BenchLog[]}
 */
export function writeLogs(folder, megabytes) {
  const boots = BOOTS.map((name) => gunzipSync(readFileSync(new URL(`${name}.log.gz`, FIXTURES))).toString('latin1'));
  const lines = boots.map((boot) => boot.split('\r\n').slice(0, -1));
  const records = lines.map((boot) => boot.filter((line) => DMA_RECORD.test(line)));
  const others = lines.flat().filter((line) => !DMA_LINE.test(line) && !BOOT_BOUNDARY.test(line));
  /** @type {(name: string, about: string, texts: Iterable<string>, length?: number) => BenchLog} */
  const write = (name, about, texts, length = 1) => {
    const path = join(folder, `${name}.log`);
    return { name, about, path, ...writeText(path, texts, length * megabytes * 1_000_000) };
  };
  return [
    write('dense', 'every line a DMA record', repeatRecords(records)),
    write('sparse', `one DMA record in ${SPARSE_LINES} lines`, thin(repeatRecords(records), others), SPARSE_LENGTH),
    write('real', 'real boots, one behind the other', repeat(boots)),
  ];
}

/**
 * The DMA records of one boot after the other, for ever, each time at fresh addresses. Within a round everything moves by the
 * same distance, so that what belonged together still does; what is live at its end is taken down in lines of the same shape.
 *
 * @param {readonly (readonly string[])[]} boots
 * @returns {Generator<string>}
 */
function* repeatRecords(boots) {
  const random = createRandom(SEED);
  const rounds = boots.map((records) => [...records, ...takeDown(records)].map(toTemplate));
  for (let round = 0; ; round++) {
    const slide = random(HIGHEST_SLIDE_PAGES) * 0x1000;
    for (const { texts, addresses } of rounds[round % rounds.length] ?? []) {
      let line = texts[0] ?? '';
      for (const [index, address] of addresses.entries())
        line += (address + slide).toString(16).toUpperCase() + (texts[index + 1] ?? '');
      yield `${line}\r\n`;
    }
  }
}

/**
 * The lines that unmap and free what `records` leave live.
 *
 * @param {readonly string[]} records
 * @returns {string[]}
 */
function takeDown(records) {
  /** @type {Map<string, string>} */
  const live = new Map();
  /** @type {Map<string, string>} */
  const allocated = new Map();
  let pages = '';
  for (const line of records) {
    const [, name = '', first = '', rest = ''] = /^(\w+): \w+=(\w+)((?: .*)?)$/.exec(line) ?? [];
    if (name === 'IoMmuMap' && rest.includes(' Crypted=')) live.set(first, line);
    else if (name === 'IoMmuUnmapWorker') live.delete(first);
    else if (name === 'IoMmuAllocateBuffer' && rest.includes('Pages=')) pages = / Pages=(\w+)/.exec(rest)?.[1] ?? '';
    else if (name === 'IoMmuAllocateBuffer') allocated.set(first, pages);
    else if (name === 'IoMmuFreeBuffer') allocated.delete(first);
  }
  return [
    ...[...live.keys()].flatMap((handle) => [
      `IoMmuSetAttribute: Mapping=${handle} Access=0`,
      `IoMmuUnmapWorker: Mapping=${handle} MemoryMapLocked=0`,
    ]),
    ...[...allocated].map(([host, size]) => `IoMmuFreeBuffer: Host=${host} Pages=${size}`),
  ];
}

/**
 * A line cut at its addresses.
 *
 * @param {string} line
 */
function toTemplate(line) {
  const texts = [''];
  const addresses = [];
  for (const piece of line.split(/(?<==0x)([\dA-F]+)/)) {
    const value = /^[\dA-F]+$/.test(piece) ? Number.parseInt(piece, 16) : 0;
    if (value >= LOWEST_ADDRESS && value < 0x1_0000_0000) {
      addresses.push(value);
      texts.push('');
    } else {
      texts.push((texts.pop() ?? '') + piece);
    }
  }
  return { texts, addresses };
}

/**
 * Puts real lines that are no DMA records between the records, in the order they stand in their logs.
 *
 * @param {Iterable<string>} records
 * @param {readonly string[]} others
 * @returns {Generator<string>}
 */
function* thin(records, others) {
  const texts = others.map((line) => `${line}\r\n`);
  let next = 0;
  for (const record of records) {
    let text = record;
    for (let count = 1; count < SPARSE_LINES; count++) {
      text += texts[next] ?? '';
      next = (next + 1) % texts.length;
    }
    yield text;
  }
}

/**
 * @template T
 * @param {readonly T[]} items
 * @returns {Generator<T>}
 */
function* repeat(items) {
  for (;;) yield* items;
}

/**
 * Writes whole texts, each of whole lines, until `limit` bytes are reached.
 *
 * @param {string} path
 * @param {Iterable<string>} texts
 * @param {number} limit
 */
function writeText(path, texts, limit) {
  const file = openSync(path, 'w');
  let bytes = 0;
  let lines = 0;
  let pending = '';
  const flush = () => {
    bytes += writeSync(file, pending, null, 'latin1');
    lines += pending.split('\n').length - 1;
    pending = '';
  };
  try {
    for (const text of texts) {
      pending += text;
      if (pending.length < 1 << 20 && bytes + pending.length < limit) continue;
      flush();
      if (bytes >= limit) break;
    }
  } finally {
    closeSync(file);
  }
  return { bytes, lines };
}
