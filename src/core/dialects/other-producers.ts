import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * Lines of programs that tell about DMA in a language that this version does not read: later versions of the tracer's format,
 * whose records mean something else. They are recognised so that a log that holds nothing else is not mistaken for one without an
 * IOMMU. How each of its records begins, verbatim:
 *
 *   "DMATRACE v3 #"
 */
export const otherProducers = defineDialect({
  id: 'other-producers',
  title: 'Other producers, recognised only',
  tracesDma: false,
  producer: ['DMATRACE records of a later version of the tracer'],
  anchors: ['DMATRACE v'],
  records: [
    defineRecord({
      name: 'DMATRACE record of another version',
      since: '2026',
      template: 'DMATRACE {format:word} #{:text}',
      // Versions that are read have longer anchors, so their records come here only if they are damaged.
      toEvent: ({ format }) =>
        /^v[12]$/.test(format)
          ? null
          : { kind: 'unread-producer', name: `a tracer that writes DMATRACE ${format.slice(0, 16)}` },
    }),
  ],
  samples: [
    {
      line: 'DMATRACE v3 #1 t=2348 ph=boot Hello version=3.0 port=0x402 tsc_per_us=2836 base=0x1e38f000 ;',
      expect: { kind: 'unread-producer', name: 'a tracer that writes DMATRACE v3' },
    },
    { line: 'DMATRACE v3 #', expect: 'malformed' },
  ],
});
