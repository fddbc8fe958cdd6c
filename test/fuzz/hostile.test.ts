import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';

/** What the worker has counted. */
interface Seen {
  readonly traces: number;
  readonly findings: number;
  readonly mappings: number;
  readonly live: number;
  readonly lines: number;
  readonly callbacks: number;
  readonly malformedLines: number;
}

interface Hostile {
  readonly name: string;
  /** How much of it, in full; by default a fifth, so that the tests stay quick. */
  readonly count: number;
  /** Enough for all of it, and little more. */
  readonly heapMegabytes: number;
  /** Runs in the worker, from its source text: nothing outside of it is there. */
  readonly makeInput: (count: number) => Generator<string>;
  readonly expected: (count: number) => Partial<Seen>;
}

/** `FUZZ_FULL=1 npx vitest run test/fuzz` takes the inputs at their full size. */
const share = process.env['FUZZ_FULL'] === '1' ? 1 : 1 / 5;
/** For the program itself and what it works with. */
const FIXED_MEGABYTES = 48;
const TIME_LIMIT_MILLISECONDS = 60_000 + 240_000 * share;

const HOSTILE: readonly Hostile[] = [
  {
    name: 'a line of 100 MB that ends with a record',
    count: 100,
    heapMegabytes: 64,
    *makeInput(count) {
      for (let megabyte = 0; megabyte < count; megabyte++)
        for (let part = 0; part < 16; part++) yield 'x'.repeat(1 << 16);
      yield 'IoMmuMap: Mapping=0x1 Device(PlainText)=0x2 Crypted=0x3 Pages=0x1\r\n';
    },
    expected: () => ({ lines: 1, mappings: 1 }),
  },
  {
    name: 'a line of a million beginnings of records',
    count: 1_000_000,
    heapMegabytes: 64,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield 'IoMmuMap: Operation=';
    },
    expected: () => ({ lines: 1, traces: 1, mappings: 0 }),
  },
  {
    name: 'a word of a million anchors',
    count: 1_000_000,
    heapMegabytes: 64,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield 'ExitBoot';
      yield '\r\n';
    },
    expected: () => ({ lines: 1, callbacks: 0 }),
  },
  {
    name: 'a million damaged lines',
    count: 1_000_000,
    heapMegabytes: 128,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield 'IoMmuMap: Operation=Wri\r\n';
    },
    expected: (count) => ({ lines: count, malformedLines: count }),
  },
  {
    name: 'a million open mappings',
    count: 1_000_000,
    heapMegabytes: 1536,
    *makeInput(count) {
      for (let index = 0; index < count; index++) {
        const host = (0x1_0000_0000 + index * 0x1000).toString(16);
        const handle = (0x5000_0000 + index * 0x40).toString(16);
        yield `IoMmuMap: Mapping=0x${handle} Device(PlainText)=0x${host} Crypted=0x${host} Pages=0x1\r\n`;
      }
    },
    expected: (count) => ({ live: count, mappings: count }),
  },
  {
    name: 'a million callbacks of a million devices',
    count: 1_000_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield `VirtioBlkExitBoot: Context=0x${index.toString(16)}\r\n`;
    },
    expected: (count) => ({ callbacks: count, traces: 1 }),
  },
  {
    name: 'a million attempts of one callback',
    count: 1_000_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield 'VirtioBlkExitBoot: Context=0x1\r\n';
    },
    expected: (count) => ({ callbacks: count, findings: 1 }),
  },
  {
    name: 'a million mappings with one handle',
    count: 1_000_000,
    heapMegabytes: 256,
    *makeInput(count) {
      for (let index = 0; index < count; index++)
        yield 'IoMmuMap: Mapping=0x5000 Device(PlainText)=0x1000 Crypted=0x1000 Pages=0x1\r\n';
    },
    expected: (count) => ({ mappings: count, live: 1 }),
  },
  {
    name: 'a million calls that fail',
    count: 1_000_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield 'IoMmuMap: Operation=Read Host=0x1000 Bytes=0x1000\r\n';
    },
    expected: (count) => ({ mappings: 0, lines: count }),
  },
  {
    name: 'a hundred thousand mappings of one page of the device',
    count: 100_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++) {
        const host = (0x1_0000_0000 + index * 0x1000).toString(16);
        yield `IoMmuMap: Mapping=0x${(0x5000 + index).toString(16)} Device(PlainText)=0x1000 Crypted=0x${host} Pages=0x1\r\n`;
      }
    },
    expected: (count) => ({ mappings: count, live: count }),
  },
  {
    name: 'a page with fifty thousand mappings that is freed fifty thousand times',
    count: 50_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++)
        yield `IoMmuMap: Mapping=0x${(0x5000 + index).toString(16)} Device(PlainText)=0x1000 Crypted=0x1000 Pages=0x1\r\n`;
      for (let index = 0; index < count; index++) yield 'IoMmuFreeBuffer: Host=0x1000 Pages=0x1\r\n';
    },
    expected: (count) => ({ mappings: count, live: count }),
  },
  {
    name: 'a hundred thousand mappings of nearly all of memory',
    count: 100_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++)
        yield `IoMmuMap: Operation=CommonBuffer64 Host=0x${index.toString(16)} Bytes=0xFFFFFFFFFFFFFFFF\r\nIoMmuMap: Mapping=0x${(0x5000 + index).toString(16)} Device(PlainText)=0x${index.toString(16)} Crypted=0x${index.toString(16)} Pages=0x10000000000000\r\n`;
    },
    expected: (count) => ({ mappings: count, live: count }),
  },
  {
    name: 'a hundred thousand mappings at the last addresses',
    count: 100_000,
    heapMegabytes: 512,
    *makeInput(count) {
      for (let index = 0; index < count; index++) {
        const address = (0xffff_ffff_ffff_ffffn - BigInt(index)).toString(16);
        yield `IoMmuMap: Mapping=0x${address} Device(PlainText)=0x${address} Crypted=0x${address} Pages=0xFFFFFFFFFFFFFFFF\r\n`;
      }
    },
    expected: (count) => ({ mappings: count, live: count }),
  },
  {
    name: 'a million commands to ten thousand devices, with an Unmap behind each',
    count: 1_000_000,
    heapMegabytes: 256,
    *makeInput(count) {
      yield 'XhcCreateUsb3Hc: Capability length 0x40\r\n';
      for (let index = 0; index < count; index++) {
        const device = `${((index >> 5) % 256).toString(16).padStart(2, '0')}:${(index % 32).toString(16).padStart(2, '0')}.0`;
        yield `pci_cfg_write xhci${index % 7} ${device} @0x4 <- 0x${index % 8}\r\nIoMmuMap: Operation=CommonBuffer Host=0x1000 Bytes=0x10\r\nIoMmuMap: Mapping=0x5000 Device(PlainText)=0x1000 Crypted=0x1000 Pages=0x1\r\nIoMmuUnmapWorker: Mapping=0x5000 MemoryMapLocked=0\r\n`;
      }
    },
    expected: (count) => ({ mappings: count }),
  },
  {
    name: 'a million controllers that start',
    count: 1_000_000,
    heapMegabytes: 64,
    *makeInput(count) {
      for (let index = 0; index < count; index++)
        yield `ahci_port_write ahci(0x${index.toString(16)})[0]: port write [reg:PxCMD] @ 0x18: 0x0000000${index % 2}\r\n`;
    },
    expected: () => ({ mappings: 0 }),
  },
  {
    name: 'a million faults and accesses of what was removed',
    count: 1_000_000,
    heapMegabytes: 256,
    *makeInput(count) {
      for (let index = 0; index < 2000; index++)
        yield `IoMmuMap: Mapping=0x5000 Device(PlainText)=0x${(0x1000 * index).toString(16)} Crypted=0x1000 Pages=0x1\r\nIoMmuUnmapWorker: Mapping=0x5000 MemoryMapLocked=0\r\n`;
      for (let index = 0; index < count; index++)
        yield `vtd_dmar_fault sid 0x10 fault 5 addr 0x${(0x1000 * (index % 3000)).toString(16)} write 1\r\nvtd_dmar_translate dev 00:02.00 iova 0x${(0x1000 * (index % 5000)).toString(16)} -> gpa 0x1000 mask 0xfff\r\n`;
    },
    expected: () => ({ mappings: 2000 }),
  },
  {
    name: 'a million torn lines',
    count: 1_000_000,
    heapMegabytes: 256,
    *makeInput(count) {
      for (let index = 0; index < count; index++)
        yield 'IoMmuMap: Operatusb_ehci_usbsts usbsts REC 1\r\nion=Write Host=0x1000 Bytes=0xFF\r\n';
    },
    expected: () => ({ mappings: 0 }),
  },
  {
    name: 'a million beginnings of lines that never go on',
    count: 1_000_000,
    heapMegabytes: 256,
    *makeInput(count) {
      for (let index = 0; index < count; index++) yield 'IoMmuMap: Operatusb_ehci_usbsts usbsts REC 1\r\n';
    },
    expected: () => ({ mappings: 0 }),
  },
  {
    name: 'ten thousand boots',
    count: 10_000,
    heapMegabytes: 128,
    *makeInput(count) {
      for (let index = 0; index < count; index++)
        yield 'SecCoreStartupWithStack(0xFFFCC000, 0x820000)\r\nIoMmuMap: Mapping=0x5000 Device(PlainText)=0x1000 Crypted=0x1000 Pages=0x1\r\n';
    },
    expected: (count) => ({ traces: count, mappings: count }),
  },
  {
    name: 'twenty megabytes of noise',
    count: 20,
    heapMegabytes: 64,
    *makeInput(count) {
      let state = 0x5eed;
      for (let index = 0; index < count * 64; index++) {
        const units = new Uint8Array(1 << 14);
        for (let unit = 0; unit < units.length; unit++) {
          // The low-order bits of a linear congruential generator repeat soon.
          state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
          units[unit] = state >>> 24;
        }
        yield String.fromCharCode(...units);
      }
    },
    expected: () => ({ mappings: 0 }),
  },
];

describe('time and memory stay within bounds for', () => {
  test.each(HOSTILE.map((hostile) => [hostile.name, hostile] as const))(
    '%s',
    async (_, hostile) => {
      const count = hostile.count * share;
      expect(await analyseInWorker(hostile, count)).toMatchObject(hostile.expected(count));
    },
    TIME_LIMIT_MILLISECONDS + 10_000,
  );
});

/** Rejects when the analysis throws, needs more memory, or takes too long. */
async function analyseInWorker({ makeInput, heapMegabytes }: Hostile, count: number): Promise<Seen> {
  const source = makeInput.toString();
  const worker = new Worker(new URL('./support/hostile-worker.mjs', import.meta.url), {
    workerData: { makeInput: source.startsWith('*') ? `function${source}` : source, count },
    resourceLimits: { maxOldGenerationSizeMb: FIXED_MEGABYTES + heapMegabytes * share, maxYoungGenerationSizeMb: 16 },
  });
  const overtime = setTimeout(() => void worker.terminate(), TIME_LIMIT_MILLISECONDS);
  try {
    return await new Promise<Seen>((resolve, reject) => {
      worker.on('message', resolve);
      worker.on('error', reject);
      worker.on('exit', (code) => {
        reject(new Error(`it took more than ${TIME_LIMIT_MILLISECONDS / 1000} s, or ended with status ${code}`));
      });
    });
  } finally {
    clearTimeout(overtime);
    await worker.terminate();
  }
}
