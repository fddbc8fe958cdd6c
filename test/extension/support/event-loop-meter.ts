/** Finds out how long the extension host's event loop was blocked at a stretch. */
export interface EventLoopMeter {
  stop(): Promise<Blockage>;
}

export interface Blockage {
  /** The longest delay of a timer: what the user feels, and what a busy machine lengthens. */
  readonly lagMs: number;
  /** The part of it that the extension host's own work explains. */
  readonly busyMs: number;
}

/** Browsers do not let nested timers fire sooner than this; asked for everywhere so that both hosts measure the same. */
const TICK_MS = 4;

export function startEventLoopMeter(): EventLoopMeter {
  return __HOST__ === 'node' ? startNodeMeter() : startWebMeter();
}

/** In Node on Linux the kernel says how much processor time the thread took from one timer to the next. */
function startNodeMeter(): EventLoopMeter {
  const stopLag = watchTimers(() => performance.now(), TICK_MS);
  const stopBusy = watchTimers(createThreadClock(), 0);
  return { stop: () => Promise.resolve({ lagMs: stopLag(), busyMs: stopBusy() }) };
}

/** A web worker cannot ask the kernel: what an idle thread is delayed by at the same time is the machine's, not ours. */
function startWebMeter(): EventLoopMeter {
  const idle = startIdleThread();
  const stopLag = watchTimers(() => performance.now(), TICK_MS);
  return {
    async stop() {
      const lagMs = stopLag();
      return { lagMs, busyMs: Math.max(0, lagMs - (await idle.stop())) };
    },
  };
}

/**
 * The largest step of a clock from one timer to the next.
 * @param idleStepMs the step where nothing is in the way
 */
function watchTimers(clock: () => number, idleStepMs: number): () => number {
  let largest = 0;
  let last = clock();
  let timer = setTimeout(tick, TICK_MS);

  function look(): void {
    const now = clock();
    largest = Math.max(largest, now - last - idleStepMs);
    last = now;
  }

  function tick(): void {
    look();
    timer = setTimeout(tick, TICK_MS);
  }

  return () => {
    clearTimeout(timer);
    look();
    return largest;
  };
}

/** Processor time of the main thread in milliseconds. */
function createThreadClock(): () => number {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- an import would be there in the web worker as well
  const fs = require('node:fs') as { readFileSync(path: string, encoding: 'utf8'): string };
  const file = `/proc/self/task/${String(process.pid)}/schedstat`;
  return () => Number(fs.readFileSync(file, 'utf8').split(' ')[0]) / 1e6;
}

interface IdleThread {
  /** Ends it; gives the longest delay of its timers in milliseconds. */
  stop(): Promise<number>;
}

/** As much of a web worker as is used here; Node's declarations have none. */
interface WebWorker {
  onmessage: ((event: { readonly data: number }) => void) | null;
  postMessage(message: null): void;
  terminate(): void;
}

declare const Worker: new (url: string) => WebWorker;

function startIdleThread(): IdleThread {
  const source = `
    let longest = 0, last = performance.now();
    setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - last - ${String(TICK_MS)});
      last = now;
    }, ${String(TICK_MS)});
    onmessage = () => postMessage(longest);`;
  const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
  const worker = new Worker(url);
  return {
    stop: () =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }) => {
          worker.terminate();
          URL.revokeObjectURL(url);
          resolve(data);
        };
        worker.postMessage(null);
      }),
  };
}
