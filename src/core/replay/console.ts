import { formatAddress, parseHex, type Address } from '../model/address.ts';
import { formatBytes } from '../model/describe.ts';
import type { ReportBuffer, ReportMapping } from '../model/report.ts';
import type { Boot } from './boot.ts';
import { addressOf, bufferRange, contains } from './boot.ts';
import { REPLAY_COMMANDS } from './commands.ts';
import { describeMistake } from './expression/check.ts';
import { evaluate } from './expression/evaluate.ts';
import { parseExpression } from './expression/parser.ts';
import { momentAt } from './moment.ts';
import { coversAddress, createScope } from './scope.ts';
import { deviceVariable } from './things.ts';
import { formatValue, formOf, typeOf } from './values.ts';
import type { VariablePlace } from './variables.ts';
import type { ReplayAnswer } from './views.ts';
import { bufferText, counted, mappingName, mappingText, ownerOf, plainText } from './words.ts';

/** What is named at most; the rest is counted. */
const MOST_NAMED = 50;
const LONGEST_QUESTION = 2000;

const HELP = [
  ...REPLAY_COMMANDS.map(({ name, operands, meaning }) => [`${name} ${operands}`.trim(), meaning] as const),
  ['an expression', 'such as live > 10, op == Write && owner == "XhciDxe", address in 0x1e6bc000..0x1e6bd000'] as const,
]
  .map(([usage, meaning]) => `${usage.padEnd(24)} ${meaning}`)
  .join('\n');

type Command = (place: VariablePlace, rest: string) => ReplayAnswer;

const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['help', () => told(HELP)],
  ['where', where],
  ['live', live],
  ['who', withAddress('who', who)],
  ['covers', withAddress('covers', covers)],
  ['history', withAddress('history', history)],
  ['leaks', leaks],
  ['devices', devices],
]);

/** Answers what is typed: in the debug console (`question`) commands are understood, too, and a bare address asks what covers it. */
export function answer(place: VariablePlace, text: string, context: 'expression' | 'question'): ReplayAnswer {
  const question = text.slice(0, LONGEST_QUESTION).trim();
  if (context === 'question') {
    if (/^0x[\da-f]+$/i.test(question)) return withAddress('covers', covers)(place, question);
    const [, word = '', rest = ''] = /^([a-z]+)(?:\s(.*))?$/su.exec(question) ?? [];
    const command = COMMANDS.get(word);
    if (command && !isExpression(word, rest.trim())) return command(place, rest.trim());
  }
  return valueOf(place, question);
}

/** `live` alone asks for the mappings, `live > 10` for a comparison. */
function isExpression(word: string, rest: string): boolean {
  return word === 'live' && /^[-+*/=!<>&|(]|^in\b/.test(rest);
}

function valueOf({ boot, step }: VariablePlace, text: string): ReplayAnswer {
  const parsed = parseExpression(text);
  if (!parsed.ok) return { ...told(describeMistake(parsed.error)), understood: false };
  const value = evaluate(parsed.value, createScope(boot, boot.cursor.moveTo).goTo(step));
  const form = formOf(parsed.value);
  return { ...told(formatValue(value, form)), type: typeOf(value, form) };
}

function where({ boot, step, bootCount }: VariablePlace): ReplayAnswer {
  const moment = momentAt(boot, step, bootCount);
  const frames = moment.frames.map(({ name, line }) => `  in ${name}, line ${line}`);
  return told([`line ${moment.line}: ${moment.title}`, ...frames, summaryOf(boot, step)].join('\n'));
}

function summaryOf(boot: Boot, step: number): string {
  const { mappings, buffers, liveBytes } = boot.cursor.moveTo(step);
  return `${counted(mappings.size, 'live mapping')} (${formatBytes(liveBytes)}), ${counted(buffers.size, 'buffer')}`;
}

function live({ boot, step }: VariablePlace, rest: string): ReplayAnswer {
  const { mappings } = boot.cursor.moveTo(step);
  const words = rest.toLowerCase().split(/\s+/).filter(Boolean);
  const list = createList('live mapping');
  if (words.length === 0) {
    for (const id of mappings.page(0, MOST_NAMED)) list.add(() => liveLine(boot, id));
    list.skip(mappings.size - list.count);
    return { ...told(list.text), path: 'mappings', indexedCount: mappings.size };
  }
  for (const id of mappings.toIds()) {
    const line = liveLine(boot, id);
    const lower = line.toLowerCase();
    if (words.every((word) => lower.includes(word))) list.add(() => line);
  }
  return told(list.text);
}

function liveLine(boot: Boot, id: number): string {
  const mapping = boot.mapping(id);
  return mapping ? `${mappingName(mapping)}: ${mappingText(mapping)}, mapped at line ${mapping.mappedLine}` : '';
}

function who({ boot, step }: VariablePlace, address: Address): ReplayAnswer {
  const list = createList('live mapping', `Nothing that is live covers ${formatAddress(address)}.`);
  for (const id of boot.cursor.moveTo(step).mappings.toIds()) {
    const mapping = coversAddress(boot, id, address) ? boot.mapping(id) : null;
    if (mapping) list.add(() => ownerLine(mapping));
  }
  return told(list.text);
}

function ownerLine(mapping: ReportMapping): string {
  const { owner, pci } = mapping;
  const driver = owner
    ? `${ownerOf(mapping) ?? 'unknown'} (${plainText(owner.evidence)}, line ${owner.evidenceLine})`
    : 'a driver that the log does not tell';
  const device = pci ? `, device ${pci.address}${pci.certain ? '' : ' (inferred)'}, line ${pci.evidenceLine}` : '';
  return `${driver}${device}: ${mappingName(mapping)}, ${mapping.operation ?? 'unknown operation'}, mapped at line ${mapping.mappedLine}`;
}

function covers({ boot, step }: VariablePlace, address: Address): ReplayAnswer {
  const list = createList('thing', `Nothing that is live covers ${formatAddress(address)}.`);
  const { mappings, buffers } = boot.cursor.moveTo(step);
  for (const id of mappings.toIds()) {
    const by = coversAddress(boot, id, address);
    if (by === 'device') list.add(() => `mapping ${liveLine(boot, id)}`);
    else if (by === 'host') list.add(() => `mapping, by its host address: ${liveLine(boot, id)}`);
  }
  for (const id of buffers.toIds()) {
    const buffer = boot.buffer(id);
    if (buffer && bufferCovers(buffer, address)) list.add(() => bufferLine(buffer));
  }
  return told(list.text);
}

function history({ boot }: VariablePlace, address: Address): ReplayAnswer {
  const list = createList('thing', `Nothing in this boot had the handle ${formatAddress(address)} or covered it.`);
  const text = formatAddress(address);
  const { mappings, buffers } = boot.trace;
  // Mappings and buffers are listed in the order they were made: so is what comes of both.
  let next = 0;
  const addBuffersUpTo = (line: number): void => {
    for (let buffer = buffers[next]; buffer && buffer.allocatedLine <= line; buffer = buffers[++next]) {
      const found = buffer;
      if (bufferCovers(found, address)) list.add(() => bufferLine(found));
    }
  };
  for (const mapping of mappings) {
    addBuffersUpTo(mapping.mappedLine);
    if (mapping.handle === text || coversAddress(boot, mapping.id, address)) list.add(() => lifeLine(mapping));
  }
  addBuffersUpTo(Infinity);
  return told(list.text);
}

function lifeLine(mapping: ReportMapping): string {
  const end =
    mapping.unmappedLine !== null
      ? `unmapped at line ${mapping.unmappedLine}`
      : mapping.liveAtHandoff
        ? 'still there at hand-off'
        : 'its end is not in the log';
  return `mapping ${mappingName(mapping)}: ${mappingText(mapping)}, mapped at line ${mapping.mappedLine}, ${end}`;
}

function bufferLine(buffer: ReportBuffer): string {
  const end = buffer.freedLine === null ? 'not freed in the log' : `freed at line ${buffer.freedLine}`;
  return `buffer of ${bufferText(buffer)}, allocated at line ${buffer.allocatedLine}, ${end}`;
}

function bufferCovers(buffer: ReportBuffer, address: Address): boolean {
  const range = bufferRange(buffer);
  return range ? contains(range, address) : addressOf(buffer.host) === address;
}

function leaks({ boot }: VariablePlace): ReplayAnswer {
  if (boot.trace.handoff === null) return told('The log ends before hand-off: nothing is known to leak.');
  const list = createList('mapping', 'Nothing is live at hand-off.');
  for (const mapping of boot.trace.mappings) if (mapping.liveAtHandoff) list.add(() => lifeLine(mapping));
  return told(list.text);
}

function devices({ boot, step }: VariablePlace): ReplayAnswer {
  const list = createList('device', 'The log has told of no device so far.');
  boot.machine.devicesAt(step).forEach((device, place) => {
    const { name, value, line } = deviceVariable(device, place);
    list.add(() => `${name}: ${value}${line === null ? '' : `, line ${line}`}`);
  });
  return { ...told(list.text), path: list.count === 0 ? null : 'devices' };
}

function withAddress(command: string, run: (place: VariablePlace, address: Address) => ReplayAnswer): Command {
  return (place, rest) => {
    const address = /^(?:0x)?[\da-f]+$/i.test(rest.trim()) ? parseHex(rest.trim().replace(/^0x/i, '')) : null;
    if (address !== null) return run(place, address);
    return { ...told(`${command} wants an address in hexadecimal, such as ${command} 0x1e6bc010.`), understood: false };
  };
}

/** The first few of many lines, and how many more there are. */
interface List {
  add(line: () => string): void;
  skip(count: number): void;
  readonly count: number;
  readonly text: string;
}

function createList(one: string, none = `There is no ${one}.`): List {
  const lines: string[] = [];
  let count = 0;
  return {
    add(line) {
      if (count++ < MOST_NAMED) lines.push(line());
    },
    skip(more) {
      count += more;
    },
    get count() {
      return count;
    },
    get text() {
      if (count === 0) return none;
      const rest = count - lines.length;
      return [...lines, ...(rest > 0 ? [`… and ${counted(rest, `more ${one}`)}`] : [])].join('\n');
    },
  };
}

function told(text: string): ReplayAnswer {
  return { understood: true, text, type: null, path: null, indexedCount: 0 };
}
