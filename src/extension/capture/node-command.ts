import type { NodeCommand } from './capture-host.ts';

/** The part of Node's `process` that tells how to start another one. */
export interface RunningProcess {
  readonly platform: string;
  readonly execPath: string;
  readonly versions: Readonly<Record<string, string | undefined>>;
}

/**
 * The Node that runs this extension host: on a remote machine a plain one, on the desktop VS Code itself, which an environment
 * variable turns into one. So nobody has to install Node.
 */
export function toNodeCommand({ platform, execPath, versions }: RunningProcess): NodeCommand {
  if (versions['electron'] === undefined) return { program: execPath, words: [], environment: {} };
  const environment = { ELECTRON_RUN_AS_NODE: '1' };
  // On Windows VS Code is a program without a console. It finds that of the process which started it, so one with a console
  // must stand in between. `call` is there since cmd takes quotes away from a line that begins with one.
  if (platform === 'win32') return { program: 'cmd.exe', words: ['/d', '/c', 'call', execPath], environment };
  return { program: execPath, words: [], environment };
}
