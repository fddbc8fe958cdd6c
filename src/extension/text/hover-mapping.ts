import {
  formatBytes,
  type BufferLife,
  type MappingLife,
  type ReportBuffer,
  type ReportMapping,
} from '../../core/index.ts';
import {
  findingsElsewhere,
  lineCell,
  mappingName,
  operationAndSize,
  ownerWords,
  type HoverPlace,
} from './hover-words.ts';
import { code, link, table } from './markdown.ts';
import { plural } from './verdict.ts';

/** The life of a mapping, from the allocation of its memory on. */
export function describeMapping(life: MappingLife, place: HoverPlace): string {
  const { mapping, buffer, handoffLine, findings } = life;
  const toLine = (line: number | null): string => lineCell(line, place);
  const rows = [
    ...(buffer === null ? [] : [['Allocated', toLine(buffer.allocatedLine), memory(buffer)]]),
    ['Mapped', toLine(mapping.mappedLine), `host ${code(mapping.host)}, device ${code(mapping.device)}`],
    ['Unmapped', toLine(mapping.unmappedLine), removal(life)],
    ...(buffer === null ? [] : [['Freed', toLine(buffer.freedLine), release(buffer)]]),
    ['At hand-off', toLine(handoffLine), atHandoff(handoffLine, mapping.liveAtHandoff)],
  ];
  const title = [`**${mappingName(mapping)}**`, operationAndSize(mapping), ...owner(mapping, place)].join(' · ');
  return [title, table(['Event', 'Line', 'Details'], rows), ...findingsElsewhere(findings, place)].join('\n\n');
}

/** The life of an allocation and of what was mapped in it. */
export function describeBuffer(life: BufferLife, place: HoverPlace): string {
  const { buffer, mappings, mappingCount, handoffLine, findings } = life;
  const toLine = (line: number | null): string => lineCell(line, place);
  const rows = [['Allocated', toLine(buffer.allocatedLine), memory(buffer)]];
  for (const mapping of mappings) {
    rows.push(['Mapped', toLine(mapping.mappedLine), `${operationAndSize(mapping)}, ${mappingName(mapping)}`]);
    rows.push(['Unmapped', toLine(mapping.unmappedLine), removal({ mapping, handoffLine })]);
  }
  if (mappingCount > mappings.length) rows.push(['', '', `…and ${mappingCount - mappings.length} more mappings`]);
  rows.push(['Freed', toLine(buffer.freedLine), release(buffer)]);
  const isLive = mappings.some((mapping) => mapping.liveAtHandoff);
  rows.push(['At hand-off', toLine(handoffLine), atHandoff(handoffLine, isLive)]);
  const title = `**Buffer ${code(buffer.host)}**`;
  return [title, table(['Event', 'Line', 'Details'], rows), ...findingsElsewhere(findings, place)].join('\n\n');
}

function owner({ owner: found }: ReportMapping, { lineLink }: HoverPlace): string[] {
  if (found === null) return [];
  const evidence = link(`line ${found.evidenceLine}`, lineLink(found.evidenceLine));
  return [`${ownerWords(found)} (${found.certain ? 'proved' : 'inferred'} by ${evidence})`];
}

function removal({ mapping, handoffLine }: Pick<MappingLife, 'mapping' | 'handoffLine'>): string {
  switch (mapping.unmappedBy) {
    case null:
      // Neither removed nor there: its handle was given to another mapping, so lines are missing.
      return handoffLine !== null && !mapping.liveAtHandoff ? 'the log does not show it' : 'never';
    case 'boot':
      return 'by its driver, during boot';
    case 'exit-callback':
      return 'by its driver, during ExitBootServices';
    case 'iommu-cleanup':
      return 'by the last-resort cleanup of the IOMMU driver';
  }
}

function release({ freedIn }: ReportBuffer): string {
  if (freedIn === null) return 'never';
  return freedIn === 'boot' ? 'during boot' : '**during ExitBootServices**';
}

function atHandoff(handoffLine: number | null, isLive: boolean): string {
  if (handoffLine === null) return 'the log ends before hand-off';
  return isLive ? '**still mapped**' : 'not mapped';
}

function memory({ host, pages, memoryType }: ReportBuffer): string {
  const amount = pages === null ? 'unknown size' : `${plural(pages, 'page')} (${formatBytes(pages * 4096)})`;
  const type = memoryType === null ? '' : `, ${MEMORY_TYPES[memoryType] ?? `memory type ${memoryType}`}`;
  return `${amount} at ${code(host)}${type}`;
}

/** The EFI_MEMORY_TYPEs of the UEFI specification that a driver can ask for. */
const MEMORY_TYPES: Readonly<Record<number, string>> = {
  1: 'EfiLoaderCode',
  2: 'EfiLoaderData',
  3: 'EfiBootServicesCode',
  4: 'EfiBootServicesData',
  5: 'EfiRuntimeServicesCode',
  6: 'EfiRuntimeServicesData',
  9: 'EfiACPIReclaimMemory',
  10: 'EfiACPIMemoryNVS',
};
