import { createRandom } from './random.mjs';

/**
 * A boot of any length without a log: drivers map and unmap at random, each mapping with its call, as a real log tells it. The
 * mappings of its report make up their texts when they are asked for, so that millions of them are no heavier than their ids.
 *
 * @param {object} options
 * @param {readonly string[]} options.kinds STEP_KINDS
 * @param {number} options.steps
 * @param {number} options.unmapShare how often something is unmapped where it could be, from 0 to 1
 * @param {number} options.seed
 */
export function syntheticSteps({ kinds: names, steps, unmapShare, seed }) {
  const random = createRandom(seed);
  const kinds = new Uint8Array(steps);
  const lines = new Uint32Array(steps);
  const subjects = new Int32Array(steps);
  const [called, mapped, unmapped] = ['map-called', 'mapped', 'unmapped'].map((name) => names.indexOf(name));
  /** @type {SyntheticMapping[]} */
  const mappings = [];
  /** @type {number[]} */
  const live = [];
  let peakLive = 0;
  let count = 0;
  const add = (kind, subject) => {
    kinds[count] = kind;
    subjects[count] = subject;
    lines[count] = 2 * count + 1;
    count++;
  };
  while (count < steps) {
    if (live.length > 0 && random(1000) < unmapShare * 1000) {
      const place = random(live.length);
      const id = live[place] ?? 0;
      live[place] = live[live.length - 1] ?? 0;
      live.pop();
      add(unmapped, id);
    } else if (count + 1 < steps) {
      const id = mappings.length + 1;
      mappings.push(new SyntheticMapping(id));
      add(called, id);
      add(mapped, id);
      live.push(id);
      if (live.length > peakLive) peakLive = live.length;
    } else {
      add(names.indexOf('malformed'), 0);
    }
  }
  const lastLine = lines[steps - 1] ?? 1;
  const trace = {
    firstLine: 1,
    lastLine,
    dialects: [],
    platform: /** @type {const} */ ('unknown'),
    platformEvidence: null,
    exitBootServices: null,
    handoff: null,
    devices: [],
    translation: null,
    tracer: null,
    buffers: [],
    mappings,
    failedMaps: [],
    findings: [],
    summary: {
      calls: steps,
      maps: mappings.length,
      unmaps: mappings.length - live.length,
      allocations: 0,
      frees: 0,
      liveAtHandoff: 0,
      peakLive,
      peakLiveBytes: 4096 * peakLive,
      errors: 0,
      warnings: 0,
      information: 0,
    },
  };
  const heldBytes = new Float64Array(mappings.length + 1).fill(4096, 1);
  return { trace, journal: { stepCount: steps, kinds, lines, subjects, seconds: null, notes: [], heldBytes } };
}

const OWNERS = ['XhciDxe', 'NvmExpressDxe', 'AtaAtapiPassThruDxe', 'VirtioBlkDxe'].map((name) => ({
  name,
  device: null,
  evidence: 'synthetic',
  evidenceLine: 1,
  certain: true,
}));

class SyntheticMapping {
  /** @param {number} id */
  constructor(id) {
    this.id = id;
  }
  get handle() {
    return `0x${(0x1000_0000 + 64 * this.id).toString(16)}`;
  }
  get generation() {
    return 1;
  }
  get operation() {
    return this.id % 2 === 0 ? /** @type {const} */ ('Read') : /** @type {const} */ ('Write');
  }
  get host() {
    return `0x${(0x1_0000_0000 + 4096 * this.id).toString(16)}`;
  }
  get device() {
    return this.host;
  }
  get bytes() {
    return 4096;
  }
  get buffer() {
    return null;
  }
  get owner() {
    return OWNERS[this.id % OWNERS.length] ?? null;
  }
  get pci() {
    return null;
  }
  get calledLine() {
    return null;
  }
  get mappedLine() {
    return 1;
  }
  get mappedTime() {
    return null;
  }
  get unmappedLine() {
    return null;
  }
  get unmappedTime() {
    return null;
  }
  get unmappedBy() {
    return null;
  }
  get liveAtHandoff() {
    return false;
  }
  get otherLines() {
    return [];
  }
}
