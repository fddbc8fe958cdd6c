import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Address } from '../../../src/core/model/address.ts';
import { addBytes, rangesOverlap, toAddress } from '../../../src/core/model/address.ts';
import { createRangeIndex } from '../../../src/core/lifecycle/range-index.ts';

interface Range {
  readonly id: number;
  readonly start: Address;
  readonly bytes: Address;
}

/** More than the index keeps in a plain list. */
const MANY = 120;
const LARGEST = 0xffff_ffff_ffff_ffffn;

describe('the index of ranges', () => {
  test('equals a naive list, whatever is added, deleted and asked', () => {
    fc.assert(
      fc.property(fc.array(command(), { minLength: 20, maxLength: 3 * MANY }), (commands) => {
        const { index, list } = create();
        for (const [id, { kind, start, bytes, pick }] of commands.entries()) {
          if (kind === 'add') {
            const range = { id, start, bytes };
            index.add(range);
            list.push(range);
          } else if (kind === 'delete' && list.length > 0) {
            const [range] = list.splice(pick % list.length, 1);
            index.delete(range!);
          }
          expect(ids(index.overlapping(start, bytes))).toEqual(ids(naive(list, start, bytes)));
          expect(index.size).toBe(list.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('grows past its plain list, shrinks to nothing, and grows again', () => {
    const { index, list } = create();
    for (let round = 0; round < 3; round++) {
      for (let id = 0; id < MANY; id++) {
        const range = { id, start: id * 0x1000, bytes: 0x1800 };
        index.add(range);
        list.push(range);
      }
      for (let page = 0; page < MANY; page += 7)
        expect(ids(index.overlapping(page * 0x1000, 0x1000))).toEqual(ids(naive(list, page * 0x1000, 0x1000)));
      // From the middle outwards.
      while (list.length > 0) index.delete(list.splice(Math.floor(list.length / 2), 1)[0]!);
      expect(index.size).toBe(0);
      expect(index.overlapping(0, LARGEST)).toEqual([]);
    }
  });

  test('answers in the order of adding', () => {
    const { index } = create();
    for (let id = 0; id < MANY; id++) index.add({ id, start: (MANY - id) * 16, bytes: MANY * 16 });
    const found = ids(index.overlapping(MANY * 16, 1));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found.length).toBeGreaterThan(2);
  });

  test('holds the whole of memory beside a single byte', () => {
    const { index, list } = create();
    for (let id = 0; id < MANY; id++) {
      const range = {
        id,
        start: id % 3 === 0 ? 0 : toAddress(LARGEST - BigInt(id)),
        bytes: id % 3 === 0 ? LARGEST : 1,
      };
      index.add(range);
      list.push(range);
    }
    for (const [start, bytes] of [
      [0, 1],
      [LARGEST, 1],
      [0, LARGEST],
      [LARGEST - 5n, 2],
      [0x1000, 0],
    ] as const)
      expect(ids(index.overlapping(start, bytes))).toEqual(ids(naive(list, start, bytes)));
  });

  test('finds nothing for an empty range, and no empty range', () => {
    const { index } = create();
    for (let id = 0; id < MANY; id++) index.add({ id, start: 0x1000, bytes: id % 2 });
    expect(index.overlapping(0x1000, 0)).toEqual([]);
    expect(index.overlapping(0x1000, 1)).toHaveLength(MANY / 2);
  });

  test('forgives the deletion of what it does not hold', () => {
    const { index } = create();
    const stranger = { id: 7, start: 0, bytes: 1 };
    index.delete(stranger);
    for (let id = 0; id < MANY; id++) index.add({ id, start: id, bytes: 1 });
    index.delete(stranger);
    expect(index.size).toBe(MANY);
  });
});

function create(): { index: ReturnType<typeof createRangeIndex<Range>>; list: Range[] } {
  return {
    index: createRangeIndex<Range>(
      (range) => range.start,
      (range) => range.bytes,
    ),
    list: [],
  };
}

function naive(list: readonly Range[], start: Address, bytes: Address): Range[] {
  return list.filter((range) => rangesOverlap(range.start, range.bytes, start, bytes)).sort((a, b) => a.id - b.id);
}

function ids(ranges: readonly Range[]): number[] {
  return ranges.map(({ id }) => id);
}

interface Command {
  readonly kind: 'add' | 'delete' | 'ask';
  readonly start: Address;
  readonly bytes: Address;
  readonly pick: number;
}

function command(): fc.Arbitrary<Command> {
  const start = fc.oneof(
    fc.nat(0x40).map((page) => page * 0x1000),
    fc.nat(0x40000),
    fc.bigInt({ min: 0n, max: LARGEST }).map(toAddress),
  );
  const bytes = fc.oneof(
    fc.constantFrom(0, 1, 8, 0x1000, 0x10000, 0x100070),
    fc.nat(0x8000),
    fc.constantFrom<Address>(2 ** 40, LARGEST, addBytes(LARGEST, 1)),
  );
  return fc.record({ kind: fc.constantFrom('add', 'add', 'delete', 'ask'), start, bytes, pick: fc.nat(1000) });
}
