import { formatBytes } from '../model/describe.ts';
import type { ReportBuffer, ReportDevice, ReportFailedMap, ReportMapping } from '../model/report.ts';

/** Words for what a replay shows, made in one place. */

/** A name or a text that stems from the log can be of any length and hold anything. */
const LONGEST_TEXT = 120;
/** A sentence about the log, which may hold several of those. */
export const LONGEST_SENTENCE = 1000;

/** A text of the log, fit for one line of plain text. */
export function plainText(text: string, longest = LONGEST_TEXT): string {
  const clipped = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return clipped.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�');
}

/** `XhciDxe`, `XhciDxe (inferred)`, `00:02.0`; `null` where the log does not tell. */
export function ownerOf({ owner }: ReportMapping): string | null {
  if (owner === null) return null;
  const name = owner.name ?? owner.device;
  return name === null ? null : `${plainText(name)}${owner.certain ? '' : ' (inferred)'}`;
}

/** `CommonBuffer, 64 KiB at 0x1e6bc000, XhciDxe`. */
export function mappingText(mapping: ReportMapping): string {
  const size = mapping.bytes === null ? 'unknown size' : formatBytes(mapping.bytes);
  const owner = ownerOf(mapping);
  return [
    mapping.operation ?? 'unknown operation',
    `${size} at ${mapping.device}`,
    ...(owner === null ? [] : [owner]),
  ].join(', ');
}

/** `0x1e3edb98`, or where the log prints no handles, how else it is told from others. */
export function mappingName({ handle, device, generation }: ReportMapping): string {
  return `${handle ?? device}${generation > 1 ? ` #${generation}` : ''}`;
}

/** `64 KiB at 0x1e6bc000`. */
export function bufferText(buffer: ReportBuffer): string {
  return `${buffer.pages === null ? 'unknown size' : formatBytes(buffer.pages * 4096)} at ${buffer.host}`;
}

/** `Read, 512 bytes at 0x7f000000`. */
export function callText({
  operation,
  host,
  bytes,
}: Pick<ReportFailedMap, 'operation' | 'host'> & { readonly bytes: number | null }): string {
  return `${operation ?? 'unknown operation'}, ${bytes === null ? 'unknown size' : formatBytes(bytes)} at ${host}`;
}

export function deviceTitle({ name, address }: Pick<ReportDevice, 'name' | 'address'>): string {
  return [name === null ? 'device' : plainText(name), ...(address === null ? [] : [address])].join(' ');
}

/** `3 mappings`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
