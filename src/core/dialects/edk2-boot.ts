import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * The boot around the DMA calls: where it starts, and what can only happen while boot services are in normal use. The latter
 * bounds the exit window, whose first callbacks print nothing. Two of its format strings, verbatim:
 *
 *   "InstallProtocolInterface: %g %p\n"
 *   "Loading driver at 0x%11p EntryPoint=0x%11p %a\n"
 */
export const edk2Boot = defineDialect({
  id: 'edk2-boot',
  title: 'edk2 boot progress',
  tracesDma: false,
  producer: [
    'OvmfPkg/Sec/SecMain.c: SecCoreStartupWithStack; ArmPlatformPkg and ArmVirtPkg: the banner "UEFI firmware"; MdeModulePkg/Core/Pei: "The 0th FV"',
    'MdeModulePkg/Library/VariablePolicyLib: ValidateSetVariable (DEBUG_VERBOSE)',
    'MdeModulePkg/Library/UefiBootManagerLib/BmBoot.c: "[Bds]Booting"',
    'MdeModulePkg/Core/Pei/Image/Image.c and MdeModulePkg/Core/Dxe/Image/Image.c: "Loading PEIM at", "Loading driver at"',
    'MdeModulePkg/Core/Dxe/Hand/Handle.c: CoreInstallProtocolInterfaceNotify',
    'FatPkg/EnhancedFatDxe/Open.c and others: FSOpen',
    'MdePkg/Library/BaseDebugLib*/DebugLib.c: DebugAssert',
    'UefiCpuPkg/Library/CpuExceptionHandlerLib: DumpCpuContext',
  ],
  anchors: [
    'SecCoreStartupWithStack',
    'UEFI firmware (version ',
    'The 0th FV',
    'ValidateSetVariable - Variable (',
    '[Bds]Booting ',
    'Loading PEIM at 0x',
    'Loading driver at 0x',
    'InstallProtocolInterface: ',
    "FSOpen: Open '",
    'ASSERT ',
    'ASSERT_EFI_ERROR',
    '!!!! X64 Exception Type',
    '!!!! IA32 Exception Type',
  ],
  records: [
    defineRecord({
      name: 'reset vector',
      since: '2009',
      template: 'SecCoreStartupWithStack({:address}, {:address})',
      toEvent: () => ({ kind: 'boot-started' }),
    }),
    defineRecord({
      name: 'reset vector, LoongArch',
      since: '2022',
      template: 'SecCoreStartupWithStack ({:address}, {:address})',
      toEvent: () => ({ kind: 'boot-started' }),
    }),
    defineRecord({
      name: 'Arm banner',
      since: '2012',
      template: 'UEFI firmware (version {:text}',
      toEvent: () => ({ kind: 'boot-started' }),
    }),
    defineRecord({
      name: 'first firmware volume',
      since: '2006',
      template: 'The 0th FV start address is {:text}',
      toEvent: () => ({ kind: 'boot-started' }),
    }),
    defineRecord({
      name: 'first firmware volume, with its GUID',
      since: '2025-08',
      template: 'The 0th FV[{:text}',
      toEvent: () => ({ kind: 'boot-started' }),
    }),
    defineRecord({
      name: 'variable set',
      since: '2020-11',
      template: 'ValidateSetVariable - Variable ({:text}',
      toEvent: () => ({ kind: 'verbose-line' }),
    }),
    defineRecord({
      name: 'boot option started',
      since: '2015',
      template: '[Bds]Booting {:text}',
      toEvent: () => ({ kind: 'boot-activity', what: 'option-booted', name: null }),
    }),
    defineRecord({
      name: 'PEIM loaded',
      since: '2006',
      template: 'Loading PEIM at {:address} EntryPoint={:address}« {name:text}»',
      toEvent: ({ name }) => ({ kind: 'boot-activity', what: 'pei', name }),
    }),
    defineRecord({
      name: 'driver loaded',
      since: '2006',
      template: 'Loading driver at {:address} EntryPoint={:address}« {name:text}»',
      toEvent: ({ name }) => ({ kind: 'boot-activity', what: 'image-loaded', name }),
    }),
    defineRecord({
      name: 'protocol installed',
      since: '2006',
      template: 'InstallProtocolInterface: {:text}',
      toEvent: () => ({ kind: 'boot-activity', what: 'protocol-installed', name: null }),
    }),
    defineRecord({
      name: 'file opened',
      since: '2009',
      template: "FSOpen: Open '{:text}",
      toEvent: () => ({ kind: 'boot-activity', what: 'file-opened', name: null }),
    }),
    defineRecord({
      name: 'assertion',
      since: '2006',
      template: 'ASSERT {where:text}',
      toEvent: ({ where }) =>
        /^[^()]*\(\d+\): /.test(where) ? { kind: 'firmware-halted', reason: 'assertion' } : null,
    }),
    defineRecord({
      name: 'status assertion',
      since: '2006',
      template: 'ASSERT_EFI_ERROR {:text}',
      toEvent: () => null,
    }),
    defineRecord({
      name: 'X64 exception',
      since: '2006',
      template: '!!!! X64 Exception Type - {:text}',
      toEvent: () => ({ kind: 'firmware-halted', reason: 'exception' }),
    }),
    defineRecord({
      name: 'IA32 exception',
      since: '2006',
      template: '!!!! IA32 Exception Type - {:text}',
      toEvent: () => ({ kind: 'firmware-halted', reason: 'exception' }),
    }),
  ],
  samples: [
    { line: 'SecCoreStartupWithStack(0xFFFCC000, 0x820000)', expect: { kind: 'boot-started' } },
    { line: 'SecCoreStartupWithStack (0x1C000000, 0x10000)', expect: { kind: 'boot-started' } },
    {
      line: 'UEFI firmware (version edk2-stable202411 built at 12:00:00 on Nov 22 2024)',
      expect: { kind: 'boot-started' },
    },
    {
      line: 'The 0th FV[6938079B-B503-4E3D-9D24-B28337A25806] start address is 0x00000830000, size is 0x000D0000, handle is 0x830000',
      expect: { kind: 'boot-started' },
    },
    {
      line: 'The 0th FV start address is 0x00000830000, size is 0x000D0000, handle is 0x830000',
      expect: { kind: 'boot-started' },
    },
    {
      line: 'ValidateSetVariable - Variable (8BE4DF61-93CA-11D2-AA0D-00E098032B8C:ConIn) returning Success.',
      expect: { kind: 'verbose-line' },
    },
    {
      line: '[Bds]Booting UEFI QEMU NVMe Ctrl lab0 1',
      expect: { kind: 'boot-activity', what: 'option-booted', name: null },
    },
    {
      line: 'Loading PEIM at 0x0000083DC40 EntryPoint=0x00000840EC8 PcdPeim.efi',
      expect: { kind: 'boot-activity', what: 'pei', name: 'PcdPeim.efi' },
    },
    {
      line: 'Loading driver at 0x0001EF63000 EntryPoint=0x0001EF65F83 IoMmuDxe.efi',
      expect: { kind: 'boot-activity', what: 'image-loaded', name: 'IoMmuDxe.efi' },
    },
    {
      line: 'Loading driver at 0x0001C104000 EntryPoint=0x0001CE77E97 ',
      expect: { kind: 'boot-activity', what: 'image-loaded', name: null },
    },
    {
      line: 'InstallProtocolInterface: 752F3136-4E16-4FDC-A22A-E5F46812F4CA 1FB65308',
      expect: { kind: 'boot-activity', what: 'protocol-installed', name: null },
    },
    { line: "FSOpen: Open 'initrd.img' Success", expect: { kind: 'boot-activity', what: 'file-opened', name: null } },
    {
      line: 'ASSERT XhciSched.c(505): Xhc->MemPool != ((void *) 0)',
      expect: { kind: 'firmware-halted', reason: 'assertion' },
    },
    {
      line: 'ASSERT [XhciDxe] /build/XhciSched.c(505): Xhc->MemPool != ((void *) 0)',
      expect: { kind: 'firmware-halted', reason: 'assertion' },
    },
    { line: 'ASSERT somewhere', expect: null },
    { line: 'ASSERT_EFI_ERROR (Status = Not Found)', expect: null },
    {
      line: '!!!! X64 Exception Type - 0E(#PF - Page-Fault)  CPU Apic ID - 00000000 !!!!',
      expect: { kind: 'firmware-halted', reason: 'exception' },
    },
    {
      line: '!!!! IA32 Exception Type - 0D(#GP - General Protection)  CPU Apic ID - 00000000 !!!!',
      expect: { kind: 'firmware-halted', reason: 'exception' },
    },
    { line: 'SecCoreStartupWithStack(0xFFFC', expect: 'malformed' },
  ],
});
