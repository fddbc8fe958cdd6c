import { describe, expect, test } from 'vitest';
import { analyse, analyseBoot, findingsOf } from '../support/analyse.ts';
import { BOOT_START, PROTECTION_LIFTED, toText } from '../support/firmware.ts';

/** What VT-d's drivers print that the real logs do not show: several engines, addresses above 4 GiB, failures, faults. */

const ENABLED = ['VTD (0) enabled!<<<<<<', 'VTD (1) enabled!<<<<<<'];
const EXIT = 'Vtd OnExitBootServices';
const ON = '  GSTS_REG    - 0xC0000000 ';
const OFF = '  GSTS_REG    - 0x40000000 ';

const ALLOCATED = ['IoMmuAllocateBuffer: ==> 0x00000010', 'IoMmuAllocateBuffer: 0x1E82F000 <=='];
const MAPPED = [
  'IoMmuMap: ==> 0x1E82F000 - 0x00010000 (2)',
  'IoMmuMap: 0x1E82F000 - 0x1E996818 <==',
  'IoMmuSetAttribute: PCI(S0.B0.D2.F0) (0x1E82F000~0x10000) - 3',
];
const UNMAPPED = ['IoMmuSetAttribute: PCI(S0.B0.D2.F0) (0x1E82F000~0x10000) - 0', 'IoMmuUnmap: 0x1E996818'];

describe('the platform', () => {
  test('denies where nothing switches translation off', () => {
    const trace = analyseBoot(toText(BOOT_START, ENABLED, MAPPED, EXIT, ON, ON, 'Invalidate all', PROTECTION_LIFTED));
    expect(trace).toMatchObject({ platform: 'deny', translation: { on: true } });
  });

  test.each([
    ['IntelVTdDxe', ['VTD (0) Disabled!<<<<<<', 'VTD (1) Disabled!<<<<<<']],
    ['IntelVTdCoreDxe', ['VTD () Disabled!<<<<<<', 'VTD () Disabled!<<<<<<']],
    ['a log that lost those lines', []],
  ])('permits where %s switches both engines off', (_, lines) => {
    const trace = analyseBoot(
      toText(BOOT_START, ENABLED, MAPPED, EXIT, ON, ON, 'Invalidate all', lines, OFF, OFF, PROTECTION_LIFTED),
    );
    expect(trace).toMatchObject({ platform: 'permit', translation: { on: false } });
  });

  test('denies where one of two engines is still on', () => {
    const trace = analyseBoot(
      toText(BOOT_START, ENABLED, MAPPED, EXIT, 'VTD (0) Disabled!<<<<<<', OFF, ON, PROTECTION_LIFTED),
    );
    expect(trace).toMatchObject({ platform: 'deny', translation: { on: true } });
  });

  test('permits without a DMAR table, where the calls are printed all the same', () => {
    const trace = analyseBoot(toText(BOOT_START, MAPPED, EXIT, 'Invalidate all', PROTECTION_LIFTED));
    expect(trace).toMatchObject({ platform: 'permit', translation: null });
  });
});

describe('a mapping', () => {
  test('gets its upper half and its device from SetAttribute()', () => {
    const { mappings } = analyseBoot(
      toText(
        BOOT_START,
        'IoMmuMap: ==> 0x1E82F000 - 0x00010000 (5)',
        'IoMmuMap: 0x1E82F000 - 0x1E996818 <==',
        'IoMmuSetAttribute: PCI(S1.B3A.D1F.F7) (0x11E82F000~0x10000) - 3',
      ),
    );
    expect(mappings).toMatchObject([
      {
        operation: 'CommonBuffer64',
        host: '0x11e82f000',
        device: '0x11e82f000',
        pci: { address: '0001:3a:1f.7' },
      },
    ]);
  });

  test('that failed has its status', () => {
    const { failedMaps, mappings } = analyseBoot(
      toText(BOOT_START, 'IoMmuMap: ==> 0x3E82F000 - 0x00010000 (2)', 'IoMmuMap: Unsupported', MAPPED),
    );
    expect(mappings).toHaveLength(1);
    expect(failedMaps).toMatchObject([{ calledLine: 2, status: 'Unsupported' }]);
  });

  test('unmapped twice is refused the second time', () => {
    const trace = analyseBoot(
      toText(BOOT_START, ALLOCATED, MAPPED, UNMAPPED, 'IoMmuUnmap: 0x1E996818', 'IoMmuUnmap: Invalid Parameter'),
    );
    expect(findingsOf(trace)).toContain('9 error double-unmap');
  });
});

describe('a buffer', () => {
  const rest = 'EfiGetMemoryAttributes: 0x1E82F000 - 0x10000';

  test('that is freed is named in the next line', () => {
    const { buffers } = analyseBoot(toText(BOOT_START, ALLOCATED, MAPPED, UNMAPPED, 'IoMmuFreeBuffer: 0x', rest));
    expect(buffers).toMatchObject([{ host: '0x1e82f000', freedLine: 9, freeInferred: false }]);
  });

  test.each([['IoMmuFreeBuffer: 0x'], ['IoMmuFreeBuffer: 0x10']])(
    'that is freed without that line is the one unmapped just before: %s',
    (line) => {
      const { buffers } = analyseBoot(toText(BOOT_START, ALLOCATED, MAPPED, UNMAPPED, line));
      expect(buffers).toMatchObject([{ host: '0x1e82f000', freedLine: 9, freeInferred: true }]);
    },
  );

  test('that could not be allocated is none', () => {
    const { buffers } = analyseBoot(
      toText(BOOT_START, 'IoMmuAllocateBuffer: ==> 0x00000010', 'IoMmuAllocateBuffer: 0x00000000 <=='),
    );
    expect(buffers).toEqual([]);
  });
});

test('a fault record tells of an access that no mapping covers', () => {
  const fault = '  FRCD_REG[0] - 0x8000000500000010 000000001F000000';
  const trace = analyseBoot(toText(BOOT_START, ENABLED, MAPPED, '#### ERROR ####', ON, fault));
  expect(findingsOf(trace).filter((finding) => finding.includes('iommu-fault'))).toHaveLength(1);
});

test('lines that begin alike are no damage', () => {
  const lines = ['  VTD (0) BaseAddress -  0x00000000FED90000', 'Find VTD (0) [0xFED90000] Exist'];
  const { input } = analyse(toText(BOOT_START, lines, MAPPED));
  expect(input.malformedLines).toBe(0);
});
