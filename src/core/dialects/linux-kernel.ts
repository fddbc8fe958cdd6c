import type { Address } from '../model/address.ts';
import { parseHex } from '../model/address.ts';
import type { DmaAccess, HandoffProof } from '../model/events.ts';
import type { PciAddress } from '../model/pci-address.ts';
import { pciAddress, pciAddressOfRequester } from '../model/pci-address.ts';
import type { RecordDefinition } from '../syntax/record-template.ts';
import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * The Linux kernel's messages: its first ones prove hand-off, and later ones tell of devices that accessed what the IOMMU does
 * not let them, which nobody had stopped. Their wording changes with the releases, so what is not understood is passed over.
 * Two of the format strings, verbatim:
 *
 *   "[%s NO_PASID] Request device [%02x:%02x.%d] fault addr 0x%llx [fault reason 0x%02x] %s\n"
 *   "Event logged [IO_PAGE_FAULT domain=0x%04x address=0x%llx flags=0x%04x]\n"
 */
export const linuxKernel = defineDialect({
  id: 'linux-kernel',
  title: 'Linux kernel messages',
  tracesDma: false,
  writer: 'operating-system',
  producer: [
    'Linux init/main.c: the banner "Linux version"; arch/arm64/kernel/setup.c: "Booting Linux"',
    'Linux arch/x86/kernel/e820.c, drivers/firmware/efi/efi.c: what the firmware handed over',
    'Linux drivers/iommu/intel/dmar.c: dmar_fault_do_one; drivers/iommu/intel/iommu.c: init_dmars',
    'Linux drivers/iommu/amd/iommu.c: amd_iommu_report_page_fault',
    'Linux drivers/iommu/arm/arm-smmu-v3/arm-smmu-v3.c, drivers/iommu/arm/arm-smmu/arm-smmu.c',
    'Linux drivers/iommu/virtio-iommu.c: viommu_fault_handler',
  ],
  anchors: [
    'Linux version ',
    'Booting Linux on physical CPU 0x',
    'BIOS-provided physical RAM map:',
    'efi: EFI v',
    'DMAR: Translation was enabled for ',
    'DMAR: [DMA ',
    'DMAR:[DMA ',
    'AMD-Vi: Event logged [IO_PAGE_FAULT ',
    'event: F_TRANSLATION client: ',
    'event: F_ADDR_SIZE client: ',
    'event: F_ACCESS client: ',
    'event: F_PERMISSION client: ',
    'Unhandled context fault: ',
    'fault from EP ',
  ],
  records: [
    proof('Linux 6.1 or earlier', 'Linux version {:text}', 'Linux printed its banner'),
    proof('Linux 6.1 or earlier', 'Booting Linux on physical CPU {:text}', 'Linux printed its first line'),
    proof('Linux 6.1 or earlier', 'BIOS-provided physical RAM map:', 'Linux printed its first lines'),
    proof('Linux 6.1 or earlier', 'efi: EFI {:text}', 'Linux printed its first lines'),
    proof(
      'Linux 6.1 or earlier',
      'DMAR: Translation was enabled for {:text}',
      'Linux found that the firmware had left VT-d translation on',
    ),
    fault('VT-d fault', 'Linux 4.3', 'DMAR: [DMA {fault:text}', readVtdFault),
    fault('VT-d fault, without a blank', 'Linux until 4.2, and Xen', 'DMAR:[DMA {fault:text}', readVtdFault),
    fault('AMD-Vi fault', 'Linux 4.13', 'AMD-Vi: Event logged [IO_PAGE_FAULT {fault:text}', readAmdFault),
    ...['F_TRANSLATION', 'F_ADDR_SIZE', 'F_ACCESS', 'F_PERMISSION'].map((event) =>
      fault(`SMMUv3 ${event}`, 'Linux 6.14', `event: ${event} client: {fault:text}`, readSmmu3Fault),
    ),
    fault('SMMU fault', 'Linux 6.1 or earlier', 'Unhandled context fault: {fault:text}', readSmmuFault),
    defineRecord({
      name: 'virtio-iommu fault',
      since: 'Linux 6.1 or earlier',
      template: 'fault from EP {endpoint:dec} at {address:address} [{flags:text}',
      toEvent: ({ endpoint, address, flags }) =>
        /^R?W?X?\]$/.test(flags) ? access(pciAddressOfRequester(endpoint), address, flags.includes('W')) : null,
    }),
  ],
  samples: [
    {
      line: '[    0.000000] Linux version 6.1.0-50-cloud-amd64 (gcc-12 (Debian 12.2.0-14+deb12u1)) #1 SMP',
      expect: handoff('Linux printed its banner'),
    },
    {
      line: '[    0.000000][    T0] Booting Linux on physical CPU 0x0000000000 [0x411fd070]',
      expect: handoff('Linux printed its first line'),
    },
    {
      line: '[    0.000000] BIOS-provided physical RAM map:',
      expect: handoff('Linux printed its first lines'),
    },
    { line: '[    0.000000] efi: EFI v2.70 by EDK II', expect: handoff('Linux printed its first lines') },
    {
      line: '[    0.318052] DMAR: Translation was enabled for dmar0 but we are not in kdump mode',
      expect: handoff('Linux found that the firmware had left VT-d translation on'),
    },
    {
      line: '[    1.204411] DMAR: [DMA Write NO_PASID] Request device [00:02.0] fault addr 0x1e6bd000 [fault reason 0x05] PTE Write access is not set',
      expect: { ...access('00:02.0', 0x1e6bd000, true), bytes: 4096 },
    },
    {
      line: 'DMAR: [DMA Read PASID 0x1] Request device [0x03:0x00.1] fault addr 0x1e6bd000 [fault reason 0x06] PTE Read access is not set',
      expect: { ...access('03:00.1', 0x1e6bd000, false), bytes: 4096 },
    },
    {
      line: 'DMAR: [DMA Read] Request device [03:00.0] PASID ffffffff fault addr 1e6bd000 [fault reason 06] PTE Read access is not set',
      expect: { ...access('03:00.0', 0x1e6bd000, false), bytes: 4096 },
    },
    {
      line: 'dmar: DMAR:[DMA Read] Request device [01:00.1] fault addr 2231b8000 ',
      expect: { ...access('01:00.1', 0x2231b8000, false), bytes: 4096 },
    },
    { line: 'DMAR: [DMA Read] of another kernel', expect: null },
    {
      line: 'nvme 0000:28:00.0: AMD-Vi: Event logged [IO_PAGE_FAULT domain=0x000d address=0x1e6bd010 flags=0x0020]',
      expect: access(null, 0x1e6bd010, true),
    },
    {
      line: 'AMD-Vi: Event logged [IO_PAGE_FAULT device=0001:28:00.0 domain=0x000d address=0x1e6bd010 flags=0x0000]',
      expect: access('0001:28:00.0', 0x1e6bd010, false),
    },
    {
      line: 'AMD-Vi: Event logged [IO_PAGE_FAULT device=28:00.0 domain=0x000d address=0xfee00000 flags=0x0008]',
      expect: null,
    },
    {
      line: 'arm-smmu-v3 fc900000.iommu: event: F_TRANSLATION client: 0002:21:00.0 sid: 0x2100 ssid: 0x0 iova: 0xfe82f010 ipa: 0x0',
      expect: access('0002:21:00.0', 0xfe82f010, null),
    },
    {
      line: 'arm-smmu-v3 fc900000.iommu: event: F_ADDR_SIZE client: (unassigned sid) sid: 0x2100 ssid: 0x0 iova: 0xfe82f010 ipa: 0x0',
      expect: access(null, 0xfe82f010, null),
    },
    {
      line: 'arm-smmu-v3 fc900000.iommu: event: F_ACCESS client: 0000:21:00.0 sid: 0x2100 ssid: 0x0 iova: 0xfe82f010 ipa: 0x0',
      expect: access('21:00.0', 0xfe82f010, null),
    },
    {
      line: 'arm-smmu-v3 fc900000.iommu: event: F_PERMISSION client: e0000000.usb sid: 0x2100 ssid: 0x0 iova: 0xfe82f010 ipa: 0x0',
      expect: access(null, 0xfe82f010, null),
    },
    {
      line: 'arm-smmu 12c0000.iommu: Unhandled context fault: fsr=0x402, iova=0xfe82f010, fsynr=0x10, cbfrsynra=0x10, cb=3',
      expect: access(null, 0xfe82f010, true),
    },
    { line: 'arm-smmu 12c0000.iommu: Unhandled context fault: ', expect: 'malformed' },
    {
      line: 'virtio_iommu virtio2: page fault from EP 16 at 0xfe82f010 [W]',
      expect: access('00:02.0', 0xfe82f010, true),
    },
  ],
});

/** Until Linux 5.12 numbers are hexadecimal without `0x`; 5.13 has it inside the device, too. The address is that of a page. */
const VTD_FAULT =
  /^(?<direction>Read|Write)(?: NO_PASID| PASID 0x[\da-f]+)?\] Request device \[(?:0x)?(?<bus>[\da-f]{2}):(?:0x)?(?<slot>[\da-f]{2})\.(?<fn>[0-7])\](?: PASID [\da-f]+)? fault addr (?:0x)?(?<address>[\da-f]+)(?: \[fault reason .*|, iommu reg = .*)?$/;

function readVtdFault(text: string): DmaAccess | null {
  const groups = VTD_FAULT.exec(text)?.groups;
  const found = groups ? accessOf(groups, groups['direction'] === 'Write') : null;
  // The fault record holds the page only.
  return found && { ...found, bytes: 4096 };
}

/** A device that is known stands in front of the message, where its driver's name leads; it is not read. */
const AMD_FAULT =
  /^(?:device=(?:(?<segment>[\da-f]{4}):)?(?<bus>[\da-f]{2}):(?<slot>[\da-f]{2})\.(?<fn>[0-7]) )?(?:domain|pasid)=0x[\da-f]+ address=0x(?<address>[\da-f]+) flags=0x(?<flags>[\da-f]{4})\]$/;
/** AMD IOMMU specification 3.00, 2.5.3: EVENT_FLAG_I, an interrupt request, and EVENT_FLAG_RW, as the driver prints them. */
const AMD_INTERRUPT = 0x8;
const AMD_WRITE = 0x20;

function readAmdFault(text: string): DmaAccess | null {
  const groups = AMD_FAULT.exec(text)?.groups;
  const flags = Number.parseInt(groups?.['flags'] ?? '', 16);
  return groups && (flags & AMD_INTERRUPT) === 0 ? accessOf(groups, (flags & AMD_WRITE) !== 0) : null;
}

const SMMU3_FAULT =
  /^(?:(?<segment>[\da-f]{4}):(?<bus>[\da-f]{2}):(?<slot>[\da-f]{2})\.(?<fn>[0-7])|\(unassigned sid\)|\S+) sid: 0x[\da-f]+ ssid: 0x[\da-f]+ iova: 0x(?<address>[\da-f]+) ipa: 0x[\da-f]+$/;

function readSmmu3Fault(text: string): DmaAccess | null {
  const groups = SMMU3_FAULT.exec(text)?.groups;
  return groups ? accessOf(groups, null) : null;
}

const SMMU_FAULT = /^(?:fsr=0x[\da-f]+, )?iova=0x(?<address>[\da-f]+), fsynr=0x(?<syndrome>[\da-f]+), .*cb=\d+$/;
/** SMMU_CBn_FSYNR0.WNR. */
const SMMU_WRITE = 0x10;

function readSmmuFault(text: string): DmaAccess | null {
  const groups = SMMU_FAULT.exec(text)?.groups;
  return groups ? accessOf(groups, (Number.parseInt(groups['syndrome'] ?? '', 16) & SMMU_WRITE) !== 0) : null;
}

function accessOf(groups: Partial<Record<string, string>>, write: boolean | null): DmaAccess | null {
  const { segment = '0', bus, slot, fn, address: digits = '' } = groups;
  const [segmentNumber = NaN, ...place] = [segment, bus, slot, fn].map((part) => Number.parseInt(part ?? '', 16));
  const [busNumber = NaN, slotNumber = NaN, functionNumber = NaN] = place;
  const address = parseHex(digits);
  return address === null
    ? null
    : access(pciAddress(segmentNumber, busNumber, slotNumber, functionNumber), address, write);
}

function access(pci: string | null, address: Address, write: boolean | null): DmaAccess {
  return {
    kind: 'dma-access',
    pci: pci as PciAddress | null,
    address,
    write,
    outcome: 'fault',
    behindHandoff: true,
    reporter: 'Linux',
  };
}

function handoff(evidence: string): HandoffProof {
  return { kind: 'handoff-proof', evidence };
}

function proof(since: string, template: string, evidence: string): RecordDefinition {
  return { name: template, since, template, toEvent: () => handoff(evidence) };
}

/** A message whose wording depends on the release: `read` gives `null` for one that it does not know. */
function fault(
  name: string,
  since: string,
  template: string,
  read: (text: string) => DmaAccess | null,
): RecordDefinition {
  return { name, since, template, toEvent: (fields) => read(String(fields['fault'])) };
}
