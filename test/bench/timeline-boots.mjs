import { createRandom } from './random.mjs';

/**
 * Boots that no machine makes: as many mappings as wanted, as report and journal, without a log that would take minutes to read.
 */

/**
 * `ReportTrace` and `Journal` of src/core.
 *
 * @typedef {{ readonly trace: { readonly mappings: readonly object[] }, readonly journal: { readonly stepCount: number } }} Boot
 */

const OWNERS = ['XhciDxe', 'AtaAtapiPassThruDxe', 'NvmExpressDxe', 'VirtioBlkDxe', 'VirtioNetDxe', null];

/**
 * @typedef {object} Shape
 * @property {string} about
 * @property {number} standing mappings that nobody unmaps
 * @property {number} open transfers under way at once
 * @property {boolean} buffers whether each mapping lies in a buffer of its own
 */

/** @type {readonly Shape[]} */
export const SHAPES = [
  { about: 'transfers, 16 at once, and 200 mappings that stay', standing: 200, open: 16, buffers: false },
  { about: 'buffers, each allocated, mapped, unmapped and freed', standing: 200, open: 16, buffers: true },
  { about: 'mappings that all stay', standing: Infinity, open: 1, buffers: false },
];

/**
 * @param {number} mappingCount
 * @param {Shape} shape
 * @param {(kind: string) => number} kindNumber
 * @returns {Boot}
 */
export function makeBoot(mappingCount, { standing, open, buffers }, kindNumber) {
  const random = createRandom(4711);
  const mostSteps = mappingCount * 6 + 16;
  const kinds = new Uint8Array(mostSteps);
  const lines = new Uint32Array(mostSteps);
  const subjects = new Int32Array(mostSteps);
  const seconds = new Float64Array(mostSteps);
  const heldBytes = new Float64Array(mappingCount + 1);
  let stepCount = 0;
  let line = 0;

  /** @param {string} kind @param {number} subject */
  function add(kind, subject) {
    line += 1 + random(3);
    kinds[stepCount] = kindNumber(kind);
    lines[stepCount] = line;
    subjects[stepCount] = subject;
    seconds[stepCount] = line * 1e-4;
    stepCount++;
    return line;
  }

  const mappings = [];
  const bufferList = [];
  const under = [];

  function endOne() {
    const [mapping] = under.splice(random(under.length), 1);
    if (!mapping) return;
    mapping.unmappedLine = add('unmapped', mapping.id);
    mapping.unmappedBy = 'boot';
    if (mapping.buffer === null) return;
    const buffer = bufferList[mapping.buffer - 1];
    if (buffer) buffer.freedLine = add('freed', buffer.id);
  }

  add('boot-started', 0);
  for (let id = 1; id <= mappingCount; id++) {
    const stays = id <= standing;
    const owner = OWNERS[random(1 + random(OWNERS.length))] ?? null;
    if (buffers) {
      const called = add('allocate-called', id);
      bufferList.push(makeBuffer(id, called, add('allocated', id)));
    }
    const calledLine = add('map-called', id);
    heldBytes[id] = stays ? 4096 : 512 * (1 + random(64));
    const mappedLine = add('mapped', id);
    const mapping = makeMapping({ id, owner, stays, calledLine, mappedLine, bytes: heldBytes[id] ?? 0 });
    mapping.buffer = buffers ? id : null;
    mappings.push(mapping);
    if (stays) continue;
    under.push(mapping);
    while (under.length > random(open)) endOne();
  }
  while (under.length > 0) endOne();
  const marker = add('exit-proved', 1);
  const handoff = add('handoff', 0);
  const journal = {
    stepCount,
    kinds: kinds.slice(0, stepCount),
    lines: lines.slice(0, stepCount),
    subjects: subjects.slice(0, stepCount),
    seconds: seconds.slice(0, stepCount),
    notes: [],
    heldBytes,
  };
  return { journal, trace: makeTrace(mappings, bufferList, marker, handoff) };
}

function makeBuffer(id, calledLine, allocatedLine) {
  return {
    id,
    host: '0x1e600000',
    pages: 1,
    memoryType: 4,
    calledLine,
    allocatedLine,
    freedLine: /** @type {number | null} */ (null),
    freedIn: null,
    freeInferred: false,
  };
}

function makeMapping({ id, owner, stays, calledLine, mappedLine, bytes }) {
  const host = `0x${(0x1e600000 + (id % 4096) * 4096).toString(16)}`;
  return {
    id,
    handle: `0x${(0x1d3e0018 + (id % 4096) * 256).toString(16)}`,
    generation: Math.floor(id / 4096) + 1,
    operation: stays ? 'CommonBuffer' : id % 3 === 0 ? 'Read' : 'Write',
    host,
    device: host,
    bytes,
    buffer: /** @type {number | null} */ (null),
    owner: owner === null ? null : { name: owner, device: null, evidence: '', evidenceLine: 1, certain: false },
    pci: null,
    calledLine,
    mappedLine,
    mappedTime: null,
    unmappedLine: /** @type {number | null} */ (null),
    unmappedTime: null,
    unmappedBy: /** @type {'boot' | null} */ (null),
    liveAtHandoff: stays,
    otherLines: [],
  };
}

function makeTrace(mappings, buffers, marker, handoff) {
  return {
    firstLine: 1,
    lastLine: handoff,
    dialects: [],
    platform: 'deny',
    platformEvidence: null,
    exitBootServices: {
      firstLine: marker,
      markerLine: marker,
      markerTime: null,
      attempts: 1,
      callbacks: [],
      cleanup: null,
      translationOffLine: null,
    },
    handoff: { line: handoff, time: null, evidence: '' },
    devices: [],
    translation: null,
    buffers,
    mappings,
    failedMaps: [],
    findings: [],
    summary: {
      calls: 0,
      maps: mappings.length,
      unmaps: 0,
      allocations: buffers.length,
      frees: 0,
      liveAtHandoff: 0,
      peakLive: 0,
      peakLiveBytes: 0,
      errors: 0,
      warnings: 0,
      information: 0,
    },
  };
}
