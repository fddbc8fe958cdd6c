import type { Dialect } from './dialect.ts';
import { dmaTrace } from './dma-trace.ts';
import { edk2Boot } from './edk2-boot.ts';
import { edk2CcIommu } from './edk2-cc-iommu.ts';
import { edk2Drivers } from './edk2-drivers.ts';
import { edk2ExitBoot } from './edk2-exit-boot.ts';
import { efiStub } from './efi-stub.ts';
import { intelVtd } from './intel-vtd.ts';
import { linuxKernel } from './linux-kernel.ts';
import { otherProducers } from './other-producers.ts';
import { qemuIommu } from './qemu-iommu.ts';
import { qemuTrace } from './qemu-trace.ts';

/** All dialects. Where two could claim a line, the earlier one does. */
export const DIALECTS: readonly Dialect[] = [
  dmaTrace,
  edk2CcIommu,
  intelVtd,
  edk2ExitBoot,
  edk2Boot,
  edk2Drivers,
  efiStub,
  linuxKernel,
  qemuTrace,
  qemuIommu,
  otherProducers,
];
