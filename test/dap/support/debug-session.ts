import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { createDebugAdapter, type DebugAdapter } from '../../../src/extension/replay/debug-adapter.ts';
import type { ReplayHost } from './replay-host.ts';

export type Stopped = DebugProtocol.StoppedEvent['body'];

/** A client of the debug adapter, connected to it by a socket, as a client of another process would be. */
export interface DebugSession {
  readonly client: DebugClient;
  readonly adapter: DebugAdapter;
  /** All that was shown in the debug console. */
  readonly output: string[];
  /** Initializes, launches, configures and waits for the first stop. */
  begin(launch: Launch, configure?: () => Promise<unknown>): Promise<Stopped>;
  /** Sends a request that sets the replay in motion, and waits until it stands again. */
  move(request: Movement, args?: object): Promise<Stopped>;
  /** The line of the innermost frame. */
  line(): Promise<number>;
  frames(): Promise<readonly DebugProtocol.StackFrame[]>;
  evaluate(expression: string, context?: string): Promise<string>;
  end(): Promise<void>;
}

export interface Launch {
  readonly program: string;
  readonly stopOnEntry?: boolean;
  readonly boot?: number;
  readonly startAt?: number;
}

type Movement =
  'next' | 'stepIn' | 'stepOut' | 'stepBack' | 'continue' | 'reverseContinue' | 'goto' | 'pause' | 'restart';

export async function startDebugSession(host: ReplayHost): Promise<DebugSession> {
  let adapter: DebugAdapter | null = null;
  const server = createServer((socket) => {
    adapter = connect(host, socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new DebugClient('', '', 'dma-handoff');
  const connected = once(server, 'connection');
  await client.start((server.address() as AddressInfo).port);
  await connected;
  const output: string[] = [];
  client.on('output', (event: DebugProtocol.OutputEvent) => output.push(event.body.output.trimEnd()));
  let threadId = 1;

  async function stopBy(request: () => Promise<unknown>): Promise<Stopped> {
    const [event] = await Promise.all([client.waitForEvent('stopped'), request()]);
    const body = (event as DebugProtocol.StoppedEvent).body;
    threadId = body.threadId ?? 0;
    return body;
  }

  const session: DebugSession = {
    client,
    get adapter() {
      if (adapter === null) throw new Error('Nobody has connected.');
      return adapter;
    },
    output,
    async begin(launch, configure = () => Promise.resolve()) {
      await client.initializeRequest();
      await Promise.all([client.waitForEvent('initialized'), client.launchRequest(launch as object)]);
      await configure();
      return stopBy(() => client.configurationDoneRequest());
    },
    move: (request, args = {}) => stopBy(() => client.customRequest(request, { threadId, ...args })),
    async frames() {
      return (await client.stackTraceRequest({ threadId })).body.stackFrames;
    },
    async line() {
      return (await session.frames())[0]?.line ?? NaN;
    },
    async evaluate(expression, context = 'watch') {
      return (await client.evaluateRequest({ expression, context })).body.result;
    },
    async end() {
      await client.stop();
      adapter?.dispose();
      server.close();
    },
  };
  return session;
}

/** Frames messages as the protocol has it for streams. */
function connect(host: ReplayHost, socket: Socket): DebugAdapter {
  const adapter = createDebugAdapter(host, (message) => {
    const json = JSON.stringify(message);
    if (!socket.destroyed) socket.write(`Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
  });
  let received = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    received = Buffer.concat([received, bytes]);
    for (;;) {
      const headerEnd = received.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(received.toString('latin1', 0, headerEnd))?.[1]);
      const end = headerEnd + 4 + length;
      if (headerEnd < 0 || received.length < end) return;
      const message: unknown = JSON.parse(received.toString('utf8', headerEnd + 4, end));
      received = received.subarray(end);
      adapter.handle(message);
    }
  });
  socket.on('error', () => adapter.dispose());
  return adapter;
}
