import { isRunning } from '../lifecycle/device-book.ts';
import { describeDevice } from '../model/describe.ts';
import type { Device, Mapping, Trace } from '../model/trace.ts';
import { defineRule, exitLines } from './rule.ts';

/** Harm: without translation a device that nobody stopped reaches all of memory, and what it writes late lands in the operating system's pages. */
export const translationOffAtExit = defineRule({
  meta: {
    id: 'translation-off-at-exit',
    summary: 'The IOMMU stops translating at ExitBootServices while a device is not known to be stopped',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.2.0',
  },
  messages: {
    running:
      'DMA translation is switched off here while {devices} {is} still running: from now on its accesses reach all of memory unchecked.',
    unknown:
      'DMA translation is switched off here with {mappings} still mapped, and the log does not show that {devices} had been stopped: an access under way reaches all of memory unchecked.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      const lineIndex = trace.exitBootServices?.translationOffLineIndex ?? null;
      if (lineIndex === null || trace.translation?.on === true) return;
      const running = trace.devices.filter((device) => device.doesDma && isRunning(device) === true);
      if (running.length > 0) {
        report({
          message: 'running',
          data: { devices: running.map(describeDevice).join(', '), is: running.length === 1 ? 'is' : 'are' },
          lineIndex,
          related: [
            ...running.flatMap(({ controllers }) =>
              controllers.map(({ how, lineIndex: at }) => ({ lineIndex: at, message: how })),
            ),
            ...exitLines(trace),
          ],
        });
        return;
      }
      const open = trace.live.filter((mapping) => !isKnownStopped(trace, mapping));
      if (open.length === 0) return;
      const names = [...new Set(open.map(({ pci, owner }) => pci?.address ?? owner?.name ?? 'their device'))];
      report({
        message: 'unknown',
        data: { mappings: open.length === 1 ? '1 mapping' : `${open.length} mappings`, devices: names.join(', ') },
        lineIndex,
        related: [
          ...open.slice(0, 8).map((mapping) => ({ lineIndex: mapping.mappedLineIndex, message: 'still mapped' })),
          ...exitLines(trace),
        ],
      });
    },
  }),
});

function isKnownStopped(trace: Trace, { pci }: Mapping): boolean {
  const device = pci && trace.devices.find((each: Device) => each.pci === pci.address);
  return device ? isRunning(device) === false : false;
}
