import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROGRAM, type Run } from './run.ts';

/** What the stand-in for QEMU does, one thing after the other; behind the last one it ends with 0. Bytes are Latin-1. */
export type Step =
  | { readonly say: string }
  | { readonly complain: string }
  /** To the debug console, in so many pieces. */
  | { readonly write: string; readonly pieces?: number }
  | { readonly trace: string }
  /** The same output again and again, until it is asked to end. */
  | { readonly reboot: string }
  | { readonly await: 'SIGTERM' | 'a line' | 'the end of the world' }
  | { readonly exit: number }
  | { readonly die: NodeJS.Signals };

export interface Captured extends Run {
  /** QEMU's words behind its name; `null`: it was not started. */
  readonly words: readonly string[] | null;
  /** How often QEMU was asked to end. */
  readonly asked: number;
}

/** A capture under way. */
export interface Capturing {
  /** Resolves when standard error holds the text; rejects if the capture ends without. */
  until(text: string): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** Types a line. */
  type(line: string): void;
  readonly end: Promise<Captured>;
}

export interface Workplace {
  /** Where the command line is run. */
  readonly path: string;
  /** Where the stand-in is, under the name of QEMU, and nothing else. */
  readonly programs: string;
  file(name: string): string;
  has(name: string): boolean;
  read(name: string): string;
  /** Runs `dma-handoff` with these words. */
  start(words: readonly string[], steps: readonly Step[], programs?: string): Capturing;
  /** Runs `dma-handoff capture` with options and `qemu-system-x86_64` behind `--`. */
  capture(options: readonly string[], steps: readonly Step[]): Promise<Captured>;
  remove(): void;
}

const STAND_IN = new URL('qemu-stand-in.mjs', import.meta.url);

/** A folder to capture in, and a stand-in for QEMU. */
export function createWorkplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'dma-handoff-capture-'));
  const [path, programs] = [join(folder, 'work'), join(folder, 'bin')];
  for (const each of [path, programs]) mkdirSync(each);
  writeFileSync(join(programs, 'qemu-system-x86_64'), `#!${process.execPath}\nimport('${STAND_IN.href}');\n`);
  chmodSync(join(programs, 'qemu-system-x86_64'), 0o755);
  let runs = 0;
  const file = (name: string): string => join(path, name);

  function start(words: readonly string[], steps: readonly Step[], searched = programs): Capturing {
    const [stepsFile, recordFile] = [join(folder, `steps-${++runs}.json`), join(folder, `record-${runs}.jsonl`)];
    writeFileSync(stepsFile, JSON.stringify(steps));
    const child = spawn(process.execPath, [PROGRAM, ...words], {
      cwd: path,
      env: { PATH: searched, QEMU_STEPS: stepsFile, QEMU_RECORD: recordFile },
      stdio: 'pipe',
    });
    const output = { stdout: '', stderr: '' };
    const waiting = new Set<() => void>();
    const wake = (): void => waiting.forEach((look) => look());
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (text: string) => {
        output[name] += text;
        wake();
      });
    }
    let isOver = false;
    const end = new Promise<number | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', resolve);
    }).then((status): Captured => {
      isOver = true;
      wake();
      const entries = existsSync(recordFile) ? readFileSync(recordFile, 'utf8').trimEnd().split('\n') : [];
      const [first, ...others] = entries.map((line): unknown => JSON.parse(line));
      return { status, ...output, words: (first as string[] | undefined) ?? null, asked: others.length };
    });

    return {
      until: (text) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            if (output.stderr.includes(text)) resolve();
            else if (isOver) reject(new Error(`“${text}” was never said, but:\n${output.stderr}`));
            else return;
            waiting.delete(look);
          };
          waiting.add(look);
          look();
        }),
      signal: (signal) => void child.kill(signal),
      type: (line) => void child.stdin.write(`${line}\n`),
      end,
    };
  }

  return {
    path,
    programs,
    file,
    has: (name) => existsSync(file(name)),
    read: (name) => readFileSync(file(name), 'latin1'),
    start,
    capture: (options, steps) => start(['capture', ...options, '--', 'qemu-system-x86_64'], steps).end,
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
