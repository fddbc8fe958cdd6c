import type { PciAddress } from '../model/pci-address.ts';
import {
  callback,
  callRecord,
  clean,
  failureOf,
  handleOf,
  imageOf,
  other,
  record,
  toPci,
} from '../model/tracer-keys.ts';
import type { TracedCall, TracedVia, TracerPhase, TracerRecord, TracerTold } from '../model/tracer.ts';
import { defineRecord } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * The tracer: a driver that is loaded into unmodified firmware and writes a line for each call when it returns. Specified in
 * docs/trace-format.md. Version 2 leaves out what an earlier record told; what may be missing is optional here. Version 1:
 *
 *   DMATRACE v1 #<seq> t=<us since load> ph=<boot|ebs|os> <Event> key=value ... ;
 */

const HEAD = 'DMATRACE {format:word} #{sequence:dec} t={micros:dec} ph={phase:word}';
const CALL = 'via:token dev:token? img:token? cb:token? call:dec? st:token';

/** Events that are more than counted. */
const CALLS = ['Map', 'Unmap', 'SetAttr', 'Alloc', 'Free'];
const KNOWN = [
  ...CALLS,
  ...'Hello Hook Bound Rebind BusMaster CbBegin CbEnd EbsEnter EbsExit DevState Live Stats Full'.split(' '),
];

/** The device of the samples. */
const DEVICE = '00:02.0' as PciAddress;

function calledBy(via: TracedVia, place: string, call: number, failure: string | null = null): TracedCall {
  return { via, pci: DEVICE, caller: imageOf(place), place, call, failure };
}

function sample(sequence: number, micros: number, phase: TracerPhase, told: TracerTold, format = 1): TracerRecord {
  return { kind: 'tracer-record', format, sequence, micros, phase, told };
}

export const dmaTrace = defineDialect({
  id: 'dma-trace',
  title: 'DMA tracer',
  tracesDma: true,
  producer: ['firmware/: the tracer of DMA Handoff, versions 1 (a prototype) and 2'],
  anchors: ['DMATRACE v1 #', 'DMATRACE v2 #'],
  records: [
    defineRecord({
      name: 'Map',
      since: '2026',
      template: `${HEAD} Map ‹${CALL} op:operation host:address bytes:address got:address? daddr:address? cookie:address? mid:dec?›`,
      toEvent: (keys) =>
        callRecord(keys, (call) => ({
          what: 'map',
          ...call,
          operation: keys.op,
          host: keys.host,
          bytes: keys.bytes,
          got: keys.got,
          device: keys.daddr,
          handle: handleOf(keys.cookie),
          mappingNumber: keys.mid,
        })),
    }),
    defineRecord({
      name: 'Unmap',
      since: '2026',
      template: `${HEAD} Unmap ‹${CALL} mid:dec? cookie:address? note:token?›`,
      toEvent: (keys) =>
        callRecord(keys, (call) => ({
          what: 'unmap',
          ...call,
          handle: handleOf(keys.cookie),
          mappingNumber: keys.mid,
          note: keys.note === 'unknown-map' ? 'unknown' : keys.note === 'already-unmapped' ? 'again' : null,
        })),
    }),
    defineRecord({
      name: 'SetAttribute',
      since: '2026',
      template: `${HEAD} SetAttr ‹${CALL} access:address cookie:address?›`,
      toEvent: (keys) =>
        callRecord(keys, (call) => ({
          what: 'attribute',
          ...call,
          handle: handleOf(keys.cookie),
          access: Number(keys.access),
        })),
    }),
    defineRecord({
      name: 'AllocateBuffer',
      since: '2026',
      template: `${HEAD} Alloc ‹${CALL} pages:address mtype:dec? host:address? bid:dec?›`,
      toEvent: (keys) =>
        callRecord(keys, (call) => ({
          what: 'allocate',
          ...call,
          pages: keys.pages,
          memoryType: keys.mtype,
          host: keys.host,
          bufferNumber: keys.bid,
        })),
    }),
    defineRecord({
      name: 'FreeBuffer',
      since: '2026',
      template: `${HEAD} Free ‹${CALL} host:address pages:address bid:dec?›`,
      toEvent: (keys) =>
        callRecord(keys, (call) => ({
          what: 'free',
          ...call,
          host: keys.host,
          pages: keys.pages,
          bufferNumber: keys.bid,
        })),
    }),
    defineRecord({
      name: 'tracer loaded',
      since: '2026',
      template: `${HEAD} Hello ‹version:token›`,
      toEvent: (keys) => record(keys, { what: 'hello', version: clean(keys.version) }),
    }),
    defineRecord({
      name: 'protocol hooked',
      since: '2026',
      template: `${HEAD} Hook ‹proto:token owner:token?›`,
      toEvent: (keys) =>
        record(keys, { what: 'hook', protocol: clean(keys.proto), owner: imageOf(keys.owner) ?? 'unknown image' }),
    }),
    defineRecord({
      name: 'driver bound before',
      since: '2026',
      template: `${HEAD} Bound ‹dev:token drv:token rebind:dec?›`,
      toEvent: (keys) => {
        const pci = toPci(keys.dev);
        const driver = imageOf(keys.drv) ?? 'unknown image';
        return pci === null ? other(keys) : record(keys, { what: 'bound', pci, driver, restarted: keys.rebind === 1 });
      },
    }),
    defineRecord({
      name: 'drivers restarted',
      since: '2026 (version 2)',
      template: `${HEAD} Rebind ‹dev:token start:token›`,
      toEvent: (keys) => {
        const pci = toPci(keys.dev);
        return pci === null || failureOf(keys.start) !== null
          ? other(keys)
          : record(keys, { what: 'bound', pci, driver: null, restarted: true });
      },
    }),
    defineRecord({
      name: 'Bus Master Enable changed',
      since: '2026',
      template: `${HEAD} BusMaster ‹dev:token bm:token›`,
      toEvent: (keys) => {
        const pci = toPci(keys.dev);
        return pci === null ? other(keys) : record(keys, { what: 'bus-master', pci, on: keys.bm === 'on' });
      },
    }),
    defineRecord({
      name: 'callback begins',
      since: '2026',
      template: `${HEAD} CbBegin ‹group:token fn:token cbid:dec›`,
      toEvent: (keys) => callback('callback-began', keys),
    }),
    defineRecord({
      name: 'callback has returned',
      since: '2026',
      template: `${HEAD} CbEnd ‹group:token fn:token cbid:dec›`,
      toEvent: (keys) => callback('callback-ended', keys),
    }),
    defineRecord({
      name: 'ExitBootServices entered',
      since: '2026',
      template: `${HEAD} EbsEnter ‹live:dec›`,
      toEvent: (keys) => record(keys, { what: 'exit-entered', live: keys.live, failure: null }),
    }),
    defineRecord({
      name: 'ExitBootServices has returned',
      since: '2026',
      template: `${HEAD} EbsExit ‹live:dec st:token›`,
      toEvent: (keys) => record(keys, { what: 'exit-left', live: keys.live, failure: failureOf(keys.st) }),
    }),
    defineRecord({
      name: 'device',
      since: '2026',
      template: `${HEAD} DevState ‹when:token dev:token id:token cls:token bm:token live:dec bytes:address›`,
      toEvent: (keys) => {
        const pci = toPci(keys.dev);
        if (pci === null) return other(keys);
        return record(keys, {
          what: 'device-state',
          when: clean(keys.when),
          pci,
          id: clean(keys.id),
          deviceClass: clean(keys.cls),
          busMaster: keys.bm === 'on',
          live: keys.live,
          bytes: keys.bytes,
        });
      },
    }),
    defineRecord({
      name: 'mapping that is live',
      since: '2026',
      template: `${HEAD} Live ‹dev:token? img:token? op:operation host:address bytes:address daddr:address cookie:address? mid:dec›`,
      toEvent: (keys) =>
        record(keys, {
          what: 'live',
          pci: toPci(keys.dev),
          caller: imageOf(keys.img),
          place: keys.img === null ? null : clean(keys.img),
          operation: keys.op,
          host: keys.host,
          bytes: keys.bytes,
          device: keys.daddr,
          handle: handleOf(keys.cookie),
          mappingNumber: keys.mid,
        }),
    }),
    defineRecord({
      name: 'counts',
      since: '2026',
      template: `${HEAD} Stats ‹when:token maps:dec unmaps:dec live:dec bufs:dec foreign:dec stale:dec lost:dec›`,
      toEvent: (keys) =>
        record(keys, {
          what: 'stats',
          when: clean(keys.when),
          maps: keys.maps,
          unmaps: keys.unmaps,
          live: keys.live,
          buffers: keys.bufs,
          unknown: keys.foreign,
          again: keys.stale,
          lost: keys.lost,
        }),
    }),
    defineRecord({
      name: 'table full',
      since: '2026 (version 2)',
      template: `${HEAD} Full ‹table:token›`,
      toEvent: (keys) => record(keys, { what: 'full', table: clean(keys.table) }),
    }),
    defineRecord({
      name: 'anything else: images, events that are created, marks, and what later versions add',
      since: '2026',
      template: `${HEAD} {event:word} ‹›`,
      except: KNOWN,
      toEvent: other,
    }),
  ],
  samples: [
    {
      line: 'DMATRACE v1 #166 t=242468 ph=boot Map via=PciIo dev=0000:00:02.0 id=1b36:0010 cls=010802 call=16 img=NvmExpressDxe+0x71c9 chain=VirtioInputDxe<BdsDxe op=Write host=0x1e34c018 bytes=0x1000 -> daddr=0x1e66c000 cookie=0x1e359018 mid=5 st=Success ;',
      expect: sample(166, 242468, 'boot', {
        what: 'map',
        ...calledBy('pci-io', 'NvmExpressDxe+0x71c9', 16),
        operation: 'Write',
        host: 0x1e34c018,
        bytes: 0x1000,
        got: null,
        device: 0x1e66c000,
        handle: 0x1e359018,
        mappingNumber: 5,
      }),
    },
    {
      line: 'DMATRACE v1 #172 t=244544 ph=boot Unmap via=PciIo dev=0000:00:02.0 id=1b36:0010 cls=010802 call=18 img=NvmExpressDxe+0x7815 chain=VirtioInputDxe<BdsDxe mid=5 op=Write host=0x1e34c018 bytes=0x1000 daddr=0x1e66c000 cookie=0x1e359018 note=already-unmapped st=InvalidParameter ;',
      expect: sample(172, 244544, 'boot', {
        what: 'unmap',
        ...calledBy('pci-io', 'NvmExpressDxe+0x7815', 18, 'Invalid Parameter'),
        handle: 0x1e359018,
        mappingNumber: 5,
        note: 'again',
      }),
    },
    {
      line: 'DMATRACE v1 #165 t=241766 ph=boot SetAttr via=IoMmu dev=0000:00:02.0 id=1b36:0010 cls=010802 call=16 img=NvmExpressDxe+0x71c9 access=0x2 cookie=0x1e359018 st=Success ;',
      expect: sample(165, 241766, 'boot', {
        what: 'attribute',
        ...calledBy('iommu', 'NvmExpressDxe+0x71c9', 16),
        handle: 0x1e359018,
        access: 2,
      }),
    },
    {
      line: 'DMATRACE v1 #143 t=201968 ph=boot Alloc via=PciIo dev=0000:00:02.0 id=1b36:0010 cls=010802 call=9 img=NvmExpressDxe+0x511b chain=BdsDxe pages=0x6 mtype=4 attr=0x0 -> host=0x1e48b000 bid=1 st=Success ;',
      expect: sample(143, 201968, 'boot', {
        what: 'allocate',
        ...calledBy('pci-io', 'NvmExpressDxe+0x511b', 9),
        pages: 6,
        memoryType: 4,
        host: 0x1e48b000,
        bufferNumber: 1,
      }),
    },
    {
      line: 'DMATRACE v1 #1196 t=689959 ph=boot Free via=PciIo dev=0000:00:02.0 id=1b36:0010 cls=010802 call=1061 img=NvmExpressDxe+0x3c71 chain=DiskIoDxe<Fat<BdsDxe host=0x1e484000 pages=0x1 bid=526 st=Success ;',
      expect: sample(1196, 689959, 'boot', {
        what: 'free',
        ...calledBy('pci-io', 'NvmExpressDxe+0x3c71', 1061),
        host: 0x1e484000,
        pages: 1,
        bufferNumber: 526,
      }),
    },
    {
      line: 'DMATRACE v1 #1 t=2348 ph=boot Hello version=1.0 port=0x402 tsc_per_us=2836 base=0x1e38f000 ;',
      expect: sample(1, 2348, 'boot', { what: 'hello', version: '1.0' }),
    },
    {
      line: 'DMATRACE v1 #103 t=21168 ph=boot Hook proto=RootBridgeIo dev=rb0 owner=PciHostBridgeDxe ;',
      expect: sample(103, 21168, 'boot', { what: 'hook', protocol: 'RootBridgeIo', owner: 'PciHostBridgeDxe' }),
    },
    {
      line: 'DMATRACE v1 #143 t=23088 ph=boot Bound dev=0000:00:02.0 id=1af4:1050 cls=038000 drv=Virtio10 rebind=0 ;',
      expect: sample(143, 23088, 'boot', { what: 'bound', pci: DEVICE, driver: 'Virtio10', restarted: false }),
    },
    {
      line: 'DMATRACE v2 #151 t=61240 ph=boot Rebind dev=0000:00:02.0 stop=Success start=Success ;',
      expect: sample(151, 61240, 'boot', { what: 'bound', pci: DEVICE, driver: null, restarted: true }, 2),
    },
    {
      line: 'DMATRACE v1 #137 t=266026 ph=boot BusMaster dev=0000:00:02.0 call=3 img=AtaAtapiPassThruDxe+0xbd7 chain=SataController<Shell cmd=0x7 -> 0x0 bm=off st=Success ;',
      expect: sample(137, 266026, 'boot', { what: 'bus-master', pci: DEVICE, on: false }),
    },
    {
      line: 'DMATRACE v1 #4672 t=8116385 ph=ebs CbBegin group=ExitBootServices tpl=16 fn=XhciDxe+0x44ad cbid=14 ;',
      expect: sample(4672, 8116385, 'ebs', { what: 'callback-began', group: 'exit', image: 'XhciDxe', callback: 14 }),
    },
    {
      line: 'DMATRACE v1 #4670 t=8115859 ph=ebs CbEnd group=BeforeExitBootServices tpl=8 fn=Fat+0x588c cbid=15 us=70 live=2->2 ;',
      expect: sample(4670, 8115859, 'ebs', { what: 'callback-ended', group: 'before', image: 'Fat', callback: 15 }),
    },
    {
      line: 'DMATRACE v1 #4668 t=8101135 ph=ebs EbsEnter key=0x8f5 img=vmlinuz.efi+0xd6f1f9 live=2 ;',
      expect: sample(4668, 8101135, 'ebs', { what: 'exit-entered', live: 2, failure: null }),
    },
    {
      line: 'DMATRACE v1 #4717 t=8136062 ph=ebs EbsExit key=0x8f5 live=1 st=Success ;',
      expect: sample(4717, 8136062, 'ebs', { what: 'exit-left', live: 1, failure: null }),
    },
    {
      line: 'DMATRACE v1 #4720 t=8136574 ph=os DevState when=handoff dev=0000:00:02.0 id=1b36:000d cls=0c0330 cmd=0x7 bm=on live=1 bytes=0x8 ;',
      expect: sample(4720, 8136574, 'os', {
        what: 'device-state',
        when: 'handoff',
        pci: DEVICE,
        id: '1b36:000d',
        deviceClass: '0c0330',
        busMaster: true,
        live: 1,
        bytes: 8,
      }),
    },
    {
      line: 'DMATRACE v1 #4725 t=8137520 ph=os Live when=handoff dev=0000:00:02.0 id=1b36:000d cls=0c0330 img=XhciDxe+0x2d12 op=Write host=0x1e329e18 bytes=0x8 daddr=0x1e66c000 cookie=0x1e32cf18 mid=21 ;',
      expect: sample(4725, 8137520, 'os', {
        what: 'live',
        pci: DEVICE,
        caller: 'XhciDxe',
        place: 'XhciDxe+0x2d12',
        operation: 'Write',
        host: 0x1e329e18,
        bytes: 8,
        device: 0x1e66c000,
        handle: 0x1e32cf18,
        mappingNumber: 21,
      }),
    },
    {
      line: 'DMATRACE v1 #4726 t=8137765 ph=os Stats when=handoff maps=752 unmaps=751 live=1 peak=3 bufs=0 foreign=0 stale=0 lost=0 images=104 inst=9 ;',
      expect: sample(4726, 8137765, 'os', {
        what: 'stats',
        when: 'handoff',
        maps: 752,
        unmaps: 751,
        live: 1,
        buffers: 0,
        unknown: 0,
        again: 0,
        lost: 0,
      }),
    },
    {
      line: 'DMATRACE v2 #90 t=9001 ph=boot Full table=buffers slots=1024 ;',
      expect: sample(90, 9001, 'boot', { what: 'full', table: 'buffers' }, 2),
    },
    {
      line: 'DMATRACE v1 #127 t=21852 ph=boot EvScan layout=ok seen=81 wrapped=14 ;',
      expect: sample(127, 21852, 'boot', { what: 'other' }),
    },
    { line: 'DMATRACE v1 #166 t=242468 ph=boot Map via=PciIo dev=0000:00:02.0 call=16', expect: 'malformed' },
    { line: 'DMATRACE v2 #4725 t=8137520 ph=os Live when=handoff dev=0000:00:02.0 mid=2 mid=3 ;', expect: 'malformed' },
  ],
});
