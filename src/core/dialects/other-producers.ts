import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * Lines of programs that tell about DMA in a language that this version does not read. They are recognised so that a log that
 * holds nothing else is not mistaken for one without an IOMMU. One format string, verbatim:
 *
 *   "IoMmuMap: ==> 0x%08x - 0x%08x (%x)\n"
 */
export const otherProducers = defineDialect({
  id: 'other-producers',
  title: 'Other producers, recognised only',
  tracesDma: false,
  producer: [
    'edk2-platforms Silicon/Intel/IntelSiliconPkg/Feature/VTd/IntelVTdDxe and IntelVTdCoreDxe: IoMmuMap, OnExitBootServices',
    'DMATRACE v1 records of a loadable tracer',
  ],
  anchors: ['IoMmuMap: ==> 0x', 'Vtd OnExitBootServices', 'DMATRACE v1 #'],
  records: [
    defineRecord({
      name: 'IntelVTdDxe map',
      since: '2017',
      template: 'IoMmuMap: ==> {:address} - {:text}',
      toEvent: () => ({ kind: 'unread-producer', name: 'IntelVTdDxe' }),
    }),
    defineRecord({
      name: 'IntelVTdDxe exit callback',
      since: '2017',
      template: 'Vtd OnExitBootServices',
      toEvent: () => ({ kind: 'unread-producer', name: 'IntelVTdDxe' }),
    }),
    defineRecord({
      name: 'DMATRACE record',
      since: '2026',
      template: 'DMATRACE v1 #{:text}',
      toEvent: () => ({ kind: 'unread-producer', name: 'a DMATRACE tracer' }),
    }),
  ],
  samples: [
    { line: 'IoMmuMap: ==> 0x1E852000 - 0x00000600 (2)', expect: { kind: 'unread-producer', name: 'IntelVTdDxe' } },
    { line: 'Vtd OnExitBootServices', expect: { kind: 'unread-producer', name: 'IntelVTdDxe' } },
    {
      line: 'DMATRACE v1 #1 t=2348 ph=boot Hello version=1.0 port=0x402 tsc_per_us=2836 base=0x1e38f000 ;',
      expect: { kind: 'unread-producer', name: 'a DMATRACE tracer' },
    },
    { line: 'IoMmuMap: ==> 0x1E85usb_ehci_usbsts', expect: 'malformed' },
  ],
});
