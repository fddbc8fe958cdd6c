import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

/**
 * The tracer that ships is built by few and trusted by many. Without a compiler this tells whether it is the one that SHA256SUMS
 * names, whether that is of today's sources, and whether firmware can load it. `make -C firmware check` compares the bytes.
 */

const root = join(import.meta.dirname, '../..');
const firmware = join(root, 'firmware');
const DRIVER = 'prebuilt/dma-tracer.efi';
const ROMS = ['prebuilt/dma-tracer.rom', 'prebuilt/dma-tracer-rebind.rom'];

/** Folders and files that `INPUTS` of firmware/Makefile collects, from firmware/. */
const INPUT_FOLDERS = ['DmaHandoffPkg/DmaTracerDxe', 'DmaHandoffPkg/DmaTracerDxe/X64', 'Include', 'image', 'tools'];

/** Every option ROM is in units of these. */
const UNIT = 512;

const sums = readSums();

describe('the tracer that ships', () => {
  test('is named with its sum, together with who built it', () => {
    expect([...sums.keys()].filter((path) => path.startsWith('prebuilt/'))).toEqual([DRIVER, ...ROMS]);
    expect(readFirmware('prebuilt/SHA256SUMS').toString('utf8')).toMatch(
      /^# Built by gcc \(.+\) \S+ for \S+, GNU ld .+$/m,
    );
  });

  test('has the sums that are written down, and so have its sources', () => {
    const differing = [...sums].filter(([path, sum]) => sha256(readFirmware(path)) !== sum).map(([path]) => path);
    expect(differing, 'run make -C firmware prebuilt').toEqual([]);
  });

  test('is built from all sources that there are', () => {
    const named = [...sums.keys()].filter((path) => !path.startsWith('prebuilt/'));
    expect(named, 'run make -C firmware prebuilt').toEqual(findInputs());
  });

  test('is a driver that firmware for x86-64 can load', () => {
    const driver = readFirmware(DRIVER);
    const pe = driver.readUInt32LE(60);
    expect(driver.toString('latin1', 0, 2)).toBe('MZ');
    expect(driver.toString('latin1', pe, pe + 4)).toBe('PE\0\0');
    expect(driver.readUInt16LE(pe + 4), 'machine').toBe(0x8664);
    expect(driver.readUInt16LE(pe + 24), 'PE32+').toBe(0x20b);
    expect(driver.readUInt16LE(pe + 24 + 68), 'subsystem: boot service driver').toBe(11);
    expect(driver.readUInt32LE(pe + 8), 'time stamp').toBe(0);
  });

  test.each(ROMS)('is an option ROM of the QEMU device that carries it: %s', (path) => {
    const rom = readFirmware(path);
    expect(Math.log2(rom.length) % 1, 'a size that a PCI expansion ROM can have').toBe(0);

    // UEFI 2.10, table 14.10: EFI PCI Expansion ROM Header.
    expect([...rom.subarray(0, 2)]).toEqual([0x55, 0xaa]);
    const used = rom.readUInt16LE(2) * UNIT;
    expect(used).toBeLessThanOrEqual(rom.length);
    expect(rom.readUInt32LE(4), 'EFI signature').toBe(0x0ef1);
    expect(rom.readUInt16LE(8), 'subsystem').toBe(11);
    expect(rom.readUInt16LE(10), 'machine').toBe(0x8664);
    expect(rom.readUInt16LE(12), 'compression').toBe(0);

    // PCI Firmware Specification 3.0, 5.1.2: PCI Data Structure. QEMU's pci-testdev is 1b36:0005.
    const pcir = rom.subarray(rom.readUInt16LE(24));
    expect(pcir.toString('latin1', 0, 4)).toBe('PCIR');
    expect([pcir.readUInt16LE(4), pcir.readUInt16LE(6)]).toEqual([0x1b36, 0x0005]);
    expect(pcir.readUInt16LE(10), 'length of the structure').toBe(0x18);
    expect(pcir.readUInt16LE(16) * UNIT, 'length of the image').toBe(used);
    expect(pcir[20], 'code type: EFI').toBe(3);
    expect(pcir[21]! & 0x80, 'last image').toBe(0x80);
    expect(rom.subarray(used).every((byte) => byte === 0xff)).toBe(true);
  });

  test('is the same driver in both ROMs but for the switch that restarts other drivers', () => {
    const driver = readFirmware(DRIVER);
    const [plain, rebind] = ROMS.map((path) => {
      const rom = readFirmware(path);
      const start = rom.readUInt16LE(22);
      return rom.subarray(start, start + driver.length);
    });
    const flags = driver.indexOf('DMATROPT') + 'DMATROPT'.length;
    expect(plain!.equals(driver)).toBe(true);
    expect([...driver.keys()].filter((at) => driver[at] !== rebind![at])).toEqual([flags]);
    expect(driver.readUInt32LE(flags)).toBe(0);
    expect(rebind!.readUInt32LE(flags)).toBe(1);
  });

  test.each([DRIVER, ...ROMS])('lies beside the bundles: %s', (path) => {
    const shipped = join(root, path.replace('prebuilt', 'dist/firmware'));
    expect(existsSync(shipped)).toBe(true);
    expect(readFileSync(shipped).equals(readFirmware(path))).toBe(true);
  });

  test.each([
    ['.vscodeignore', '!dist/firmware/**'],
    ['.npmignore', '!/dist/firmware/'],
  ])('is on the list of what ships: %s', (list, entry) => {
    expect(readFileSync(join(root, list), 'utf8').split(/\r?\n/)).toContain(entry);
  });
});

/** Sums by path, in the order of the file. */
function readSums(): ReadonlyMap<string, string> {
  const lines = readFirmware('prebuilt/SHA256SUMS').toString('utf8').trimEnd().split('\n');
  const entries = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('  ', 2));
  return new Map(entries.map(([sum = '', path = '']) => [path, sum]));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function readFirmware(path: string): Buffer {
  return readFileSync(join(firmware, path));
}

/** What the Makefile takes as sources: everything there is in the folders of the driver, of the image, and of the tools. */
function findInputs(): string[] {
  const nested = readdirSync(join(firmware, 'Include'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `Include/${entry.name}`);
  const files = [...INPUT_FOLDERS, ...nested].flatMap((folder) =>
    readdirSync(join(firmware, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:[chS]|lds)$/.test(entry.name))
      .map((entry) => `${folder}/${entry.name}`),
  );
  return ['Makefile', ...files].sort();
}
