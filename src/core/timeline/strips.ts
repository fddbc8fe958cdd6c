import type { Journal } from '../journal/journal.ts';
import { kindNumber } from '../journal/journal.ts';
import type { DeviceBook } from '../lifecycle/device-book.ts';
import { createDeviceBook, isRunning } from '../lifecycle/device-book.ts';
import { describeDevice } from '../model/describe.ts';
import type { StepNote } from '../model/step.ts';
import type { Device } from '../model/trace.ts';
import type { TimelineDeviceState, TimelineStrip } from './timeline.ts';
import type { LaneOwner } from './owners.ts';
import { placeOfStep } from './lives.ts';
import { cutLabel } from './marks.ts';

/** The states of the devices over time. */
export interface DeviceStrips {
  readonly strips: readonly TimelineStrip[];
  /** The strip of the device that an owner drives, by its place; `null`: the log does not tell. */
  stripOf(owner: LaneOwner): number | null;
}

const COMMAND = kindNumber('device-command');
const CONTROLLER = kindNumber('controller-state');
/** Steps that are looked at; the work that they may make, in devices compared with each other. */
const MOST_STEPS = 20_000;
const MOST_WORK = 20_000_000;

export function readStrips(journal: Journal): DeviceStrips {
  const book = createDeviceBook();
  const drawn = new Map<string, { device: Device; readonly segments: TimelineDeviceState[] }>();
  let steps = 0;
  let work = 0;

  for (let step = 0; step < journal.stepCount; step++) {
    const kind = journal.kinds[step];
    if (kind !== COMMAND && kind !== CONTROLLER) continue;
    if (++steps > MOST_STEPS || work > MOST_WORK) {
      // From here on nobody knows.
      for (const { device } of drawn.values()) draw(unknownState(device), step);
      break;
    }
    tell(book, journal.notes[(journal.subjects[step] ?? 0) - 1], (journal.lines[step] ?? 1) - 1);
    const { devices } = book;
    work += devices.length ** 2;
    const unseen = new Set(drawn.keys());
    for (const device of devices) {
      unseen.delete(keyOf(device));
      draw(device, step);
    }
    // A controller without a device has found the one that it belongs to, or lost it.
    for (const key of unseen) {
      const gone = drawn.get(key);
      if (gone) draw(unknownState(gone.device), step);
    }
  }

  function draw(device: Device, step: number): void {
    const key = keyOf(device);
    const strip = drawn.get(key) ?? { device, segments: [] };
    drawn.set(key, strip);
    strip.device = device;
    const last = strip.segments.at(-1);
    const running = isRunning(device);
    const { busMaster } = device;
    if ((last?.busMaster ?? null) === busMaster && (last?.running ?? null) === running) return;
    strip.segments.push({ from: placeOfStep(journal, step), busMaster, running });
  }

  const places = new Map<string, number>();
  const strips: TimelineStrip[] = [];
  for (const [key, { device, segments }] of drawn) {
    if (segments.length === 0) continue;
    const title = cutLabel(describeDevice(device));
    places.set(key, strips.push({ title, pci: device.pci, name: device.name && cutLabel(device.name), segments }) - 1);
  }

  return {
    strips,
    stripOf({ name, device }) {
      if (device !== null) return places.get(device) ?? null;
      const driven = name === null ? null : book.deviceOf({ pci: null, owner: { name } });
      return driven ? (places.get(keyOf(driven.device)) ?? null) : null;
    },
  };
}

function unknownState(device: Device): Device {
  return { ...device, busMaster: null, controllers: [] };
}

function tell(book: DeviceBook, note: StepNote | undefined, lineIndex: number): void {
  if (note?.kind === 'device') {
    const { pci, name, busMaster } = note;
    book.commanded({ kind: 'device-command', pci, name, busMaster }, lineIndex);
  } else if (note?.kind === 'controller') {
    const { controller, instance, running, how } = note;
    book.controllerChanged({ kind: 'controller-state', controller, instance, running, how }, lineIndex);
  }
}

function keyOf({ pci, name }: Device): string {
  return pci ?? `no address ${name ?? ''}`;
}
