/**
 * The operation of an `EDKII_IOMMU_PROTOCOL.Map()` call (edk2 MdeModulePkg/Include/Protocol/IoMmu.h).
 * `Read`: the device reads memory; `Write`: the device writes memory; `CommonBuffer`: both, for long.
 * The `64` forms are for devices that address memory above 4 GiB.
 */
export const OPERATIONS = ['Read', 'Write', 'CommonBuffer', 'Read64', 'Write64', 'CommonBuffer64'] as const;

export type Operation = (typeof OPERATIONS)[number];

export function isCommonBuffer(operation: Operation | null): boolean {
  return operation === 'CommonBuffer' || operation === 'CommonBuffer64';
}

/** `true` for Read and Write; `false` for CommonBuffer and for an operation the log does not tell. */
export function isReadOrWrite(operation: Operation | null): boolean {
  return operation !== null && !isCommonBuffer(operation);
}
