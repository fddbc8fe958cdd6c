/**
 * Whether a text is the debug output of edk2 firmware: for recognising a log by its content, so it must not claim the logs of
 * others. One line that only a firmware's start prints is enough; of the lines that also appear elsewhere it takes several kinds.
 * `text` may be any part of a log; a few dozen KiB of its start are best.
 */
export function looksLikeFirmwareLog(text: string): boolean {
  if (SURE.test(text)) return true;
  return LIKELY.filter((pattern) => pattern.test(text)).length >= 2;
}

const SURE =
  /^(?:.{0,64}\b)?(?:SecCoreStartupWithStack ?\(0x[\dA-F]+, 0x[\dA-F]+\)|UEFI firmware \(version [^)]{1,200} built at |DMATRACE v\d+ #\d+ |IoMmu(?:Map|UnmapWorker|AllocateBuffer): (?:Operation|Mapping|MemoryType|Host)=|IoMmuMap: ==> 0x[\dA-F]+ - 0x[\dA-F]+ \()/m;

const GUID = '[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}';

const LIKELY: readonly RegExp[] = [
  new RegExp(`^InstallProtocolInterface: ${GUID} [0-9A-F]+\\r?$`, 'm'),
  new RegExp(`^(?:Install|Reinstall) PPI: ${GUID}\\r?$`, 'm'),
  new RegExp(`^Loading (?:PEIM|driver) ${GUID}\\r?$`, 'm'),
  /^Loading (?:PEIM|driver) at 0x[0-9A-F]{11} EntryPoint=0x[0-9A-F]{11}/m,
  /^\[Bds\](?:Booting|OnConsoleInterface|RegisterKeyNotify| Entry)/m,
  /^SetUefiImageMemoryAttributes - 0x[0-9A-F]{16} - 0x[0-9A-F]{16} \(0x[0-9A-F]{16}\)/m,
];
