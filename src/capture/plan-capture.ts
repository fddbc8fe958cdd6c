import { escapeProperty, readProperties, readQemuOptions, type QemuOption } from './qemu-options.ts';
import { TRACE_EVENTS } from './trace-events.ts';

export interface CaptureOptions {
  /** Path of the file that the firmware's output goes to. */
  readonly log: string;
  /** Path of the tracer's option ROM; `null`: the firmware prints its calls by itself. */
  readonly rom: string | null;
  /** Path of the file that QEMU writes what devices do to; `null`: it is not wanted. */
  readonly trace: string | null;
}

export type CapturePlan =
  | {
      readonly kind: 'plan';
      /** The user's words as they were, and behind them what is added. */
      readonly argv: readonly string[];
      readonly added: readonly string[];
      /** Sentences about what may keep the capture from being complete. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'refused'; readonly message: string };

/** The port that edk2's PlatformDebugLibIoPort writes to (OvmfPkg.dec, PcdDebugIoPort). */
const DEBUG_PORT = 0x402;

/** The device whose option ROM carries the tracer: it does nothing, and its ids stand in the ROM (firmware/Makefile). */
const CARRIER = 'pci-testdev';

/**
 * Slots on the root bus, from the top. A high one, given: without a slot the device would take the next free one and move those
 * that come behind it. Not 0x1f, where q35 has its ISA bridge.
 */
const SLOTS = [0x1e, 0x1c, 0x1b, 0x1a, 0x19, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x10];

/** Decides what to add to a user's command line, or why that cannot be. Nothing of the user's is changed. */
export function planCapture(command: readonly string[], options: CaptureOptions): CapturePlan {
  const program = findProgram(command);
  if (typeof program === 'string') return refuse(program);
  const given = readQemuOptions(command.slice(program.index + 1));
  const problem =
    architectureProblem(program.architecture, options) ??
    debugPortProblem(given) ??
    machineProblem(given, options) ??
    processProblem(given, options);
  if (problem !== null) return refuse(problem);

  const added = ['-debugcon', `file:${options.log}`];
  if (!given.some(setsDebugPort)) added.push('-global', `isa-debugcon.iobase=0x${DEBUG_PORT.toString(16)}`);
  if (options.rom !== null) {
    const slot = freeSlot(given);
    if (slot === null) return refuse('There is no free slot on the root bus that could take the tracer’s device.');
    added.push('-device', `${CARRIER},romfile=${escapeProperty(options.rom)},addr=${slot.toString(16)}.0`);
  }
  if (options.trace !== null) {
    for (const event of TRACE_EVENTS) added.push('-trace', event);
    added.push('-D', options.trace);
  }
  return { kind: 'plan', argv: [...command, ...added], added, notes: toNotes(command, program, given, options) };
}

function refuse(message: string): CapturePlan {
  return { kind: 'refused', message };
}

interface Program {
  /** Its place: words ahead of it are another program's, such as `sudo`. */
  readonly index: number;
  /** As QEMU names it, such as `x86_64`; `null` where the name does not tell. */
  readonly architecture: string | null;
}

/** Windows has one with a `w`, without a console; Debian others with the name of a module, such as `-spice`. */
const SYSTEM_NAME = /(?:^|[\\/])qemu-system-(\w+?)w?(?:-\w+)?(?:\.exe)?$/i;

/** Names that distributions give it. Behind an option they are its value, as in `-accel kvm`. */
const OTHER_NAME = /(?:^|[\\/])(?:qemu-kvm|kvm|qemu)(?:\.exe)?$/i;

/** Where QEMU stands in the command; a message if nowhere. A program of another name is taken to pass its arguments on. */
function findProgram(command: readonly string[]): Program | string {
  if ((command[0] ?? '') === '') return 'Give the command line that starts QEMU.';
  if (command.some((word) => word.includes('\0'))) return 'A word of the command line holds a NUL character.';
  for (const [index, word] of command.entries()) {
    const architecture = SYSTEM_NAME.exec(word)?.[1]?.toLowerCase();
    if (architecture !== undefined) return { index, architecture };
    const isValue = command[index - 1]?.startsWith('-') === true;
    if (OTHER_NAME.test(word) && !isValue) return { index, architecture: 'x86_64' };
  }
  if (command.some((word) => /\bqemu-system-\S*\s+-/.test(word)))
    return 'QEMU’s command line stands within one word, for a shell: options cannot be added to it. Give the words themselves.';
  return { index: 0, architecture: null };
}

function architectureProblem(architecture: string | null, { rom }: CaptureOptions): string | null {
  if (architecture === null || architecture === 'x86_64') return null;
  if (architecture === 'i386')
    return rom === null ? null : 'The tracer is a driver for x86-64, and qemu-system-i386 starts 32-bit firmware only.';
  return `qemu-system-${architecture} has no ISA debug console, which the capture needs: it works with qemu-system-x86_64.`;
}

/** Whether somebody else has the debug console. */
function debugPortProblem(given: readonly QemuOption[]): string | null {
  const leaveOut = 'Leave it out: capture adds its own, and --log says which file it writes.';
  for (const option of given) {
    const { name, value } = option;
    if (name === 'debugcon') return `The command line has -debugcon ${value ?? ''} already. ${leaveOut}`;
    if (name === 'device' && deviceOf(value) === 'isa-debugcon')
      return `The command line has a debug console (isa-debugcon) already. ${leaveOut}`;
    if (!setsDebugPort(option)) continue;
    const port = value?.replace(/^.*=/s, '') ?? '';
    if (Number(port) !== DEBUG_PORT)
      return `The command line puts the debug console to port ${port}, but OVMF writes to 0x402. Leave that -global out.`;
  }
  return null;
}

/** `-global isa-debugcon.iobase=…`, in either form. */
function setsDebugPort({ name, value }: QemuOption): boolean {
  if (name !== 'global' || value === null) return false;
  const { keys } = readProperties(value);
  return (
    keys.has('isa-debugcon.iobase') || (keys.get('driver') === 'isa-debugcon' && keys.get('property') === 'iobase')
  );
}

/** Machines of qemu-system-x86_64 without a PCI bus. */
const WITHOUT_PCI: ReadonlySet<string> = new Set(['isapc', 'none', 'xenpv']);

function machineProblem(given: readonly QemuOption[], { rom }: CaptureOptions): string | null {
  if (rom === null) return null;
  const { name, keys } = machineOf(given);
  const pcie = /^(?:on|yes|true|y)$/.test(keys.get('pcie') ?? '');
  if (WITHOUT_PCI.has(name) || (name === 'microvm' && !pcie))
    return `The machine ${name} has no PCI bus, and the tracer comes as the option ROM of a PCI device. Use q35 or pc, or --no-tracer with firmware that prints its calls by itself.`;
  return null;
}

/** The last word counts; properties add up. Without any, it is `pc`. */
function machineOf(given: readonly QemuOption[]): {
  readonly name: string;
  readonly keys: ReadonlyMap<string, string>;
} {
  let machine = 'pc';
  const all = new Map<string, string>();
  for (const { name, value } of given) {
    if ((name !== 'machine' && name !== 'M') || value === null) continue;
    const { implied, keys } = readProperties(value);
    machine = keys.get('type') ?? implied ?? machine;
    for (const [key, each] of keys) all.set(key, each);
  }
  return { name: machine, keys: all };
}

const QUERIES: ReadonlySet<string> = new Set(['h', 'help', 'version', 'audio-help']);

/** Whether QEMU would not run a machine, not stay, or not write where it should. */
function processProblem(given: readonly QemuOption[], { trace }: CaptureOptions): string | null {
  for (const { name, value } of given) {
    if (QUERIES.has(name) || /^(?:help|\?)$/.test(value ?? ''))
      return `With -${name} ${value ?? ''}`.trimEnd() + ' QEMU starts no machine.';
    if (name === 'daemonize')
      return 'With -daemonize QEMU leaves, and nobody can wait for it or stop it. Leave it out; -display none hides the window.';
    if (name === 'D' && trace !== null)
      return `The command line has -D ${value ?? ''} already, and QEMU has one log only. Leave it out, or leave --trace out.`;
  }
  // util/log.c, qemu_set_log_filename(): `%d` becomes the process's number, and anything else an error.
  if (trace?.includes('%') === true) return 'QEMU takes a % in the name of its log for a pattern: choose another name.';
  return null;
}

function deviceOf(value: string | null): string | null {
  if (value === null) return null;
  const { implied, keys } = readProperties(value);
  return implied ?? keys.get('driver') ?? null;
}

/** A slot of the root bus that no word of the command line asks for; `null` if there is none. */
function freeSlot(given: readonly QemuOption[]): number | null {
  const taken = new Set<number>();
  for (const { name, value } of given) {
    if (!/^(?:device|net|nic)$/.test(name) || value === null) continue;
    const { keys } = readProperties(value);
    // Behind a bridge it is another bus; what is not hexadecimal, QEMU refuses.
    if (/^(?:pcie?\.0)?$/.test(keys.get('bus') ?? '')) taken.add(Number.parseInt(keys.get('addr') ?? '', 16));
  }
  return SLOTS.find((slot) => !taken.has(slot)) ?? null;
}

function toNotes(
  command: readonly string[],
  { architecture }: Program,
  given: readonly QemuOption[],
  { rom }: CaptureOptions,
): string[] {
  const notes: string[] = [];
  const has = (...names: string[]): boolean => given.some(({ name }) => names.includes(name));
  if (architecture === null)
    notes.push(
      `${command[0] ?? ''} is not named like QEMU: it has to pass on the words that are added behind its own, and to be replaced by QEMU (exec), so that QEMU can be stopped.`,
    );
  if (rom !== null && isConfidential(given))
    notes.push(
      'OVMF runs no option ROM in a confidential guest, so the tracer will not start: use --no-tracer with a DEBUG_VERBOSE build, which prints the calls by itself there.',
    );
  const last = given.at(-1);
  if (last?.isUnfinished === true)
    notes.push(`-${last.name} at the end has no value: if it needs one, QEMU will take the first word that is added.`);
  if (has('readconfig')) notes.push('What the file of -readconfig holds was not looked at.');
  if (has('incoming', 'loadvm'))
    notes.push('A machine that goes on from a saved state does not boot, so its firmware may print nothing.');
  return notes;
}

/** SEV, SEV-ES, SEV-SNP, TDX: edk2's OvmfPkg/IncompatiblePciDeviceSupportDxe, CheckDevice(), tells PciBusDxe to skip option ROMs. */
function isConfidential(given: readonly QemuOption[]): boolean {
  const { keys } = machineOf(given);
  if (keys.has('confidential-guest-support') || keys.has('memory-encryption')) return true;
  return given.some(({ name, value }) => name === 'object' && /^(?:sev|tdx)-/.test(deviceOf(value) ?? ''));
}
