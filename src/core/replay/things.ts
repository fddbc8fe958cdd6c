import { isRunning } from '../lifecycle/device-book.ts';
import { formatBytes } from '../model/describe.ts';
import type { ReportBuffer, ReportMapping } from '../model/report.ts';
import type { Device } from '../model/trace.ts';
import type { Boot } from './boot.ts';
import type { ReplayVariable } from './views.ts';
import {
  LONGEST_SENTENCE,
  bufferText,
  counted,
  deviceTitle,
  mappingName,
  mappingText,
  ownerOf,
  plainText,
} from './words.ts';

/** Mappings, buffers and devices as variables, and what is inside of them. Paths are explained in `variables.ts`. */

const MOST_FINDINGS = 100;

/** A variable with what is said of it; the rest is none. */
export function variable(values: Pick<ReplayVariable, 'name' | 'value'> & Partial<ReplayVariable>): ReplayVariable {
  return { type: null, expression: null, path: null, indexedCount: 0, line: null, ...values };
}

/** `null`: there is no such mapping. */
export function mappingVariable(boot: Boot, id: number): ReplayVariable | null {
  const mapping = boot.mapping(id);
  return (
    mapping &&
    variable({
      name: mappingName(mapping),
      value: mappingText(mapping),
      type: 'mapping',
      expression: `covers(${mapping.device})`,
      path: `mapping ${id}`,
      line: mapping.mappedLine,
    })
  );
}

export function bufferVariable(boot: Boot, id: number): ReplayVariable | null {
  const buffer = boot.buffer(id);
  return (
    buffer &&
    variable({
      name: buffer.host,
      value: bufferText(buffer),
      type: 'buffer',
      path: `buffer ${id}`,
      line: buffer.allocatedLine,
    })
  );
}

export function deviceVariable(device: Device, place: number): ReplayVariable {
  const running = isRunning(device);
  const value = [
    `Bus Master Enable ${device.busMaster === null ? 'unknown' : device.busMaster ? 'set' : 'cleared'}`,
    running === null ? 'not known to run' : running ? 'running' : 'stopped',
  ].join(', ');
  return variable({
    name: deviceTitle({ name: device.name, address: device.pci }),
    value,
    type: 'device',
    path: `device ${place}`,
    line: device.busMasterLineIndex === null ? null : device.busMasterLineIndex + 1,
  });
}

/** `step`: counted from the begin of the boot. */
export function mappingParts(boot: Boot, mapping: ReportMapping, step: number): readonly ReplayVariable[] {
  const isLive = boot.cursor.moveTo(step).mappings.has(mapping.id);
  const buffer = mapping.buffer === null ? null : bufferVariable(boot, mapping.buffer);
  return [
    variable({ name: 'state', value: isLive ? 'live' : 'not live', type: 'string' }),
    ...fact('handle', mapping.handle, 'address'),
    ...fact('operation', mapping.operation, 'string'),
    variable({ name: 'device address', value: mapping.device, type: 'address' }),
    variable({ name: 'host', value: mapping.host, type: 'address' }),
    ...fact('bytes', mapping.bytes === null ? null : sizeText(mapping.bytes), 'bytes'),
    ...(mapping.owner
      ? [
          variable({
            name: 'owner',
            value: ownerOf(mapping) ?? 'unknown',
            type: 'owner',
            path: `mapping ${mapping.id} owner`,
            line: mapping.owner.evidenceLine,
          }),
        ]
      : []),
    ...(mapping.pci ? [pciVariable(mapping.pci)] : []),
    ...lineFact('called', mapping.calledLine),
    ...lineFact('mapped', mapping.mappedLine, mapping.mappedTime),
    ...lineFact('unmapped', mapping.unmappedLine, mapping.unmappedTime),
    ...fact('unmapped by', mapping.unmappedBy, 'string'),
    variable({ name: 'live at hand-off', value: String(mapping.liveAtHandoff), type: 'boolean' }),
    ...(buffer ? [{ ...buffer, name: 'buffer' }] : []),
    ...findingsFact(boot, 'mapping', mapping.id),
  ];
}

export function ownerParts({ owner, pci }: ReportMapping): readonly ReplayVariable[] {
  if (owner === null) return [];
  return [
    ...fact('driver', owner.name === null ? null : plainText(owner.name), 'string'),
    variable({ name: 'evidence', value: plainText(owner.evidence), type: 'string', line: owner.evidenceLine }),
    variable({ name: 'certain', value: String(owner.certain), type: 'boolean' }),
    ...(pci ? [pciVariable(pci)] : []),
  ];
}

export function bufferParts(boot: Boot, buffer: ReportBuffer, step: number): readonly ReplayVariable[] {
  const isLive = boot.cursor.moveTo(step).buffers.has(buffer.id);
  return [
    variable({ name: 'state', value: isLive ? 'allocated' : 'not allocated', type: 'string' }),
    variable({ name: 'host', value: buffer.host, type: 'address' }),
    ...fact('bytes', buffer.pages === null ? null : sizeText(buffer.pages * 4096), 'bytes'),
    ...fact('memory type', buffer.memoryType, 'number'),
    ...lineFact('called', buffer.calledLine),
    ...lineFact('allocated', buffer.allocatedLine),
    ...lineFact(buffer.freeInferred ? 'freed (inferred)' : 'freed', buffer.freedLine),
    ...findingsFact(boot, 'buffer', buffer.id),
  ];
}

export function deviceParts(device: Device): readonly ReplayVariable[] {
  return [
    ...fact('name', device.name === null ? null : plainText(device.name), 'string'),
    ...fact('pci', device.pci, 'string'),
    ...fact('Bus Master Enable', device.busMaster, 'boolean'),
    ...device.controllers.map(({ controller, instance, running, how, lineIndex }) =>
      variable({
        name: [controller, ...(instance === null ? [] : [plainText(instance)])].join(' '),
        value: `${running ? 'running' : 'stopped'}: ${plainText(how)}`,
        type: 'controller',
        line: lineIndex + 1,
      }),
    ),
  ];
}

export function findingParts(boot: Boot, subject: 'mapping' | 'buffer', id: number): readonly ReplayVariable[] {
  return boot
    .findingsOf(subject, id)
    .slice(0, MOST_FINDINGS)
    .map(({ rule, message, severity, line }) =>
      variable({ name: rule, value: plainText(message, LONGEST_SENTENCE), type: severity, line }),
    );
}

function findingsFact(boot: Boot, subject: 'mapping' | 'buffer', id: number): readonly ReplayVariable[] {
  const { length } = boot.findingsOf(subject, id);
  if (length === 0) return [];
  return [variable({ name: 'findings', value: counted(length, 'finding'), path: `${subject} ${id} findings` })];
}

function pciVariable(pci: NonNullable<ReportMapping['pci']>): ReplayVariable {
  const value = pci.certain ? pci.address : `${pci.address} (inferred)`;
  return variable({
    name: 'pci',
    value: `${value}: ${plainText(pci.evidence)}`,
    type: 'string',
    line: pci.evidenceLine,
  });
}

function fact(name: string, value: string | number | boolean | null, type: string): readonly ReplayVariable[] {
  return value === null ? [] : [variable({ name, value: String(value), type })];
}

function lineFact(name: string, line: number | null, seconds: number | null = null): readonly ReplayVariable[] {
  if (line === null) return [];
  return [variable({ name, value: `line ${line}${seconds === null ? '' : `, at ${seconds} s`}`, type: 'line', line })];
}

function sizeText(bytes: number): string {
  return bytes < 1024 ? formatBytes(bytes) : `${bytes} (${formatBytes(bytes)})`;
}
