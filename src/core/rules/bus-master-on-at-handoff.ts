import { isRunning } from '../lifecycle/device-book.ts';
import { describeDevice } from '../model/describe.ts';
import { defineRule, exitLines } from './rule.ts';

/** Harm: a device with Bus Master Enable can go on to access memory that is the operating system's now. */
export const busMasterOnAtHandoff = defineRule({
  meta: {
    id: 'bus-master-on-at-handoff',
    summary: 'Bus Master Enable is set at hand-off for a device that is not known to be stopped',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.2.0',
  },
  messages: {
    running: 'Bus Master Enable is still set at hand-off, and {devices} {is} running: nobody stopped {it}.',
    unknown:
      'Bus Master Enable is still set at hand-off for {devices}, which did DMA in this boot; the log does not show whether {they} had been stopped.',
    stopped:
      'Bus Master Enable is still set at hand-off for {devices}; the log shows {it} stopped, so that is harmless.',
  },
  create: ({ report }) => ({
    onEnd(trace) {
      if (!trace.handoff) return;
      const { handoff } = trace;
      // Firmware sets it for bridges and whatever else it enables: what never did DMA is no danger.
      const enabled = trace.devices.filter(({ busMaster, doesDma }) => busMaster === true && doesDma);
      for (const [message, state] of [
        ['running', true],
        ['unknown', null],
        ['stopped', false],
      ] as const) {
        const devices = enabled.filter((device) => isRunning(device) === state);
        if (devices.length === 0) continue;
        const one = devices.length === 1;
        report({
          message,
          ...(state === false ? { severity: 'information' } : {}),
          data: {
            devices: devices.map(describeDevice).join(', '),
            is: one ? 'is' : 'are',
            it: one ? 'it' : 'them',
            they: one ? 'it' : 'they',
          },
          lineIndex: handoff.lineIndex,
          related: [
            ...devices.flatMap((device) => [
              ...(device.busMasterLineIndex === null
                ? []
                : [
                    {
                      lineIndex: device.busMasterLineIndex,
                      message: `Bus Master Enable set for ${describeDevice(device)}`,
                    },
                  ]),
              ...device.controllers.map(({ how, lineIndex }) => ({ lineIndex, message: how })),
            ]),
            ...exitLines(trace),
          ],
        });
      }
    },
  }),
});
