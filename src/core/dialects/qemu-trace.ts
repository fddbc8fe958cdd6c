import type { Address } from '../model/address.ts';
import { formatAddress, parseHex } from '../model/address.ts';
import type { ControllerKind, ControllerState, DeviceCommand } from '../model/events.ts';
import type { PciAddress } from '../model/pci-address.ts';
import { pciAddress } from '../model/pci-address.ts';
import type { RecordDefinition } from '../syntax/record-template.ts';
import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * Trace events of QEMU that tell whether a device may do DMA: Bus Master Enable, and the bits that start and stop its
 * controller. Of the controllers only AHCI, virtio and OHCI print which one it is, none prints its PCI address. Two of the
 * format strings, verbatim:
 *
 *   pci_cfg_write(const char *dev, uint32_t bus, …) "%s %02x:%02x.%x @0x%x <- 0x%x"
 *   usb_xhci_oper_write(uint32_t off, uint32_t val) "off 0x%04x, val 0x%08x"
 */
export const qemuTrace = defineDialect({
  id: 'qemu-trace',
  title: 'QEMU trace events of devices',
  tracesDma: false,
  writer: 'machine',
  producer: [
    'QEMU hw/pci/trace-events, printed by hw/pci/pci_host.c',
    'QEMU hw/usb/trace-events: xHCI, EHCI, UHCI, OHCI',
    'QEMU hw/ide/trace-events: AHCI, bus master IDE',
    'QEMU hw/nvme/trace-events, hw/virtio/trace-events, hw/sd/trace-events, hw/net/trace-events',
  ],
  anchors: [
    'pci_cfg_write ',
    'usb_xhci_oper_write off 0x0000, ',
    'usb_xhci_run',
    'usb_xhci_stop',
    'usb_xhci_reset === ',
    'usb_ehci_opreg_write wr mmio ',
    'usb_ehci_usbsts usbsts HALT ',
    'usb_ehci_reset === ',
    'usb_uhci_mmio_writew addr 0x0000, ',
    'usb_uhci_reset === ',
    'usb_uhci_schedule_start',
    'usb_uhci_schedule_stop',
    'usb_ohci_start ',
    'usb_ohci_stop ',
    'ahci_port_write ahci(',
    'ahci_mem_write_host ahci(',
    'ahci_reset ahci(',
    'bmdma_cmd_writeb val: ',
    'nvme_mmio_cfg wrote MMIO, ',
    'nvme_mmio_start_success ',
    'nvme_mmio_stopped ',
    'nvme_err_startfail ',
    'nvme_mmio_shutdown_set ',
    'pci_nvme_pci_reset ',
    'virtio_set_status vdev ',
    'sdhci_access wr8: addr[0x002f] <- ',
    'e1000e_rx_set_rctl RCTL = ',
    'e1000e_core_ctrl_sw_reset ',
  ],
  records: [
    defineRecord({
      name: 'write to PCI configuration space; until QEMU 6.2 without the bus, and in decimal',
      since: 'QEMU 2.0',
      template: 'pci_cfg_write {write:text}',
      toEvent: ({ write }) => readCommandWrite(write),
    }),

    command('1.3', 'xhci', 'usb_xhci_oper_write off 0x0000, val {value:address}', {
      run: [1, 'USBCMD.RS'],
      reset: [2, 'USBCMD.HCRST'],
    }),
    mark('1.3', 'xhci', true, 'started', 'usb_xhci_run'),
    mark('1.3', 'xhci', false, 'stopped', 'usb_xhci_stop'),
    mark('1.3', 'xhci', false, 'reset', 'usb_xhci_reset === RESET ==='),
    // Their names begin like `usb_xhci_run`.
    silent('1.3', 'usb_xhci_runtime_read {:text}'),
    silent('1.3', 'usb_xhci_runtime_write {:text}'),
    defineRecord({
      name: 'EHCI operational register; until QEMU 2.9 without 0x',
      since: 'QEMU 1.3',
      template: 'usb_ehci_opreg_write wr mmio {write:text}',
      toEvent({ write }) {
        const value = readValue(EHCI_COMMAND_WRITE, write);
        return value === null
          ? null
          : ofCommand('ehci', null, value, { run: [1, 'USBCMD.RS'], reset: [2, 'USBCMD.HCRESET'] });
      },
    }),
    defineRecord({
      name: 'EHCI halted, or no more',
      since: 'QEMU 1.0',
      template: 'usb_ehci_usbsts usbsts HALT {halted:dec}',
      toEvent: ({ halted }) => state('ehci', halted === 0, `USBSTS.HCHalted ${halted === 0 ? 'cleared' : 'set'}`),
    }),
    mark('1.0', 'ehci', false, 'reset', 'usb_ehci_reset === RESET ==='),
    command('1.3', 'uhci', 'usb_uhci_mmio_writew addr 0x0000, val {value:address}', {
      run: [1, 'USBCMD.RS'],
      reset: [6, 'USBCMD.HCRESET or GRESET'],
    }),
    mark('1.1', 'uhci', false, 'reset', 'usb_uhci_reset === RESET ==='),
    mark('1.1', 'uhci', true, 'schedule started', 'usb_uhci_schedule_start'),
    mark('1.1', 'uhci', false, 'schedule stopped', 'usb_uhci_schedule_stop'),
    defineRecord({
      name: 'OHCI started',
      since: 'QEMU 2.4',
      template: 'usb_ohci_start {what:text}',
      toEvent: ({ what }) => ofOhci(what, ': USB Operational', true, 'operational'),
    }),
    defineRecord({
      name: 'OHCI stopped',
      since: 'QEMU 2.4',
      template: 'usb_ohci_stop {what:text}',
      toEvent: ({ what }) => ofOhci(what, ': USB Suspended', false, 'suspended'),
    }),

    defineRecord({
      name: 'AHCI port register',
      since: 'QEMU 3.0',
      template:
        'ahci_port_write ahci({ahci:address})[{port:dec}]: port write [reg:{register:word}] @ {:address}: {value:address}',
      toEvent: ({ ahci, port, register, value }) => (register === 'PxCMD' ? ofAhciPort(ahci, port, value) : null),
    }),
    defineRecord({
      name: 'AHCI port register, without its name',
      since: 'QEMU 2.11',
      template: 'ahci_port_write ahci({ahci:address})[{port:dec}]: port write @ {offset:address}: {value:address}',
      toEvent: ({ ahci, port, offset, value }) => (offset === 0x18 ? ofAhciPort(ahci, port, value) : null),
    }),
    defineRecord({
      name: 'AHCI register of all ports',
      since: 'QEMU 3.0',
      template: 'ahci_mem_write_host ahci({ahci:address}) {write:text}',
      toEvent({ ahci, write }) {
        const value = readValue(AHCI_CONTROL_WRITE, write);
        return value !== null && hasBits(value, 1) ? state('ahci', false, 'GHC.HR set', formatAddress(ahci)) : null;
      },
    }),
    defineRecord({
      name: 'AHCI reset',
      since: 'QEMU 2.11',
      template: 'ahci_reset ahci({ahci:address}): HBA reset',
      toEvent: ({ ahci }) => state('ahci', false, 'HBA reset', formatAddress(ahci)),
    }),
    command('2.11', 'ide', 'bmdma_cmd_writeb val: {value:address}', { run: [1, 'START'] }),

    // Until QEMU 5.0 without the `pci_` in front.
    command('2.12', 'nvme', 'nvme_mmio_cfg wrote MMIO, config controller config={value:address}', {
      run: [1, 'CC.EN'],
      reset: [0xc000, 'CC.SHN'],
    }),
    mark('2.12', 'nvme', true, 'CC.EN set', 'nvme_mmio_start_success setting controller enable bit succeeded'),
    mark('2.12', 'nvme', false, 'failed to start', 'nvme_err_startfail setting controller enable bit failed'),
    mark('2.12', 'nvme', false, 'CC.EN cleared', 'nvme_mmio_stopped cleared controller enable bit'),
    mark('2.12', 'nvme', false, 'CC.SHN set', 'nvme_mmio_shutdown_set shutdown bit set'),
    mark('7.1', 'nvme', false, 'function level reset', 'pci_nvme_pci_reset PCI Function Level Reset'),

    defineRecord({
      name: 'virtio device status',
      since: 'QEMU 1.0',
      template: 'virtio_set_status vdev {device:address} val {status:dec}',
      toEvent({ device, status }) {
        if (status === 0) return state('virtio', false, 'device status 0', formatAddress(device));
        return hasBits(status, 4) ? state('virtio', true, 'DRIVER_OK set', formatAddress(device)) : null;
      },
    }),
    defineRecord({
      name: 'SDHCI software reset register',
      since: 'QEMU 2.12',
      template: 'sdhci_access wr8: addr[0x002f] <- {value:address} ({:dec})',
      toEvent: ({ value }) => (hasBits(value, 1) ? state('sdhci', false, 'software reset for all') : null),
    }),
    command('2.7', 'e1000', 'e1000e_rx_set_rctl RCTL = {value:address}', { run: [2, 'RCTL.EN'] }),
    mark('2.7', 'e1000', false, 'software reset', 'e1000e_core_ctrl_sw_reset Doing SW reset'),
  ],
  samples: [
    {
      line: 'pci_cfg_write qemu-xhci 00:02.0 @0x4 <- 0x7',
      expect: toCommand('00:02.0', 'qemu-xhci', 7),
    },
    {
      line: '4226@1795343651.293914:pci_cfg_write ich9-ahci 00:1f.2 @0x4 <- 0x403',
      expect: toCommand('00:1f.2', 'ich9-ahci', 0x403),
    },
    {
      line: '2026-11-22T14:12:21.123456Z pci_cfg_write nvme 00:03.0 @0x4 <- 0x407',
      expect: toCommand('00:03.0', 'nvme', 0x407),
    },
    { line: 'pci_cfg_write ich9-ahci 31:2 @0x4 <- 0x7', expect: toCommand('00:1f.2', 'ich9-ahci', 7) },
    { line: 'pci_cfg_write virtio-net-pci 00:0 @0x4 <- 0x7', expect: null },
    { line: 'pci_cfg_write mch 00:00.0 @0x60 <- 0x0', expect: null },
    { line: 'pci_cfg_write qemu-xhci 00:02.0 @0x44 <- 0x7', expect: null },
    { line: 'pci_cfg_write empty 00:04.0 @0x4 <- 0x7', expect: null },
    { line: 'usb_xhci_oper_write off 0x0000, val 0x00000001', expect: state('xhci', true, 'USBCMD.RS set') },
    { line: 'usb_xhci_oper_write off 0x0000, val 0x00000000', expect: state('xhci', false, 'USBCMD.RS cleared') },
    { line: 'usb_xhci_oper_write off 0x0000, val 0x00000002', expect: state('xhci', false, 'USBCMD.HCRST set') },
    { line: 'usb_xhci_oper_write off 0x0000, val 0x', expect: 'malformed' },
    { line: 'usb_xhci_run', expect: state('xhci', true, 'started') },
    { line: 'usb_xhci_runtime_read off 0x0020, ret 0x00000002', expect: null },
    { line: 'usb_xhci_runtime_write off 0x0020, val 0x00000003', expect: null },
    { line: 'usb_xhci_stop', expect: state('xhci', false, 'stopped') },
    { line: 'usb_xhci_reset === RESET ===', expect: state('xhci', false, 'reset') },
    {
      line: 'usb_ehci_opreg_write wr mmio 0x0020 [USBCMD] = 0x80021',
      expect: state('ehci', true, 'USBCMD.RS set'),
    },
    { line: 'usb_ehci_opreg_write wr mmio 0020 [USBCMD] = 80000', expect: state('ehci', false, 'USBCMD.RS cleared') },
    { line: 'usb_ehci_opreg_write wr mmio 0x0038 [A-LIST ADDR] = 0x1e386000', expect: null },
    { line: 'usb_ehci_usbsts usbsts HALT 0', expect: state('ehci', true, 'USBSTS.HCHalted cleared') },
    { line: 'usb_ehci_usbsts usbsts HALT 1', expect: state('ehci', false, 'USBSTS.HCHalted set') },
    { line: 'usb_ehci_reset === RESET ===', expect: state('ehci', false, 'reset') },
    {
      line: 'usb_uhci_mmio_writew addr 0x0000, val 0x0004',
      expect: state('uhci', false, 'USBCMD.HCRESET or GRESET set'),
    },
    { line: 'usb_uhci_reset === RESET ===', expect: state('uhci', false, 'reset') },
    { line: 'usb_uhci_schedule_start', expect: state('uhci', true, 'schedule started') },
    { line: 'usb_uhci_schedule_stop', expect: state('uhci', false, 'schedule stopped') },
    { line: 'usb_ohci_start pci-ohci: USB Operational', expect: state('ohci', true, 'operational', 'pci-ohci') },
    { line: 'usb_ohci_stop pci-ohci: USB Suspended', expect: state('ohci', false, 'suspended', 'pci-ohci') },
    {
      line: '4226@1795343659.071241:ahci_port_write ahci(0x5616b04a7a20)[5]: port write [reg:PxCMD] @ 0x18: 0x00004017',
      expect: state('ahci', true, 'PxCMD.ST set', '0x5616b04a7a20[5]'),
    },
    {
      line: 'ahci_port_write ahci(0x5616b04a7a20)[5]: port write [reg:PxCMD] @ 0x18: 0x0000c016',
      expect: state('ahci', false, 'PxCMD.ST cleared', '0x5616b04a7a20[5]'),
    },
    { line: 'ahci_port_write ahci(0x5616b04a7a20)[0]: port write [reg:PxFB] @ 0x8: 0x1e674000', expect: null },
    {
      line: 'ahci_port_write ahci(0x5616b04a7a20)[0]: port write @ 0x18: 0x00000006',
      expect: state('ahci', false, 'PxCMD.ST cleared', '0x5616b04a7a20[0]'),
    },
    {
      line: 'ahci_mem_write_host ahci(0x5616b04a7a20) write4 [reg:GHC] @ 0x4: 0x0000000080000001',
      expect: state('ahci', false, 'GHC.HR set', '0x5616b04a7a20'),
    },
    { line: 'ahci_mem_write_host ahci(0x5616b04a7a20) write4 [reg:IS] @ 0x8: 0x0000000000000001', expect: null },
    { line: 'ahci_reset ahci(0x5616b04a7a20): HBA reset', expect: state('ahci', false, 'HBA reset', '0x5616b04a7a20') },
    { line: 'bmdma_cmd_writeb val: 0x00000009', expect: state('ide', true, 'START set') },
    {
      line: 'pci_nvme_mmio_cfg wrote MMIO, config controller config=0x460001',
      expect: state('nvme', true, 'CC.EN set'),
    },
    { line: 'nvme_mmio_cfg wrote MMIO, config controller config=0x464001', expect: state('nvme', false, 'CC.SHN set') },
    {
      line: 'pci_nvme_mmio_start_success setting controller enable bit succeeded',
      expect: state('nvme', true, 'CC.EN set'),
    },
    {
      line: 'pci_nvme_err_startfail setting controller enable bit failed',
      expect: state('nvme', false, 'failed to start'),
    },
    { line: 'pci_nvme_mmio_stopped cleared controller enable bit', expect: state('nvme', false, 'CC.EN cleared') },
    { line: 'pci_nvme_mmio_shutdown_set shutdown bit set', expect: state('nvme', false, 'CC.SHN set') },
    { line: 'pci_nvme_pci_reset PCI Function Level Reset', expect: state('nvme', false, 'function level reset') },
    {
      line: 'virtio_set_status vdev 0x55abf02da110 val 15',
      expect: state('virtio', true, 'DRIVER_OK set', '0x55abf02da110'),
    },
    { line: 'virtio_set_status vdev 0x55abf02da110 val 11', expect: null },
    {
      line: 'virtio_set_status vdev 0x55abf02da110 val 0',
      expect: state('virtio', false, 'device status 0', '0x55abf02da110'),
    },
    {
      line: 'sdhci_access wr8: addr[0x002f] <- 0x00000001 (1)',
      expect: state('sdhci', false, 'software reset for all'),
    },
    { line: 'e1000e_rx_set_rctl RCTL = 0x8002', expect: state('e1000', true, 'RCTL.EN set') },
    { line: 'e1000e_core_ctrl_sw_reset Doing SW reset', expect: state('e1000', false, 'software reset') },
  ],
});

/**
 * The COMMAND register. The size of the write does not show, but at offset 4 Bus Master Enable is in it whatever the size. Since
 * QEMU 8.0 `empty` stands for functions that are not there. Where no bus is printed, slot 0 may be any device behind a root port.
 */
function readCommandWrite(write: string): DeviceCommand | null {
  // Enumeration writes all registers: looking for the one is far cheaper than the expression.
  if (!write.includes(' @0x4 <- ')) return null;
  const groups = COMMAND_WRITE.exec(write)?.groups;
  const { name = '', bus, slot, fn, oldSlot, oldFunction, value = '' } = groups ?? {};
  const pci =
    oldSlot === undefined
      ? pciAddress(0, parsed(bus), parsed(slot), parsed(fn))
      : pciAddress(0, 0, Number(oldSlot), Number(oldFunction));
  if (!pci || name === 'empty' || oldSlot === '00') return null;
  return toCommand(pci, name, parsed(value));
}

const COMMAND_WRITE =
  /^(?<name>\S+) (?:(?<bus>[\da-f]{2}):(?<slot>[\da-f]{2})\.(?<fn>[0-7])|(?<oldSlot>\d\d):(?<oldFunction>[0-7])) @0x4 <- 0x(?<value>[\da-f]{1,8})$/;
/** `mmio` is the register's place on the device: EHCI controllers off PCI have it elsewhere, so the name tells. */
const EHCI_COMMAND_WRITE = /^(?:0x)?[\da-f]{4} \[USBCMD\] = (?:0x)?(?<value>[\da-f]{1,8})$/;
const AHCI_CONTROL_WRITE = /^write\d \[reg:GHC\] @ 0x4: 0x(?<value>[\da-f]{16})$/;

/** `NaN`, which no PCI address takes, where the text is missing. */
function parsed(digits: string | undefined): number {
  return Number.parseInt(digits ?? '', 16);
}

function readValue(pattern: RegExp, text: string): Address | null {
  return parseHex(pattern.exec(text)?.groups?.['value'] ?? '');
}

/** A bit that runs the controller, and bits that stop it whatever the former says; each with its name. */
interface CommandBits {
  readonly run: readonly [mask: number, name: string];
  readonly reset?: readonly [mask: number, name: string];
}

function ofCommand(
  controller: ControllerKind,
  instance: string | null,
  value: Address,
  bits: CommandBits,
): ControllerState {
  const [mask, name] = bits.run;
  const [resetMask, resetName] = bits.reset ?? [0, ''];
  if (hasBits(value, resetMask)) return state(controller, false, `${resetName} set`, instance);
  const running = hasBits(value, mask);
  return state(controller, running, `${name} ${running ? 'set' : 'cleared'}`, instance);
}

/** ST runs the command engine. FRE lets the disk post status, and stays set on ports without one. */
function ofAhciPort(ahci: Address, port: number, value: Address): ControllerState {
  return ofCommand('ahci', `${formatAddress(ahci)}[${port}]`, value, { run: [1, 'PxCMD.ST'] });
}

function ofOhci(what: string, text: string, running: boolean, how: string): ControllerState | null {
  return what.endsWith(text) ? state('ohci', running, how, what.slice(0, -text.length)) : null;
}

function hasBits(value: Address, mask: number): boolean {
  return typeof value === 'bigint' ? (value & BigInt(mask)) !== 0n : (value & mask) !== 0;
}

function state(
  controller: ControllerKind,
  running: boolean,
  how: string,
  instance: string | null = null,
): ControllerState {
  return { kind: 'controller-state', controller, instance, running, how };
}

/** An event that is a state by itself. */
function mark(
  version: string,
  controller: ControllerKind,
  running: boolean,
  how: string,
  template: string,
): RecordDefinition {
  return { name: template, since: `QEMU ${version}`, template, toEvent: () => state(controller, running, how) };
}

/** A write to a command register, whose `value` is the template's only wanted field. */
function command(version: string, controller: ControllerKind, template: string, bits: CommandBits): RecordDefinition {
  return {
    name: template,
    since: `QEMU ${version}`,
    template,
    toEvent: ({ value }) => ofCommand(controller, null, value as Address, bits),
  };
}

function silent(version: string, template: string): RecordDefinition {
  return { name: template, since: `QEMU ${version}`, template, toEvent: () => null };
}

function toCommand(pci: string, name: string, value: number): DeviceCommand {
  return {
    kind: 'device-command',
    pci: pci as PciAddress,
    name,
    busMaster: hasBits(value, 4),
    ...(hasBits(value, 0x400) ? { interruptDisable: true } : {}),
  };
}
