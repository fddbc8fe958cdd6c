import type { Address } from '../model/address.ts';

/** What can be told of a boot before it is over. Mappings of which the end was lost count as live until then. */
export interface BootStanding {
  /** `exit`: ExitBootServices() is running, as far as the log shows that. */
  readonly phase: 'boot' | 'exit' | 'handed-off';
  /** Lines that are DMA calls. */
  readonly calls: number;
  /** Map() calls that succeeded. */
  readonly maps: number;
  readonly live: number;
  /** Bytes of host memory that are mapped. */
  readonly liveBytes: Address;
  /** Whether a tracer prints. */
  readonly traced: boolean;
}
