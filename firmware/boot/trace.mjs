// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Reads a DMATRACE v2 log by docs/trace-format.md alone, replays it, and holds the tracer to what it says of itself.

const recordPattern =
  /DMATRACE v2 #(\d+) t=(\d+) ph=(boot|ebs|os) ([A-Z][A-Za-z0-9]*)((?: [a-z][a-z_0-9]*=[!-:<>-~]+)*) ;\r?\n/g;
const maxRecordLength = 640;

/** Returns the records of a log, and what of it looks like a record and is none. */
export function readTrace(text) {
  const records = [];
  let rest = '';
  let end = 0;
  for (const match of text.matchAll(recordPattern)) {
    const fields = match[5].split(' ').slice(1);
    const entries = fields.map((field) => [field.slice(0, field.indexOf('=')), field.slice(field.indexOf('=') + 1)]);
    records.push({
      number: Number(match[1]),
      time: Number(match[2]),
      phase: match[3],
      event: match[4],
      keys: Object.fromEntries(entries),
      isRepeated: new Set(fields.map((field) => field.split('=')[0])).size !== fields.length,
      length: match[0].length,
    });
    rest += text.slice(end, match.index);
    end = match.index + match[0].length;
  }
  rest += text.slice(end);
  return { records, damaged: rest.split('DMATRACE').length - 1, rest };
}

/** A PCI address without its segment, which is 0 in all of these machines. */
const addressOf = (dev) => dev.replace(/^0000:/, '');
const imageOf = (place) => place.slice(0, place.lastIndexOf('+'));
const sameMapping = ['dev', 'op', 'host', 'daddr'];

/** What a reader knows at one point of a log. */
function createState() {
  return {
    images: new Set(['?']),
    devices: new Set(),
    live: new Map(),
    maps: 0,
    unmaps: 0,
    mapped: 0,
    unmapped: 0,
    callbacks: [],
  };
}

const isCounted = (keys) => keys.via === 'PciIo' || keys.via === 'RootBridgeIo';

const liveOf = (state, dev) => [...state.live.values()].filter((mapping) => mapping.dev === dev).length;

/** One function for each event that changes the state or claims something about it. `claim` takes what was said and what is true. */
const replays = {
  Image: (state, keys) => state.images.add(keys.name),
  Hook: (state, keys) => {
    if (keys.dev !== undefined) state.devices.add(keys.dev);
  },
  Map(state, keys, claim) {
    if (!isCounted(keys)) return;
    state.maps++;
    if (keys.mid === undefined) return;
    state.mapped++;
    claim('mid', Number(keys.mid), state.mapped);
    state.live.set(keys.mid, keys);
  },
  Unmap(state, keys, claim) {
    if (!isCounted(keys)) return;
    state.unmaps++;
    const mapping = state.live.get(keys.mid);
    if (keys.note === undefined) claim('daddr', keys.daddr, mapping?.daddr);
    if (keys.st !== 'Success' || mapping === undefined) return;
    state.live.delete(keys.mid);
    state.unmapped++;
  },
  EbsEnter: (state, keys, claim) => claim('live', Number(keys.live), state.live.size),
  EbsExit: (state, keys, claim) => claim('live', Number(keys.live), state.live.size),
  Marker: (state, keys, claim) => claim('live', Number(keys.live), state.live.size),
  CbBegin(state, keys, claim) {
    claim('live', Number(keys.live), state.live.size);
    state.callbacks.push(keys);
  },
  CbEnd(state, keys, claim) {
    const begin = state.callbacks.pop();
    claim('fn', keys.fn, begin?.fn);
    claim('before', keys.before, begin?.live);
    claim('live', Number(keys.live), state.live.size);
  },
  DevState: (state, keys, claim) => claim('live', Number(keys.live), liveOf(state, keys.dev)),
  Live(state, keys, claim) {
    const mapping = state.live.get(keys.mid) ?? {};
    for (const key of sameMapping) claim(key, keys[key], mapping[key]);
    claim('bytes', keys.bytes, mapping.got ?? mapping.bytes);
    claim('img', keys.img, mapping.img);
  },
  Stats(state, keys, claim) {
    for (const key of ['maps', 'unmaps', 'mapped', 'unmapped']) claim(key, Number(keys[key]), state[key]);
    claim('live', Number(keys.live), state.live.size);
    claim('mapped - unmapped', Number(keys.mapped) - Number(keys.unmapped), state.live.size);
  },
};

/** Checks one record's form and that it speaks of what was declared. */
function checkRecord(state, record, say) {
  const { keys } = record;
  if (record.isRepeated) say('a key stands twice');
  if (record.length > maxRecordLength) say(`${record.length} characters`);
  for (const place of [keys.img, keys.fn].filter((each) => each !== undefined)) {
    if (!state.images.has(imageOf(place))) say(`image not declared: ${place}`);
  }
  for (const name of [keys.cb, keys.drv, keys.owner, ...(keys.chain?.split('<') ?? [])]) {
    if (name !== undefined && !state.images.has(name)) say(`image not declared: ${name}`);
  }
  if (keys.dev !== undefined && record.event !== 'BusMaster' && !state.devices.has(keys.dev))
    say(`device not declared: ${keys.dev}`);
}

/** Replays a boot that was handed over. Returns what is wrong with the trace, and what it says. */
export function replayTrace({ records, damaged }) {
  const problems = [];
  const state = createState();
  if (damaged > 0) problems.push(`${damaged} damaged records`);
  if (records[0]?.event !== 'Hello') problems.push('the first record is not Hello');
  records.forEach((record, index) => {
    const say = (what) => problems.push(`#${record.number} ${record.event}: ${what}`);
    const claim = (what, said, known) => {
      if (said !== known) say(`${what} is ${said}, and by the records before it ${known}`);
    };
    claim('number', record.number, index + 1);
    replays[record.event]?.(state, record.keys, claim);
    checkRecord(state, record, say);
  });

  const of = (event) => records.filter((record) => record.event === event).map((record) => record.keys);
  const stats = of('Stats').findLast((keys) => keys.when === 'handoff');
  const live = of('Live');
  if (stats === undefined) problems.push('no hand-off');
  else if (records.at(-1).keys.when !== 'handoff') problems.push('Stats of the hand-off is not the last record');
  if (live.length !== state.live.size) problems.push(`${live.length} Live records, ${state.live.size} live mappings`);
  return {
    problems,
    stats,
    live: live.map((keys) => `${imageOf(keys.img)} ${addressOf(keys.dev)} ${keys.op} ${keys.bytes}`).sort(),
    attempts: of('EbsExit').map((keys) => keys.st),
    callbacks: of('CbBegin').length,
    bound: of('Bound').map((keys) => `${addressOf(keys.dev)} ${keys.drv}`),
    full: of('Full').map((keys) => keys.table),
    busMasters: of('DevState').filter((keys) => keys.when === 'handoff' && keys.bm === 'on').length,
    records: records.length,
    averageLength: Math.round(records.reduce((sum, record) => sum + record.length, 0) / Math.max(1, records.length)),
  };
}
