import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { analyse } from './support/analyse.ts';
import { reportOfLog } from './support/logs.ts';

/** What QEMU's trace events tell about real boots: in one stream with the firmware's log, and in a file of their own. */

describe('the devices of a log', () => {
  test('with AHCI traced: stopped at hand-off, with Bus Master Enable set', () => {
    const [boot] = reportOfLog('sevlike-ahci-traced').traces;
    const ahci = boot?.devices.find(({ name }) => name === 'ich9-ahci');
    expect(ahci).toMatchObject({ address: '00:1f.2', busMaster: true, busMasterLine: 4141, running: false });
    expect(ahci?.controllers.map(({ how }) => how)).toContain('PxCMD.ST cleared');
    expect(ahci?.controllers.at(-1)?.line).toBeLessThan(boot?.handoff?.line ?? 0);
  });

  test('with EHCI traced, torn in places: running where the log ends', () => {
    const [boot] = reportOfLog('sevlike-mixed-writers').traces;
    expect(boot?.devices.find(({ running }) => running === true)).toMatchObject({
      address: '00:1d.7',
      name: 'ich9-usb-ehci1',
      busMaster: true,
    });
  });
});

describe('a file of trace events alone', () => {
  test.each(['sevlike-xhci-traced', 'vtd-xhci-traced'])('tells that the controller of %s was stopped', (name) => {
    const { traces, input } = analyse(readTrace(name));
    const [boot] = traces;
    expect(input.malformedLines).toBe(0);
    expect(boot?.devices.find(({ address }) => address === '00:02.0')).toMatchObject({
      name: 'qemu-xhci',
      busMaster: true,
      running: false,
    });
  });

  test('tells when VT-d first translates', () => {
    expect(analyse(readTrace('vtd-xhci-traced')).traces[0]?.translation?.enabledLine).toBe(348);
  });
});

function readTrace(name: string): string {
  const path = join(import.meta.dirname, '../fixtures/logs', `${name}.trace.gz`);
  return gunzipSync(readFileSync(path)).toString('latin1');
}
