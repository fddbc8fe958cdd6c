import type { ReportOwner } from '../model/report.ts';

/** `XhciDxe`, `XhciDxe at 00:02.0`, or `PCI 00:02.0` where only the device is known. */
export function ownerName({ name, device }: Pick<ReportOwner, 'name' | 'device'>): string {
  if (name === null) return `PCI ${device ?? '?'}`;
  return device === null ? name : `${name} at ${device}`;
}
