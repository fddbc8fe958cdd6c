import type { FirmwareHalted } from '../model/events.ts';
import type { RecordDefinition } from '../syntax/record-template.ts';
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
    'MdePkg/Library/BaseDebugLib*/DebugLib.c: DebugAssert; MdeModulePkg/Universal/StatusCodeHandler: the same as a status code',
    'UefiCpuPkg/Library/CpuExceptionHandlerLib: DumpCpuContext; ArmPkg/Library/DefaultExceptionHandlerLib: DefaultExceptionHandler',
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
    'DXE_ASSERT!: ',
    'PEI_ASSERT!: ',
    '!!!! X64 Exception Type',
    '!!!! IA32 Exception Type',
    '!!!! RISCV64 Exception Type',
    '!!!! LoongArch64 Exception Type',
    'Synchronous Exception at 0x',
    'SError Exception at 0x',
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
      toEvent: ({ where }) => assertionAt(where),
    }),
    defineRecord({
      name: 'status assertion',
      since: '2006',
      template: 'ASSERT_EFI_ERROR {:text}',
      toEvent: () => null,
    }),
    defineRecord({
      name: 'assertion in DXE, as a status code',
      since: '2006',
      template: 'DXE_ASSERT!: {where:text}',
      toEvent: ({ where }) => assertionAt(where),
    }),
    defineRecord({
      name: 'assertion in PEI, as a status code',
      since: '2006',
      template: 'PEI_ASSERT!: {where:text}',
      toEvent: ({ where }) => assertionAt(where),
    }),
    exception('X64 exception', '2006', '!!!! X64 Exception Type - {:text}'),
    exception('IA32 exception', '2006', '!!!! IA32 Exception Type - {:text}'),
    exception('RISC-V exception', '2023-02', '!!!! RISCV64 Exception Type - {:text}'),
    exception('LoongArch exception', '2024-03', '!!!! LoongArch64 Exception Type - {:text}'),
    exception('AArch64 exception', '2014', 'Synchronous Exception at {:address}'),
    exception('AArch64 system error', '2014', 'SError Exception at {:address}'),
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
    {
      line: String.raw`ASSERT [XhciDxe] c:\edk2 (new)\XhciSched.c(505): Xhc->MemPool != ((void *) 0)`,
      expect: { kind: 'firmware-halted', reason: 'assertion' },
    },
    { line: 'ASSERT somewhere', expect: null },
    {
      line: 'DXE_ASSERT!: [XhciDxe] /build/XhciSched.c (505): Xhc->MemPool != ((void *) 0)',
      expect: { kind: 'firmware-halted', reason: 'assertion' },
    },
    {
      line: 'PEI_ASSERT!: /build/PeiMain.c (71): !(((INTN)(RETURN_STATUS)(Status)) < 0)',
      expect: { kind: 'firmware-halted', reason: 'assertion' },
    },
    { line: 'ASSERT_EFI_ERROR (Status = Not Found)', expect: null },
    {
      line: '!!!! X64 Exception Type - 0E(#PF - Page-Fault)  CPU Apic ID - 00000000 !!!!',
      expect: { kind: 'firmware-halted', reason: 'exception' },
    },
    {
      line: '!!!! IA32 Exception Type - 0D(#GP - General Protection)  CPU Apic ID - 00000000 !!!!',
      expect: { kind: 'firmware-halted', reason: 'exception' },
    },
    {
      line: '!!!! RISCV64 Exception Type - 000000000000000D(EXCEPT_RISCV_LOAD_ACCESS_PAGE_FAULT) !!!!',
      expect: { kind: 'firmware-halted', reason: 'exception' },
    },
    {
      line: '!!!! LoongArch64 Exception Type - 01(#PIL - Page Invalid exception for Load option) !!!!',
      expect: { kind: 'firmware-halted', reason: 'exception' },
    },
    { line: 'Synchronous Exception at 0x000000013C0D2A44', expect: { kind: 'firmware-halted', reason: 'exception' } },
    { line: 'SError Exception at 0x000000013C0D2A44', expect: { kind: 'firmware-halted', reason: 'exception' } },
    { line: 'SecCoreStartupWithStack(0xFFFC', expect: 'malformed' },
  ],
});

/** Where a file and a line are named. The file's path may hold brackets itself, and so may the expression. */
function assertionAt(where: string): FirmwareHalted | null {
  return /\(\d+\): \S/.test(where) ? { kind: 'firmware-halted', reason: 'assertion' } : null;
}

function exception(name: string, since: string, template: string): RecordDefinition {
  return { name, since, template, toEvent: () => ({ kind: 'firmware-halted', reason: 'exception' }) };
}
