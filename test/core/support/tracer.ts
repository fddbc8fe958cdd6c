/**
 * Writes the log of a boot as the tracer would: numbered, counted, with its list at hand-off. One device, `00:02.0`, and one
 * driver, XhciDxe.
 */
export interface TracerLog {
  readonly text: string;
  hello(): void;
  /** One record with these keys, as it stands. */
  write(event: string, keys: Readonly<Record<string, string | number | undefined>>): void;
  /** Gives the number of the mapping. */
  map(call: TracedMapping, options?: { readonly iommu?: boolean }): number;
  unmap(mapping: number | undefined, options?: UnmapOptions): void;
  /** An Unmap() of a mapping that the tracer did not see made. */
  unmapUnseen(): void;
  enter(): void;
  callback(group: string, image: string, run: () => void): void;
  leave(status?: string): void;
  /** What the tracer writes behind a successful `leave`; `live` are the mappings that it lists. */
  handoff(live: readonly (number | undefined)[]): void;
  /** `enter`, `leave` and `handoff`. */
  exit(live: readonly (number | undefined)[]): void;
  /** Lines of the firmware. */
  firmware(...lines: readonly string[]): void;
  /** A line of the firmware that is cut at `at` by what `run` writes. */
  inside(line: string, at: number, run: () => void): void;
  /** What somebody else prints: the tracer knows nothing of it. */
  forge(run: () => void): void;
  /** Leaves out so many numbers. */
  skip(count: number): void;
  /** Begins to count anew. */
  restart(): void;
  /** What is lost on the way into the log. */
  lose<T>(run: () => T): T[];
  /** 1-based line of the first record of this event, or line that begins so. */
  lineOf(start: string): number;
  linesOf(start: string): number[];
}

export interface TracedMapping {
  readonly operation: string;
  readonly host: number;
  readonly bytes: number;
  /** Default: `host`. */
  readonly device?: number;
  /** Default: all ones. */
  readonly cookie?: number;
  readonly status?: string;
}

export interface UnmapOptions {
  readonly iommu?: boolean;
  readonly note?: string;
  readonly status?: string;
}

const ALL_ONES = '0xffffffffffffffff';
const DEVICE = '0000:00:02.0';
const IDS = { id: '1b36:000d', cls: '0c0330' };

export function createTracerLog(format: 1 | 2): TracerLog {
  let text = '';
  let state = {
    sequence: 0,
    micros: 1000,
    phase: 'boot',
    calls: 0,
    mappings: new Map<number, TracedMapping>(),
    live: new Set<number>(),
    numbers: 0,
    maps: 0,
    unmaps: 0,
    unknown: 0,
    again: 0,
    attempts: 0,
    callbacks: 0,
    callback: '',
  };

  function write(event: string, keys: Readonly<Record<string, string | number | undefined>>): void {
    state.sequence++;
    state.micros += 7;
    const words = Object.entries(keys).flatMap(([key, value]) => {
      if (value === undefined) return [];
      if (key !== 'dev' || value !== 'dev') return [`${key}=${value}`];
      // Version 1 repeats what the device is on every record.
      const withIds = format === 1 || /^(?:Hook|Bound|DevState)$/.test(event);
      return [`dev=${DEVICE}`, ...(withIds ? [`id=${IDS.id} cls=${IDS.cls}`] : [])];
    });
    text += `DMATRACE v${format} #${state.sequence} t=${state.micros} ph=${state.phase} ${[event, ...words].join(' ')} ;\r\n`;
  }

  function cookieOf(value: number | undefined): string | undefined {
    return value === undefined ? (format === 1 ? ALL_ONES : undefined) : hex(value);
  }

  /** One level below PciIo, version 2 leaves the caller to the record around it. */
  function calledBy(call: number, iommu = false): Record<string, string | number | undefined> {
    return {
      img: iommu && format === 2 ? undefined : 'XhciDxe+0x220f',
      cb: state.callback === '' ? undefined : state.callback,
      call,
    };
  }

  function report(when: string, live: readonly number[]): void {
    const listed = live.flatMap((number) => {
      const mapping = state.mappings.get(number);
      return mapping ? [{ number, mapping }] : [];
    });
    const bytes = listed.reduce((sum, { mapping }) => sum + mapping.bytes, 0);
    write('DevState', { when, dev: 'dev', cmd: '0x7', bm: 'on', live: listed.length, bytes: hex(bytes) });
    if (when === 'handoff')
      for (const { number, mapping } of listed)
        write('Live', {
          when,
          dev: 'dev',
          img: 'XhciDxe+0x220f',
          op: mapping.operation,
          host: hex(mapping.host),
          bytes: hex(mapping.bytes),
          daddr: hex(mapping.device ?? mapping.host),
          cookie: cookieOf(mapping.cookie),
          mid: number,
        });
    const { maps, unmaps, unknown, again } = state;
    write('Stats', {
      when,
      maps,
      unmaps,
      live: listed.length,
      peak: 9,
      bufs: 0,
      foreign: unknown,
      stale: again,
      lost: 0,
      images: 1,
      [format === 1 ? 'inst' : 'devices']: 1,
    });
  }

  const log: TracerLog = {
    get text() {
      return text;
    },
    write,
    hello() {
      write('Hello', { version: `${format}.0`, port: '0x402', tsc_per_us: 2836, base: '0x1e38f000' });
      write('Image', { name: 'XhciDxe', base: '0x1e300000', size: '0x9000', src: 'ui' });
      write('Hook', { proto: 'PciIo', dev: 'dev', owner: 'PciBusDxe' });
      write('Ready', { images: 1, inst: 1 });
      report('loaded', []);
    },
    map(call, { iommu = false } = {}) {
      const number = ++state.calls;
      state.maps++;
      const { operation, host, bytes, device = host, cookie, status = 'Success' } = call;
      const succeeded = status === 'Success';
      const keys = {
        op: operation,
        host: hex(host),
        bytes: hex(bytes),
        ...(succeeded && { daddr: hex(device), cookie: cookieOf(cookie) }),
      };
      if (iommu) write('Map', { via: 'IoMmu', dev: 'dev', ...calledBy(number, true), ...keys, st: status });
      const mapping = succeeded ? ++state.numbers : undefined;
      write('Map', { via: 'PciIo', dev: 'dev', ...calledBy(number), ...keys, mid: mapping, st: status });
      if (mapping === undefined) return 0;
      state.mappings.set(mapping, call);
      state.live.add(mapping);
      return mapping;
    },
    unmap(mapping, { iommu = false, note, status = 'Success' } = {}) {
      const number = ++state.calls;
      state.unmaps++;
      if (note === 'already-unmapped') state.again++;
      const made = state.mappings.get(mapping ?? 0);
      const cookie = cookieOf(made?.cookie);
      if (iommu) write('Unmap', { via: 'IoMmu', dev: 'dev', ...calledBy(number, true), cookie, st: status });
      write('Unmap', {
        via: 'PciIo',
        dev: 'dev',
        ...calledBy(number),
        mid: mapping,
        ...(made && format === 1 && { op: made.operation, host: hex(made.host), bytes: hex(made.bytes) }),
        cookie,
        note,
        st: status,
      });
      if (status === 'Success') state.live.delete(mapping ?? 0);
    },
    unmapUnseen() {
      state.unmaps++;
      state.unknown++;
      write('Unmap', {
        via: 'PciIo',
        dev: 'dev',
        ...calledBy(++state.calls),
        cookie: ALL_ONES,
        note: 'unknown-map',
        st: 'Success',
      });
    },
    enter() {
      report('ebs-enter', [...state.live]);
      state.phase = 'ebs';
      write('EbsEnter', {
        attempt: format === 1 ? undefined : ++state.attempts,
        key: '0x90c',
        img: 'vmlinuz.efi+0xd6f1f9',
        live: state.live.size,
      });
    },
    callback(group, image, run) {
      const cbid = state.callbacks++;
      const outer = state.callback;
      const before = state.live.size;
      write('CbBegin', { group, tpl: 8, fn: `${image}+0x1000`, cbid });
      state.callback = image;
      run();
      state.callback = outer;
      write('CbEnd', {
        group,
        tpl: 8,
        fn: `${image}+0x1000`,
        cbid,
        us: 7,
        live: format === 1 ? `${before}->${state.live.size}` : state.live.size,
      });
    },
    leave(status = 'Success') {
      write('EbsExit', { key: '0x90c', live: state.live.size, st: status });
      state.phase = status === 'Success' ? 'os' : 'boot';
    },
    handoff(live) {
      report(
        'handoff',
        live.flatMap((number) => (number === undefined ? [] : [number])),
      );
    },
    exit(live) {
      log.enter();
      log.leave();
      log.handoff(live);
    },
    firmware(...lines) {
      for (const line of lines) text += `${line}\r\n`;
    },
    inside(line, at, run) {
      text += line.slice(0, at);
      run();
      text += `${line.slice(at)}\r\n`;
    },
    forge(run) {
      const kept = { ...state, mappings: new Map(state.mappings), live: new Set(state.live) };
      run();
      state = kept;
    },
    skip(count) {
      state.sequence += count;
    },
    restart() {
      state.sequence = 0;
    },
    lose(run) {
      const kept = text;
      const result = run();
      text = kept;
      return [result];
    },
    lineOf: (start) => log.linesOf(start)[0] ?? 0,
    linesOf: (start) =>
      text
        .split('\r\n')
        .flatMap((line, index) =>
          line.startsWith(start) || line.replace(/^DMATRACE v\d #\d+ t=\d+ ph=\w+ /, '').startsWith(start)
            ? [index + 1]
            : [],
        ),
  };
  return log;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
