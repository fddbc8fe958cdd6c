import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * The part of Linux that runs as a UEFI application and calls ExitBootServices(). It prints through the console of the
 * firmware, so every line of it stands before hand-off, and behind a call that failed. One format string, verbatim:
 *
 *   "EFI stub: " fmt
 */
export const efiStub = defineDialect({
  id: 'efi-stub',
  title: 'Linux EFI stub',
  tracesDma: false,
  producer: ['Linux drivers/firmware/efi/libstub: efi_info, efi_warn, efi_err, which print through ConOut'],
  anchors: ['EFI stub: '],
  records: [
    defineRecord({
      name: 'message',
      since: 'Linux 6.1 or earlier',
      template: 'EFI stub: {:text}',
      toEvent: () => ({ kind: 'boot-activity', what: 'loader-message', name: null }),
    }),
  ],
  samples: [
    {
      line: 'EFI stub: Loaded initrd from command line option',
      expect: { kind: 'boot-activity', what: 'loader-message', name: null },
    },
    {
      line: 'EFI stub: Exiting boot services...',
      expect: { kind: 'boot-activity', what: 'loader-message', name: null },
    },
    {
      line: 'EFI stub: ERROR: exit_boot() failed!',
      expect: { kind: 'boot-activity', what: 'loader-message', name: null },
    },
    { line: 'EFI stub: ', expect: 'malformed' },
  ],
});
