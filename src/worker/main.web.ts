import type { WireMessage } from '../protocol/rpc.ts';
import type { Gunzip } from './platform.ts';
import { serveAnalyses } from './serve.ts';

// Here `latin1` means windows-1252: one byte is one UTF-16 unit all the same, and records are ASCII.
const decoder = new TextDecoder('latin1');

const worker = self as DedicatedWorkerGlobalScope;

serveAnalyses(
  {
    post: (message, transfer) => worker.postMessage(message, [...transfer]),
    listen: (listener) =>
      worker.addEventListener('message', (event: MessageEvent<WireMessage>) => listener(event.data)),
  },
  {
    decodeBytes: (bytes) => decoder.decode(bytes),
    createGunzip,
    openFile: null,
    followFile: null,
  },
);

function createGunzip(onBytes: (bytes: Uint8Array) => void): Gunzip {
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const drained = drain(stream.readable, onBytes);
  // Each call below waits for it as well; between two calls nobody does.
  drained.catch(() => undefined);
  return {
    // Never waits for `drained` alone: it ends when the stream does. A damaged stream rejects both.
    push: (bytes) => writer.write(bytes.slice()),
    async end() {
      await writer.close();
      await drained;
    },
  };
}

async function drain(readable: ReadableStream<Uint8Array>, onBytes: (bytes: Uint8Array) => void): Promise<void> {
  const reader = readable.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) onBytes(part.value);
}
