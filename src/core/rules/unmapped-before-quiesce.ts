import { isRunning } from '../lifecycle/device-book.ts';
import { describeDevice } from '../model/describe.ts';
import type { Device, Mapping } from '../model/trace.ts';
import { defineRule, exitLines } from './rule.ts';

/** Harm: a running controller loses its rings and buffers. It reads garbage and may write that to a disk, or its accesses fault. */
export const unmappedBeforeQuiesce = defineRule({
  meta: {
    id: 'unmapped-before-quiesce',
    summary: 'A mapping was removed at ExitBootServices while its device was still running',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.2.0',
  },
  messages: {
    byDriver:
      'The device {device} was still running ({how}) when {mappings} of it {was} unmapped in a callback of ExitBootServices: a driver stops its device first.',
    byCleanup:
      'The device {device} was still running ({how}) when the cleanup of the IOMMU driver removed {mappings} of it: its driver should stop it in a callback of ExitBootServices.',
  },
  create: ({ report }) => {
    const removed: { readonly mapping: Mapping; readonly device: Device; readonly certain: boolean }[] = [];
    return {
      onFact: {
        unmapped({ mapping, device }) {
          // In boot a running controller gives back one ring after the other, as it should.
          if (device && isRunning(device.device) === true) {
            if (removed.length >= MOST_REMOVED) removed.shift();
            removed.push({ mapping, ...device });
          }
        },
      },
      onEnd(trace) {
        const groups = new Map<string, typeof removed>();
        for (const each of removed) {
          const { unmappedBy } = each.mapping;
          if (unmappedBy !== 'exit-callback' && unmappedBy !== 'iommu-cleanup') continue;
          const key = `${unmappedBy} ${each.device.pci ?? each.device.name ?? ''}`;
          const group = groups.get(key);
          if (group) group.push(each);
          else groups.set(key, [each]);
        }
        for (const group of groups.values()) {
          const [first] = group;
          if (!first) continue;
          const { mapping, device, certain } = first;
          const running = device.controllers.filter((controller) => controller.running);
          report({
            message: mapping.unmappedBy === 'iommu-cleanup' ? 'byCleanup' : 'byDriver',
            data: {
              device: describeDevice(device),
              how: running[0]?.how ?? 'not known to be stopped',
              mappings: group.length === 1 ? '1 mapping' : `${group.length} mappings`,
              was: group.length === 1 ? 'was' : 'were',
            },
            // A window that is inferred, or a device that is, makes the finding so.
            certain: certain && (trace.exitBootServices?.markerLineIndex ?? 0) <= (mapping.unmappedLineIndex ?? 0),
            lineIndex: mapping.unmappedLineIndex ?? mapping.mappedLineIndex,
            mapping,
            related: [
              ...running.slice(0, 4).map(({ how, lineIndex }) => ({ lineIndex, message: how })),
              ...group.slice(1, 8).map(({ mapping: other }) => ({
                lineIndex: other.unmappedLineIndex ?? other.mappedLineIndex,
                message: 'removed likewise',
              })),
              ...exitLines(trace),
            ],
          });
        }
      },
    };
  },
});

/** The last ones count: ExitBootServices comes last. */
const MOST_REMOVED = 4096;
