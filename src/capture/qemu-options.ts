/** One option of a command line of QEMU. */
export interface QemuOption {
  /** Without its dashes: QEMU takes one or two. */
  readonly name: string;
  /** The next word, for an option that takes one; `null` where it takes none, or the command line ends. */
  readonly value: string | null;
  /** Whether it takes a word and the command line ends. */
  readonly isUnfinished: boolean;
}

/**
 * Options without an argument (qemu-options.hx, of QEMU 2.12 to 10.1; `help` and `version` are queries). All others take the
 * next word, whatever it looks like.
 */
const FLAGS: ReadonlySet<string> = new Set([
  ...['h', 'help', 'version', 'audio-help', 'preconfig', 'S', 's', 'daemonize', 'snapshot', 'usb', 'nodefaults'],
  ...['no-user-config', 'nodefconfig', 'only-migratable', 'no-reboot', 'no-shutdown', 'no-acpi', 'no-hpet'],
  ...['no-fd-bootchk', 'mem-prealloc', 'realtime-mlock', 'nographic', 'curses', 'sdl', 'full-screen', 'portrait'],
  ...['no-frame', 'alt-grab', 'ctrl-grab', 'no-quit', 'show-cursor', 'enable-kvm', 'no-kvm', 'no-kvm-irqchip'],
  ...['no-kvm-pit', 'no-kvm-pit-reinjection', 'enable-hax', 'enable-nesting', 'enable-fips', 'xen-attach'],
  ...['xen-create', 'xen-domid-restrict', 'singlestep', 'win2k-hack', 'rtc-td-hack', 'localtime', 'tdf'],
  ...['enable-sync-profile', 'async-teardown', 'perfmap', 'jitdump', 'semihosting', 'old-param'],
]);

/** The options among `words`, which stand behind the name of the program. Words that belong to none name disk images. */
export function readQemuOptions(words: readonly string[]): QemuOption[] {
  const options: QemuOption[] = [];
  for (let index = 0; index < words.length; index++) {
    const name = /^--?(.+)$/s.exec(words[index] ?? '')?.[1];
    if (name === undefined) continue;
    const value = FLAGS.has(name) ? null : (words[++index] ?? null);
    options.push({ name, value, isUnfinished: value === null && !FLAGS.has(name) });
  }
  return options;
}

/** A value such as `q35,accel=kvm`: the first word, which may be without a key, and the keys. A comma in a value is doubled. */
export interface QemuProperties {
  /** The value of the first word, if that has no key; else `null`. */
  readonly implied: string | null;
  readonly keys: ReadonlyMap<string, string>;
}

/** Takes `key=value,…` apart, or the JSON object that `-device` and others also take (QEMU 6.0). What is neither has no keys. */
export function readProperties(value: string): QemuProperties {
  if (value.trimStart().startsWith('{')) return { implied: null, keys: new Map(jsonEntries(value)) };
  const keys = new Map<string, string>();
  let implied: string | null = null;
  const parts = value.match(/(?:[^,]|,,)+/g) ?? [];
  parts.forEach((part, index) => {
    const [key = '', ...rest] = part.replaceAll(',,', ',').split('=');
    if (rest.length > 0) keys.set(key, rest.join('='));
    else if (index === 0) implied = key;
    else keys.set(key, 'on');
  });
  return { implied, keys };
}

function jsonEntries(text: string): [string, string][] {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value).map(([key, each]) => [key, typeof each === 'string' ? each : JSON.stringify(each)]);
  } catch {
    // QEMU will say what is wrong with it.
    return [];
  }
}

/** A value within `key=value,…`: QEMU reads two commas as one (qemu-option.c, get_opt_value). */
export function escapeProperty(value: string): string {
  return value.replaceAll(',', ',,');
}
