/**
 * Lines of other writers that share a stream with the firmware, known by how they begin: QEMU's trace events and messages, the
 * kernel's lines with a time, and the DMA tracer's records. Such a writer knows nothing of the firmware, so a whole line of it may
 * stand in the middle of a firmware line. util/log.c and trace/simple.c of QEMU print an event as `name ` and its arguments,
 * behind `thread@seconds.microseconds:` or, since 10.1, an ISO 8601 time where `-msg timestamp=on` asks for it.
 */
export interface ForeignStart {
  /**
   * Offsets where the foreign line may begin, ascending. The text before it may end with letters or digits, which the first word
   * of the foreign line cannot be told from; more than one is a guess.
   */
  readonly cuts: readonly number[];
}

/** What has been seen of the writers, which tells where the text of one begins. */
export interface ForeignWriters {
  /** Remembers the thread of a trace line that stands at `start`. */
  learn(text: string, start: number): void;
  /** Whether a line of another writer begins at `start`. */
  beginsAt(text: string, start: number): boolean;
  /** The first line of another writer that begins inside `line`, behind `from`; `null` if there is none. */
  findIn(line: string, from: number): ForeignStart | null;
}

/** Literals that hardly any firmware prints: where one stands inside a line, it is looked at. */
export const FOREIGN_ANCHORS: readonly string[] = [
  'qemu-system-',
  'DMATRACE v',
  'pci_cfg_',
  'pci_update_',
  'pci_nvme_',
  'usb_xhci_',
  'usb_ehci_',
  'usb_uhci_',
  'usb_ohci_',
  'usb_port_',
  'usb_packet_',
  'ahci_port_',
  'ahci_mem_',
  'ahci_reset',
  'ahci_start_dma',
  'ahci_cmd_',
  'ide_exec_cmd',
  'bmdma_cmd_',
  'virtio_set_',
  'virtio_queue_',
  'virtio_notify',
  'virtio_pci_',
  'virtio_iommu_',
  'sdhci_access',
  'sdhci_adma',
  'e1000e_core_',
  'vtd_dmar_',
  'vtd_reg_',
  'vtd_inv_',
  'vtd_iotlb_',
  'vtd_switch_',
  'amdvi_mmio_',
  'amdvi_iotlb_',
  'amdvi_translation',
  'smmuv3_',
];

/** The first words of QEMU's event names, as its trace-events files have them. */
const SUBSYSTEMS: ReadonlySet<string> = new Set(
  (
    'ahci amdvi apic ati bmdma cmd dma e1000 e1000e e1000x edu ehci esp fw handle hda hpet i2c i8257 ide igb ioapic kvm lsi ' +
    'megasas memory mptsas net nvme pci pcie pflash pic piix ps2 pvscsi qxl ramfb sata scsi sdbus sdcard sdhci smbus smmu ' +
    'smmuv3 tpm ufs usb vfio vga vhost virtio vmport vmxnet3 vtd'
  ).split(' '),
);

const TIME = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z `;
const THREAD = String.raw`\d{1,10}@\d{1,12}\.\d{6}:`;
const EVENT = '[a-z][a-z0-9]{0,31}(?:_[a-z0-9]{1,32}){1,12} ';
/** Those whose begin cannot be mistaken; `THREAD` and `EVENT` may run on from digits and letters before them. */
const CERTAIN = String.raw`${TIME}(?:${EVENT}|qemu-[a-z])|qemu-system-[a-z0-9_]{1,16}: |\[ {0,4}\d{1,7}\.\d{6}\]|DMATRACE v\d{1,3} #`;

/** More threads than a machine has that traces. */
const MOST_THREADS = 64;
/** An event's name is shorter, and so is what a head can end with. */
const MOST_CUTS = 32;

export function createForeignWriters(): ForeignWriters {
  const atStart = new RegExp(`(${EVENT})|${THREAD}|${CERTAIN}`, 'y');
  const inside = new RegExp(`(${THREAD})|(${EVENT})|${CERTAIN}`, 'g');
  const threads = new Set<string>();

  /** The threads of a process have numbers of one length, so one that was seen ends what stands before it. */
  function threadCuts(thread: string, at: number): number[] {
    const digits = thread.indexOf('@');
    const lengths = new Set(Array.from(threads, ({ length }) => length));
    const [length = 0] = lengths;
    if (lengths.size === 1 && threads.has(thread.slice(digits - length, digits))) return [at + digits - length];
    return Array.from({ length: digits }, (_, skipped) => at + skipped);
  }

  return {
    learn(text, start) {
      const digits = /\d{1,10}(?=@)/y;
      digits.lastIndex = start;
      const thread = digits.exec(text)?.[0];
      if (thread !== undefined && threads.size < MOST_THREADS) threads.add(thread);
    },
    beginsAt(text, start) {
      atStart.lastIndex = start;
      const found = atStart.exec(text);
      // `ausb_ehci_usbsts` is rather the rest of a firmware line, and then a foreign one.
      return found !== null && (found[1] === undefined || eventCuts(found[1], start)[0] === start);
    },
    findIn(line, from) {
      inside.lastIndex = from;
      const found = inside.exec(line);
      if (!found) return null;
      const [text, thread, event] = found;
      if (thread !== undefined) return { cuts: threadCuts(thread, found.index) };
      return { cuts: event === undefined ? [found.index] : eventCuts(text, found.index) };
    },
  };
}

/** A name that begins with a subsystem of QEMU is one; without such a begin, each letter before the last underscore may be it. */
function eventCuts(event: string, at: number): number[] {
  const cuts: number[] = [];
  const last = event.lastIndexOf('_');
  for (let start = 0; start < last; start++) {
    const code = event.charCodeAt(start);
    if (code < 0x61 || code > 0x7a) continue;
    if (SUBSYSTEMS.has(event.slice(start, event.indexOf('_', start)))) return [at + start];
    if (cuts.length < MOST_CUTS) cuts.push(at + start);
  }
  return cuts;
}
