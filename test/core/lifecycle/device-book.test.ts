import { describe, expect, test } from 'vitest';
import { createDeviceBook, isRunning } from '../../../src/core/lifecycle/device-book.ts';
import type { ControllerState } from '../../../src/core/model/events.ts';
import type { PciAddress } from '../../../src/core/model/pci-address.ts';
import { pciAddress, pciAddressOfRequester } from '../../../src/core/model/pci-address.ts';
import type { Mapping, Owner } from '../../../src/core/model/trace.ts';

const xhci = address(0, 2, 0);
const ahci = address(0, 0x1f, 2);

describe('a PCI address', () => {
  test('is written as lspci does', () => {
    expect(pciAddress(0, 0, 0x1f, 2)).toBe('00:1f.2');
    expect(pciAddress(1, 0xff, 0, 7)).toBe('0001:ff:00.7');
  });

  test('is none where a number is out of its range', () => {
    for (const [segment, bus, device, functionNumber] of [
      [0, 256, 0, 0],
      [0, 0, 32, 0],
      [0, 0, 0, 8],
      [65536, 0, 0, 0],
      [NaN, 0, 0, 0],
    ] as const)
      expect(pciAddress(segment, bus, device, functionNumber)).toBeNull();
  });

  test('comes from a requester ID', () => {
    expect(pciAddressOfRequester(0x10)).toBe('00:02.0');
    expect(pciAddressOfRequester(0x1fa)).toBe('01:1f.2');
    expect(pciAddressOfRequester(0x10000)).toBeNull();
  });
});

describe('the book of devices', () => {
  test('keeps the last Bus Master Enable and where it changed', () => {
    const book = createDeviceBook();
    command(book, xhci, 'qemu-xhci', true, 3);
    command(book, xhci, 'qemu-xhci', true, 5);
    expect(book.devices).toMatchObject([{ pci: xhci, name: 'qemu-xhci', busMaster: true, busMasterLineIndex: 3 }]);
    command(book, xhci, 'qemu-xhci', false, 7);
    expect(book.devices).toMatchObject([{ busMaster: false, busMasterLineIndex: 7 }]);
  });

  test('gives a controller to the only device of its kind', () => {
    const book = createDeviceBook();
    command(book, xhci, 'qemu-xhci', true, 1);
    command(book, ahci, 'ich9-ahci', true, 2);
    book.controllerChanged(state('xhci', true), 3);
    expect(book.devices.map((device) => [device.pci, isRunning(device)])).toEqual([
      [xhci, true],
      [ahci, null],
    ]);
    book.controllerChanged(state('xhci', false), 4);
    expect(isRunning(book.devices[0]!)).toBe(false);
  });

  test('gives it to none where there are two, and keeps it apart', () => {
    const book = createDeviceBook();
    command(book, xhci, 'qemu-xhci', true, 1);
    command(book, address(0, 3, 0), 'nec-usb-xhci', true, 2);
    book.controllerChanged(state('xhci', true), 3);
    expect(book.devices.map((device) => [device.pci, device.name, isRunning(device)])).toEqual([
      [xhci, 'qemu-xhci', null],
      ['00:03.0', 'nec-usb-xhci', null],
      [null, 'xhci', true],
    ]);
  });

  test('holds a device with several instances running while one is', () => {
    const book = createDeviceBook();
    command(book, ahci, 'ich9-ahci', true, 1);
    book.controllerChanged({ ...state('ahci', true), instance: 'a[0]' }, 2);
    book.controllerChanged({ ...state('ahci', true), instance: 'a[1]' }, 3);
    book.controllerChanged({ ...state('ahci', false), instance: 'a[0]' }, 4);
    expect(isRunning(book.devices[0]!)).toBe(true);
    book.controllerChanged({ ...state('ahci', false), instance: 'a[1]' }, 5);
    expect(isRunning(book.devices[0]!)).toBe(false);
  });

  test('stops the ports of a controller with it', () => {
    const book = createDeviceBook();
    command(book, ahci, 'ich9-ahci', true, 1);
    for (const [line, port] of [0, 1].entries())
      book.controllerChanged({ ...state('ahci', true), instance: `0x5616b04a7a20[${port}]` }, 2 + line);
    book.controllerChanged({ ...state('ahci', false), instance: '0x5616b04a7a2' }, 4);
    expect(isRunning(book.devices[0]!)).toBe(true);
    book.controllerChanged({ ...state('ahci', false), instance: '0x5616b04a7a20', how: 'HBA reset' }, 5);
    expect(isRunning(book.devices[0]!)).toBe(false);
    expect(book.devices[0]?.controllers.filter(({ how }) => how === 'HBA reset')).toMatchObject([
      { instance: '0x5616b04a7a20[0]', lineIndex: 5 },
      { instance: '0x5616b04a7a20[1]', lineIndex: 5 },
    ]);
    book.controllerChanged({ ...state('ahci', true), instance: '0x5616b04a7a20[1]' }, 6);
    expect(isRunning(book.devices[0]!)).toBe(true);
  });

  test('takes a device without Bus Master Enable for stopped', () => {
    const book = createDeviceBook();
    command(book, xhci, 'qemu-xhci', false, 1);
    book.controllerChanged(state('xhci', true), 2);
    expect(isRunning(book.devices[0]!)).toBe(false);
  });

  test('tells the device of a mapping, as the log says or by its driver', () => {
    const book = createDeviceBook();
    command(book, xhci, 'qemu-xhci', true, 1);
    expect(book.deviceOf(mapping({ owner: owner('XhciDxe') }))).toMatchObject({
      device: { pci: xhci },
      certain: false,
    });
    expect(book.deviceOf(mapping({ owner: owner('NvmExpressDxe') }))).toBeNull();
    expect(book.deviceOf(mapping({}))).toBeNull();
    const pci = { address: xhci, evidence: 'it says so', evidenceLineIndex: 1, certain: true };
    expect(book.deviceOf(mapping({ pci }))).toMatchObject({ device: { pci: xhci }, certain: true });
  });

  test('does not grow without end', () => {
    const book = createDeviceBook();
    for (let bus = 0; bus < 256; bus++)
      for (let device = 0; device < 32; device++) command(book, address(bus, device, 0), 'x', true, 1);
    for (let index = 0; index < 10_000; index++)
      book.controllerChanged({ ...state('virtio', true), instance: String(index) }, 1);
    expect(book.devices.length).toBeLessThanOrEqual(513);
  });
});

function address(bus: number, device: number, functionNumber: number): PciAddress {
  return pciAddress(0, bus, device, functionNumber)!;
}

function command(
  book: ReturnType<typeof createDeviceBook>,
  pci: PciAddress,
  name: string,
  busMaster: boolean,
  lineIndex: number,
): void {
  book.commanded({ kind: 'device-command', pci, name, busMaster }, lineIndex);
}

function state(controller: ControllerState['controller'], running: boolean): ControllerState {
  return { kind: 'controller-state', controller, instance: null, running, how: 'seen' };
}

function owner(name: string): Owner {
  return { name, evidence: 'it said so', evidenceLineIndex: 1, certain: false };
}

function mapping(values: Partial<Mapping>): Mapping {
  return { pci: null, owner: null, ...values } as Mapping;
}
