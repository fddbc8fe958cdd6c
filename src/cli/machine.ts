import { spawn, type ChildProcess } from 'node:child_process';
import { followFile } from '../capture/follow-file.node.ts';
import { createByteDecoder, createStreamingAnalysis, type BootProgress } from '../core/index.ts';
import { decodeLatin1, reasonOf } from './inputs.ts';

/** What a machine is run for. */
export interface MachineOrder {
  readonly argv: readonly string[];
  /** The file that its firmware writes, which exists and is empty. */
  readonly log: string;
  /** Seconds that it runs on behind hand-off; `null`: until it ends by itself. */
  readonly linger: number | null;
  /** Seconds to wait for hand-off; `null`: for ever. */
  readonly timeout: number | null;
  /** The file descriptor that becomes the machine's standard output. */
  readonly stdout: 1 | 2;
  readonly onHandoff: (now: BootProgress) => void;
  /** The machine is to end, and may not be told: it is another user's, as under `sudo`. It is still waited for. */
  readonly onUnstoppable: (reason: string) => void;
}

export interface MachineRun {
  readonly ending: Ending;
  /** Whether an operating system took over, in any boot. */
  readonly handedOff: boolean;
  /** Whether a tracer printed. */
  readonly traced: boolean;
  /** The first characters of the log. */
  readonly head: string;
  /** Why the log could not be followed to its end; `null`: it could. */
  readonly unreadable: string | null;
}

export type Ending =
  | { readonly how: 'not-started'; readonly reason: string }
  | { readonly how: 'by-itself'; readonly what: string; readonly failed: boolean }
  | { readonly how: 'stopped'; readonly because: StopReason };

export type StopReason = 'handed-off' | 'timeout' | 'interrupted';

/** QEMU ends within milliseconds of SIGTERM; what does not is ended without being asked. */
const PATIENCE_SECONDS = 5;

const HEAD_LENGTH = 4096;

/** The records that follow hand-off at once, the tracer's list among them, must be in the log before the machine goes. */
const LEAST_LINGER_SECONDS = 0.25;

/** Ctrl+C, the end of a task, the end of a terminal. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs a machine, and follows its log until it ends or need not run any longer. Never rejects. */
export async function runMachine(order: MachineOrder): Promise<MachineRun> {
  const { argv, log, linger, timeout } = order;
  const [program = '', ...args] = argv;
  let child: ChildProcess;
  try {
    child = spawn(program, args, { stdio: ['inherit', order.stdout, 'inherit'] });
  } catch (error) {
    // Of the reasons that a system gives, Node throws most, and tells a few by an event.
    const ending = { how: 'not-started', reason: startProblem(program, error) } as const;
    return { ending, handedOff: false, traced: false, head: '', unreadable: null };
  }
  const timers = new Set<NodeJS.Timeout>();
  let stopped: StopReason | null = null;

  function after(seconds: number, action: () => void): void {
    timers.add(setTimeout(action, seconds * 1000));
  }

  function stop(because: StopReason): void {
    // Who asks a second time does not want to wait; a timer does not ask again.
    if (stopped !== null && because !== 'interrupted') return;
    child.kill(stopped === null ? 'SIGTERM' : 'SIGKILL');
    if (stopped === null) after(PATIENCE_SECONDS, () => child.kill('SIGKILL'));
    stopped ??= because;
  }

  const interrupt = (): void => stop('interrupted');
  for (const signal of SIGNALS) process.on(signal, interrupt);

  const ended = new Promise<Ending>((resolve) => {
    child.on('error', (error) => {
      // Once it has begun, this is a signal that could not be sent.
      if (child.pid === undefined) resolve({ how: 'not-started', reason: startProblem(program, error) });
      else order.onUnstoppable(reasonOf(error));
    });
    child.once('exit', (status, signal) => {
      if (stopped !== null) resolve({ how: 'stopped', because: stopped });
      else if (signal !== null) resolve({ how: 'by-itself', what: `was ended by ${signal}`, failed: true });
      else resolve({ how: 'by-itself', what: `ended with status ${status}`, failed: status !== 0 });
    });
  });

  const over = new AbortController();
  let handedOff = false;
  const timeoutTimer = timeout === null ? null : setTimeout(() => stop('timeout'), timeout * 1000);
  const following = followLog(log, over.signal, (now) => {
    if (handedOff) return;
    handedOff = true;
    if (timeoutTimer !== null) clearTimeout(timeoutTimer);
    order.onHandoff(now);
    if (linger !== null) after(Math.max(linger, LEAST_LINGER_SECONDS), () => stop('handed-off'));
  });

  const ending = await ended;
  over.abort();
  const followed = await following;
  if (timeoutTimer !== null) clearTimeout(timeoutTimer);
  for (const timer of timers) clearTimeout(timer);
  for (const signal of SIGNALS) process.off(signal, interrupt);
  return { ending, ...followed };
}

/** Analyses a log while it is written, as far as that tells where the boot stands. */
async function followLog(
  log: string,
  signal: AbortSignal,
  onHandoff: (now: BootProgress) => void,
): Promise<Omit<MachineRun, 'ending'>> {
  const decoder = createByteDecoder(decodeLatin1);
  const seen = { handedOff: false, traced: false };
  let head = '';
  const analysis = createStreamingAnalysis(
    { sourceName: log, version: __VERSION__ },
    {
      wanted: 'live-at-handoff',
      mapping: () => undefined,
      trace(trace) {
        seen.handedOff ||= trace.handoff !== null;
        seen.traced ||= trace.tracer !== null;
      },
    },
  );
  let unreadable: string | null = null;
  try {
    for await (const bytes of followFile(log, { signal })) {
      const text = decoder.decode(bytes);
      if (head.length < HEAD_LENGTH) head = (head + text.slice(0, HEAD_LENGTH)).slice(0, HEAD_LENGTH);
      analysis.push(text);
      const { now } = analysis;
      if (seen.handedOff || now.phase === 'handed-off') onHandoff(now);
    }
  } catch (error) {
    unreadable = reasonOf(error);
  }
  analysis.push(decoder.end());
  analysis.finish();
  return { ...seen, head, unreadable };
}

function startProblem(program: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `there is no program ${program}` : reasonOf(error);
}
