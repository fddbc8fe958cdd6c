import type { ControllerKind, ControllerState, DeviceCommand } from '../model/events.ts';
import type { PciAddress } from '../model/pci-address.ts';
import type { ControllerRecord, Device, DeviceLink, Owner } from '../model/trace.ts';

/** The devices of the machine as far as the log tells of them: Bus Master Enable, and whether their controllers run. */
export interface DeviceBook {
  commanded(event: DeviceCommand, lineIndex: number): void;
  /**
   * The tracer read, or saw written, the COMMAND register. `name`: what to call the device if nobody named it so far. Returns what it
   * is called if any of this is news, else `null`.
   */
  stated(pci: PciAddress, name: string | null, busMaster: boolean, lineIndex: number): string | null;
  controllerChanged(event: ControllerState, lineIndex: number): void;
  /** The log names the device of a mapping. */
  linked(pci: PciAddress): void;
  /** The device that a mapping belongs to: as the log says, else the only one that the mapping's driver can drive. */
  deviceOf(mapping: {
    readonly pci: Pick<DeviceLink, 'address' | 'certain'> | null;
    readonly owner: Pick<Owner, 'name'> | null;
  }): { readonly device: Device; readonly certain: boolean } | null;
  /** Whether the log tells of any device at all. */
  readonly empty: boolean;
  /** In the order of their addresses; controllers whose device is not known come last. */
  readonly devices: readonly Device[];
}

/** What a device is called of which only the address is known. */
const UNNAMED = 'device';

/** A log with more devices, or more instances of controllers, than this is no evidence of anything. */
const MOST_DEVICES = 512;

/** What the machine's name of a device tells about its controller. QEMU: hw/usb, hw/ide, hw/nvme, hw/virtio, hw/sd, hw/net. */
const CONTROLLER_NAMES: readonly (readonly [ControllerKind, RegExp])[] = [
  ['xhci', /xhci/i],
  ['ehci', /ehci/i],
  ['uhci', /uhci/i],
  ['ohci', /ohci/i],
  ['ahci', /ahci/i],
  ['ide', /(?:^|[-\d])ide/i],
  ['nvme', /nvme/i],
  ['virtio', /virtio/i],
  ['sdhci', /sdhci/i],
  ['e1000', /e1000/i],
];

/** The devices that a driver of edk2 drives, by the machine's names. */
const DRIVER_DEVICES: Readonly<Record<string, RegExp>> = {
  XhciDxe: /xhci/i,
  EhciDxe: /ehci/i,
  UhciDxe: /uhci/i,
  AtaAtapiPassThruDxe: /ahci|(?:^|[-\d])ide/i,
  NvmExpressDxe: /nvme/i,
  SdMmcPciHcDxe: /sdhci/i,
  UfsPassThruDxe: /ufs/i,
  PvScsiDxe: /pvscsi/i,
  MptScsiDxe: /mptsas|lsi1/i,
  LsiScsiDxe: /^lsi/i,
  VirtioBlkDxe: /virtio-blk/i,
  VirtioScsiDxe: /virtio-scsi/i,
  VirtioNetDxe: /virtio-net/i,
  VirtioRngDxe: /virtio-rng/i,
  VirtioGpuDxe: /virtio-(?:gpu|vga)/i,
  VirtioSerialDxe: /virtio-serial/i,
  VirtioInputDxe: /virtio-(?:keyboard|mouse|tablet|input)/i,
};

interface PortRecord {
  readonly key: string;
  readonly record: ControllerRecord;
}

export function createDeviceBook(): DeviceBook {
  const devices = new Map<PciAddress, Device>();
  const controllers = new Map<string, ControllerRecord>();
  /** By the controller they belong to; it is in here as soon as one of its ports is known. */
  const runningPorts = new Map<string, Map<string, PortRecord>>();

  function device(pci: PciAddress): Device | null {
    const known = devices.get(pci);
    if (known || devices.size >= MOST_DEVICES) return known ?? null;
    const made: Device = {
      pci,
      name: null,
      busMaster: null,
      busMasterLineIndex: null,
      doesDma: false,
      controllers: [],
    };
    devices.set(pci, made);
    return made;
  }

  /** What was worked out since something changed last: it is asked at every Unmap(). */
  let answers = new Map<string, ReturnType<DeviceBook['deviceOf']>>();

  function remembered(
    key: string,
    workOut: () => ReturnType<DeviceBook['deviceOf']>,
  ): ReturnType<DeviceBook['deviceOf']> {
    let answer = answers.get(key);
    if (answer === undefined) {
      answer = workOut();
      answers.set(key, answer);
    }
    return answer;
  }

  function changed(): void {
    if (answers.size > 0) answers = new Map();
  }

  const kinds = new Map<string, ControllerKind | null>();

  function kindOf(name: string): ControllerKind | null {
    let kind = kinds.get(name);
    if (kind === undefined) {
      kind = CONTROLLER_NAMES.find(([, pattern]) => pattern.test(name))?.[0] ?? null;
      if (kinds.size < MOST_DEVICES) kinds.set(name, kind);
    }
    return kind;
  }

  function only(matches: (device: Device) => boolean): Device | null {
    const found = [...devices.values()].filter(matches);
    return found.length === 1 ? (found[0] ?? null) : null;
  }

  return {
    commanded({ pci, name, busMaster }, lineIndex) {
      const record = device(pci);
      if (!record || (record.name === name && record.busMaster === busMaster)) return;
      changed();
      record.name = name;
      if (record.busMaster === busMaster) return;
      record.busMaster = busMaster;
      record.busMasterLineIndex = lineIndex;
    },
    stated(pci, name, busMaster, lineIndex) {
      const record = device(pci);
      if (!record) return null;
      const known = record.name === UNNAMED ? null : record.name;
      const called = known ?? name ?? UNNAMED;
      if (record.name === called && record.busMaster === busMaster) return null;
      changed();
      record.name = called;
      if (record.busMaster !== busMaster) {
        record.busMaster = busMaster;
        record.busMasterLineIndex = lineIndex;
      }
      return called;
    },
    controllerChanged({ controller, instance, running, how }, lineIndex) {
      const key = `${controller} ${instance ?? ''}`;
      changed();
      // What happens to a controller happens to its ports, which are named after it: `0x55d0[3]`.
      const ports = runningPorts.get(key);
      if (ports && !running) {
        for (const port of ports.values()) controllers.set(port.key, { ...port.record, running, how, lineIndex });
        ports.clear();
      }
      const known = controllers.get(key);
      if (ports || known?.running === running || (!known && controllers.size >= MOST_DEVICES)) return;
      const record = { controller, instance, running, how, lineIndex };
      controllers.set(key, record);
      if (!key.endsWith(']')) return;
      const owner = key.slice(0, key.lastIndexOf('['));
      const siblings = runningPorts.get(owner) ?? new Map<string, PortRecord>();
      runningPorts.set(owner, siblings);
      if (running) siblings.set(key, { key, record });
      else siblings.delete(key);
    },
    linked(pci) {
      const record = device(pci);
      if (!record || record.doesDma) return;
      changed();
      record.doesDma = true;
    },
    deviceOf(mapping) {
      const { pci, owner } = mapping;
      if (pci)
        return remembered(`${pci.address} ${pci.certain}`, () => {
          const named = devices.get(pci.address);
          return named ? { device: withControllers(named), certain: pci.certain } : null;
        });
      if (!owner) return null;
      return remembered(owner.name, () => {
        const pattern = DRIVER_DEVICES[owner.name];
        const found = pattern ? only(({ name }) => name !== null && pattern.test(name)) : null;
        return found ? { device: withControllers(found), certain: false } : null;
      });
    },
    get empty() {
      return devices.size === 0 && controllers.size === 0;
    },
    get devices() {
      const known = [...devices.values()].sort((a, b) => (String(a.pci) < String(b.pci) ? -1 : 1)).map(withControllers);
      const placed = new Set(known.flatMap((each) => each.controllers));
      const homeless = [...controllers.values()].filter((each) => !placed.has(each));
      return [...known, ...[...groupByKind(homeless).values()].map(nameless)];
    },
  };

  /** A controller's registers name no PCI device: where only one device of the kind is known, it is that one's. */
  function withControllers(record: Device): Device {
    const kind = record.name === null ? null : kindOf(record.name);
    if (kind === null) return record;
    const alone = only(({ name }) => name !== null && kindOf(name) === kind) === record;
    const own = alone ? [...controllers.values()].filter(({ controller }) => controller === kind) : [];
    return own.length === 0 ? record : { ...record, doesDma: true, controllers: own };
  }
}

function groupByKind(records: readonly ControllerRecord[]): Map<ControllerKind, ControllerRecord[]> {
  const groups = new Map<ControllerKind, ControllerRecord[]>();
  for (const record of records) {
    const group = groups.get(record.controller);
    if (group) group.push(record);
    else groups.set(record.controller, [record]);
  }
  return groups;
}

function nameless(controllers: readonly ControllerRecord[]): Device {
  return {
    pci: null,
    name: controllers[0]?.controller ?? null,
    busMaster: null,
    busMasterLineIndex: null,
    doesDma: true,
    controllers,
  };
}

/** `true`: a controller of the device runs. `false`: all that are known are stopped, or Bus Master Enable is off. `null`: not known. */
export function isRunning(device: Device): boolean | null {
  if (device.busMaster === false) return false;
  if (device.controllers.length === 0) return null;
  return device.controllers.some(({ running }) => running);
}
