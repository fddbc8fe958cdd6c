import type { Address } from '../model/address.ts';
import { addBytes, formatAddress } from '../model/address.ts';
import { formatBytes } from '../model/describe.ts';
import type { FailedMap } from '../model/trace.ts';
import { defineRule } from './rule.ts';

/** Harm: mostly none, if the driver copes. It explains a device that does not work, and leaks in error paths that nobody tests. */
export const mapFailed = defineRule({
  meta: {
    id: 'map-failed',
    summary: 'A Map() did not succeed',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.1.0',
  },
  messages: {
    failed: '{operation} Map() of {bytes} at host address {host} did not succeed: the log shows no result.',
    above4GiB:
      '{operation} Map() of {bytes} at host address {host} did not succeed: the range reaches above 4 GiB and the device is not known to address that (EFI_PCI_IO_ATTRIBUTE_DUAL_ADDRESS_CYCLE).',
    status: '{operation} Map() of {bytes} at host address {host} failed: {status}.',
    invalid: 'Map() with an invalid operation at host address {host} did not succeed.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      for (const failed of trace.failedMaps) {
        if (failed.explainedByDamage) continue;
        report({
          message: reasonOf(failed),
          data: {
            operation: failed.operation ?? '',
            bytes: formatBytes(failed.bytes),
            host: formatAddress(failed.host),
            status: failed.status?.text ?? '',
          },
          lineIndex: failed.calledLineIndex,
          related: failed.status ? [{ lineIndex: failed.status.lineIndex, message: failed.status.text }] : [],
        });
      }
    },
  }),
});

const FOUR_GIB: Address = 2 ** 32;

/** edk2 IoMmuMap: a CommonBuffer cannot bounce, so a 32-bit one above 4 GiB is EFI_UNSUPPORTED. */
function reasonOf({ operation, host, bytes, status }: FailedMap): 'failed' | 'above4GiB' | 'invalid' | 'status' {
  if (operation === null) return 'invalid';
  if (status) return 'status';
  return operation === 'CommonBuffer' && addBytes(host, bytes) > FOUR_GIB ? 'above4GiB' : 'failed';
}
