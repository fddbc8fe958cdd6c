import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { Wire, WireMessage } from '../../src/protocol/rpc.ts';

/** Two ends of a wire in one thread: messages are copied and arrive later, as between threads. */
export function createWirePair(): { readonly host: Wire; readonly worker: Wire } {
  const { port1, port2 } = new MessageChannel();
  return { host: toWire(port1), worker: toWire(port2) };
}

function toWire(port: MessagePort): Wire {
  return {
    post: (message, transfer) => port.postMessage(message, [...transfer]),
    listen(listener) {
      port.on('message', (message: WireMessage) => listener(message));
      // A test that forgets a wire must not keep the process alive.
      port.unref();
    },
  };
}
