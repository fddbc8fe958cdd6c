import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * Lines of programs that tell about DMA in a language that this version does not read. They are recognised so that a log that
 * holds nothing else is not mistaken for one without an IOMMU. How each of its records begins, verbatim:
 *
 *   "DMATRACE v1 #"
 */
export const otherProducers = defineDialect({
  id: 'other-producers',
  title: 'Other producers, recognised only',
  tracesDma: false,
  producer: ['DMATRACE v1 records of a loadable tracer'],
  anchors: ['DMATRACE v1 #'],
  records: [
    defineRecord({
      name: 'DMATRACE record',
      since: '2026',
      template: 'DMATRACE v1 #{:text}',
      toEvent: () => ({ kind: 'unread-producer', name: 'a DMATRACE tracer' }),
    }),
  ],
  samples: [
    {
      line: 'DMATRACE v1 #1 t=2348 ph=boot Hello version=1.0 port=0x402 tsc_per_us=2836 base=0x1e38f000 ;',
      expect: { kind: 'unread-producer', name: 'a DMATRACE tracer' },
    },
    { line: 'DMATRACE v1 #', expect: 'malformed' },
  ],
});
