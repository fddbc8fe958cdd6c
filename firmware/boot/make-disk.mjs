#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause-Patent
//
// Makes a disk for those who have none to boot from: 64 MiB, FAT, with Debian's cloud kernel and a startup.nsh that starts it.
//
//   node firmware/boot/make-disk.mjs [--kernel FILE] DISK
//
// Without FILE, any kernel with an EFI stub, it downloads Debian's with apt-get. Needs mtools. Linux finds no root file system on the disk
// and ends there: for hand-off that is enough.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchKernel, makeDisk } from './media.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { kernel: { type: 'string' } } });
const [disk, ...more] = positionals;
if (disk === undefined || more.length > 0) {
  console.error('usage: node firmware/boot/make-disk.mjs [--kernel FILE] DISK');
  process.exitCode = 2;
} else {
  const temporary = mkdtempSync(join(tmpdir(), 'dma-handoff-'));
  try {
    makeDisk(disk, values.kernel ?? fetchKernel(temporary));
    console.log(`${disk}: boots Linux to its first lines`);
  } catch (error) {
    const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
    console.error(code === 'ENOENT' ? `${path} is missing: install mtools` : message);
    process.exitCode = 1;
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
