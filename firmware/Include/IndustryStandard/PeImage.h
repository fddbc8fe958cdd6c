/** @file
  PE32+ images, as far as the tracer looks for their names. Microsoft PE Format; UEFI 2.10, 2.1.1. edk2: MdePkg/Include/IndustryStandard/PeImage.h

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef PE_IMAGE_H_
#define PE_IMAGE_H_

#include <Uefi.h>

#define EFI_IMAGE_DOS_SIGNATURE              0x5A4D
#define EFI_IMAGE_NT_SIGNATURE               0x00004550
#define EFI_IMAGE_NT_OPTIONAL_HDR64_MAGIC    0x20b
#define EFI_IMAGE_DIRECTORY_ENTRY_DEBUG      6
#define EFI_IMAGE_DEBUG_TYPE_CODEVIEW        2
#define CODEVIEW_SIGNATURE_NB10              0x3031424E
#define CODEVIEW_SIGNATURE_RSDS              0x53445352
#define CODEVIEW_SIGNATURE_MTOC              0x434F544D
#define EFI_IMAGE_NUMBER_OF_DIRECTORY_ENTRIES 16

typedef struct {
  UINT16    e_magic;
  UINT16    Unused[29];
  UINT32    e_lfanew;
} EFI_IMAGE_DOS_HEADER;

typedef struct {
  UINT16    Machine;
  UINT16    NumberOfSections;
  UINT32    TimeDateStamp;
  UINT32    PointerToSymbolTable;
  UINT32    NumberOfSymbols;
  UINT16    SizeOfOptionalHeader;
  UINT16    Characteristics;
} EFI_IMAGE_FILE_HEADER;

typedef struct {
  UINT32    VirtualAddress;
  UINT32    Size;
} EFI_IMAGE_DATA_DIRECTORY;

typedef struct {
  UINT16                      Magic;
  UINT8                       MajorLinkerVersion;
  UINT8                       MinorLinkerVersion;
  UINT32                      SizeOfCode;
  UINT32                      SizeOfInitializedData;
  UINT32                      SizeOfUninitializedData;
  UINT32                      AddressOfEntryPoint;
  UINT32                      BaseOfCode;
  UINT64                      ImageBase;
  UINT32                      SectionAlignment;
  UINT32                      FileAlignment;
  UINT16                      MajorOperatingSystemVersion;
  UINT16                      MinorOperatingSystemVersion;
  UINT16                      MajorImageVersion;
  UINT16                      MinorImageVersion;
  UINT16                      MajorSubsystemVersion;
  UINT16                      MinorSubsystemVersion;
  UINT32                      Win32VersionValue;
  UINT32                      SizeOfImage;
  UINT32                      SizeOfHeaders;
  UINT32                      CheckSum;
  UINT16                      Subsystem;
  UINT16                      DllCharacteristics;
  UINT64                      SizeOfStackReserve;
  UINT64                      SizeOfStackCommit;
  UINT64                      SizeOfHeapReserve;
  UINT64                      SizeOfHeapCommit;
  UINT32                      LoaderFlags;
  UINT32                      NumberOfRvaAndSizes;
  EFI_IMAGE_DATA_DIRECTORY    DataDirectory[EFI_IMAGE_NUMBER_OF_DIRECTORY_ENTRIES];
} EFI_IMAGE_OPTIONAL_HEADER64;

typedef struct {
  UINT32                         Signature;
  EFI_IMAGE_FILE_HEADER          FileHeader;
  EFI_IMAGE_OPTIONAL_HEADER64    OptionalHeader;
} EFI_IMAGE_NT_HEADERS64;

typedef struct {
  UINT8     Name[8];
  UINT32    VirtualSize;
  UINT32    VirtualAddress;
  UINT32    SizeOfRawData;
  UINT32    PointerToRawData;
  UINT32    PointerToRelocations;
  UINT32    PointerToLinenumbers;
  UINT16    NumberOfRelocations;
  UINT16    NumberOfLinenumbers;
  UINT32    Characteristics;
} EFI_IMAGE_SECTION_HEADER;

typedef struct {
  UINT32    Characteristics;
  UINT32    TimeDateStamp;
  UINT16    MajorVersion;
  UINT16    MinorVersion;
  UINT32    Type;
  UINT32    SizeOfData;
  UINT32    RVA;
  UINT32    FileOffset;
} EFI_IMAGE_DEBUG_DIRECTORY_ENTRY;

#endif
