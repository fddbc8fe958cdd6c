import { describe, expect, test } from 'vitest';
import { TRACE_EVENTS } from '../../src/capture/trace-events.ts';
import { DIALECTS } from '../../src/core/dialects/registry.ts';

const anchors = DIALECTS.filter(({ id }) => id === 'qemu-trace' || id === 'qemu-iommu').flatMap((dialect) => [
  ...dialect.anchors,
]);

/** One line for each access that an IOMMU lets pass: whoever wants them asks QEMU for them. */
const ONE_AN_ACCESS = ['vtd_dmar_translate', 'amdvi_translation_result', 'virtio_iommu_translate_out'];

/** QEMU's error messages, which need no `-trace`, and machines of other architectures. */
const NO_EVENTS = /^(?:detected translation failure|translation failed for|virtio_iommu_translate no mapping|smmuv3_)/;

describe('the trace events that a capture asks QEMU for', () => {
  test.each(TRACE_EVENTS)('%s is read by a dialect', (event) => {
    // Before QEMU 6.0 the events of NVMe had no `pci_`: the anchors take both names.
    const name = event.replace(/^pci_nvme_(?=mmio|err)/, 'nvme_');
    expect(anchors.filter((anchor) => anchor.split(' ', 1)[0] === name)).not.toEqual([]);
  });

  test('are all that the dialects read, but for those that are as many as the accesses', () => {
    const read = new Set(
      anchors
        .filter((anchor) => !NO_EVENTS.test(anchor))
        .map((anchor) => (anchor.split(' ', 1)[0] ?? '').replace(/^nvme_/, 'pci_nvme_')),
    );
    expect([...read].filter((event) => !TRACE_EVENTS.includes(event)).sort()).toEqual([...ONE_AN_ACCESS].sort());
  });
});
