/* SPDX-License-Identifier: BSD-2-Clause-Patent
 *
 * The headers of the PE32+ image (Microsoft PE Format; UEFI 2.10, 2.1.1), written as data.
 *
 * Made this way, the image needs no tool that knows PE, and every byte of it follows from the sources: no time stamp, no path.
 * The linker script lays the sections out as they are in memory, so that offsets in the file are offsets in the image.
 *
 * The code is position independent, so there is nothing to relocate. But an image without a base relocation directory may only be
 * loaded at its ImageBase, so there is one, with a block that relocates nothing.
 */

    .section .header, "a"
    .balign 8

dos_header:
    .ascii  "MZ"
    .zero   58
    .long   pe_header - dos_header      /* e_lfanew */

pe_header:
    .ascii  "PE\0\0"

coff_header:
    .short  0x8664                      /* Machine: x86-64 */
    .short  (sections_end - sections) / 40
    .long   0                           /* TimeDateStamp */
    .long   0                           /* PointerToSymbolTable */
    .long   0                           /* NumberOfSymbols */
    .short  sections - optional_header  /* SizeOfOptionalHeader */
    .short  0x022e                      /* Characteristics: executable, large addresses, no line numbers, symbols, debug information */

optional_header:
    .short  0x020b                      /* Magic: PE32+ */
    .byte   0, 0                        /* linker version */
    .long   image_text_size             /* SizeOfCode */
    .long   image_data_file_size        /* SizeOfInitializedData */
    .long   image_bss_size              /* SizeOfUninitializedData */
    .long   image_entry                 /* AddressOfEntryPoint */
    .long   image_text                  /* BaseOfCode */
    .quad   0                           /* ImageBase */
    .long   0x1000                      /* SectionAlignment: a page, so that pages can be protected */
    .long   0x1000                      /* FileAlignment */
    .short  0, 0, 0, 0, 0, 0            /* versions of operating system, image and subsystem */
    .long   0                           /* Win32VersionValue */
    .long   image_size                  /* SizeOfImage */
    .long   image_text                  /* SizeOfHeaders */
    .long   0                           /* CheckSum */
    .short  11                          /* Subsystem: EFI boot service driver */
    .short  0x0100                      /* DllCharacteristics: no data is executed */
    .quad   0, 0, 0, 0                  /* stack and heap */
    .long   0                           /* LoaderFlags */
    .long   16                          /* NumberOfRvaAndSizes */
    .quad   0, 0, 0, 0, 0               /* export, import, resource, exception, security */
    .long   image_reloc, reloc_end - reloc_start
    .quad   0, 0, 0, 0, 0, 0, 0, 0, 0, 0

sections:
    .ascii  ".text\0\0\0"
    .long   image_text_size             /* VirtualSize */
    .long   image_text                  /* VirtualAddress */
    .long   image_text_size             /* SizeOfRawData */
    .long   image_text                  /* PointerToRawData */
    .long   0, 0, 0
    .long   0x60000020                  /* code, executable, readable */

    .ascii  ".reloc\0\0"
    .long   image_reloc_size
    .long   image_reloc
    .long   image_reloc_size
    .long   image_reloc
    .long   0, 0, 0
    .long   0x42000040                  /* initialized data, discardable, readable */

    .ascii  ".data\0\0\0"
    .long   image_data_size             /* what is behind the file's part of it is zero */
    .long   image_data
    .long   image_data_file_size
    .long   image_data
    .long   0, 0, 0
    .long   0xc0000040                  /* initialized data, readable, writable */
sections_end:

    .section .reloc, "a"
reloc_start:
    .long   0                           /* page */
    .long   reloc_end - reloc_start     /* size of this block */
    .short  0, 0                        /* two entries of type ABSOLUTE, which are skipped */
reloc_end:

    .section .note.GNU-stack, "", @progbits
