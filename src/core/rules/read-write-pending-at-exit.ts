import { describeMapping, describeOwner } from '../model/describe.ts';
import { isReadOrWrite } from '../model/mapping.ts';
import type { Mapping } from '../model/trace.ts';
import { defineRule, exitLines, lifeOf } from './rule.ts';

/** Harm: a transfer is still under way. Its device may write into the bounce buffer, or read from it, after the operating system owns the page. */
export const readWritePendingAtExit = defineRule({
  meta: {
    id: 'read-write-pending-at-exit',
    summary: 'A Read or Write mapping is live when ExitBootServices begins',
    severity: { deny: 'error', permit: 'error' },
    since: '0.1.0',
  },
  messages: {
    live: '{mapping}{owner} is still mapped at hand-off: a transfer was never finished and nobody removed it.',
    swept:
      '{mapping}{owner} was pending when ExitBootServices began; the cleanup of the IOMMU driver removed it. The driver should cancel its transfers before ExitBootServices.',
  },
  create: ({ report }) => {
    const swept: Mapping[] = [];
    return {
      onFact: {
        unmapped({ mapping }) {
          if (mapping.unmappedBy === 'iommu-cleanup' && isReadOrWrite(mapping)) swept.push(mapping);
        },
      },
      onEnd(trace) {
        // What a callback mapped was not pending before: memory-allocated-in-exit-callback is about that.
        const madeDuringExit = new Set(
          trace.exitActions.map(({ kind, mapping }) => (kind === 'mapped' ? mapping : null)),
        );
        for (const mapping of swept) if (!madeDuringExit.has(mapping)) reportPending(mapping, 'swept');
        for (const mapping of trace.live)
          if (mapping.liveAtHandoff && isReadOrWrite(mapping)) reportPending(mapping, 'live');

        function reportPending(mapping: Mapping, message: 'live' | 'swept'): void {
          report({
            message,
            ...(message === 'swept' ? { severity: 'warning' } : {}),
            data: { mapping: describeMapping(mapping), owner: describeOwner(mapping) },
            certain: trace.damage.malformedLines === 0,
            lineIndex: mapping.mappedLineIndex,
            mapping,
            related: [...lifeOf(mapping), ...exitLines(trace)],
          });
        }
      },
    };
  },
});
