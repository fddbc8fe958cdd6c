import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  allocate,
  BOOT_START,
  CLEANUP,
  DRIVER_LOADED,
  FILE_OPENED,
  IOMMU_EXIT_BOOT,
  LINUX_DUMMY,
  map,
  PROTECTION_LIFTED,
  ring,
  swept,
  toText,
  transfer,
  unmap,
} from '../../core/support/firmware.ts';

const BOOTED = [BOOT_START, DRIVER_LOADED, ...allocate(ring(0)), ...map(ring(0)), FILE_OPENED];
const ENDED = [...PROTECTION_LIFTED, LINUX_DUMMY];

/** Short logs, one for each verdict. */
export const TEXTS = {
  healthy: toText(BOOTED, IOMMU_EXIT_BOOT, CLEANUP, swept(ring(0)), ENDED),
  pending: toText(BOOTED, map(transfer(1)), IOMMU_EXIT_BOOT, CLEANUP, swept(transfer(1)), swept(ring(0)), ENDED),
  leaking: toText(BOOTED, IOMMU_EXIT_BOOT, ENDED),
  unmapsTwice: toText(BOOTED, map(transfer(1)), unmap(transfer(1)), unmap(transfer(1)), FILE_OPENED),
  quiet: toText(
    BOOT_START,
    DRIVER_LOADED,
    'ValidateSetVariable - Variable (8BE4DF61-93CA-11D2-AA0D-00E098032B8C:ConIn) returning Success.',
  ),
  foreign: '[    0.412345] DMAR: IOMMU enabled\n',
} as const;

export type LogName = keyof typeof TEXTS;

export interface LogFolder {
  readonly path: string;
  /** Path of `<name>.log`. */
  readonly log: (name: LogName) => string;
  /** Writes a file and returns its path. */
  readonly write: (name: string, content: string | Buffer) => string;
  readonly remove: () => void;
}

/** A temporary folder with the short logs. */
export function createLogFolder(): LogFolder {
  const path = mkdtempSync(join(tmpdir(), 'dma-handoff-'));
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(join(path, name), content);
    return join(path, name);
  };
  for (const [name, text] of Object.entries(TEXTS)) write(`${name}.log`, text);
  return {
    path,
    log: (name) => join(path, `${name}.log`),
    write,
    remove: () => {
      rmSync(path, { recursive: true });
    },
  };
}

export function zip(text: string): Buffer {
  return gzipSync(Buffer.from(text, 'latin1'));
}
