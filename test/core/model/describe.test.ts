import { describe, expect, test } from 'vitest';
import { formatBytes } from '../../../src/core/index.ts';
import { describeBuffer, describeMapping, describeOwner } from '../../../src/core/model/describe.ts';
import type { Mapping, Owner } from '../../../src/core/model/trace.ts';

const mapping: Mapping = {
  id: 1,
  order: 0,
  handle: 0x1e3edb98,
  generation: 1,
  operation: 'CommonBuffer',
  host: 0x1e6bc000,
  device: 0x1e6bc000,
  addressBits: 64,
  bytes: 0x10000,
  pages: 0x10,
  buffer: null,
  calledLineIndex: 0,
  mappedLineIndex: 1,
  mappedSeconds: null,
  owner: null,
  pci: null,
  revokedLineIndex: null,
  unmappedLineIndex: null,
  unmappedSeconds: null,
  unmappedBy: null,
  lostTrack: false,
  liveAtHandoff: false,
  otherLineIndices: [],
};
const owner: Owner = { name: 'XhciDxe', evidence: 'it said so', evidenceLineIndex: 3, certain: true };

describe('a size', () => {
  test.each([
    [0, '0 bytes'],
    [1, '1 byte'],
    [8, '8 bytes'],
    [1023, '1023 bytes'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [65536, '64 KiB'],
    [0x100070, '1.0 MiB'],
    [1024 ** 2, '1 MiB'],
    [1024 ** 3, '1 GiB'],
    [5 * 1024 ** 4, '5 TiB'],
    [1024 ** 2 - 1, '1.0 MiB'],
    [1024 ** 3 - 1, '1.0 GiB'],
    [2n ** 60n, '1 EiB'],
    [0xffff_ffff_ffff_ffffn, '16 EiB'],
    [2n ** 76n, '65536 EiB'],
  ])('of %s bytes is %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('a mapping', () => {
  test.each<[string, Partial<Mapping>]>([
    ['CommonBuffer mapping 0x1e6bc000 (64 KiB, handle 0x1e3edb98)', {}],
    ['CommonBuffer mapping 0x1e6bc000 (16 pages, handle 0x1e3edb98)', { bytes: null }],
    ['CommonBuffer mapping 0x1e6bc000 (1 page, handle 0x1e3edb98)', { bytes: null, pages: 1 }],
    ['mapping 0x1e6bc000 (64 KiB, handle 0x1e3edb98)', { operation: null }],
    ['CommonBuffer mapping 0x1e6bc000 (64 KiB)', { handle: null }],
    [
      'Write64 mapping 0xffffffffffffffff (8 bytes, handle 0x1e3edb98)',
      { operation: 'Write64', device: 2n ** 64n - 1n, bytes: 8 },
    ],
  ])('is called “%s”', (text, changes) => {
    expect(describeMapping({ ...mapping, ...changes })).toBe(text);
  });

  test('is followed by its owner, as sure as the log is', () => {
    expect(describeOwner(mapping)).toBe('');
    expect(describeOwner({ ...mapping, owner })).toBe(' of XhciDxe');
    expect(describeOwner({ ...mapping, owner: { ...owner, certain: false } })).toBe(', probably of XhciDxe,');
  });
});

describe('a buffer', () => {
  test('is called by its address and size', () => {
    expect(describeBuffer({ host: 0x1e6bc000, pages: 0x10 })).toBe('buffer 0x1e6bc000 (64 KiB)');
    expect(describeBuffer({ host: 0x1e6bc000, pages: null })).toBe('buffer 0x1e6bc000');
  });
});
