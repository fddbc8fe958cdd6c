import { homedir } from 'node:os';
import { resolve } from 'node:path';
import type { CaptureHost } from './capture-host.ts';
import { toNodeCommand } from './node-command.ts';

export const nodeCaptureHost: CaptureHost = {
  node: toNodeCommand(process),
  quoting: process.platform === 'win32' ? 'windows' : 'posix',
  homeFolder: homedir(),
  resolvePath: (from, path) => resolve(from, path),
};
