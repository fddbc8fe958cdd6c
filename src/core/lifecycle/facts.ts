import type { Address } from '../model/address.ts';
import type { DmaAccess } from '../model/events.ts';
import type { Buffer, Device, Mapping } from '../model/trace.ts';

/** What the lifecycle found while it replayed the events, for the rules. Everything a rule says rests on facts and on the trace. */
export type Fact = Mapped | Unmapped | UnmapRefused | Allocated | Freed | AttributeChanged | Accessed;

export interface Mapped {
  readonly kind: 'mapped';
  readonly mapping: Mapping;
  /** Mappings certainly live at that moment that share device addresses with it, but not the host buffer. */
  readonly overlapping: readonly Mapping[];
  /** The mapping that still held the same handle, or `null`. */
  readonly displaced: Mapping | null;
  /** Whether damage to the log since that mapping was made may explain it. */
  readonly explainedByDamage: boolean;
  /** Whether the log may have lost the allocation of the memory. */
  readonly allocationMayBeLost: boolean;
}

export interface Unmapped {
  readonly kind: 'unmapped';
  readonly mapping: Mapping;
  /** The device it was made for, as it was at that moment, where the log tells; else `null`. */
  readonly device: { readonly device: Device; readonly certain: boolean } | null;
}

/** A SetAttribute() that gives access to a live mapping. */
export interface AttributeChanged {
  readonly kind: 'attribute-set';
  readonly mapping: Mapping;
  /** EDKII_IOMMU_ACCESS_READ (1) and _WRITE (2), never 0. */
  readonly access: number;
  readonly lineIndex: number;
}

/** A device accessed memory that no live mapping covers, or the IOMMU refused an access. */
export interface Accessed {
  readonly kind: 'accessed';
  readonly access: DmaAccess;
  readonly lineIndex: number;
  readonly phase: 'boot' | 'exit' | 'after-handoff';
  /** The live mapping that covers the address, or `null`. */
  readonly live: Mapping | null;
  /** Where none is live: the one that covered it and was removed last, or `null`. */
  readonly removed: Mapping | null;
  readonly explainedByDamage: boolean;
}

/** An Unmap() of a handle that is not live. */
export interface UnmapRefused {
  readonly kind: 'unmap-refused';
  readonly handle: Address | null;
  readonly lineIndex: number;
  /** The last mapping with this handle, or `null` if there was none. */
  readonly previous: Mapping | null;
  /** Whether damage to the log, or a missing beginning, may explain it. */
  readonly explainedByDamage: boolean;
}

export interface Allocated {
  readonly kind: 'allocated';
  readonly buffer: Buffer;
}

export interface Freed {
  readonly kind: 'freed';
  readonly host: Address;
  readonly pages: Address;
  readonly lineIndex: number;
  /** The live buffer that the range belongs to, or `null`. */
  readonly buffer: Buffer | null;
  /** `whole`: exactly the buffer. `part`: the range differs from the buffer's. `again`: freed before. `unknown`: never allocated. */
  readonly outcome: 'whole' | 'part' | 'again' | 'unknown';
  /** For `again`: the buffer that was freed before. */
  readonly previous: Buffer | null;
  /** Mappings certainly live at that moment whose host memory the range touches. */
  readonly mapped: readonly Mapping[];
  readonly explainedByDamage: boolean;
}
