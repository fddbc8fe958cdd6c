import { OPERATIONS, type Operation } from '../model/operation.ts';
import { SEVERITIES, type Severity } from '../model/report.ts';
import type { RemovedBy } from '../model/trace.ts';

/** What is known of a bar, so that it takes two bytes. */
export interface BarFacts {
  /** `null`: the log lost the line that says. */
  readonly operation: Operation | null;
  /** `null`: it was never unmapped as far as the log tells. */
  readonly removedBy: RemovedBy | null;
  readonly crossesHandoff: boolean;
  /** The log lost its end. */
  readonly lost: boolean;
  /** The worst of the findings about it. */
  readonly severity: Severity | null;
  /** Whether the log proves whose it is; `false` also where the owner is not known. */
  readonly ownerCertain: boolean;
}

/** Bits 0 to 2: operation, 0 for unknown. Bits 3 and 4: removed by, 0 for nobody. Bits 5 to 9 as named. */
const REMOVED_BY = ['boot', 'exit-callback', 'iommu-cleanup'] as const satisfies readonly RemovedBy[];
const REMOVED_SHIFT = 3;
export const CROSSES_HANDOFF = 1 << 5;
export const LOST = 1 << 6;
const SEVERITY_SHIFT = 7;
/** Both bits of the severity. */
export const SEVERITY = 3 << SEVERITY_SHIFT;
export const OWNER_CERTAIN = 1 << 9;

export function toBarFlags(facts: BarFacts): number {
  const { operation, removedBy, severity } = facts;
  return (
    (operation === null ? 0 : OPERATIONS.indexOf(operation) + 1) |
    ((removedBy === null ? 0 : REMOVED_BY.indexOf(removedBy) + 1) << REMOVED_SHIFT) |
    (facts.crossesHandoff ? CROSSES_HANDOFF : 0) |
    (facts.lost ? LOST : 0) |
    ((severity === null ? 0 : SEVERITIES.indexOf(severity) + 1) << SEVERITY_SHIFT) |
    (facts.ownerCertain ? OWNER_CERTAIN : 0)
  );
}

export function operationOf(flags: number): Operation | null {
  return OPERATIONS[(flags & 7) - 1] ?? null;
}

function removedByOf(flags: number): RemovedBy | null {
  return REMOVED_BY[((flags >> REMOVED_SHIFT) & 3) - 1] ?? null;
}

export function severityOf(flags: number): Severity | null {
  return SEVERITIES[((flags >> SEVERITY_SHIFT) & 3) - 1] ?? null;
}

export function crossesHandoff(flags: number): boolean {
  return (flags & CROSSES_HANDOFF) !== 0;
}

export function fromBarFlags(flags: number): BarFacts {
  return {
    operation: operationOf(flags),
    removedBy: removedByOf(flags),
    crossesHandoff: crossesHandoff(flags),
    lost: (flags & LOST) !== 0,
    severity: severityOf(flags),
    ownerCertain: (flags & OWNER_CERTAIN) !== 0,
  };
}
