import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * The confidential-computing IOMMU driver of OVMF (SEV, SEV-ES, SEV-SNP, TDX), whose Map and Unmap move data between
 * encrypted memory and memory shared with the hypervisor. One of its format strings, verbatim:
 *
 *   "%a: Mapping=0x%p Device(PlainText)=0x%Lx Crypted=0x%Lx Pages=0x%Lx, ReservedMemBitmap=0x%Lx\n"
 *
 * Enter and done are two lines; a failed call prints only the first. `ReservedMemBitmap`, `bits` and `bitmap` are 32-bit
 * values printed with a 64-bit format, so their upper half is stack garbage: nothing here depends on them.
 */
export const edk2CcIommu = defineDialect({
  id: 'edk2-cc-iommu',
  title: 'OVMF IoMmuDxe (SEV, TDX)',
  tracesDma: true,
  producer: [
    'OvmfPkg/IoMmuDxe/CcIoMmu.c: IoMmuMap, IoMmuUnmapWorker, IoMmuAllocateBuffer, IoMmuFreeBuffer, IoMmuSetAttribute, IoMmuUnmapAllMappings, IoMmuExitBoot (edk2 2022-12 to now)',
    'OvmfPkg/IoMmuDxe/IoMmuBuffer.c: InternalAllocateBuffer, IoMmuFreeBounceBuffer, IoMmuFreeCommonBuffer (edk2 2022-12 to now)',
    'OvmfPkg/IoMmuDxe/AmdSevIoMmu.c: the same calls (edk2 f9d129e68a of 2017-07 to 2022-12; names AmdSev… until 2520182122 of 2022-04)',
    'UefiCpuPkg/CpuDxe/CpuPageTable.c: EfiGetMemoryAttributes, which FreePages() calls inside IoMmuFreeBuffer and IoMmuUnmapWorker (edk2 2025-01 to now)',
  ],
  anchors: [
    'IoMmuMap: O',
    'IoMmuMap: M',
    'IoMmuMap Device',
    'IoMmuMap PlainText',
    'IoMmuUnmap: M',
    'IoMmuUnmap Device',
    'IoMmuUnmap PlainText',
    'IoMmuUnmapWorker',
    'IoMmuAllocateBuffer: M',
    'IoMmuAllocateBuffer: H',
    'IoMmuAllocateBuffer Address',
    'IoMmuFreeBuffer: H',
    'IoMmuFreeBuffer Address',
    'IoMmuSetAttribute: M',
    'InternalAllocateBuffer: r',
    'IoMmuFreeBounceBuffer: P',
    'IoMmuFreeCommonBuffer: C',
    'EfiGetMemoryAttributes: 0x',
    'UnmapAllMappings',
    'IoMmuExitBoot',
    'AmdSevExitBoot',
    'InstallIoMmuProtocol: ',
  ],
  records: [
    defineRecord({
      name: 'map called',
      since: '2017-09',
      template: 'IoMmuMap: Operation={operation:operation} Host={host:address} Bytes={bytes:address}',
      toEvent: ({ operation, host, bytes }) => ({ kind: 'map-called', operation, host, bytes }),
    }),
    defineRecord({
      name: 'map returned',
      since: '2017-09; ReservedMemBitmap 2022-12',
      template:
        'IoMmuMap: Mapping={handle:address} Device(PlainText)={device:address} Crypted={host:address} Pages={pages:address}«, ReservedMemBitmap={:address}»',
      toEvent: ({ handle, device, host, pages }) => ({ kind: 'map-returned', handle, device, host, pages }),
    }),
    defineRecord({
      name: 'map, first version',
      since: '2017-07',
      template: 'IoMmuMap Device {device:address} Host {host:address} Pages {pages:address} Bytes {bytes:address}',
      toEvent: ({ device, host, pages, bytes }) => ({ kind: 'map-completed', device, host, pages, bytes }),
    }),
    defineRecord({
      name: 'map, second version',
      since: '2017-08',
      template: 'IoMmuMap PlainText {device:address} Host {host:address} Pages {pages:address} Bytes {bytes:address}',
      toEvent: ({ device, host, pages, bytes }) => ({ kind: 'map-completed', device, host, pages, bytes }),
    }),
    defineRecord({
      name: 'map, third version',
      since: '2017-08',
      template:
        'IoMmuMap PlainText {device:address} Crypted {host:address} Pages {pages:address} Bytes {bytes:address}',
      toEvent: ({ device, host, pages, bytes }) => ({ kind: 'map-completed', device, host, pages, bytes }),
    }),
    defineRecord({
      name: 'unmap, without MemoryMapLocked',
      since: '2017-09',
      template: 'IoMmuUnmap: Mapping={handle:address}',
      toEvent: ({ handle }) => ({ kind: 'unmap-called', handle, memoryMapLocked: null }),
    }),
    defineRecord({
      name: 'unmap',
      since: '2017-09',
      template: 'IoMmuUnmapWorker: Mapping={handle:address} MemoryMapLocked={locked:dec}',
      toEvent: ({ handle, locked }) => ({ kind: 'unmap-called', handle, memoryMapLocked: locked !== 0 }),
    }),
    defineRecord({
      name: 'unmap, first version',
      since: '2017-07',
      template: 'IoMmuUnmap Device {device:address} Host {host:address} Pages {:address} Bytes {:address}',
      toEvent: ({ device, host }) => ({ kind: 'unmap-range-called', device, host }),
    }),
    defineRecord({
      name: 'unmap, second version',
      since: '2017-08',
      template: 'IoMmuUnmap PlainText {device:address} Host {host:address} Pages {:address} Bytes {:address}',
      toEvent: ({ device, host }) => ({ kind: 'unmap-range-called', device, host }),
    }),
    defineRecord({
      name: 'unmap, third version',
      since: '2017-08',
      template: 'IoMmuUnmap PlainText {device:address} Crypted {host:address} Pages {:address} Bytes {:address}',
      toEvent: ({ device, host }) => ({ kind: 'unmap-range-called', device, host }),
    }),
    defineRecord({
      name: 'allocate called',
      since: '2017-09',
      template: 'IoMmuAllocateBuffer: MemoryType={memoryType:dec} Pages={pages:address} Attributes={:address}',
      toEvent: ({ memoryType, pages }) => ({ kind: 'allocate-called', memoryType, pages }),
    }),
    defineRecord({
      name: 'allocate returned',
      since: '2017-09',
      template: 'IoMmuAllocateBuffer: Host={host:address} Stash={:address}',
      toEvent: ({ host }) => ({ kind: 'allocate-returned', host }),
    }),
    defineRecord({
      name: 'allocate, first version',
      since: '2017-07',
      template: 'IoMmuAllocateBuffer Address {host:address} Pages {pages:address}',
      // The first version printed a failed allocation too, with the limit it had asked for.
      toEvent: ({ host, pages }) =>
        host === 0xffffffff || host === 0xffffffffffffffffn ? null : { kind: 'allocate-completed', host, pages },
    }),
    defineRecord({
      name: 'free',
      since: '2017-09',
      template: 'IoMmuFreeBuffer: Host={host:address} Pages={pages:address}',
      toEvent: ({ host, pages }) => ({ kind: 'free-called', host, pages }),
    }),
    defineRecord({
      name: 'free, first version',
      since: '2017-07',
      template: 'IoMmuFreeBuffer Address {host:address} Pages {pages:address}',
      toEvent: ({ host, pages }) => ({ kind: 'free-called', host, pages }),
    }),
    defineRecord({
      name: 'set attribute',
      since: '2024-01',
      template: 'IoMmuSetAttribute: Mapping={handle:address} Access={access:dec}',
      toEvent: ({ handle, access }) => ({ kind: 'attribute-set', handle, access }),
    }),
    defineRecord({
      name: 'pool allocated',
      since: '2022-12',
      detail: true,
      template:
        'InternalAllocateBuffer: range-size: {:hex}, start-address={address:address}, pages={:address}, bits={:address}, bitmap: {:hex} => {:hex}',
      toEvent: ({ address }) => ({ kind: 'pool-line', what: 'pool-allocated', address }),
    }),
    defineRecord({
      name: 'bounce buffer freed',
      since: '2022-12',
      detail: true,
      template: 'IoMmuFreeBounceBuffer: PlainTextAddress={address:address}, bits={:address}, bitmap: {:hex} => {:hex}',
      toEvent: ({ address }) => ({ kind: 'pool-line', what: 'bounce-buffer-freed', address }),
    }),
    defineRecord({
      name: 'common buffer freed',
      since: '2022-12',
      detail: true,
      template: 'IoMmuFreeCommonBuffer: CommonBuffer={address:address}, bits={:address}, bitmap: {:hex} => {:hex}',
      toEvent: ({ address }) => ({ kind: 'pool-line', what: 'common-buffer-freed', address }),
    }),
    defineRecord({
      name: 'memory attributes read',
      since: '2025-01',
      template: 'EfiGetMemoryAttributes: {address:address} - {bytes:address}',
      toEvent: ({ address, bytes }) => ({ kind: 'pool-line', what: 'memory-attributes-read', address, bytes }),
    }),
    defineRecord({
      name: 'exit callback and cleanup',
      since: '2017-09',
      template: '{name:word}',
      toEvent: ({ name }) => {
        if (name.endsWith('UnmapAllMappings')) return { kind: 'cleanup-started', name };
        return name.endsWith('IoMmuExitBoot') || name.endsWith('AmdSevExitBoot')
          ? { kind: 'exit-callback', name, context: null, role: 'iommu-relay' }
          : null;
      },
    }),
    defineRecord({
      name: 'protocol installed',
      since: '2022-12',
      template: 'InstallIoMmuProtocol: Feature of reserved memory for DMA is {:word}.',
      toEvent: () => ({ kind: 'platform-hint', platform: 'deny' }),
    }),
  ],
  samples: [
    {
      line: 'IoMmuMap: Operation=CommonBuffer Host=0x1E6BC000 Bytes=0x10000',
      expect: { kind: 'map-called', operation: 'CommonBuffer', host: 0x1e6bc000, bytes: 0x10000 },
    },
    {
      line: 'IoMmuMap: Operation=Write64 Host=0x140000000 Bytes=0x8',
      expect: { kind: 'map-called', operation: 'Write64', host: 0x140000000, bytes: 8 },
    },
    {
      line: 'IoMmuMap: Operation=Invalid Host=0x0 Bytes=0x0',
      expect: { kind: 'map-called', operation: null, host: 0, bytes: 0 },
    },
    {
      line: 'IoMmuMap: Mapping=0x1E3EF998 Device(PlainText)=0x1E6BC000 Crypted=0x1E6BC000 Pages=0x10, ReservedMemBitmap=0x4265636E00000001',
      expect: { kind: 'map-returned', handle: 0x1e3ef998, device: 0x1e6bc000, host: 0x1e6bc000, pages: 0x10 },
    },
    {
      line: 'IoMmuMap: Mapping=0x1E2CFC98 Device(PlainText)=0x1E299000 Crypted=0x1E10F818 Pages=0x10',
      expect: { kind: 'map-returned', handle: 0x1e2cfc98, device: 0x1e299000, host: 0x1e10f818, pages: 0x10 },
    },
    {
      line: 'IoMmuMap Device 0x7F000 Host 0x1E10F818 Pages 0x2 Bytes 0x1800',
      expect: { kind: 'map-completed', device: 0x7f000, host: 0x1e10f818, pages: 2, bytes: 0x1800 },
    },
    {
      line: 'IoMmuMap PlainText 0x7F000 Host 0x1E10F818 Pages 0x2 Bytes 0x1800',
      expect: { kind: 'map-completed', device: 0x7f000, host: 0x1e10f818, pages: 2, bytes: 0x1800 },
    },
    {
      line: 'IoMmuMap PlainText 0x7F000 Crypted 0x1E10F818 Pages 0x2 Bytes 0x1800',
      expect: { kind: 'map-completed', device: 0x7f000, host: 0x1e10f818, pages: 2, bytes: 0x1800 },
    },
    {
      line: 'IoMmuUnmap PlainText 0x7F000 Host 0x1E10F818 Pages 0x2 Bytes 0x1800',
      expect: { kind: 'unmap-range-called', device: 0x7f000, host: 0x1e10f818 },
    },
    {
      line: 'IoMmuUnmap PlainText 0x7F000 Crypted 0x1E10F818 Pages 0x2 Bytes 0x1800',
      expect: { kind: 'unmap-range-called', device: 0x7f000, host: 0x1e10f818 },
    },
    { line: 'IoMmuAllocateBuffer Address 0xFFFFFFFF Pages 0x10', expect: null },
    {
      line: 'IoMmuUnmap Device 0x7F000 Host 0x1E10F818 Pages 0x2 Bytes 0x1800',
      expect: { kind: 'unmap-range-called', device: 0x7f000, host: 0x1e10f818 },
    },
    {
      line: 'IoMmuUnmap: Mapping=0x1E3EF998',
      expect: { kind: 'unmap-called', handle: 0x1e3ef998, memoryMapLocked: null },
    },
    {
      line: 'IoMmuUnmapWorker: Mapping=0x1E3EF998 MemoryMapLocked=1',
      expect: { kind: 'unmap-called', handle: 0x1e3ef998, memoryMapLocked: true },
    },
    {
      line: 'IoMmuUnmapWorker: Mapping=0x0 MemoryMapLocked=0',
      expect: { kind: 'unmap-called', handle: 0, memoryMapLocked: false },
    },
    {
      line: 'IoMmuAllocateBuffer: MemoryType=4 Pages=0x10 Attributes=0x800',
      expect: { kind: 'allocate-called', memoryType: 4, pages: 0x10 },
    },
    {
      line: 'IoMmuAllocateBuffer: Host=0x1E6BC000 Stash=0x1E3C7000',
      expect: { kind: 'allocate-returned', host: 0x1e6bc000 },
    },
    {
      line: 'IoMmuAllocateBuffer Address 0x1E6BC000 Pages 0x10',
      expect: { kind: 'allocate-completed', host: 0x1e6bc000, pages: 0x10 },
    },
    {
      line: 'IoMmuFreeBuffer: Host=0x1E6BC000 Pages=0x10',
      expect: { kind: 'free-called', host: 0x1e6bc000, pages: 0x10 },
    },
    {
      line: 'IoMmuFreeBuffer Address 0x1E6BC000 Pages 0x10',
      expect: { kind: 'free-called', host: 0x1e6bc000, pages: 0x10 },
    },
    {
      line: 'IoMmuSetAttribute: Mapping=0x1E3EF998 Access=3',
      expect: { kind: 'attribute-set', handle: 0x1e3ef998, access: 3 },
    },
    {
      line: 'InternalAllocateBuffer: range-size: 20000, start-address=0x1E6BC000, pages=0x11, bits=0x1000, bitmap: 0 => 1000',
      expect: { kind: 'pool-line', what: 'pool-allocated', address: 0x1e6bc000 },
    },
    {
      line: 'IoMmuFreeBounceBuffer: PlainTextAddress=0x1E66C000, bits=0x1, bitmap: 1001 => 1000',
      expect: { kind: 'pool-line', what: 'bounce-buffer-freed', address: 0x1e66c000 },
    },
    {
      line: 'IoMmuFreeCommonBuffer: CommonBuffer=0x1E6BC000, bits=0x1000, bitmap: 1001 => 2F62616C00000001',
      expect: { kind: 'pool-line', what: 'common-buffer-freed', address: 0x1e6bc000 },
    },
    {
      line: 'EfiGetMemoryAttributes: 0x1E3C5000 - 0x10000',
      expect: { kind: 'pool-line', what: 'memory-attributes-read', address: 0x1e3c5000, bytes: 0x10000 },
    },
    {
      line: 'IoMmuExitBoot',
      expect: { kind: 'exit-callback', name: 'IoMmuExitBoot', context: null, role: 'iommu-relay' },
    },
    {
      line: 'AmdSevExitBoot',
      expect: { kind: 'exit-callback', name: 'AmdSevExitBoot', context: null, role: 'iommu-relay' },
    },
    { line: 'IoMmuUnmapAllMappings', expect: { kind: 'cleanup-started', name: 'IoMmuUnmapAllMappings' } },
    { line: 'AmdIoMmuUnmapAllMappings', expect: { kind: 'cleanup-started', name: 'AmdIoMmuUnmapAllMappings' } },
    {
      line: 'InstallIoMmuProtocol: Feature of reserved memory for DMA is supported.',
      expect: { kind: 'platform-hint', platform: 'deny' },
    },
    { line: 'IoMmuMap: Operation=Write Host=0x1E36CE98', expect: 'malformed' },
    { line: 'IoMmuMap: Operausb_ehci_usbsts usbsts REC 1', expect: 'malformed' },
    { line: 'IoMmuUnmapWorker: Mapping=0x1E3EF998 MemoryMapLocked=IoMmuFreeBuffer', expect: 'malformed' },
  ],
});
