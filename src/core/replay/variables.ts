import type { Boot } from './boot.ts';
import { evaluate } from './expression/evaluate.ts';
import { EXPRESSION_NAMES } from './expression/names.ts';
import type { LiveIds } from './live-ids.ts';
import { framesAt, phaseName, titleAt } from './moment.ts';
import { callbackAt } from './phase.ts';
import { createScope } from './scope.ts';
import { subjectAt } from './subject.ts';
import {
  bufferParts,
  bufferVariable,
  deviceParts,
  deviceVariable,
  findingParts,
  mappingParts,
  mappingVariable,
  ownerParts,
  variable,
} from './things.ts';
import { formatValue, typeOf } from './values.ts';
import type { ReplayVariable } from './views.ts';
import { plainText } from './words.ts';

/**
 * What a debugger shows at a step. Paths: empty for the scopes; a scope's name; `mapping 12` and `buffer 3` by id, with `owner` or
 * `findings` behind them for a part; `device 0` by place. A path that leads nowhere has nothing inside.
 */
const SCOPES = [
  ['step', 'Step'],
  ['counters', 'Counters'],
  ['mappings', 'Live mappings'],
  ['buffers', 'Buffers'],
  ['devices', 'Devices'],
  ['iommu', 'IOMMU'],
  ['calls', 'Open calls'],
  ['boot', 'Boot'],
] as const;

/** Whoever asks for all at once gets no more than this. */
const MOST_AT_ONCE = 10_000;

export interface VariablePlace {
  readonly boot: Boot;
  /** Counted from the begin of the boot. */
  readonly step: number;
  readonly bootCount: number;
}

/** `count` 0: all of them. */
export function variablesAt(
  place: VariablePlace,
  path: string,
  start: number,
  count: number,
): readonly ReplayVariable[] {
  const first = Math.max(Math.trunc(start), 0);
  const most = count > 0 ? Math.min(count, MOST_AT_ONCE) : MOST_AT_ONCE;
  const { boot, step } = place;
  if (path === 'mappings')
    return page(boot.cursor.moveTo(step).mappings, first, most, (id) => mappingVariable(boot, id));
  if (path === 'buffers') return page(boot.cursor.moveTo(step).buffers, first, most, (id) => bufferVariable(boot, id));
  return variablesInside(place, path).slice(first, first + most);
}

function page(
  live: LiveIds,
  start: number,
  count: number,
  toVariable: (id: number) => ReplayVariable | null,
): readonly ReplayVariable[] {
  return live
    .page(start, count)
    .map(toVariable)
    .filter((each) => each !== null);
}

function variablesInside(place: VariablePlace, path: string): readonly ReplayVariable[] {
  const { boot, step } = place;
  switch (path) {
    case '':
      return scopes(place);
    case 'step':
      return stepVariables(place);
    case 'counters':
      return namesIn(place, COUNTER_NAMES);
    case 'devices':
      return boot.machine.devicesAt(step).map(deviceVariable);
    case 'iommu':
      return iommuVariables(place);
    case 'calls':
      return framesAt(boot, step, place.bootCount)
        .filter(({ kind }) => kind === 'call')
        .map(({ name, line }, index) => variable({ name: `#${index + 1}`, value: name, line }));
    case 'boot':
      return bootVariables(place);
    default: {
      const [, what, id, part] = /^(mapping|buffer|device) (\d{1,10})(?: (owner|findings))?$/.exec(path) ?? [];
      return what === undefined ? [] : insideOf(place, what, Number(id), part ?? null);
    }
  }
}

function insideOf(
  { boot, step }: VariablePlace,
  what: string,
  id: number,
  part: string | null,
): readonly ReplayVariable[] {
  if (what === 'device') {
    const device = boot.machine.devicesAt(step)[id];
    return device ? deviceParts(device) : [];
  }
  if (part === 'findings') return findingParts(boot, what === 'mapping' ? 'mapping' : 'buffer', id);
  if (what === 'buffer') {
    const buffer = boot.buffer(id);
    return buffer ? bufferParts(boot, buffer, step) : [];
  }
  const mapping = boot.mapping(id);
  if (!mapping) return [];
  return part === 'owner' ? ownerParts(mapping) : mappingParts(boot, mapping, step);
}

function scopes({ boot, step }: VariablePlace): readonly ReplayVariable[] {
  const { mappings, buffers } = boot.cursor.moveTo(step);
  const counts: Readonly<Record<string, number>> = { mappings: mappings.size, buffers: buffers.size };
  return SCOPES.map(([path, name]) => {
    const indexedCount = counts[path] ?? 0;
    return variable({ name, value: counts[path] === undefined ? '' : String(indexedCount), path, indexedCount });
  });
}

const STEP_NAMES = [
  'step',
  'line',
  'time',
  'kind',
  'event',
  'op',
  'owner',
  'certain',
  'pci',
  'handle',
  'device',
  'host',
  'bytes',
  'pages',
  'leaked',
  'age',
];
const COUNTER_NAMES = ['live', 'liveBytes', 'maps', 'unmaps', 'buffers', 'allocations', 'frees', 'failures', 'faults'];

/** What an expression sees by these names; what the step does not have is left out. */
function namesIn({ boot, step }: VariablePlace, names: readonly string[]): readonly ReplayVariable[] {
  const scope = createScope(boot, boot.cursor.moveTo).goTo(step);
  return names.flatMap((name) => {
    const value = evaluate({ kind: 'name', name }, scope);
    const form = EXPRESSION_NAMES.get(name)?.form ?? 'number';
    if (value === null) return [];
    return [variable({ name, value: formatValue(value, form), type: typeOf(value, form), expression: name })];
  });
}

function stepVariables(place: VariablePlace): readonly ReplayVariable[] {
  const { boot, step } = place;
  const { mapping, buffer } = subjectAt(boot, step);
  const mappingInside = mapping && mappingVariable(boot, mapping.id);
  const bufferInside = buffer && bufferVariable(boot, buffer.id);
  return [
    variable({ name: 'what', value: titleAt(boot, step), line: boot.journal.lines[step] ?? null }),
    ...namesIn(place, STEP_NAMES),
    ...(mappingInside ? [{ ...mappingInside, name: 'mapping' }] : []),
    ...(bufferInside ? [{ ...bufferInside, name: 'buffer' }] : []),
  ];
}

function iommuVariables({ boot, step }: VariablePlace): readonly ReplayVariable[] {
  const translation = boot.machine.translationAt(step);
  const { platform, platformEvidence } = boot.trace;
  const on = translation === null ? 'not told' : translation.on ? 'on' : 'off';
  return [
    variable({ name: 'translation', value: on, type: 'string', expression: 'translation' }),
    ...indexFact('first switched on', translation?.enabledLineIndex ?? null),
    ...indexFact('switched off', translation?.disabledLineIndex ?? null),
    variable({
      name: 'platform',
      value: `${platform}${platformEvidence ? `: ${plainText(platformEvidence.text)}` : ''}`,
      type: 'string',
      line: platformEvidence?.line ?? null,
    }),
  ];
}

function bootVariables({ boot, step, bootCount }: VariablePlace): readonly ReplayVariable[] {
  const { trace } = boot;
  const { exitBootServices: exit, handoff } = trace;
  const callback = callbackAt(boot.cursor.moveTo(step), trace);
  return [
    variable({ name: 'boot', value: `${boot.place + 1} of ${bootCount}`, type: 'number', expression: 'boot' }),
    variable({ name: 'phase', value: phaseName(boot, step, 1), type: 'string', expression: 'phase' }),
    ...(callback
      ? [
          variable({
            name: 'callback',
            value: plainText(callback.name),
            type: 'string',
            expression: 'callback',
            line: callback.line,
          }),
        ]
      : []),
    variable({ name: 'lines', value: `${trace.firstLine}–${trace.lastLine}`, line: trace.firstLine }),
    ...(exit ? [variable({ name: 'ExitBootServices', value: `line ${exit.firstLine}`, line: exit.firstLine })] : []),
    ...(handoff ? [variable({ name: 'hand-off', value: `line ${handoff.line}`, line: handoff.line })] : []),
    variable({ name: 'live at hand-off', value: String(trace.summary.liveAtHandoff), type: 'number' }),
    variable({ name: 'peak of live mappings', value: String(trace.summary.peakLive), type: 'number' }),
  ];
}

function indexFact(name: string, lineIndex: number | null): readonly ReplayVariable[] {
  return lineIndex === null ? [] : [variable({ name, value: `line ${lineIndex + 1}`, line: lineIndex + 1 })];
}
