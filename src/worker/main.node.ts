import { open } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';
import { followFile } from '../capture/follow-file.node.ts';
import { refused, succeeded, type Outcome } from '../protocol/outcome.ts';
import type { WireMessage } from '../protocol/rpc.ts';
import { createGunzip } from './gunzip.node.ts';
import type { OpenFile } from './platform.ts';
import { serveAnalyses } from './serve.ts';

/** Small enough to look for a cancellation often, big enough to read at the speed of the disk. */
const CHUNK_BYTES = 512 * 1024;

const port = parentPort;
if (port === null) throw new Error('This file is the entry of a worker thread.');

// On a busy machine the threads of the editor come first. Only on Linux is this the priority of the thread alone.
if (process.platform === 'linux') yieldToOthers();

serveAnalyses(
  {
    post: (message, transfer) => port.postMessage(message, transfer),
    listen: (listener) => void port.on('message', (message: WireMessage) => listener(message)),
  },
  {
    decodeBytes: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'),
    createGunzip,
    openFile,
    followFile: follow,
  },
);

function follow(path: string, onStop: (stop: () => void) => void): AsyncIterable<Uint8Array> {
  const stopping = new AbortController();
  onStop(() => stopping.abort());
  return followFile(path, { signal: stopping.signal });
}

function yieldToOthers(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A sandbox may forbid it.
  }
}

async function openFile(path: string): Promise<Outcome<OpenFile>> {
  try {
    const handle = await open(path, 'r');
    const { size: sizeBytes } = await handle.stat();
    return succeeded({ sizeBytes, chunks: handle.createReadStream({ highWaterMark: CHUNK_BYTES }) });
  } catch (error) {
    return refused(`The file cannot be opened: ${error instanceof Error ? error.message : String(error)}`);
  }
}
