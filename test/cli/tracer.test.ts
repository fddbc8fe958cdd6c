import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from './support/run.ts';
import { createLogFolder, type LogFolder } from './support/logs.ts';

const BUILT = join(import.meta.dirname, '../../firmware/prebuilt');
const FILES = ['dma-tracer-rebind.rom', 'dma-tracer.efi', 'dma-tracer.rom'];

let folder: LogFolder;

beforeEach(() => {
  folder = createLogFolder();
});

afterEach(() => {
  folder.remove();
});

function expectTracer(path: string): void {
  expect(readdirSync(path).sort()).toEqual(FILES);
  for (const name of FILES) expect(readFileSync(join(path, name))).toEqual(readFileSync(join(BUILT, name)));
}

describe('tracer extract', () => {
  test('writes the driver and its option ROMs, and says where', async () => {
    const out = join(folder.path, 'new', 'folder');
    const { status, stdout, stderr } = await run(['tracer', 'extract', '--out', out]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout.trimEnd().split('\n').sort()).toEqual(FILES.map((name) => join(out, name)));
    expectTracer(out);
  });

  test('writes into the current folder, over what an earlier version wrote', async () => {
    const cwd = join(folder.path, 'here');
    mkdirSync(cwd);
    writeFileSync(join(cwd, 'dma-tracer.rom'), 'an older one');
    const { status, stdout } = await run(['tracer', 'extract'], { cwd });
    expect(status).toBe(0);
    expect(stdout.trimEnd().split('\n').sort()).toEqual(FILES);
    expectTracer(cwd);
  });

  test('fails where there is no room for a folder', async () => {
    const { status, stdout, stderr } = await run(['tracer', 'extract', '--out', join(folder.log('healthy'), 'x')]);
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toMatch(/^dma-handoff: .*healthy\.log\/x\/dma-tracer\.efi cannot be written: .+\n$/);
  });

  test.each([
    [['tracer'], /one command: extract/],
    [['tracer', 'build'], /one command: extract/],
    [['tracer', 'extract', 'here'], /one command: extract/],
    [['tracer', 'extract', '--log', 'x'], /no option --log/],
    [['check', '--out', 'x', 'a.log'], /no option --out/],
  ])('is not %j, which is wrong usage', async (words, message) => {
    const { status, stdout, stderr } = await run(words, { cwd: folder.path });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
    expect(readdirSync(folder.path).filter((name) => name.startsWith('dma-tracer'))).toEqual([]);
  });
});

describe('the option ROMs', () => {
  test.each(['dma-tracer.rom', 'dma-tracer-rebind.rom'])('%s is one that PCI firmware takes', (name) => {
    const rom = readFileSync(join(BUILT, name));
    // PCI Firmware Specification 3.0, 5.1.1 and 5.1.2, and UEFI 2.10, 14.4.2.
    expect(rom.readUInt16LE(0)).toBe(0xaa55);
    const data = rom.readUInt16LE(0x18);
    expect(rom.toString('latin1', data, data + 4)).toBe('PCIR');
    expect(rom.readUInt16LE(data + 4), 'the vendor of pci-testdev').toBe(0x1b36);
    expect(rom.readUInt16LE(data + 6), 'its device').toBe(0x0005);
    expect(rom.readUInt8(data + 0x14), 'code type: EFI').toBe(3);
    expect(rom.readUInt32LE(4), 'EFI signature').toBe(0x0ef1);
    expect(rom.readUInt16LE(data + 0x10) * 512).toBeLessThanOrEqual(rom.length);
  });
});
