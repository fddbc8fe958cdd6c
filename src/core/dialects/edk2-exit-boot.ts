import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * What edk2 prints while ExitBootServices() runs: drivers' notification functions, the lifting of image protection after the
 * last of them, and the marks of an operating system behind it. Two of its format strings, verbatim:
 *
 *   "%a: Context=0x%p\n"
 *   "%a - 0x%016lx - 0x%016lx (0x%016lx)\n"
 */
export const edk2ExitBoot = defineDialect({
  id: 'edk2-exit-boot',
  title: 'edk2 ExitBootServices callbacks',
  tracesDma: false,
  producer: [
    'OvmfPkg/Virtio*Dxe, PvScsiDxe, LsiScsiDxe, MptScsiDxe: <Driver>ExitBoot (DEBUG_VERBOSE or DEBUG_INFO by driver)',
    'MdeModulePkg/Core/Dxe/Event/Event.c: CoreDispatchEventNotifies (edk2 1780373897 of 2025-09)',
    'UefiCpuPkg/Library/MpInitLib/DxeMpLib.c: MpInitChangeApLoopCallback',
    'MdeModulePkg/Core/Dxe/Misc/MemoryProtection.c: SetUefiImageMemoryAttributes, called by MemoryProtectionExitBootServicesCallback (DEBUG_INFO until 2025-04, then DEBUG_VERBOSE)',
    'MdeModulePkg/Core/Dxe/DxeMain/DxeMain.c: CoreExitBootServices reports EFI_SW_BS_PC_EXIT_BOOT_SERVICES (V03101019)',
    'MdeModulePkg/Library/VariablePolicyLib/VariablePolicyLib.c: ValidateSetVariable, called by Linux arch/x86/platform/efi/quirks.c (DUMMY variable)',
  ],
  anchors: [
    'ExitBoot',
    'Run Event Group Notify: 27ABF055-B1B8-4C26-8048-748F37BAA2DF (',
    'MpInitChangeApLoopCallback',
    'SetUefiImageMemoryAttributes - ',
    'PROGRESS CODE: V03101019',
    'ValidateSetVariable - Variable (4424AC57-BE4B-47DD-9E97-ED50F09F92A9:DUMMY)',
  ],
  records: [
    defineRecord({
      name: 'driver callback',
      since: '2017-09',
      template: '{name:word}: Context={context:address}',
      toEvent: ({ name, context }) =>
        name.includes('ExitBoot') ? { kind: 'exit-callback', name, context, role: 'driver' } : null,
    }),
    defineRecord({
      name: 'virtio-fs callback',
      since: '2020-12',
      template: '{name:word}: VirtioFs={context:address} Label={:text}',
      toEvent: ({ name, context }) =>
        name.includes('ExitBoot') ? { kind: 'exit-callback', name, context, role: 'driver' } : null,
    }),
    defineRecord({
      name: 'notification of the event group, printed at DEBUG_EVENT ahead of every callback',
      since: '2025-09',
      template: 'Run Event Group Notify: 27ABF055-B1B8-4C26-8048-748F37BAA2DF ({function:hex})',
      toEvent: (fields) => ({
        kind: 'exit-callback',
        name: 'EventGroupNotify',
        context: fields.function,
        role: 'driver',
      }),
    }),
    defineRecord({
      name: 'processors parked',
      since: '2016-11',
      template: 'MpInitChangeApLoopCallback() done!',
      toEvent: () => ({ kind: 'exit-callback', name: 'MpInitChangeApLoopCallback', context: null, role: 'processors' }),
    }),
    defineRecord({
      name: 'image attributes',
      since: '2017-02',
      template: 'SetUefiImageMemoryAttributes - {base:address} - {:address} ({attributes:address})',
      toEvent: ({ base, attributes }) => ({ kind: 'image-attributes', base, attributes }),
    }),
    defineRecord({
      name: 'status code',
      since: '2006',
      template: 'PROGRESS CODE: V03101019 {:word}',
      toEvent: () => ({
        kind: 'handoff-proof',
        evidence: 'status code EFI_SW_BS_PC_EXIT_BOOT_SERVICES',
      }),
    }),
    defineRecord({
      name: 'DUMMY variable',
      since: 'Linux 3.10',
      template: 'ValidateSetVariable - Variable (4424AC57-BE4B-47DD-9E97-ED50F09F92A9:DUMMY) returning {:text}',
      toEvent: () => ({ kind: 'handoff-proof', evidence: 'Linux tried its DUMMY variable' }),
    }),
  ],
  samples: [
    {
      line: 'VirtioBlkExitBoot: Context=0x1E415018',
      expect: { kind: 'exit-callback', name: 'VirtioBlkExitBoot', context: 0x1e415018, role: 'driver' },
    },
    {
      line: 'LsiScsiExitBoot: Context=0x0',
      expect: { kind: 'exit-callback', name: 'LsiScsiExitBoot', context: 0, role: 'driver' },
    },
    {
      line: 'VirtioFsExitBoot: VirtioFs=0x1E415018 Label="share"',
      expect: { kind: 'exit-callback', name: 'VirtioFsExitBoot', context: 0x1e415018, role: 'driver' },
    },
    {
      line: 'Run Event Group Notify: 27ABF055-B1B8-4C26-8048-748F37BAA2DF (1E5A1234)',
      expect: { kind: 'exit-callback', name: 'EventGroupNotify', context: 0x1e5a1234, role: 'driver' },
    },
    {
      line: 'MpInitChangeApLoopCallback() done!',
      expect: { kind: 'exit-callback', name: 'MpInitChangeApLoopCallback', context: null, role: 'processors' },
    },
    {
      line: 'SetUefiImageMemoryAttributes - 0x000000001FDCC000 - 0x0000000000001000 (0x0000000000000008)',
      expect: { kind: 'image-attributes', base: 0x1fdcc000, attributes: 8 },
    },
    {
      line: 'PROGRESS CODE: V03101019 I0',
      expect: {
        kind: 'handoff-proof',
        evidence: 'status code EFI_SW_BS_PC_EXIT_BOOT_SERVICES',
      },
    },
    {
      line: 'ValidateSetVariable - Variable (4424AC57-BE4B-47DD-9E97-ED50F09F92A9:DUMMY) returning Success.',
      expect: { kind: 'handoff-proof', evidence: 'Linux tried its DUMMY variable' },
    },
    { line: 'SetUefiImageMemoryAttributes - 0x000000001FDCC000 - 0x00000000', expect: 'malformed' },
  ],
});
