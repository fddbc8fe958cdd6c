import { isCommonBufferOperation } from './operation.ts';
import type { Mapping } from './trace.ts';

/**
 * Whether a mapping is a Read or a Write. Where the log lost the operation, a device address other than the host's tells: a
 * CommonBuffer is never bounced.
 */
export function isReadOrWrite(mapping: Pick<Mapping, 'operation' | 'device' | 'host'>): boolean {
  return mapping.operation === null ? mapping.device !== mapping.host : !isCommonBufferOperation(mapping.operation);
}

/** Whether a mapping is known to be a CommonBuffer. */
export function isCommonBuffer(mapping: Pick<Mapping, 'operation'>): boolean {
  return mapping.operation !== null && isCommonBufferOperation(mapping.operation);
}
