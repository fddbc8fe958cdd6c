/**
 * The address of a PCI function as `lspci` prints it: `bb:dd.f`, two hexadecimal digits each for bus and device and one digit
 * for the function, all in lower case; with a segment other than 0 `ssss:bb:dd.f`. One function has one such text, so that
 * `===` and `Map` keys work.
 */
export type PciAddress = string & { readonly __brand: 'PciAddress' };

/** Segment 0 … 0xffff, bus 0 … 0xff, device 0 … 0x1f, function 0 … 7; `null` when a number is out of its range. */
export function pciAddress(segment: number, bus: number, device: number, functionNumber: number): PciAddress | null {
  if (!(segment <= 0xffff && bus <= 0xff && device <= 0x1f && functionNumber <= 7)) return null;
  const text = `${hex(bus, 2)}:${hex(device, 2)}.${functionNumber}`;
  return (segment === 0 ? text : `${hex(segment, 4)}:${text}`) as PciAddress;
}

/** From a PCI requester ID (VT-d source-id): bus in bits 15:8, device in 7:3, function in 2:0. */
export function pciAddressOfRequester(requesterId: number): PciAddress | null {
  return requesterId <= 0xffff ? pciAddress(0, requesterId >> 8, (requesterId >> 3) & 0x1f, requesterId & 7) : null;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
