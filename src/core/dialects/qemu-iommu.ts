import type { Address } from '../model/address.ts';
import { parseHex } from '../model/address.ts';
import type { DmaAccess, TranslationSet } from '../model/events.ts';
import type { PciAddress } from '../model/pci-address.ts';
import { pciAddress, pciAddressOfRequester } from '../model/pci-address.ts';
import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * What QEMU's IOMMUs tell: which device accessed which address, what they refused, and whether they translate at all. Most are
 * trace events; some come from error_report() or from the log of guest errors. Two of the format strings, verbatim:
 *
 *   vtd_dmar_translate(…) "dev %02x:%02x.%02x iova 0x%"PRIx64" -> gpa 0x%"PRIx64" mask 0x%"PRIx64
 *   "%s: detected translation failure (dev=%02x:%02x:%02x, iova=0x%" PRIx64 ")"
 */
export const qemuIommu = defineDialect({
  id: 'qemu-iommu',
  title: 'QEMU IOMMUs',
  tracesDma: false,
  writer: 'machine',
  producer: [
    'QEMU hw/i386/trace-events, printed by hw/i386/intel_iommu.c and hw/i386/amd_iommu.c',
    'QEMU hw/i386/intel_iommu.c: vtd_iommu_translate (error_report_once)',
    'QEMU hw/arm/trace-events, printed by hw/arm/smmuv3.c',
    'QEMU hw/arm/smmuv3.c: smmuv3_translate (guest error)',
    'QEMU hw/virtio/trace-events, printed by hw/virtio/virtio-iommu.c',
    'QEMU hw/virtio/virtio-iommu.c: virtio_iommu_translate (error_report_once)',
  ],
  anchors: [
    'vtd_dmar_enable enable ',
    'vtd_dmar_translate dev ',
    'vtd_dmar_fault sid ',
    'detected translation failure (dev=',
    'amdvi_control_status MMIO_STATUS state ',
    'amdvi_translation_result devid: ',
    'amdvi_page_fault error: ',
    'smmuv3_write_mmio addr: 0x20 val:',
    'smmuv3_translate_success ',
    'smmuv3_translate_abort ',
    'translation failed for iova=0x',
    'virtio_iommu_report_fault FAULT ',
    'virtio_iommu_translate_out ',
    'virtio_iommu_translate no mapping for ',
  ],
  records: [
    defineRecord({
      name: 'VT-d translation switched',
      since: 'QEMU 2.10',
      template: 'vtd_dmar_enable enable {enabled:dec}',
      toEvent: ({ enabled }) => translation(enabled !== 0),
    }),
    defineRecord({
      name: 'VT-d access',
      since: 'QEMU 2.10',
      template:
        'vtd_dmar_translate dev {bus:hex}:{slot:hex}.{fn:hex} iova {address:address} -> gpa {:address} mask {:address}',
      toEvent: ({ bus, slot, fn, address }) => ({
        ...access(VTD, 'done', ofParts(bus, slot, fn), address, null),
        bytes: 4096,
      }),
    }),
    defineRecord({
      name: 'VT-d fault',
      since: 'QEMU 2.10',
      template: 'vtd_dmar_fault sid {sid:address} fault {reason:dec} addr {address:address} write {write:dec}',
      // From 0x20 on it is an interrupt that was not remapped (VT-d 4.1, 7.3).
      toEvent: ({ sid, reason, address, write }) =>
        reason >= 0x20 && reason < 0x40 ? null : access(VTD, 'fault', ofRequester(sid), address, write !== 0),
    }),
    defineRecord({
      name: 'VT-d fault, reported once a process',
      since: 'QEMU 3.1',
      template: 'detected translation failure (dev={bus:hex}:{slot:hex}:{fn:hex}, iova={address:address})',
      toEvent: ({ bus, slot, fn, address }) => access(VTD, 'fault', ofParts(bus, slot, fn), address, null),
    }),
    defineRecord({
      name: 'AMD-Vi control register',
      since: 'QEMU 2.8',
      template: 'amdvi_control_status MMIO_STATUS state {control:address}',
      toEvent: ({ control }) => translation(isOdd(control)),
    }),
    defineRecord({
      name: 'AMD-Vi access; of a failed one the second address is 0',
      since: 'QEMU 2.8',
      template: 'amdvi_translation_result devid: {bus:hex}:{slot:hex}.{fn:hex} gpa {address:address} hpa {to:address}',
      toEvent: ({ bus, slot, fn, address, to }) =>
        to === 0 ? null : access(AMD, 'done', ofParts(bus, slot, fn), address, null),
    }),
    defineRecord({
      name: 'AMD-Vi fault',
      since: 'QEMU 2.8',
      template: 'amdvi_page_fault error: page fault accessing guest physical address {address:address}',
      toEvent: ({ address }) => access(AMD, 'fault', null, address, null),
    }),
    defineRecord({
      name: 'SMMUv3 CR0',
      since: 'QEMU 3.0',
      template: 'smmuv3_write_mmio addr: 0x20 val:{control:address} size: {:address}({:dec})',
      toEvent: ({ control }) => translation(isOdd(control)),
    }),
    defineRecord({
      name: 'SMMUv3 access; until QEMU 5.2 with a decimal sid, since 9.1 with the stage',
      since: 'QEMU 3.0',
      template: 'smmuv3_translate_success {what:text}',
      toEvent: ({ what }) => ofSmmu(SMMU_SUCCESS, what, 'done'),
    }),
    defineRecord({
      name: 'SMMUv3 abort; until QEMU 5.2 with a decimal sid',
      since: 'QEMU 3.0',
      template: 'smmuv3_translate_abort {what:text}',
      toEvent: ({ what }) => ofSmmu(SMMU_ABORT, what, 'fault'),
    }),
    defineRecord({
      name: 'SMMUv3 fault, with guest errors logged',
      since: 'QEMU 3.0',
      template: 'translation failed for iova={address:address} ({reason:text}',
      toEvent: ({ address, reason }) =>
        /^(?:SMMU_EVT_\w+|UNKNOWN|INVALID)\)$/.test(reason) ? access(SMMU, 'fault', null, address, null) : null,
    }),
    defineRecord({
      name: 'virtio-iommu fault',
      since: 'QEMU 5.0',
      template:
        'virtio_iommu_report_fault FAULT reason={:dec} flags={flags:dec} endpoint={endpoint:dec} address ={address:address}',
      toEvent: ({ flags, endpoint, address }) =>
        (flags & FAULT_HAS_ADDRESS) === 0
          ? null
          : access(VIRTIO, 'fault', pciAddressOfRequester(endpoint), address, ofFlags(flags)),
    }),
    defineRecord({
      name: 'virtio-iommu access',
      since: 'QEMU 5.0',
      template: 'virtio_iommu_translate_out {address:address} -> {:address} for sid={endpoint:dec}',
      toEvent: ({ address, endpoint }) => access(VIRTIO, 'done', pciAddressOfRequester(endpoint), address, null),
    }),
    defineRecord({
      name: 'virtio-iommu fault, reported once a process',
      since: 'QEMU 5.0',
      template: 'virtio_iommu_translate no mapping for {address:address} for sid={endpoint:dec}',
      toEvent: ({ address, endpoint }) => access(VIRTIO, 'fault', pciAddressOfRequester(endpoint), address, null),
    }),
  ],
  samples: [
    { line: 'vtd_dmar_enable enable 1', expect: translation(true) },
    { line: '4226@1795343651.293914:vtd_dmar_enable enable 0', expect: translation(false) },
    {
      line: 'vtd_dmar_translate dev 00:02.00 iova 0x1e82f000 -> gpa 0x1e82f000 mask 0xfff',
      expect: { ...access("QEMU's intel-iommu", 'done', '00:02.0', 0x1e82f000, null), bytes: 4096 },
    },
    {
      line: '236498@1676271757.075075:vtd_dmar_fault sid 0xb00 fault 6 addr 0x1187a9010 write 0',
      expect: access("QEMU's intel-iommu", 'fault', '0b:00.0', 0x1187a9010, false),
    },
    { line: 'vtd_dmar_fault sid 0x10 fault 37 addr 0x0 write 0', expect: null },
    {
      line: '2023-02-13T07:02:37.075174Z qemu-system-x86_64: vtd_iommu_translate: detected translation failure (dev=0b:00:00, iova=0x1187a9000)',
      expect: access("QEMU's intel-iommu", 'fault', '0b:00.0', 0x1187a9000, null),
    },
    { line: 'amdvi_control_status MMIO_STATUS state 0x1401', expect: translation(true) },
    {
      line: 'amdvi_translation_result devid: 00:02.0 gpa 0x1e82f010 hpa 0x1e82f010',
      expect: access("QEMU's amd-iommu", 'done', '00:02.0', 0x1e82f010, null),
    },
    { line: 'amdvi_translation_result devid: 00:02.0 gpa 0x1e82f010 hpa 0x0', expect: null },
    {
      line: 'amdvi_page_fault error: page fault accessing guest physical address 0x1e82f010',
      expect: access("QEMU's amd-iommu", 'fault', null, 0x1e82f010, null),
    },
    { line: 'smmuv3_write_mmio addr: 0x20 val:0xd size: 0x4(0)', expect: translation(true) },
    {
      line: 'smmuv3_translate_success smmuv3-iommu-memory-region-16-2 sid=0x10 iova=0xfe82f010 translated=0x13e82f010 perm=0x3',
      expect: access("QEMU's smmuv3", 'done', '00:02.0', 0xfe82f010, null),
    },
    {
      line: 'smmuv3_translate_success smmuv3-iommu-memory-region-16-2 sid=0x10 iova=0xfe82f010 translated=0x13e82f010 perm=0x3 stage=1',
      expect: access("QEMU's smmuv3", 'done', '00:02.0', 0xfe82f010, null),
    },
    {
      line: 'smmuv3_translate_abort smmuv3-iommu-memory-region-16-2 sid=16 abort on iova:0xfe82f010 is_write=1',
      expect: access("QEMU's smmuv3", 'fault', '00:02.0', 0xfe82f010, null),
    },
    {
      line: 'smmuv3-iommu-memory-region-16-2 translation failed for iova=0xfe82f010 (SMMU_EVT_F_TRANSLATION)',
      expect: access("QEMU's smmuv3", 'fault', null, 0xfe82f010, null),
    },
    {
      line: 'virtio_iommu_report_fault FAULT reason=2 flags=258 endpoint=16 address =0xfe82f010',
      expect: access("QEMU's virtio-iommu", 'fault', '00:02.0', 0xfe82f010, true),
    },
    { line: 'virtio_iommu_report_fault FAULT reason=1 flags=0 endpoint=16 address =0x0', expect: null },
    {
      line: 'virtio_iommu_translate_out 0xfe82f010 -> 0x13e82f010 for sid=16',
      expect: access("QEMU's virtio-iommu", 'done', '00:02.0', 0xfe82f010, null),
    },
    {
      line: 'qemu-system-x86_64: virtio_iommu_translate no mapping for 0xfe82f010 for sid=16',
      expect: access("QEMU's virtio-iommu", 'fault', '00:02.0', 0xfe82f010, null),
    },
    { line: 'vtd_dmar_fault sid 0xb00 fault 6 addr 0x11', expect: 'malformed' },
  ],
});

const VTD = "QEMU's intel-iommu";
const AMD = "QEMU's amd-iommu";
const SMMU = "QEMU's smmuv3";
const VIRTIO = "QEMU's virtio-iommu";

/** include/standard-headers/linux/virtio_iommu.h: VIRTIO_IOMMU_FAULT_F_ADDRESS, _READ, _WRITE. */
const FAULT_HAS_ADDRESS = 0x100;
const FAULT_READ = 1;
const FAULT_WRITE = 2;

const SMMU_SUCCESS =
  /^\S+ sid=(?<sid>(?:0x)?[\da-f]+) iova=0x(?<address>[\da-f]+) translated=0x[\da-f]+ perm=0x[\da-f]+(?: stage=\d+)?$/;
const SMMU_ABORT = /^\S+ sid=(?<sid>(?:0x)?[\da-f]+) abort on iova:0x(?<address>[\da-f]+) is_write=[01]$/;

/** What `is_write` says is the permission that was asked for, not the direction. */
function ofSmmu(pattern: RegExp, text: string, outcome: DmaAccess['outcome']): DmaAccess | null {
  const { sid = '', address: digits = '' } = pattern.exec(text)?.groups ?? {};
  const address = parseHex(digits);
  return address === null ? null : access(SMMU, outcome, ofRequester(Number(sid)), address, null);
}

function ofFlags(flags: number): boolean | null {
  if ((flags & FAULT_WRITE) !== 0) return true;
  return (flags & FAULT_READ) !== 0 ? false : null;
}

function ofParts(bus: Address, slot: Address, fn: Address): PciAddress | null {
  return pciAddress(0, Number(bus), Number(slot), Number(fn));
}

function ofRequester(sid: Address): PciAddress | null {
  return pciAddressOfRequester(Number(sid));
}

function isOdd(value: Address): boolean {
  return BigInt.asUintN(1, BigInt(value)) === 1n;
}

function translation(enabled: boolean): TranslationSet {
  return { kind: 'translation-set', engine: null, enabled, how: 'set' };
}

function access(
  reporter: string,
  outcome: DmaAccess['outcome'],
  pci: string | null,
  address: Address,
  write: boolean | null,
): DmaAccess {
  return { kind: 'dma-access', pci: pci as PciAddress | null, address, write, outcome, reporter };
}
