/** What firmware prints for one call, without line breaks; `0x` and upper-case digits, as `%p` and `%Lx` make them. */

export const BOOT_START = 'SecCoreStartupWithStack(0xFFFCC000, 0x820000)';
export const DRIVER_LOADED = 'Loading driver at 0x0001EF63000 EntryPoint=0x0001EF65F83 IoMmuDxe.efi';
export const PROTOCOL_INSTALLED = 'InstallProtocolInterface: 752F3136-4E16-4FDC-A22A-E5F46812F4CA 1FB65308';
export const FILE_OPENED = "FSOpen: Open 'initrd.img' Success";
export const IOMMU_EXIT_BOOT = 'IoMmuExitBoot';
export const CLEANUP = 'IoMmuUnmapAllMappings';
export const LINUX_DUMMY =
  'ValidateSetVariable - Variable (4424AC57-BE4B-47DD-9E97-ED50F09F92A9:DUMMY) returning Success.';

/** DxeCore lifting the protection of one section of a runtime image. */
export function imageUnprotected(index: number): string {
  return imageAttributes(index, 0x8);
}

export function imageAttributes(index: number, attributes: number): string {
  const [base, size, bits] = [0x1fdcc000 + index * 0x1000, 0x1000, attributes].map((value) =>
    value.toString(16).toUpperCase().padStart(16, '0'),
  );
  return `SetUefiImageMemoryAttributes - 0x${base ?? ''} - 0x${size ?? ''} (0x${bits ?? ''})`;
}

/** The burst that DxeCore prints behind the last callback. */
export const PROTECTION_LIFTED: readonly string[] = Array.from({ length: 12 }, (_, index) => imageUnprotected(index));

export interface MapCall {
  readonly handle: number;
  readonly operation: string;
  readonly host: number;
  readonly device: number;
  readonly bytes: number;
}

export function mapCalled({ operation, host, bytes }: Pick<MapCall, 'operation' | 'host' | 'bytes'>): string {
  return `IoMmuMap: Operation=${operation} Host=${hex(host)} Bytes=${hex(bytes)}`;
}

export function mapReturned({ handle, device, host, bytes }: Omit<MapCall, 'operation'>): string {
  return `IoMmuMap: Mapping=${hex(handle)} Device(PlainText)=${hex(device)} Crypted=${hex(host)} Pages=${hex(Math.ceil(bytes / 4096))}, ReservedMemBitmap=0x0`;
}

export function map(call: MapCall): string[] {
  return [mapCalled(call), mapReturned(call)];
}

export function unmap({ handle }: Pick<MapCall, 'handle'>): string {
  return `IoMmuUnmapWorker: Mapping=${hex(handle)} MemoryMapLocked=0`;
}

/** An Unmap by the IOMMU driver's cleanup. */
export function swept({ handle }: Pick<MapCall, 'handle'>): string {
  return `IoMmuUnmapWorker: Mapping=${hex(handle)} MemoryMapLocked=1`;
}

export function setAttribute({ handle }: Pick<MapCall, 'handle'>, access: number): string {
  return `IoMmuSetAttribute: Mapping=${hex(handle)} Access=${access}`;
}

export function allocate({ host, bytes }: Pick<MapCall, 'host' | 'bytes'>): string[] {
  return [
    `IoMmuAllocateBuffer: MemoryType=4 Pages=${hex(Math.ceil(bytes / 4096))} Attributes=0x0`,
    `IoMmuAllocateBuffer: Host=${hex(host)} Stash=0x1E3C7000`,
  ];
}

export function free({ host, bytes }: Pick<MapCall, 'host' | 'bytes'>): string {
  return `IoMmuFreeBuffer: Host=${hex(host)} Pages=${hex(Math.ceil(bytes / 4096))}`;
}

/** A ring or queue: a CommonBuffer in place, different for each index. */
export function ring(index: number, bytes = 0x1000): MapCall {
  const host = 0x1e600000 + index * 0x100000;
  return { handle: 0x1e3e0018 + index * 0x100, operation: 'CommonBuffer', host, device: host, bytes };
}

/** A transfer over a bounce buffer, different for each index. */
export function transfer(index: number, operation: 'Read' | 'Write' = 'Write'): MapCall {
  return {
    handle: 0x1d3e0018 + index * 0x100,
    operation,
    host: 0x1fb00e18 + index * 0x10000,
    device: 0x1d000000 + index * 0x10000,
    bytes: 8,
  };
}

/** Lines as debugcon delivers them. */
export function toText(...lines: readonly (string | readonly string[])[]): string {
  return lines
    .flat()
    .map((line) => `${line}\r\n`)
    .join('');
}

/** 1-based number of the line that begins with `start`, the last such. */
export function lineOf(text: string, start: string): number {
  const lines = text.split('\r\n');
  const index = lines.findLastIndex((line) => line.startsWith(start));
  if (index < 0) throw new Error(`No line begins with ${start}`);
  return index + 1;
}

function hex(value: number | bigint): string {
  return `0x${value.toString(16).toUpperCase()}`;
}
