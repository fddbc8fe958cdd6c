/** What ts, journald, libvirt, QEMU, the kernel, Project Mu and terminal programs put before each line; two may stack. */
export const LINE_PREFIXES: readonly string[] = [
  'Nov 22 15:59:02 ',
  '00:00:12 ',
  '1795343651.293914 ',
  'Nov 22 15:59:02 host qemu-system-x86_64[4226]: ',
  'Nov 22 15:59:02.123456 host kernel: ',
  '2026-11-22T15:59:02+0000 host unit[1]: ',
  '2026-11-22 15:59:02.123+0000: ',
  '4226@1795343651.293914:',
  '2026-11-22T15:59:02.123456Z ',
  '[    1.234567] ',
  '[    1.234567][    T1] ',
  '00:00:07.123 : [DXE] [VERBOSE] ',
  '[2026-11-22 15:59:02] ',
  'Nov 22 15:59:02 4226@1795343651.293914:',
];
