import { describe, expect, test } from 'vitest';
import { looksLikeFirmwareLog } from '../../../src/core/index.ts';
import { LOG_NAMES, readLog, toLines } from '../support/logs.ts';

const KIBIBYTE = 1024;

describe('the log of edk2 firmware is recognised', () => {
  test.each(LOG_NAMES)('%s, by its first 16 KiB', (name) => {
    expect(looksLikeFirmwareLog(readLog(name).slice(0, 16 * KIBIBYTE))).toBe(true);
  });

  test.each(LOG_NAMES)('%s, by 64 KiB of its middle', (name) => {
    const text = readLog(name);
    expect(looksLikeFirmwareLog(text.slice(text.length / 2, text.length / 2 + 64 * KIBIBYTE))).toBe(true);
  });

  test.each(LOG_NAMES)('%s, with LF alone and with CR alone', (name) => {
    const start = readLog(name).slice(0, 16 * KIBIBYTE);
    expect(looksLikeFirmwareLog(start.replaceAll('\r\n', '\n'))).toBe(true);
    expect(looksLikeFirmwareLog(start.replaceAll('\r\n', '\r'))).toBe(true);
  });

  test.each([
    ['a prefix with the time', '2026-08-01T12:00:00.123456Z '],
    ['the prefix of journald', 'Aug 01 12:00:00 host ovmf[1234]: '],
    ['the prefix of QEMU', '1234@1754049600.123456:'],
  ])('behind %s on every line', (_, prefix) => {
    const lines = toLines(readLog('sevlike-ahci')).slice(0, 100);
    expect(looksLikeFirmwareLog(lines.map((line) => prefix + line).join(''))).toBe(true);
  });
});

describe('the log of something else is not claimed', () => {
  test.each([
    [
      'a Linux kernel',
      `[    0.000000] Linux version 6.1.0-50-amd64 (debian-kernel@lists.debian.org) #1 SMP
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable
[    0.000000] efi: EFI v2.70 by EDK II
[    0.000000] efi: SMBIOS=0x1f9d8000 ACPI=0x1fb7e000 MEMATTR=0x1e7ff018
[    0.412345] iommu: Default domain type: Translated
[    0.512345] DMAR: IOMMU enabled
[    1.123456] xhci_hcd 0000:00:02.0: xHCI Host Controller
`,
    ],
    [
      'nginx',
      `127.0.0.1 - - [01/Aug/2026:12:00:00 +0000] "GET /IoMmuMap HTTP/1.1" 200 612 "-" "curl/8.5.0"
2026/08/01 12:00:00 [error] 7#7: *1 open() "/srv/Loading driver" failed (2: No such file or directory)
`,
    ],
    [
      'npm',
      `0 verbose cli /usr/bin/node /usr/bin/npm
1 info using npm@10.8.2
2 silly config load:file:/usr/lib/node_modules/npm/npmrc
3 http fetch GET 200 https://packages.example/chevrotain 120ms
4 verbose stack Error: Loading driver at 0x0
`,
    ],
    [
      'Windows servicing (CBS)',
      `2026-08-01 12:00:00, Info                  CBS    TI: --- Initializing Trusted Installer ---
2026-08-01 12:00:00, Info                  CBS    Loading offline registry hive: SOFTWARE
2026-08-01 12:00:01, Error                 CSI    00000001 (F) STATUS_OBJECT_NAME_NOT_FOUND #2# from Windows::Rtl
`,
    ],
    [
      'the systemd journal',
      `Aug 01 12:00:00 host systemd[1]: Starting systemd-udevd.service - Rule-based Manager for Device Events and Files...
Aug 01 12:00:00 host kernel: Command line: BOOT_IMAGE=/boot/vmlinuz root=UUID=8be4df61-93ca-11d2-aa0d-00e098032b8c
Aug 01 12:00:00 host bootctl[312]: Booting OVMF, UEFI firmware (version unknown)
`,
    ],
    [
      'GRUB',
      `Welcome to GRUB!
error: no such device: 8be4df61-93ca-11d2-aa0d-00e098032b8c.
Loading Linux 6.1.0-50-amd64 ...
Loading initial ramdisk ...
EFI stub: Loaded initrd from LINUX_EFI_INITRD_MEDIA_GUID device path
EFI stub: Exiting boot services...
`,
    ],
    [
      'U-Boot',
      `U-Boot 2026.01 (Jan 06 2026 - 12:00:00 +0000)
DRAM:  512 MiB
Core:  51 devices, 14 uclasses, devicetree: board
Loading Environment from FAT... OK
EFI: Installed protocol 8be4df61-93ca-11d2-aa0d-00e098032b8c
Booting \\EFI\\debian\\shimaa64.efi
`,
    ],
    [
      'coreboot',
      `[NOTE ]  coreboot-24.12 Mon Dec 30 2024 x86_32 bootblock starting (log level: 7)...
[INFO ]  FMAP: Found "FLASH" version 1.1 at 0x210000.
[DEBUG]  CBFS: Found 'fallback/romstage' @0x80 size 0x5a2c in mcache @0xfefc2e2c
[INFO ]  BS: BS_DEV_ENUMERATE entry times (exec / console): 0 / 0 ms
Jumping to boot code at 0x00800000(0x1ffa3000)
`,
    ],
    [
      'QEMU trace events',
      `usb_xhci_oper_write off 0x0000, val 0x00000001
pci_cfg_write xhci 00:02.0 @0x4 <- 0x507
ahci_port_write ahci(0x55d2c0a0)[0]: port write [reg:PxCMD] @ 0x18: 0x00000006
`,
    ],
    [
      'an editor’s own notes about such a log',
      'InstallProtocolInterface is called for every driver.\nIoMmuMap is printed at DEBUG_VERBOSE.\n',
    ],
    ['a source file', 'DEBUG ((DEBUG_INFO, "Loading driver at 0x%11p EntryPoint=0x%11p %a\\n", Base, Entry, Name));\n'],
    ['nothing', ''],
    ['zeros', '\0'.repeat(4096)],
  ])('%s', (_, text) => {
    expect(looksLikeFirmwareLog(text)).toBe(false);
    expect(looksLikeFirmwareLog(text.replaceAll('\n', '\r\n'))).toBe(false);
    expect(looksLikeFirmwareLog(text.repeat(50))).toBe(false);
  });
});
