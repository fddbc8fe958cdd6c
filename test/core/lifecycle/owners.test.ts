import { describe, expect, test } from 'vitest';
import type { ReportOwner } from '../../../src/core/index.ts';
import { analyseBoot } from '../support/analyse.ts';
import type { MapCall } from '../support/firmware.ts';
import { BOOT_START, map, ring, toText, transfer, unmap } from '../support/firmware.ts';

const XHCI_START = 'XhcCreateUsb3Hc: Capability length 0x40';
const XHCI_STARTED = 'XhcDriverBindingStart: XHCI started for controller @ 1E4BAC98';
const NVME_START = 'NvmExpressDriverBindingStart: start';
const BLK_STARTED = 'VirtioBlkInit: LbaSize=0x200[B] NumBlocks=0x10000[Lba]';
const first = ring(0, 0x10000);
const second = ring(1);
const io = transfer(2);

/** The owner of each mapping that the lines make, as `name`, or `name?` where it is not certain. */
function ownersOf(...lines: readonly (string | readonly string[])[]): string[] {
  return analyseBoot(toText(BOOT_START, ...lines)).mappings.map(({ owner }) => nameOf(owner));
}

function nameOf(owner: ReportOwner | null): string {
  return owner === null ? '-' : `${owner.name}${owner.certain ? '' : '?'}`;
}

function inside(call: MapCall, offset: number): string {
  const [from, to] = [call.device + offset, call.device + offset + 0x1000].map((value) =>
    value.toString(16).toUpperCase(),
  );
  return `XhcInitSched: Created CMD ring [${from ?? ''}~${to ?? ''}) EVENT ring [${from ?? ''}~${to ?? ''})`;
}

const quiet = (count: number): string[] => Array.from({ length: count }, () => 'PlatformBdsConnectSequence');

describe('the owner of a mapping', () => {
  test('is unknown where no driver prints anything', () => {
    expect(ownersOf(map(first), map(io))).toEqual(['-', '-']);
  });

  test('is certain where the driver prints an address inside it', () => {
    expect(ownersOf(map(first), map(second), inside(first, 0x240))).toEqual(['XhciDxe', '-']);
    expect(ownersOf(map(first), inside(first, 0xffff))).toEqual(['XhciDxe']);
    expect(ownersOf(map(first), inside(first, 0x10000))).toEqual(['-']);
  });

  test('is not told by an address of a mapping that is gone', () => {
    expect(ownersOf(map(first), unmap(first), inside(first, 0))).toEqual(['-']);
  });

  test('is probably the driver whose start was printed before it', () => {
    expect(ownersOf(XHCI_START, map(first), NVME_START, map(second))).toEqual(['XhciDxe?', 'NvmExpressDxe?']);
  });

  test('is probably the driver that reported its start behind it', () => {
    expect(ownersOf(map(first), map(second), BLK_STARTED)).toEqual(['VirtioBlkDxe?', 'VirtioBlkDxe?']);
    expect(ownersOf(XHCI_STARTED, map(first), BLK_STARTED, map(second))).toEqual(['VirtioBlkDxe?', '-']);
  });

  test('is not taken from a line too far away', () => {
    expect(ownersOf(XHCI_START, quiet(120), map(first))).toEqual(['-']);
    expect(ownersOf(map(first), quiet(120), BLK_STARTED)).toEqual(['-']);
    expect(ownersOf('XhcCheckUrbResult: short packet happens!', quiet(60), map(io))).toEqual(['-']);
  });

  test('of a transfer is probably the driver that printed last', () => {
    expect(ownersOf('XhcCheckUrbResult: short packet happens!', quiet(5), map(io))).toEqual(['XhciDxe?']);
    expect(ownersOf('XhcCheckUrbResult: short packet happens!', NVME_START, map(io))).toEqual(['NvmExpressDxe?']);
  });

  test('is told with its evidence and the line of it', () => {
    const { mappings } = analyseBoot(toText(BOOT_START, map(first), inside(first, 0x240)));
    expect(mappings[0]!.owner).toEqual({
      name: 'XhciDxe',
      device: null,
      evidence: 'XhciDxe printed an address inside this mapping',
      evidenceLine: 4,
      certain: true,
    });
  });
});
