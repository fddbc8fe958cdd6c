// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// The machines that are booted: which device carries the boot disk, and what must be mapped at hand-off.
//
// `live` is what stock OVMF 2022.11 (Debian 12) leaves mapped, as "driver operation size". It is the firmware's doing, not the tracer's:
// with another version it may be another list, and is only printed then.

const noNet = ['-net', 'none'];
const modern = 'disable-legacy=on,disable-modern=off';
const uhci = ['UhciDxe CommonBuffer 0x10000', 'UhciDxe CommonBuffer 0x1000'];

const virtio = [
  ...['-nic', 'none', '-vga', 'none'],
  ...['-device', `virtio-blk-pci,drive=boot,bootindex=0,${modern}`],
  ...['-device', `virtio-scsi-pci,id=scsi,${modern}`, '-device', 'scsi-hd,bus=scsi.0,drive=blank'],
  ...['-netdev', 'user,id=net', '-device', `virtio-net-pci,netdev=net,romfile=,${modern}`],
  ...[
    '-device',
    `virtio-rng-pci,${modern}`,
    '-device',
    `virtio-keyboard-pci,${modern}`,
    '-device',
    `virtio-gpu-pci,${modern}`,
  ],
];
const virtioLive = [
  'VirtioBlkDxe CommonBuffer 0x3000',
  'VirtioGpuDxe CommonBuffer 0x3e8000',
  'VirtioRngDxe CommonBuffer 0x2000',
];

const ahci = [...noNet, '-device', 'ide-hd,drive=boot,bootindex=0'];
const ahciLive = ['0x600', '0x400', '0x100070'].map((size) => `AtaAtapiPassThruDxe CommonBuffer ${size}`);

/** The device mixes; each is booted with and without the tracer. */
export const mixes = [
  { name: 'ahci', devices: ahci, live: ahciLive },
  {
    name: 'nvme',
    devices: [...noNet, '-device', 'nvme,drive=boot,serial=boot0,bootindex=0'],
    live: ['NvmExpressDxe CommonBuffer 0x6000'],
  },
  {
    name: 'xhci',
    devices: [
      ...[...noNet, '-device', 'qemu-xhci,id=usb', '-device', 'usb-kbd,bus=usb.0'],
      ...['-device', 'usb-storage,bus=usb.0,drive=boot,bootindex=0'],
    ],
    live: ['XhciDxe CommonBuffer 0x10000', 'XhciDxe Write 0x8'],
  },
  {
    name: 'ehci',
    devices: [
      ...[...noNet, '-device', 'ich9-usb-ehci1,id=usb,addr=1d.7,multifunction=on'],
      ...['-device', 'ich9-usb-uhci1,masterbus=usb.0,firstport=0,addr=1d.0,multifunction=on'],
      ...['-device', 'ich9-usb-uhci2,masterbus=usb.0,firstport=2,addr=1d.1,multifunction=on'],
      ...['-device', 'ich9-usb-uhci3,masterbus=usb.0,firstport=4,addr=1d.2,multifunction=on'],
      ...[
        '-device',
        'usb-storage,bus=usb.0,drive=boot,bootindex=0',
        '-device',
        'usb-kbd,bus=usb.0',
        '-device',
        'usb-tablet,bus=usb.0',
      ],
    ],
    live: [
      ...['EhciDxe CommonBuffer 0x1000', 'EhciDxe CommonBuffer 0x10000', 'EhciDxe Write 0x8'],
      ...[...uhci, ...uhci, ...uhci],
    ],
  },
  { name: 'virtio', devices: virtio, live: virtioLive },
  {
    name: 'virtio-legacy',
    devices: [...noNet, '-device', 'virtio-blk-pci,drive=boot,bootindex=0,disable-legacy=off,disable-modern=on'],
    // Its driver never calls Map.
    live: [],
  },
  {
    // Debian's firmware has no driver for it: the card is there, nobody is bound, and the disk is that of AHCI.
    name: 'sdhci',
    devices: [...ahci, '-device', 'sdhci-pci', '-device', 'sd-card,drive=blank'],
    live: ahciLive,
  },
];

/** Boots that test the tracer's own switches. */
export const variants = [
  {
    name: 'virtio-rebind',
    devices: virtio,
    rom: 'dma-tracer-rebind.rom',
    // The ring of the display, which was bound before the tracer came, is seen as well.
    live: [...virtioLive, 'VirtioGpuDxe CommonBuffer 0x2000'],
  },
  { name: 'ahci-com1', devices: ahci, live: ahciLive, com1: true },
  { name: 'ahci-full-table', devices: ahci, live: null, defines: '-DMAX_MAPPINGS=2', isFull: true },
];

/** The arguments of one boot. Everything that is written goes into files of `dir`, the serial port to standard output. */
export function qemuArguments(machine, files) {
  const debugcon = ['-debugcon', `file:${files.debugcon}`, '-global', 'isa-debugcon.iobase=0x402'];
  return [
    ...['-M', 'q35', '-accel', 'tcg', '-m', '512', '-cpu', 'max', '-display', 'none', '-monitor', 'none', '-no-reboot'],
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${files.code}`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${files.vars}`],
    ...['-drive', `if=none,id=boot,format=raw,snapshot=on,file=${files.disk}`],
    ...['-drive', `if=none,id=blank,format=raw,snapshot=on,file=${files.blank}`],
    ...['-serial', 'stdio', ...(machine.com1 ? [] : debugcon), ...machine.devices],
    // A high slot: without one the device would take the next free one and move those that come behind it.
    ...(files.rom === null ? [] : ['-device', `pci-testdev,romfile=${files.rom},addr=1e.0`]),
  ];
}
