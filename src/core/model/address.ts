/**
 * An unsigned integer of up to 64 bits as firmware prints it: an address, a handle or a size in bytes.
 *
 * Invariant: a value up to `Number.MAX_SAFE_INTEGER` is a `number`, a larger one a `bigint`. One value therefore has one
 * representation, so `===` and `Map` keys work, and `<`/`>` compare across both. x86 physical addresses end at 52 bits,
 * so real logs stay on the fast `number` side; a hostile `0xFFFFFFFFFFFFFFFF` stays exact.
 */
export type Address = number | bigint;

const PAGE_SIZE_BYTES = 4096;

/** The canonical form of `value`, which must not be negative. */
export function toAddress(value: bigint): Address {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

/** Parses hexadecimal digits without a `0x` prefix. `null` when `digits` is not 1 to 16 significant hexadecimal digits. */
export function parseHex(digits: string): Address | null {
  if (!/^[0-9a-f]+$/i.test(digits)) return null;
  const significant = digits.replace(/^0+(?=.)/, '');
  if (significant.length > 16) return null;
  return significant.length <= 13 ? Number.parseInt(significant, 16) : toAddress(BigInt(`0x${significant}`));
}

/** `base` + `bytes`, exact even past 2^53. The result may exceed 2^64 − 1: it is the exclusive end of a range. */
export function addBytes(base: Address, bytes: Address): Address {
  if (typeof base === 'number' && typeof bytes === 'number') {
    const sum = base + bytes;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return toAddress(BigInt(base) + BigInt(bytes));
}

/** `total` − `bytes`, which must not be negative. */
export function subtractBytes(total: Address, bytes: Address): Address {
  return typeof total === 'number' && typeof bytes === 'number'
    ? total - bytes
    : toAddress(BigInt(total) - BigInt(bytes));
}

/** Number of 4 KiB pages that hold `bytes` bytes (`EFI_SIZE_TO_PAGES`). */
export function bytesToPages(bytes: Address): Address {
  if (typeof bytes === 'number') return Math.ceil(bytes / PAGE_SIZE_BYTES);
  return toAddress((bytes + BigInt(PAGE_SIZE_BYTES - 1)) / BigInt(PAGE_SIZE_BYTES));
}

/** Size in bytes of `pages` 4 KiB pages (`EFI_PAGES_TO_SIZE`). */
export function pagesToBytes(pages: Address): Address {
  if (typeof pages === 'number' && pages <= Number.MAX_SAFE_INTEGER / PAGE_SIZE_BYTES) return pages * PAGE_SIZE_BYTES;
  return toAddress(BigInt(pages) * BigInt(PAGE_SIZE_BYTES));
}

/** Whether the half-open ranges `[start, start + size)` share an address. An empty range shares none. */
export function rangesOverlap(startA: Address, sizeA: Address, startB: Address, sizeB: Address): boolean {
  return sizeA > 0 && sizeB > 0 && startA < addBytes(startB, sizeB) && startB < addBytes(startA, sizeA);
}

/** The report's form: lower-case hexadecimal with `0x`. */
export function formatAddress(value: Address): string {
  return `0x${value.toString(16)}`;
}
