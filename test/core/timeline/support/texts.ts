import fc from 'fast-check';
import * as firmware from '../../support/firmware.ts';
import { ring, toText, transfer } from '../../support/firmware.ts';

/** What a driver does with one of a few buffers or transfers. */
type Action = readonly ['allocate' | 'map' | 'unmap' | 'free' | 'transfer' | 'finish' | 'again', number];

const KINDS = ['allocate', 'map', 'unmap', 'free', 'transfer', 'finish', 'again'] as const;

/** Logs of drivers without any sense: calls in any order, some of them wrong, with or without an end. */
export function anyLog(): fc.Arbitrary<string> {
  const action: fc.Arbitrary<Action> = fc.tuple(fc.constantFrom(...KINDS), fc.nat(5));
  return fc
    .tuple(fc.array(action, { maxLength: 60 }), fc.constantFrom('none', 'exit', 'cleanup', 'handoff'))
    .map(([actions, end]) =>
      toText(
        firmware.BOOT_START,
        firmware.PROTOCOL_INSTALLED,
        ...actions.map(linesOf),
        ...(end === 'none' ? [] : [firmware.IOMMU_EXIT_BOOT]),
        ...(end === 'cleanup' ? [firmware.CLEANUP] : []),
        ...(end === 'handoff' || end === 'cleanup' ? [firmware.LINUX_DUMMY] : []),
      ),
    );
}

function linesOf([kind, index]: Action): readonly string[] {
  switch (kind) {
    case 'allocate':
      return firmware.allocate(ring(index));
    case 'map':
      return firmware.map(ring(index));
    case 'again':
      // A second mapping of the same buffer, under another handle.
      return firmware.map({ ...ring(index), handle: 0x1c3e0018 + index * 0x100 });
    case 'unmap':
      return [firmware.unmap(ring(index))];
    case 'free':
      return [firmware.free(ring(index))];
    case 'transfer':
      return firmware.map(transfer(index, index % 2 === 0 ? 'Read' : 'Write'));
    case 'finish':
      return [firmware.unmap(transfer(index))];
  }
}

/** A log with one line taken out, doubled, or cut. */
export function damaged(lines: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.nat(lines.length - 1), fc.constantFrom('drop', 'double', 'cut'), fc.nat(60))
    .map(([at, how, column]) =>
      lines
        .flatMap((line, index) => {
          if (index !== at) return [line];
          return how === 'drop' ? [] : how === 'double' ? [line, line] : [`${line.trimEnd().slice(0, column)}\r\n`];
        })
        .join(''),
    );
}
