import {
  formatBytes,
  type BufferLife,
  type MappingLife,
  type ReportBuffer,
  type ReportMapping,
} from '../../core/index.ts';
import type { Story, StoryText } from '../../protocol/story.ts';
import {
  code,
  findingsElsewhere,
  join,
  lineCell,
  lineLink,
  mappingName,
  operationAndSize,
  ownerWords,
  strong,
  words,
} from './story-words.ts';
import { plural } from './verdict.ts';

const HEADER = ['Event', 'Line', 'Details'];

/** The life of a mapping, from the allocation of its memory on. */
export function tellMapping(life: MappingLife, here: number | null): Story {
  const { mapping, buffer, handoffLine, findings } = life;
  const rows = [
    ...(buffer === null ? [] : [row('Allocated', buffer.allocatedLine, memory(buffer))]),
    row('Mapped', mapping.mappedLine, [words('host '), code(mapping.host), words(', device '), code(mapping.device)]),
    row('Unmapped', mapping.unmappedLine, [words(removal(life))]),
    ...(buffer === null ? [] : [row('Freed', buffer.freedLine, release(buffer))]),
    row('At hand-off', handoffLine, atHandoff(handoffLine, mapping.liveAtHandoff)),
  ];
  const title = join(
    [strong(...mappingName(mapping)), [words(operationAndSize(mapping))], ...owner(mapping)],
    SEPARATOR,
  );
  return { title, parts: [{ kind: 'table', header: HEADER, rows }, ...findingsElsewhere(findings, here)] };
}

/** The life of an allocation and of what was mapped in it. */
export function tellBuffer(life: BufferLife, here: number | null): Story {
  const { buffer, mappings, mappingCount, handoffLine, findings } = life;
  const rows = [row('Allocated', buffer.allocatedLine, memory(buffer))];
  for (const mapping of mappings) {
    rows.push(row('Mapped', mapping.mappedLine, [words(`${operationAndSize(mapping)}, `), ...mappingName(mapping)]));
    rows.push(row('Unmapped', mapping.unmappedLine, [words(removal({ mapping, handoffLine }))]));
  }
  if (mappingCount > mappings.length) {
    rows.push(row('', null, [words(`…and ${mappingCount - mappings.length} more mappings`)]));
  }
  rows.push(row('Freed', buffer.freedLine, release(buffer)));
  const isLive = mappings.some((mapping) => mapping.liveAtHandoff);
  rows.push(row('At hand-off', handoffLine, atHandoff(handoffLine, isLive)));
  const title = strong(words('Buffer '), code(buffer.host));
  return { title, parts: [{ kind: 'table', header: HEADER, rows }, ...findingsElsewhere(findings, here)] };
}

const SEPARATOR = ' · ';

function row(event: string, line: number | null, details: StoryText): readonly StoryText[] {
  return [[words(event)], lineCell(line), details];
}

function owner({ owner: found }: ReportMapping): StoryText[] {
  if (found === null) return [];
  const evidence = lineLink(found.evidenceLine, `line ${found.evidenceLine}`);
  const how = found.certain ? 'proved' : 'inferred';
  return [[...ownerWords(found), words(` (${how} by `), evidence, words(')')]];
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

function release({ freedIn }: ReportBuffer): StoryText {
  if (freedIn === null) return [words('never')];
  return freedIn === 'boot' ? [words('during boot')] : strong(words('during ExitBootServices'));
}

function atHandoff(handoffLine: number | null, isLive: boolean): StoryText {
  if (handoffLine === null) return [words('the log ends before hand-off')];
  return isLive ? strong(words('still mapped')) : [words('not mapped')];
}

function memory({ host, pages, memoryType }: ReportBuffer): StoryText {
  const amount = pages === null ? 'unknown size' : `${plural(pages, 'page')} (${formatBytes(pages * 4096)})`;
  const type = memoryType === null ? '' : `, ${MEMORY_TYPES[memoryType] ?? `memory type ${memoryType}`}`;
  return [words(`${amount} at `), code(host), words(type)];
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
