/**
 * The trace events of QEMU that the analysis reads (dialects qemu-trace and qemu-iommu), by the names that they have since 6.0:
 * Bus Master Enable, whether controllers run, whether an IOMMU translates, and its faults. Not those of each access that an IOMMU
 * lets pass: they are as many as the accesses. An event that this QEMU does not know gives a warning only (trace/control.c).
 */
export const TRACE_EVENTS: readonly string[] = [
  'pci_cfg_write',
  ...['usb_xhci_oper_write', 'usb_xhci_run', 'usb_xhci_stop', 'usb_xhci_reset'],
  ...['usb_ehci_opreg_write', 'usb_ehci_usbsts', 'usb_ehci_reset'],
  ...['usb_uhci_mmio_writew', 'usb_uhci_schedule_start', 'usb_uhci_schedule_stop', 'usb_uhci_reset'],
  ...['usb_ohci_start', 'usb_ohci_stop'],
  ...['ahci_port_write', 'ahci_mem_write_host', 'ahci_reset', 'bmdma_cmd_writeb'],
  ...['pci_nvme_mmio_cfg', 'pci_nvme_mmio_start_success', 'pci_nvme_mmio_stopped', 'pci_nvme_mmio_shutdown_set'],
  ...['pci_nvme_err_startfail', 'pci_nvme_pci_reset', 'virtio_set_status', 'sdhci_access'],
  ...['e1000e_core_ctrl_sw_reset', 'e1000e_rx_set_rctl'],
  ...['vtd_dmar_enable', 'vtd_dmar_fault', 'amdvi_control_status', 'amdvi_page_fault', 'virtio_iommu_report_fault'],
];
