import { access, open, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { formatCommandLine } from '../capture/format-command-line.ts';
import { logName } from '../capture/log-name.ts';
import { planCapture } from '../capture/plan-capture.ts';
import type { BootProgress } from '../core/index.ts';
import type { CaptureInvocation } from './arguments.ts';
import { check, complain, EXIT, type Streams } from './check.ts';
import { reasonOf } from './inputs.ts';
import { runMachine, type Ending, type MachineRun } from './machine.ts';
import { romOf } from './tracer.ts';

export interface CaptureSurroundings {
  readonly streams: Streams;
  readonly version: string;
  /** Where the tracer's files are. */
  readonly tracerFolder: URL;
}

/** Boots a machine with the tracer, waits for hand-off, and reports what is mapped. Returns the exit status. */
export async function capture(
  invocation: CaptureInvocation,
  { streams, version, tracerFolder }: CaptureSurroundings,
): Promise<number> {
  const { command, trace, print } = invocation;
  const rom = romOf(invocation.tracer, tracerFolder);
  const say = (text: string): void => complain(streams, text);
  if (trace !== null && invocation.log !== null && resolve(trace) === resolve(invocation.log)) {
    say('--log and --trace name the same file');
    return EXIT.usage;
  }
  // Whether it can be done at all comes before any file is made.
  const refusal = planCapture(command, { log: '', rom, trace });
  if (refusal.kind === 'refused') {
    say(refusal.message);
    return EXIT.usage;
  }
  const log = invocation.log ?? (await findFreeName(invocation));
  const plan = planCapture(command, { log, rom, trace });
  if (plan.kind === 'refused') throw new Error(plan.message);
  for (const note of plan.notes) say(note);
  if (print) {
    streams.stdout.write(`${formatCommandLine(plan.argv)}\n`);
    return EXIT.ok;
  }
  for (const problem of await prepareFiles(rom, [log, ...(trace === null ? [] : [trace])])) {
    say(problem);
    return EXIT.unreadable;
  }

  say(`the log is ${log}`);
  const run = await runMachine({
    argv: plan.argv,
    log,
    linger: invocation.linger,
    timeout: invocation.timeout,
    // Standard output is the report's. A terminal is both's: QEMU may show a console there.
    stdout: streams.stdout.isTTY === true ? 1 : 2,
    onHandoff: (now) => say(handoffText(now, invocation.linger)),
    onUnstoppable: (reason) => say(`the machine cannot be stopped (${reason}): end it yourself`),
  });
  if (run.unreadable !== null) say(`${log} cannot be read: ${run.unreadable}`);
  const trouble = troubleOf(run, invocation);
  for (const sentence of trouble) say(sentence);
  if (run.head === '') {
    // Nobody wants a file without a byte whose name was not asked for.
    if (invocation.log === null) await rm(log, { force: true });
    return EXIT.unreadable;
  }
  const status = await check(
    { ...invocation, kind: 'check', inputs: [log], with: trace === null ? [] : [trace] },
    streams,
    version,
  );
  return run.handedOff ? status : EXIT.unreadable;
}

/**
 * The first name that is free: nothing is overwritten that nobody named, nor what the trace is named. The file
 * is made at once, so that two captures never share one, but for `print`, which makes none.
 */
async function findFreeName({ trace, print }: CaptureInvocation): Promise<string> {
  for (let number = 1; ; number++) {
    const name = logName(number);
    if (trace !== null && resolve(trace) === resolve(name)) continue;
    if (print ? !(await exists(name)) : !(await isTaken(name))) return name;
  }
}

/** Makes the file if there is none. What else is wrong with it, `prepareFiles` says. */
async function isTaken(name: string): Promise<boolean> {
  try {
    await (await open(name, 'wx')).close();
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST';
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** Empties the files that QEMU will write, so that nothing of an earlier boot is read. Returns what is wrong. */
async function prepareFiles(rom: string | null, written: readonly string[]): Promise<string[]> {
  if (rom !== null && !(await exists(rom)))
    return [`${rom} is missing: install DMA Handoff anew, or build it with npm run build`];
  for (const path of written) {
    try {
      const found = await stat(path).catch(() => null);
      if (found !== null && !found.isFile()) return [`${path} is no ordinary file: QEMU has to write one`];
      await (await open(path, 'w')).close();
    } catch (error) {
      return [`${path} cannot be written: ${reasonOf(error)}`];
    }
  }
  return [];
}

function handoffText({ live }: BootProgress, linger: number | null): string {
  const mapped = live === 1 ? '1 mapping is live' : `${live === 0 ? 'no' : live} mappings are live`;
  return `the operating system has taken over, ${mapped}${linger === null ? '' : '; the machine is stopped'}`;
}

/** What kept the capture from what it is for, in sentences for the user. */
function troubleOf(run: MachineRun, { tracer, timeout }: CaptureInvocation): string[] {
  const { ending, handedOff, traced, head } = run;
  const trouble: string[] = [];
  if (ending.how === 'not-started') return [`the machine cannot be run: ${ending.reason}`];
  if (!handedOff) trouble.push(`there was no hand-off: ${endingText(ending, timeout)}`);
  if (head === '') {
    // What went wrong with its own command line, QEMU has said.
    const failed = ending.how === 'by-itself' && ending.failed;
    return failed ? trouble : [...trouble, SILENT];
  }
  if (tracer !== 'none' && !traced) trouble.push(/^\s*SeaBIOS \(version/.test(head) ? SEABIOS : NOT_TRACED);
  return trouble;
}

function endingText(ending: Exclude<Ending, { how: 'not-started' }>, timeout: number | null): string {
  if (ending.how === 'by-itself') return `QEMU ${ending.what}`;
  switch (ending.because) {
    case 'timeout':
      return `the machine was stopped after ${timeout} s`;
    case 'interrupted':
      return 'the machine was stopped';
    case 'handed-off':
      return 'the log contradicts itself';
  }
}

const SILENT =
  'the firmware printed nothing: the machine ended before the tracer was loaded, or its firmware is not named (-drive if=pflash,format=raw,readonly=on,file=OVMF_CODE.fd, or -bios)';

const SEABIOS =
  'this is SeaBIOS, which has no DMA protocols: name UEFI firmware with -drive if=pflash,format=raw,readonly=on,file=OVMF_CODE.fd or -bios';

const NOT_TRACED =
  'the tracer did not run: this firmware executes no option ROM. docs/capture.md tells why that can be, and how else to load it';
