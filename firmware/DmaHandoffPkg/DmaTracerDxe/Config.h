/** @file
  Sizes of the tables, ports, and the switches a user can set without compiling.

  All tables are static: a hook may run at any TPL and inside ExitBootServices, where allocating memory is illegal or would
  make the memory map that the boot loader holds stale. A table that is full is reported (Full, lost=), never silent.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef CONFIG_H_
#define CONFIG_H_

#include <Uefi.h>

#define TRACER_VERSION  "2.0"

//
// Images loaded at one time. OVMF has about 100.
//
#ifndef MAX_IMAGES
#define MAX_IMAGES  320
#endif

//
// Instances of PciIo, PciRootBridgeIo and EDKII_IOMMU ever seen; a bus that is enumerated again needs new ones.
//
#ifndef MAX_DEVICES
#define MAX_DEVICES  256
#endif

//
// Mappings alive at one time. A power of two, at most 65536: the slot's number stands in 16 bits of a handle.
//
#ifndef MAX_MAPPINGS
#define MAX_MAPPINGS  8192
#endif

//
// Buffers of AllocateBuffer alive at one time.
//
#ifndef MAX_BUFFERS
#define MAX_BUFFERS  1024
#endif

//
// Callbacks of ExitBootServices at one time.
//
#ifndef MAX_CALLBACKS
#define MAX_CALLBACKS  512
#endif

//
// Places that call, for which chain= was printed. A power of two. If it is full, chain= is printed more often.
//
#ifndef MAX_CALL_SITES
#define MAX_CALL_SITES  1024
#endif

//
// Handles of one protocol, looked at when the tracer is loaded.
//
#ifndef MAX_HANDLES
#define MAX_HANDLES  1024
#endif

//
// The QEMU debug console (isa-debugcon.iobase), and the UART that is used if there is none.
//
#ifndef DEBUGCON_PORT
#define DEBUGCON_PORT  0x402
#endif
#ifndef UART_PORT
#define UART_PORT  0x3F8
#endif

//
// Switches inside the finished image: the option ROM maker finds them by the signature and sets flags (tools/options.h).
//
#define OPTIONS_SIGNATURE_SIZE  8
#define OPTION_REBIND           0x00000001

typedef struct {
  UINT8     Signature[OPTIONS_SIGNATURE_SIZE];
  UINT32    Flags;
  UINT32    Reserved;
} TRACER_OPTIONS;

#endif
