import type { DmaEvent } from '../model/events.ts';
import type { Address } from '../model/address.ts';
import type { RecordDefinition } from '../syntax/record-template.ts';
import { defineDialect } from './dialect.ts';

/**
 * Lines of edk2's own bus-master drivers that tell whose a mapping is: a driver binding that begins or has just ended, or an
 * address that the driver printed because it gave it to its device. Only the latter proves ownership. One format, verbatim:
 *
 *   "XhcInitSched: Created CMD ring [%p~%p) EVENT ring [%p~%p)\n"
 */
export const edk2Drivers = defineDialect({
  id: 'edk2-drivers',
  title: 'edk2 bus-master drivers',
  tracesDma: false,
  producer: [
    'MdeModulePkg/Bus/Pci/XhciDxe/XhciSched.c: XhcInitSched, XhcInitializeEndpointContext; Xhci.c: XhcDriverBindingStart, XhcCreateUsbHc',
    'MdeModulePkg/Bus/Pci/EhciDxe/Ehci.c: EhcDriverBindingStart, EhcCreateUsb2Hc',
    'MdeModulePkg/Bus/Pci/UhciDxe/Uhci.c: Uhci2GetCapability',
    'MdeModulePkg/Bus/Pci/NvmExpressDxe/NvmExpress.c: NvmExpressDriverBindingStart; NvmExpressHci.c: WriteNvmeAdminSubmissionQueueBaseAddress',
    'MdeModulePkg/Bus/Ata/AtaAtapiPassThru/AtaAtapiPassThru.c: AtaAtapiPassThruStart',
    'MdeModulePkg/Bus/Pci/SdMmcPciHcDxe/SdMmcPciHcDxe.c: SdMmcPciHcDriverBindingStart',
    'OvmfPkg/VirtioGpuDxe/DriverBinding.c: VirtioGpuDriverBindingStart; VirtioBlkDxe/VirtioBlk.c: VirtioBlkInit',
  ],
  anchors: [
    'XhcInitSched: Created CMD ring [',
    'XhcCreateUsb3Hc: Capability length ',
    'XhcDriverBindingStart: XHCI started',
    'XhcCheckUrbResult: ',
    'XhcSetRootHubPortFeature: ',
    'XhcClearRootHubPortFeature: ',
    'Endpoint[',
    'Endpoint64[',
    'EhcCreateUsb2Hc: capability length ',
    'EhcDriverBindingStart: EHCI started',
    'EhcCheckUrbResult: ',
    'Uhci2GetCapability: ',
    'NvmExpressDriverBindingStart: start',
    'NvmExpressDriverBindingStart: end',
    'Asq: ',
    '==AtaAtapiPassThru Start==',
    '==UfsPassThru Start==',
    'SdMmcPciHcDriverBindingStart: Start',
    'SdMmcPciHcDriverBindingStart: Success End on ',
    'VirtioGpuDriverBindingStart: produced ',
    'VirtioBlkInit: LbaSize=',
    'VirtioSerialInit:',
  ],
  records: [
    proof('XhciDxe', 'XhcInitSched: Created CMD ring [{address:hex}~{:hex}) EVENT ring [{:hex}~{:hex})'),
    mark('XhciDxe', 'start', 'XhcCreateUsb3Hc: Capability length {:text}'),
    mark('XhciDxe', 'started', 'XhcDriverBindingStart: XHCI started for controller @ {:hex}'),
    mark('XhciDxe', 'active', 'XhcCheckUrbResult: {:text}'),
    mark('XhciDxe', 'active', 'XhcSetRootHubPortFeature: {:text}'),
    mark('XhciDxe', 'active', 'XhcClearRootHubPortFeature: {:text}'),
    proof('XhciDxe', 'Endpoint[{:hex}]: Created {:word} ring [{address:hex}~{:hex})'),
    proof('XhciDxe', 'Endpoint64[{:hex}]: Created {:word} ring [{address:hex}~{:hex})'),
    mark('EhciDxe', 'start', 'EhcCreateUsb2Hc: capability length {:text}'),
    mark('EhciDxe', 'started', 'EhcDriverBindingStart: EHCI started for controller @ {:hex}'),
    mark('EhciDxe', 'active', 'EhcCheckUrbResult: {:text}'),
    mark('UhciDxe', 'started', 'Uhci2GetCapability: {:text}'),
    mark('NvmExpressDxe', 'start', 'NvmExpressDriverBindingStart: start'),
    mark('NvmExpressDxe', 'started', 'NvmExpressDriverBindingStart: end {:text}'),
    proof('NvmExpressDxe', 'Asq: {address:hex}'),
    mark('AtaAtapiPassThruDxe', 'start', '==AtaAtapiPassThru Start== Controller = {:hex}'),
    mark('UfsPassThruDxe', 'start', '==UfsPassThru Start== Controller = {:hex}'),
    mark('SdMmcPciHcDxe', 'start', 'SdMmcPciHcDriverBindingStart: Start'),
    mark('SdMmcPciHcDxe', 'started', 'SdMmcPciHcDriverBindingStart: Success End on {:hex}'),
    mark('VirtioGpuDxe', 'started', 'VirtioGpuDriverBindingStart: produced {:text}'),
    mark('VirtioBlkDxe', 'started', 'VirtioBlkInit: LbaSize={:text}'),
    mark('VirtioSerialDxe', 'started', 'VirtioSerialInit:{:dec}: OK, {:text}'),
  ],
  samples: [
    {
      line: 'XhcInitSched: Created CMD ring [1E6BC240~1E6BD240) EVENT ring [1E6BD240~1E6BF240)',
      expect: hint('XhciDxe', 'address', 0x1e6bc240),
    },
    { line: 'XhcCreateUsb3Hc: Capability length 0x40', expect: hint('XhciDxe', 'start') },
    { line: 'XhcDriverBindingStart: XHCI started for controller @ 1E4BAC98', expect: hint('XhciDxe', 'started') },
    { line: 'XhcCheckUrbResult: short packet happens!', expect: hint('XhciDxe', 'active') },
    { line: 'XhcSetRootHubPortFeature: status Success', expect: hint('XhciDxe', 'active') },
    { line: 'XhcClearRootHubPortFeature: status Success', expect: hint('XhciDxe', 'active') },
    { line: 'Endpoint[81]: Created INT ring [1E6C4400~1E6C5400)', expect: hint('XhciDxe', 'address', 0x1e6c4400) },
    { line: 'Endpoint64[2]: Created BULK ring [1E6C2000~1E6C3000)', expect: hint('XhciDxe', 'address', 0x1e6c2000) },
    { line: 'EhcCreateUsb2Hc: capability length 32', expect: hint('EhciDxe', 'start') },
    { line: 'EhcDriverBindingStart: EHCI started for controller @ 1E471D18', expect: hint('EhciDxe', 'started') },
    { line: 'EhcCheckUrbResult: Short packet read, continue', expect: hint('EhciDxe', 'active') },
    { line: 'Uhci2GetCapability: 2 ports', expect: hint('UhciDxe', 'started') },
    { line: 'NvmExpressDriverBindingStart: start', expect: hint('NvmExpressDxe', 'start') },
    { line: 'NvmExpressDriverBindingStart: end successfully', expect: hint('NvmExpressDxe', 'started') },
    { line: 'Asq: 1E698000', expect: hint('NvmExpressDxe', 'address', 0x1e698000) },
    { line: '==AtaAtapiPassThru Start== Controller = 1E4B8C98', expect: hint('AtaAtapiPassThruDxe', 'start') },
    { line: '==UfsPassThru Start== Controller = 1E4B8C98', expect: hint('UfsPassThruDxe', 'start') },
    { line: 'SdMmcPciHcDriverBindingStart: Start', expect: hint('SdMmcPciHcDxe', 'start') },
    { line: 'SdMmcPciHcDriverBindingStart: Success End on 1E4BAC18', expect: hint('SdMmcPciHcDxe', 'started') },
    {
      line: 'VirtioGpuDriverBindingStart: produced GOP while binding VirtIo=1E4701A0',
      expect: hint('VirtioGpuDxe', 'started'),
    },
    { line: 'VirtioBlkInit: LbaSize=0x200[B] NumBlocks=0x10000[Lba]', expect: hint('VirtioBlkDxe', 'started') },
    { line: 'VirtioSerialInit:123: OK, 1 consoles, 0 named ports', expect: hint('VirtioSerialDxe', 'started') },
    { line: 'XhcInitSched: Created CMD ring [1E6BC240~XhcInit', expect: 'malformed' },
  ],
});

function hint(
  driver: string,
  how: 'start' | 'started' | 'active' | 'address',
  address: Address | null = null,
): DmaEvent {
  return { kind: 'owner-hint', driver, how, address };
}

/** A line that tells that `driver` is at work. */
function mark(driver: string, how: 'start' | 'started' | 'active', template: string): RecordDefinition {
  return { name: template, since: '2017 or earlier', template, toEvent: () => hint(driver, how) };
}

/** A line with an `{address:…}` that `driver` gave to its device. */
function proof(driver: string, template: string): RecordDefinition {
  return {
    name: template,
    since: '2017 or earlier',
    template,
    toEvent: ({ address }) => hint(driver, 'address', typeof address === 'string' ? null : (address ?? null)),
  };
}
