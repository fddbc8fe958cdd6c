/**
 * The operation of an `EDKII_IOMMU_PROTOCOL.Map()` call (edk2 MdeModulePkg/Include/Protocol/IoMmu.h).
 * `Read`: the device reads memory; `Write`: the device writes memory; `CommonBuffer`: both, for long.
 * The `64` forms are for devices that address memory above 4 GiB.
 */
export const OPERATIONS = ['Read', 'Write', 'CommonBuffer', 'Read64', 'Write64', 'CommonBuffer64'] as const;

export type Operation = (typeof OPERATIONS)[number];

export function isCommonBufferOperation(operation: Operation): boolean {
  return operation === 'CommonBuffer' || operation === 'CommonBuffer64';
}
