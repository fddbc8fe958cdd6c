import * as vscode from 'vscode';
import { expectPresent } from './expect.ts';
import { until } from './until.ts';

/** What a debug adapter tells when the replay stands again. */
export interface Stopped {
  readonly reason: string;
  readonly description?: string;
  readonly threadId: number;
  readonly hitBreakpointIds?: readonly number[];
}

export interface Frame {
  readonly id: number;
  readonly name: string;
  readonly line: number;
}

/** A replay in VS Code's debugger, watched from outside: by what its debug adapter sends. */
export interface ReplayWatch {
  /** Runs what sets the replay in motion, and waits until it stands again. */
  move(action: () => PromiseLike<unknown>): Promise<Stopped>;
  session(): vscode.DebugSession;
  frames(): Promise<readonly Frame[]>;
  /** Ends the session that runs, if one does. */
  end(): Promise<void>;
}

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly body?: unknown;
}

export function watchReplay(): ReplayWatch {
  const stops: Stopped[] = [];
  let running: vscode.DebugSession | null = null;
  const subscriptions = [
    vscode.debug.registerDebugAdapterTrackerFactory('dma-handoff', {
      createDebugAdapterTracker: () => ({
        onDidSendMessage(message: Message) {
          if (message.type === 'event' && message.event === 'stopped') stops.push(message.body as Stopped);
        },
      }),
    }),
    vscode.debug.onDidStartDebugSession((session) => (running = session)),
    vscode.debug.onDidTerminateDebugSession(() => (running = null)),
  ];
  const session = (): vscode.DebugSession => expectPresent(running, 'the debug session');

  async function framesOf(threadId: number): Promise<readonly Frame[]> {
    const { stackFrames } = (await session().customRequest('stackTrace', { threadId })) as {
      readonly stackFrames: readonly Frame[];
    };
    return stackFrames;
  }

  return {
    session,
    async move(action) {
      const before = stops.length;
      await action();
      const stopped = await until('the replay to stand', () => stops[before]);
      // Until VS Code shows the stack, its commands have nothing to step.
      await until('VS Code to show the stack', async () => {
        const shown = vscode.debug.activeStackItem;
        if (!(shown instanceof vscode.DebugStackFrame)) return undefined;
        const frames = await framesOf(stopped.threadId);
        return frames.some(({ id }) => id === shown.frameId) ? true : undefined;
      });
      return stopped;
    },
    frames: () => framesOf(stops.at(-1)?.threadId ?? 1),
    async end() {
      await vscode.debug.stopDebugging();
      await until('the end of the session', () => (running === null ? true : undefined));
      vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
