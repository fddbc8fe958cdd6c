import type { ReportMapping } from '../model/report.ts';

/** Whose a lane is. */
export interface LaneOwner {
  /** Base name of the driver's INF; `null`: unknown. */
  readonly name: string | null;
  /** PCI address, or `null`. */
  readonly device: string | null;
}

/** Gives each owner a number, in the order in which they come. */
export interface OwnerNumbers {
  numberOf(mapping: ReportMapping): number;
  /** `null` in the last place: those that are too many to tell apart. */
  readonly owners: readonly (LaneOwner | null)[];
}

/** More lanes than this tell nobody anything: the owners beyond share the last one. */
const MOST_OWNERS = 256;

export function createOwnerNumbers(): OwnerNumbers {
  const owners: (LaneOwner | null)[] = [];
  const byName = new Map<string | null, Map<string | null, number>>();

  function add(name: string | null, device: string | null): number {
    if (owners.length >= MOST_OWNERS) {
      if (owners.length === MOST_OWNERS) owners.push(null);
      return MOST_OWNERS;
    }
    const byDevice = byName.get(name) ?? new Map<string | null, number>();
    byName.set(name, byDevice);
    byDevice.set(device, owners.length);
    return owners.push({ name, device }) - 1;
  }

  return {
    numberOf({ owner, pci }) {
      const name = owner?.name ?? null;
      const device = owner?.device ?? pci?.address ?? null;
      return byName.get(name)?.get(device) ?? add(name, device);
    },
    owners,
  };
}

/** `XhciDxe`, `XhciDxe at 00:02.0`, `PCI 00:02.0`, `Driver unknown`. */
export function titleOf(owner: LaneOwner | null): string {
  if (owner === null) return 'Other drivers';
  const { name, device } = owner;
  if (name === null) return device === null ? 'Driver unknown' : `PCI ${device}`;
  return device === null ? name : `${name} at ${device}`;
}
