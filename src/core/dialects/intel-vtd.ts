import { toAddress } from '../model/address.ts';
import type { AttributeSet, CallFailed, DmaAccess } from '../model/events.ts';
import { OPERATIONS } from '../model/operation.ts';
import { pciAddress, pciAddressOfRequester } from '../model/pci-address.ts';
import type { RecordDefinition } from '../syntax/record-template.ts';
import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/** TES of GSTS_REG, the Global Status Register of the VT-d specification. */
const TRANSLATION_ENABLE_STATUS = 1n << 31n;

const FAULT_REPORTER = 'the fault record of VT-d';

/**
 * The VT-d drivers of edk2-platforms, which program the IOMMU of Intel's platforms, and NVIDIA's SMMU driver, which borrowed
 * their sentences. One of the format strings, verbatim:
 *
 *   "IoMmuMap: ==> 0x%08x - 0x%08x (%x)\n"
 *
 * `%08x` prints the low 32 bits of what is a pointer or a UINTN; only SetAttribute() prints the device address in full. Enter
 * and done are two lines; a failed call prints its status in place of the second. FreeBuffer() prints neither memory nor size.
 */
export const intelVtd = defineDialect({
  id: 'intel-vtd',
  title: 'Intel VT-d drivers of edk2-platforms',
  tracesDma: true,
  producer: [
    'edk2-platforms Silicon/Intel/IntelSiliconPkg/Feature/VTd/IntelVTdDxe/BmDma.c: IoMmuMap, IoMmuUnmap, IoMmuAllocateBuffer, IoMmuFreeBuffer (c049fc9909 of 2017-07 to now)',
    'IntelVTdDxe.c: VTdSetAttribute; DmaProtection.c: OnExitBootServices; VtdReg.c: EnableDmar, DisableDmar, DumpVtdRegs, all beside it',
    'Silicon/Intel/IntelSiliconPkg/Feature/VTd/IntelVTdCoreDxe: the same calls (32dd70a3a1 of 2023-06 to now); DisableDmar of IntelVTdPeiDxeLib.c',
    'edk2-nvidia Silicon/NVIDIA/Drivers/SmmuDriverDxe/SmmuDriverDxe.c: the same calls with other padding (4f2f8346 of 2025-05 to now)',
  ],
  anchors: [
    'IoMmuMap: =',
    'IoMmuMap: 0x',
    'IoMmuMap: Invalid P',
    'IoMmuMap: Unsupported',
    'IoMmuMap: Out of R',
    'IoMmuMap: Not F',
    'IoMmuUnmap: 0x',
    'IoMmuUnmap: Invalid P',
    'IoMmuAllocateBuffer: =',
    'IoMmuAllocateBuffer: 0x',
    'IoMmuAllocateBuffer: Invalid P',
    'IoMmuAllocateBuffer: Unsupported',
    'IoMmuAllocateBuffer failed with ',
    'IoMmuFreeBuffer: 0x',
    'IoMmuSetAttribute: P',
    'Vtd OnExitBootServices',
    'VTD (',
    'GSTS_REG    - 0x',
    'FRCD_REG[',
  ],
  records: [
    defineRecord({
      name: 'map called',
      since: '2017-07',
      template: 'IoMmuMap: ==> {host:address} - {bytes:address} ({operation:hex})',
      toEvent: ({ host, bytes, operation }) => ({
        kind: 'map-called',
        operation: OPERATIONS[Number(operation)] ?? null,
        host,
        bytes,
      }),
    }),
    defineRecord({
      name: 'map returned',
      since: '2017-07',
      template: 'IoMmuMap: {device:address} - {handle:address} <==',
      toEvent: ({ device, handle }) => ({
        kind: 'map-returned',
        handle,
        device,
        host: null,
        pages: null,
        addressBits: 32,
      }),
    }),
    defineFailure('map', 'IoMmuMap: Invalid Parameter'),
    defineFailure('map', 'IoMmuMap: Unsupported'),
    defineFailure('map', 'IoMmuMap: Out of Resources'),
    defineFailure('map', 'IoMmuMap: Not Found'),
    defineRecord({
      name: 'unmap',
      since: '2017-07',
      template: 'IoMmuUnmap: {handle:address}',
      toEvent: ({ handle }) => ({ kind: 'unmap-called', handle, memoryMapLocked: null }),
    }),
    defineFailure('unmap', 'IoMmuUnmap: Invalid Parameter'),
    defineRecord({
      name: 'allocate called',
      since: '2017-07',
      template: 'IoMmuAllocateBuffer: ==> {pages:address}',
      toEvent: ({ pages }) => ({ kind: 'allocate-called', memoryType: null, pages }),
    }),
    defineRecord({
      name: 'allocate returned',
      since: '2017-07',
      template: 'IoMmuAllocateBuffer: {host:address} <==',
      // Printed as well where AllocatePages() failed, with what the caller's pointer held before: nothing, if it was cleared.
      toEvent: ({ host }) => ({ kind: 'allocate-returned', host: host === 0 ? null : host }),
    }),
    defineFailure('allocate', 'IoMmuAllocateBuffer: Invalid Parameter'),
    defineFailure('allocate', 'IoMmuAllocateBuffer: Unsupported'),
    defineRecord({
      name: 'allocate failed, NVIDIA',
      since: '2025-05',
      template: 'IoMmuAllocateBuffer failed with {status:text}',
      toEvent: ({ status }) => ({ kind: 'call-failed', call: 'allocate', status }),
    }),
    defineRecord({
      name: 'free',
      since: '2017-07',
      // The format string "IoMmuFreeBuffer: 0x%\n" lacks the conversion.
      template: 'IoMmuFreeBuffer: 0x',
      toEvent: () => ({ kind: 'free-called', host: null, pages: null }),
    }),
    defineRecord({
      name: 'free, NVIDIA',
      since: '2025-05',
      template: 'IoMmuFreeBuffer: {pages:address}',
      toEvent: ({ pages }) => ({ kind: 'free-called', host: null, pages }),
    }),
    defineRecord({
      name: 'set attribute',
      since: '2017-07',
      template:
        'IoMmuSetAttribute: PCI(S{segment:hex}.B{bus:hex}.D{device:hex}.F{function:hex}) ({start:address}~{bytes:address}) - {access:hex}',
      toEvent({ segment, bus, device, function: functionNumber, start, bytes, access }) {
        return {
          kind: 'attribute-set',
          handle: null,
          access: Number(access),
          ...pciOf(Number(segment), Number(bus), Number(device), Number(functionNumber)),
          range: { start, bytes },
        };
      },
    }),
    defineRecord({
      name: 'exit callback',
      since: '2017-07',
      template: 'Vtd OnExitBootServices',
      toEvent: () => ({ kind: 'exit-callback', name: 'Vtd OnExitBootServices', context: null, role: 'iommu' }),
    }),
    defineRecord({
      name: 'translation on',
      since: '2017-07',
      template: 'VTD ({engine:dec}) enabled!<<<<<<',
      toEvent: ({ engine }) => ({ kind: 'translation-set', engine, enabled: true, how: 'set' }),
    }),
    defineRecord({
      name: 'translation on, PEI',
      since: '2021-01',
      template: 'VTD () enabled!<<<<<<',
      toEvent: () => ({ kind: 'translation-set', engine: null, enabled: true, how: 'set' }),
    }),
    defineRecord({
      name: 'translation off',
      since: '2017-07',
      template: 'VTD ({engine:dec}) Disabled!<<<<<<',
      toEvent: ({ engine }) => ({ kind: 'translation-set', engine, enabled: false, how: 'set' }),
    }),
    defineRecord({
      name: 'translation off, IntelVTdCoreDxe',
      since: '2021-01',
      template: 'VTD () Disabled!<<<<<<',
      toEvent: () => ({ kind: 'translation-set', engine: null, enabled: false, how: 'set' }),
    }),
    defineRecord({
      name: 'engine',
      since: '2017-07',
      template: 'VTD ({:dec}) BaseAddress -  {:address}',
      toEvent: () => null,
    }),
    defineRecord({
      name: 'engine, found in PEI',
      since: '2023-06',
      template: 'VTD ({:dec}) [{:address}] Exist',
      toEvent: () => null,
    }),
    defineRecord({
      name: 'global status register',
      since: '2017-07',
      template: 'GSTS_REG    - {status:address}',
      toEvent: ({ status }) => ({
        kind: 'translation-set',
        engine: null,
        enabled: (BigInt(status) & TRANSLATION_ENABLE_STATUS) !== 0n,
        how: 'seen',
      }),
    }),
    defineRecord({
      name: 'fault recording register',
      since: '2017-07',
      template: 'FRCD_REG[{:dec}] - {high:address} {low:hex}',
      toEvent: ({ high, low }) => readFault(BigInt(high), BigInt(low)),
    }),
  ],
  samples: [
    {
      line: 'IoMmuMap: ==> 0x1E82F000 - 0x00010000 (2)',
      expect: { kind: 'map-called', operation: 'CommonBuffer', host: 0x1e82f000, bytes: 0x10000 },
    },
    {
      line: 'IoMmuMap: ==> 0x9F3C5018 - 0x00000008 (4)',
      expect: { kind: 'map-called', operation: 'Write64', host: 0x9f3c5018, bytes: 8 },
    },
    {
      line: 'IoMmuMap: ==> 0x9F3C5018 - 0x8 (6)',
      expect: { kind: 'map-called', operation: null, host: 0x9f3c5018, bytes: 8 },
    },
    {
      line: 'IoMmuMap: 0x1E82F000 - 0x1E996818 <==',
      expect: {
        kind: 'map-returned',
        handle: 0x1e996818,
        device: 0x1e82f000,
        host: null,
        pages: null,
        addressBits: 32,
      },
    },
    { line: 'IoMmuMap: Invalid Parameter', expect: { kind: 'call-failed', call: 'map', status: 'Invalid Parameter' } },
    { line: 'IoMmuMap: Unsupported', expect: { kind: 'call-failed', call: 'map', status: 'Unsupported' } },
    { line: 'IoMmuMap: Out of Resources', expect: { kind: 'call-failed', call: 'map', status: 'Out of Resources' } },
    { line: 'IoMmuMap: Not Found', expect: { kind: 'call-failed', call: 'map', status: 'Not Found' } },
    { line: 'IoMmuUnmap: 0x1E82AA98', expect: { kind: 'unmap-called', handle: 0x1e82aa98, memoryMapLocked: null } },
    {
      line: 'IoMmuUnmap: Invalid Parameter',
      expect: { kind: 'call-failed', call: 'unmap', status: 'Invalid Parameter' },
    },
    {
      line: 'IoMmuAllocateBuffer: ==> 0x00000010',
      expect: { kind: 'allocate-called', memoryType: null, pages: 0x10 },
    },
    { line: 'IoMmuAllocateBuffer: 0x1E82F000 <==', expect: { kind: 'allocate-returned', host: 0x1e82f000 } },
    { line: 'IoMmuAllocateBuffer: 0x00000000 <==', expect: { kind: 'allocate-returned', host: null } },
    {
      line: 'IoMmuAllocateBuffer: Invalid Parameter',
      expect: { kind: 'call-failed', call: 'allocate', status: 'Invalid Parameter' },
    },
    {
      line: 'IoMmuAllocateBuffer: Unsupported',
      expect: { kind: 'call-failed', call: 'allocate', status: 'Unsupported' },
    },
    {
      line: 'IoMmuAllocateBuffer failed with Out of Resources',
      expect: { kind: 'call-failed', call: 'allocate', status: 'Out of Resources' },
    },
    { line: 'IoMmuFreeBuffer: 0x', expect: { kind: 'free-called', host: null, pages: null } },
    { line: 'IoMmuFreeBuffer: 0x10', expect: { kind: 'free-called', host: null, pages: 0x10 } },
    {
      line: 'IoMmuSetAttribute: PCI(S0.B0.D1F.F2) (0x1E852000~0x1000) - 3',
      expect: {
        kind: 'attribute-set',
        handle: null,
        access: 3,
        ...pciOf(0, 0, 0x1f, 2),
        range: { start: 0x1e852000, bytes: 0x1000 },
      },
    },
    {
      line: 'IoMmuSetAttribute: PCI(S1.BA0.D0.F0) (0x11E852000~0x10000) - 0',
      expect: {
        kind: 'attribute-set',
        handle: null,
        access: 0,
        ...pciOf(1, 0xa0, 0, 0),
        range: { start: 0x11e852000, bytes: 0x10000 },
      },
    },
    {
      line: 'Vtd OnExitBootServices',
      expect: { kind: 'exit-callback', name: 'Vtd OnExitBootServices', context: null, role: 'iommu' },
    },
    { line: 'VTD (0) enabled!<<<<<<', expect: { kind: 'translation-set', engine: 0, enabled: true, how: 'set' } },
    { line: 'VTD () enabled!<<<<<<', expect: { kind: 'translation-set', engine: null, enabled: true, how: 'set' } },
    { line: 'VTD (1) Disabled!<<<<<<', expect: { kind: 'translation-set', engine: 1, enabled: false, how: 'set' } },
    { line: 'VTD () Disabled!<<<<<<', expect: { kind: 'translation-set', engine: null, enabled: false, how: 'set' } },
    { line: '  VTD (0) BaseAddress -  0x00000000FED90000', expect: null },
    { line: 'Find VTD (0) [0xFED90000] Exist', expect: null },
    {
      line: '  GSTS_REG    - 0xC0000000 ',
      expect: { kind: 'translation-set', engine: null, enabled: true, how: 'seen' },
    },
    {
      line: '  GSTS_REG    - 0x40000000 ',
      expect: { kind: 'translation-set', engine: null, enabled: false, how: 'seen' },
    },
    { line: '  FRCD_REG[0] - 0x0000000000000000 0000000000000000', expect: null },
    {
      line: '  FRCD_REG[0] - 0x80000005000000FA 000000001E852000',
      expect: {
        kind: 'dma-access',
        pci: pciAddress(0, 0, 0x1f, 2),
        address: 0x1e852000,
        write: true,
        outcome: 'fault',
        late: true,
        reporter: FAULT_REPORTER,
      },
    },
    {
      line: '  FRCD_REG[1] - 0xC000000600000010 000000011E82F000',
      expect: {
        kind: 'dma-access',
        pci: pciAddress(0, 0, 2, 0),
        address: 0x11e82f000,
        write: false,
        outcome: 'fault',
        late: true,
        reporter: FAULT_REPORTER,
      },
    },
    { line: 'IoMmuMap: ==> 0x1E85usb_ehci_usbsts', expect: 'malformed' },
    { line: 'IoMmuMap: 0x1E852000 - 0x1E853F98', expect: 'malformed' },
    { line: 'IoMmuUnmap: 0x', expect: 'malformed' },
    { line: 'IoMmuFreeBuffer: 0xIoMmuMap', expect: 'malformed' },
    { line: 'IoMmuSetAttribute: PCI(S0.B0.D1F.F2) (0x1E852000', expect: 'malformed' },
  ],
});

function pciOf(...numbers: Parameters<typeof pciAddress>): Pick<AttributeSet, 'pci'> {
  const pci = pciAddress(...numbers);
  return pci === null ? {} : { pci };
}

/** A call that was refused prints its status, and where it had printed a line when it was entered, no result. */
function defineFailure(call: CallFailed['call'], template: string): RecordDefinition {
  const status = template.slice(template.indexOf(': ') + 2);
  return defineRecord({
    name: `${call} failed, ${status}`,
    since: '2017-07',
    template,
    toEvent: () => ({ kind: 'call-failed', call, status }),
  });
}

/**
 * FRCD_REG, a fault recording register of the VT-d specification: F in bit 127, T1 in 126, T2 in 92, the requester in 79:64, the
 * page in 63:12. Without F it holds nothing, or what an earlier dump has told.
 */
function readFault(high: bigint, low: bigint): DmaAccess | null {
  if (high >> 63n === 0n) return null;
  const type = Number(((high >> 61n) & 2n) | ((high >> 28n) & 1n));
  return {
    kind: 'dma-access',
    pci: pciAddressOfRequester(Number(high & 0xffffn)),
    address: toAddress((low >> 12n) << 12n),
    write: FAULT_WRITES[type] ?? null,
    outcome: 'fault',
    late: true,
    reporter: FAULT_REPORTER,
  };
}

/** By T1 and T2: write, page request, read, atomic operation. */
const FAULT_WRITES: readonly (boolean | null)[] = [true, null, false, true];
