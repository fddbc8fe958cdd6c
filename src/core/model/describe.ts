import type { Address } from './address.ts';
import { formatAddress, pagesToBytes } from './address.ts';
import type { DmaAccess } from './events.ts';
import type { Device, Mapping } from './trace.ts';

/** Words for sizes and things, made in one place so that every message and every view says the same. */

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'] as const;

/** A size in human units, exact where it can be: `8 bytes`, `64 KiB`, `1.2 MiB`. */
export function formatBytes(bytes: Address): string {
  if (bytes < 1024) return bytes === 1 ? '1 byte' : `${bytes} bytes`;
  let value = Number(bytes) / 1024;
  let unit = 0;
  // What would be rounded to 1024.0 belongs to the next unit.
  for (; value >= 1023.95 && unit < UNITS.length - 1; unit++) value /= 1024;
  return `${Number.isInteger(value) ? value : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

/** `CommonBuffer mapping 0x1e6bc000 (64 KiB, handle 0x1e3edb98)`: the device address, as a device or a fault names it. */
export function describeMapping(mapping: Mapping): string {
  const size =
    mapping.bytes === null ? (mapping.pages === 1 ? '1 page' : `${mapping.pages} pages`) : formatBytes(mapping.bytes);
  const handle = mapping.handle === null ? '' : `, handle ${formatAddress(mapping.handle)}`;
  return `${mapping.operation === null ? '' : `${mapping.operation} `}mapping ${formatAddress(mapping.device)} (${size}${handle})`;
}

/** ` of XhciDxe`, ` probably of XhciDxe`, or nothing where the log does not tell. */
export function describeOwner(mapping: Pick<Mapping, 'owner'>): string {
  if (!mapping.owner) return '';
  return mapping.owner.certain ? ` of ${mapping.owner.name}` : `, probably of ${mapping.owner.name},`;
}

/** `buffer 0x1e6bc000 (64 KiB)`. */
export function describeBuffer(buffer: { readonly host: Address | null; readonly pages: Address | null }): string {
  if (buffer.host === null) return 'buffer (the log does not tell which)';
  return `buffer ${formatAddress(buffer.host)}${buffer.pages === null ? '' : ` (${formatBytes(pagesToBytes(buffer.pages))})`}`;
}

/** `qemu-xhci 00:02.0`. */
export function describeDevice({ name, pci }: Pick<Device, 'name' | 'pci'>): string {
  return [name ?? 'the device', ...(pci === null ? [] : [pci])].join(' ');
}

/** `00:02.0 tried to write to 0x1e6bc010 (Linux)`. */
export function describeAccess({ pci, write, address, outcome, reporter }: DmaAccess): string {
  const verb = write === null ? 'access' : write ? 'write to' : 'read from';
  const what = outcome === 'done' ? `was seen to ${verb}` : `tried to ${verb}`;
  return `${pci ?? 'A device'} ${what} ${formatAddress(address)} (${reporter})`;
}
