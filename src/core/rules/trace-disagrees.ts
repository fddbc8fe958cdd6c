import { describeMapping, describeOwner } from '../model/describe.ts';
import type { Disagreement, Mapping } from '../model/trace.ts';
import type { RawFinding } from './rule.ts';
import { defineRule, lifeOf } from './rule.ts';

/** Harm: a report that rests on lines which somebody else put into the log, or on a log that lost some unnoticed, may be all wrong. */
export const traceDisagrees = defineRule({
  meta: {
    id: 'trace-disagrees',
    summary: 'The tracer’s own counts and lists contradict what the log shows',
    severity: { deny: 'warning', permit: 'warning' },
    since: '0.3.0',
  },
  messages: {
    sequence:
      'Record #{found} of the tracer stands behind #{previous}: lines of this log were put in, moved or written twice.',
    count:
      'The tracer counts {said} {what}{device}, the log shows {counted}: lines are missing, or were put in by somebody else.',
    neverMapped:
      '{mapping}{owner} stands in the tracer’s list of what is live at hand-off, but no Map() in this log made it. It is counted as live.',
    unmapped:
      '{mapping}{owner} stands in the tracer’s list of what is live at hand-off, although a line shows it unmapped. It is counted as live.',
    changed:
      '{mapping}{owner} stands in the tracer’s list of what is live at hand-off with other values than Map() returned for it.',
    notListed:
      '{mapping}{owner} does not stand in the tracer’s list of what is live at hand-off, although nothing in this log unmapped it. It is counted as live.',
    outsideExit:
      'The line of {name} belongs into ExitBootServices, and the tracer saw the firmware outside of it: somebody else printed it.',
  },
  create: ({ report }) => ({
    onEnd({ tracer }) {
      for (const disagreement of tracer?.disagreements ?? []) report(toFinding(disagreement));
    },
  }),
});

type Message = 'sequence' | 'count' | 'neverMapped' | 'unmapped' | 'changed' | 'notListed' | 'outsideExit';

function toFinding(disagreement: Disagreement): RawFinding<Message> {
  const { lineIndex } = disagreement;
  switch (disagreement.kind) {
    case 'sequence': {
      const { found, previous, previousLineIndex } = disagreement;
      return {
        message: 'sequence',
        data: { found, previous },
        lineIndex,
        related: [{ lineIndex: previousLineIndex, message: `record #${previous}` }],
      };
    }
    case 'count': {
      const { of, said, counted, pci } = disagreement;
      return {
        message: 'count',
        data: { what: WORDS[of], said, counted, device: pci === null ? '' : ` of ${pci}` },
        lineIndex,
      };
    }
    case 'never-mapped':
      return aboutMapping('neverMapped', disagreement.mapping, lineIndex);
    case 'unmapped':
      return {
        ...aboutMapping('unmapped', disagreement.mapping, lineIndex),
        related: lifeOf(disagreement.unmapped),
      };
    case 'changed':
      return aboutMapping('changed', disagreement.mapping, lineIndex);
    case 'not-listed':
      return aboutMapping('notListed', disagreement.mapping, lineIndex);
    case 'outside-exit':
      return { message: 'outsideExit', data: { name: disagreement.name }, lineIndex };
  }
}

function aboutMapping(message: Message, mapping: Mapping, lineIndex: number): RawFinding<Message> {
  return {
    message,
    data: { mapping: describeMapping(mapping), owner: describeOwner(mapping) },
    lineIndex,
    mapping,
    related: lifeOf(mapping),
  };
}

const WORDS: Readonly<Record<Extract<Disagreement, { kind: 'count' }>['of'], string>> = {
  maps: 'calls of Map()',
  unmaps: 'calls of Unmap()',
  live: 'live mappings',
  buffers: 'buffers that are not freed',
  unknown: 'calls of Unmap() for mappings made before it was loaded',
  again: 'calls of Unmap() for what had been unmapped',
};
