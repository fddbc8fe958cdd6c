// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// The machines that are booted: which device carries the boot disk, and what must be told of each at hand-off.
//
// `live` is what stays mapped, as "driver address operation bytes"; `findings` what the command line makes of it, as "severity rule";
// `bound` who had a device before the tracer came, as "address driver"; `status` how the command line exits. All that is stock OVMF
// 2022.11's (Debian 12) doing, not the tracer's: of other versions it is only printed.

const noNet = ['-net', 'none'];
const modern = 'disable-legacy=on,disable-modern=off';
const display = ['00:01.0 QemuVideoDxe'];

/** Findings in any order: `left` CommonBuffers that were left mapped, and what else there is. */
const findings = (left, ...more) => [...Array(left).fill('warning common-buffer-left-mapped'), ...more];
const busMaster = 'warning bus-master-on-at-handoff';
const boundBefore = 'information trace-incomplete';
const pending = 'error read-write-pending-at-exit';

const uhci = (address) => [`UhciDxe ${address} CommonBuffer 0x10000`, `UhciDxe ${address} CommonBuffer 0x1000`];

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
  'VirtioBlkDxe 00:01.0 CommonBuffer 0x3000',
  'VirtioGpuDxe 00:06.0 CommonBuffer 0x3e8000',
  'VirtioRngDxe 00:04.0 CommonBuffer 0x2000',
];
const virtioBound = ['00:06.0 Virtio10'];

const ahci = [...noNet, '-device', 'ide-hd,drive=boot,bootindex=0'];
const ahciExpected = {
  status: 0,
  live: ['0x600', '0x400', '0x100070'].map((size) => `AtaAtapiPassThruDxe 00:1f.2 CommonBuffer ${size}`),
  findings: findings(3, busMaster, boundBefore),
  bound: display,
};

/** The device mixes; each is booted without the tracer, and by `dma-handoff capture`. */
export const mixes = [
  // One capture ends as it does by default, at hand-off. That Linux starts with the tracer on this machine, the variants show.
  { name: 'ahci', devices: ahci, expected: ahciExpected, endsAtHandoff: true },
  {
    name: 'nvme',
    devices: [...noNet, '-device', 'nvme,drive=boot,serial=boot0,bootindex=0'],
    expected: {
      status: 0,
      live: ['NvmExpressDxe 00:02.0 CommonBuffer 0x6000'],
      findings: findings(1, busMaster, boundBefore),
      bound: display,
    },
  },
  {
    name: 'xhci',
    devices: [
      ...[...noNet, '-device', 'qemu-xhci,id=usb', '-device', 'usb-kbd,bus=usb.0'],
      ...['-device', 'usb-storage,bus=usb.0,drive=boot,bootindex=0'],
    ],
    expected: {
      status: 1,
      live: ['XhciDxe 00:02.0 CommonBuffer 0x10000', 'XhciDxe 00:02.0 Write 0x8'],
      findings: findings(1, pending, busMaster, boundBefore),
      bound: display,
    },
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
    expected: {
      status: 1,
      live: [
        ...['EhciDxe 00:1d.7 CommonBuffer 0x1000', 'EhciDxe 00:1d.7 CommonBuffer 0x10000', 'EhciDxe 00:1d.7 Write 0x8'],
        ...[...uhci('00:1d.0'), ...uhci('00:1d.1'), ...uhci('00:1d.2')],
      ],
      findings: findings(8, pending, busMaster, boundBefore),
      bound: display,
    },
  },
  {
    name: 'virtio',
    devices: virtio,
    expected: { status: 0, live: virtioLive, findings: findings(3, busMaster, boundBefore), bound: virtioBound },
  },
  {
    name: 'virtio-legacy',
    devices: [...noNet, '-device', 'virtio-blk-pci,drive=boot,bootindex=0,disable-legacy=off,disable-modern=on'],
    // Its driver never calls Map.
    expected: { status: 0, live: [], findings: findings(0, boundBefore), bound: display },
  },
  {
    // Debian's firmware has no driver for it: the card is there, nobody is bound, and the disk is that of AHCI.
    name: 'sdhci',
    devices: [...ahci, '-device', 'sdhci-pci', '-device', 'sd-card,drive=blank'],
    expected: ahciExpected,
  },
];

/** Boots that test the tracer's own switches. */
export const variants = [
  {
    name: 'virtio-rebind',
    devices: virtio,
    isRebound: true,
    expected: {
      status: 0,
      // The ring of the display, which was bound before the tracer came, is seen as well.
      live: [...virtioLive, 'VirtioGpuDxe 00:06.0 CommonBuffer 0x2000'],
      findings: findings(4, busMaster, boundBefore),
      bound: virtioBound,
    },
  },
  // Linux's console goes where the trace goes.
  { name: 'ahci-com1', devices: ahci, expected: ahciExpected, com1: true, dialects: ['dma-trace', 'linux-kernel'] },
  { name: 'ahci-full-table', devices: ahci, expected: null, defines: '-DMAX_MAPPINGS=2', isFull: true },
];

/** QEMU's arguments as a user would give them: nothing of them is for tracing. The serial port is standard output. */
export function userArguments(machine, files) {
  return [
    ...['-M', 'q35', '-accel', 'tcg', '-m', '512', '-cpu', 'max', '-display', 'none', '-monitor', 'none', '-no-reboot'],
    ...['-drive', `if=pflash,format=raw,unit=0,readonly=on,file=${files.code}`],
    ...['-drive', `if=pflash,format=raw,unit=1,file=${files.vars}`],
    ...['-drive', `if=none,id=boot,format=raw,snapshot=on,file=${files.disk}`],
    ...['-drive', `if=none,id=blank,format=raw,snapshot=on,file=${files.blank}`],
    ...['-serial', 'stdio', ...machine.devices],
  ];
}

/** What carries the tracer in and its output out: what `dma-handoff capture` adds by itself. `log` is `null` where it goes to COM1. */
export function tracerArguments(rom, log) {
  const debugcon = ['-debugcon', `file:${log}`, '-global', 'isa-debugcon.iobase=0x402'];
  // A high slot: without one the device would take the next free one and move those that come behind it.
  const carrier = ['-device', `pci-testdev,romfile=${rom},addr=1e.0`];
  return [...(log === null ? [] : debugcon), ...(rom === null ? [] : carrier)];
}
