/** @file
  The table of images, their names, and the search of the stack.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "firmware.h"
#include "CallStack.h"
#include "Config.h"
#include "ImageName.h"
#include "ImageTable.h"
#include "Output.h"
#include "Record.h"
#include <IndustryStandard/PeImage.h>

#define IMAGE_BYTES  0x1000
#define DEBUG_AT     0x400
#define CODEVIEW_AT  0x500

typedef struct {
  EFI_DEVICE_PATH_PROTOCOL    Node;
  UINT8                       Data[64];
} PATH;

static CONST CHAR16     *mUserInterface;
static EFI_STATUS       mReadStatus;
static _Alignas (8) UINT8  mImage[IMAGE_BYTES];

static EFI_STATUS EFIAPI
ReadSection (CONST EFI_FIRMWARE_VOLUME2_PROTOCOL *This, CONST EFI_GUID *Name, EFI_SECTION_TYPE Type, UINTN Instance, VOID **Buffer, UINTN *Size, UINT32 *Status)
{
  UINTN  Length;

  (VOID)This;
  (VOID)Name;
  (VOID)Instance;
  (VOID)Status;
  CHECK (Type == EFI_SECTION_USER_INTERFACE && *Buffer != NULL);
  for (Length = 0; mUserInterface[Length] != 0; Length++) {
  }

  Length = (Length + 1) * sizeof (CHAR16);
  memcpy (*Buffer, mUserInterface, Length < *Size ? Length : *Size);
  *Size = Length;
  return mReadStatus;
}

static EFI_FIRMWARE_VOLUME2_PROTOCOL  mVolume = { NULL, NULL, NULL, ReadSection };

static EFI_STATUS EFIAPI
HandleProtocol (EFI_HANDLE Handle, EFI_GUID *Guid, VOID **Interface)
{
  (VOID)Handle;
  (VOID)Guid;
  *Interface = &mVolume;
  return EFI_SUCCESS;
}

static VOID
TableFindsImages (
  VOID
  )
{
  CHECK (ImageFind (0x1000) == NULL);
  CHECK (ImageAdd (0x3000, 0x1000, "Third") != NULL);
  CHECK (ImageAdd (0x1000, 0x1000, "First=a;b+c<d\x01\xff") != NULL);
  CHECK (strcmp (ImageFind (0x1000)->Name, "First_a_b_c_d__") == 0);
  CHECK (ImageFind (0x0FFF) == NULL && ImageFind (0x2000) == NULL && ImageFind (0x2FFF) == NULL && ImageFind (0x4000) == NULL);
  CHECK (strcmp (ImageFind (0x3FFF)->Name, "Third") == 0);
  CHECK (ImageAdd (0x3000, 0x1000, "Third") == NULL);
  CHECK (strcmp (ImageAdd (0x5000, 0x1000, "Third")->Name, "Third~2") == 0);
  CHECK (strcmp (ImageAdd (0x6000, 0x1000, "Third")->Name, "Third~3") == 0);
  CHECK (ImageAdd (0x5000, 0x1000, "Third") == NULL);

  // What lies over others has taken their place.
  CHECK (strcmp (ImageAdd (0x3800, 0x2000, "Over")->Name, "Over") == 0);
  CHECK (ImageCount () == 3 && ImageFind (0x3000) == NULL && strcmp (ImageFind (0x5000)->Name, "Over") == 0);
  CHECK (strlen (ImageAdd (0x7000, 0x100, "ANameThatIsLongerThanWhatATableOfImagesHolds")->Name) == IMAGE_NAME_SIZE - 1);
  CHECK (strstr (ImageAdd (0x7100, 0x100, "ANameThatIsLongerThanWhatATableOfImagesHolds")->Name, "~2") != NULL);
}

static VOID
FullTableIsReported (
  VOID
  )
{
  UINT64  Base;

  MachineForget ();
  for (Base = 0x10000; ImageCount () < MAX_IMAGES; Base += 0x1000) {
    CHECK (ImageAdd (Base, 0x1000, "Image") != NULL);
  }

  CHECK (ImageAdd (Base, 0x1000, "Image") == NULL);
  CHECK (MachineCount ("Full table=images slots=12") == 1 && RecordLostCount () == 1);
}

static UINT8 *
DebugImage (
  UINT32       Signature,
  UINT32       PathOffset,
  CONST CHAR8  *Path
  )
{
  EFI_IMAGE_DOS_HEADER             *Dos;
  EFI_IMAGE_NT_HEADERS64           *Nt;
  EFI_IMAGE_DEBUG_DIRECTORY_ENTRY  *Entry;

  memset (mImage, 0, sizeof (mImage));
  Dos           = (VOID *)mImage;
  Dos->e_magic  = EFI_IMAGE_DOS_SIGNATURE;
  Dos->e_lfanew = 0x80;
  Nt            = (VOID *)(mImage + 0x80);
  Nt->Signature = EFI_IMAGE_NT_SIGNATURE;
  Nt->OptionalHeader.Magic               = EFI_IMAGE_NT_OPTIONAL_HDR64_MAGIC;
  Nt->OptionalHeader.NumberOfRvaAndSizes = 16;
  Nt->OptionalHeader.DataDirectory[EFI_IMAGE_DIRECTORY_ENTRY_DEBUG].VirtualAddress = DEBUG_AT;
  Nt->OptionalHeader.DataDirectory[EFI_IMAGE_DIRECTORY_ENTRY_DEBUG].Size           = 2 * sizeof (*Entry);
  Entry        = (VOID *)(mImage + DEBUG_AT);
  Entry[1].Type = EFI_IMAGE_DEBUG_TYPE_CODEVIEW;
  Entry[1].RVA  = CODEVIEW_AT;
  memcpy (mImage + CODEVIEW_AT, &Signature, sizeof (Signature));
  strcpy ((char *)mImage + CODEVIEW_AT + PathOffset, Path);
  return mImage;
}

static VOID
DebugPathsAreFound (
  VOID
  )
{
  UINT64  Size;

  CHECK (strcmp (ImageDebugPath (DebugImage (CODEVIEW_SIGNATURE_NB10, 16, "/b/Xhci.dll"), IMAGE_BYTES), "/b/Xhci.dll") == 0);
  CHECK (strcmp (ImageDebugPath (DebugImage (CODEVIEW_SIGNATURE_MTOC, 20, "/b/Xhci.dll"), IMAGE_BYTES), "/b/Xhci.dll") == 0);
  CHECK (ImageDebugPath (DebugImage (0x12345678, 24, "/b/Xhci.dll"), IMAGE_BYTES) == NULL);
  CHECK (strcmp (ImageDebugPath (DebugImage (CODEVIEW_SIGNATURE_RSDS, 24, "/b/Xhci.dll"), IMAGE_BYTES), "/b/Xhci.dll") == 0);

  // Of an image that is cut anywhere, nothing behind the cut is read; the sanitizer sees to that.
  for (Size = 0; Size < CODEVIEW_AT + 36; Size++) {
    UINT8  *Cut = malloc (Size + 1);
    memcpy (Cut, mImage, Size);
    CHECK (ImageDebugPath (Cut, Size) == NULL);
    free (Cut);
  }
}

static VOID
CheckName (
  VOID         *Base,
  PATH         *Path,
  CONST char   *Name,
  CONST char   *Source
  )
{
  EFI_BOOT_SERVICES          Boot;
  EFI_LOADED_IMAGE_PROTOCOL  LoadedImage;
  CHAR8                      Found[IMAGE_NAME_SIZE];
  CONST CHAR8                *FoundSource;

  memset (&Boot, 0, sizeof (Boot));
  memset (&LoadedImage, 0, sizeof (LoadedImage));
  Boot.HandleProtocol      = HandleProtocol;
  LoadedImage.ImageBase    = Base;
  LoadedImage.ImageSize    = IMAGE_BYTES;
  LoadedImage.DeviceHandle = &Boot;
  LoadedImage.FilePath     = Path == NULL ? NULL : &Path->Node;
  FoundSource              = ImageFindName (&Boot, &LoadedImage, Found, sizeof (Found));
  if (strcmp (Found, Name) != 0 || strcmp (FoundSource, Source) != 0) {
    fprintf (stderr, "%s from %s instead of %s from %s\n", Found, FoundSource, Name, Source);
    exit (1);
  }
}

static VOID
NamesAreFound (
  VOID
  )
{
  static UINT8  Empty[IMAGE_BYTES];
  PATH          File = { { MEDIA_DEVICE_PATH, MEDIA_PIWG_FW_FILE_DP, { 20, 0 } }, { 0xf1, 0xd1, 0x5b, 0x6f, 0xa1, 0x55, 0x77, 0x4d, 1, 2, 3, 4, 5, 6, 7, 8, END_DEVICE_PATH_TYPE, 0xff, 4, 0 } };
  PATH          Disk = { { MEDIA_DEVICE_PATH, MEDIA_FILEPATH_DP, { 20, 0 } }, { '\\', 0, 'a', 0, '\\', 0, 'b', 0, 'c', 0, '.', 0, 'd', 0, 0, 0, END_DEVICE_PATH_TYPE, 0xff, 4, 0 } };
  PATH          Rom  = { { MEDIA_DEVICE_PATH, MEDIA_RELATIVE_OFFSET_RANGE_DP, { 24, 0 } }, { [20] = END_DEVICE_PATH_TYPE, 0xff, 4, 0 } };

  CheckName (DebugImage (CODEVIEW_SIGNATURE_RSDS, 24, "C:\\edk2\\Build/X64/XhciDxe.pdb"), &File, "XhciDxe", "pdb");
  mUserInterface = (CONST CHAR16[]) { 'U', 'h', 'c', 'i', 0x20AC, 0 };
  CheckName (Empty, &File, "Uhci_", "ui");
  mUserInterface = (CONST CHAR16[]) { 'A', 'N', 'a', 'm', 'e', 'O', 'f', 'M', 'o', 'r', 'e', 'T', 'h', 'a', 'n', 'F', 'o', 'r', 't', 'y', 'E', 'i', 'g', 'h', 't',
                                      'C', 'h', 'a', 'r', 'a', 'c', 't', 'e', 'r', 's', 'I', 's', 'C', 'u', 't', 'B', 'y', 'T', 'h', 'e', 'F', 'i', 'r', 'm', 'w', 'a', 'r', 'e', 0 };
  mReadStatus = 4;
  CheckName (Empty, &File, "ANameOfMoreThanFortyEightCharactersIsC", "ui");
  mReadStatus = EFI_NOT_FOUND;
  CheckName (Empty, &File, "6f5bd1f1-55a1-4d77-0102-030405060708", "guid");
  CheckName (Empty, &Disk, "bc.d", "file");
  CheckName (Empty, &Rom, "OptionRom", "oprom");
  CheckName (Empty, NULL, "Buffer", "buffer");
}

static VOID
CallsAreRecognised (
  VOID
  )
{
  static CONST struct { int Is; UINT8 Length; UINT8 Code[7]; } Cases[] = {
    { 1, 5, { 0xE8, 1, 2, 3, 4 } },                       // call near
    { 1, 2, { 0xFF, 0xD0 } },                             // call rax
    { 1, 2, { 0xFF, 0x13 } },                             // call [rbx]
    { 1, 3, { 0xFF, 0x53, 8 } },                          // call [rbx + 8]
    { 1, 4, { 0xFF, 0x54, 0x24, 8 } },                    // call [rsp + 8]
    { 1, 3, { 0xFF, 0x14, 0x24 } },                       // call [rsp]
    { 1, 6, { 0xFF, 0x15, 1, 2, 3, 4 } },                 // call [rip + x]
    { 1, 6, { 0xFF, 0x93, 1, 2, 3, 4 } },                 // call [rbx + x]
    { 1, 7, { 0xFF, 0x94, 0x24, 1, 2, 3, 4 } },           // call [rsp + x]
    { 0, 2, { 0xFF, 0xE0 } },                             // jmp rax
    { 0, 3, { 0xFF, 0xD0, 0x90 } },                       // call rax, and something behind it
    { 0, 6, { 0x90, 0x90, 0x90, 0x90, 0x90, 0x90 } },
  };
  UINT8   Code[16];
  UINTN   Index;

  for (Index = 0; Index < sizeof (Cases) / sizeof (Cases[0]); Index++) {
    memset (Code, 0x90, sizeof (Code));
    memcpy (Code + 10 - Cases[Index].Length, Cases[Index].Code, Cases[Index].Length);
    CHECK ((IsBehindCall (Code + 10) != 0) == Cases[Index].Is);
  }
}

static VOID
ChainsAreFound (
  VOID
  )
{
  static UINT8  Code[3][0x1000];
  UINTN         Stack[8];
  LINE          Line;
  int           Index;

  for (Index = 0; Index < 3; Index++) {
    memset (Code[Index], 0x90, sizeof (Code[Index]));
    Code[Index][0x2FB] = 0xE8;
  }

  // Nine images of the other tests make room by being covered.
  CHECK (ImageAdd (0x1000, 0x100000, "Rest") != NULL);
  CHECK (ImageAdd ((UINTN)Code[0], 0x1000, "Caller") != NULL && ImageAdd ((UINTN)Code[1], 0x1000, "Middle") != NULL);
  CHECK (ImageAdd ((UINTN)Code[2], 0x1000, "PciBusDxe") != NULL);
  Stack[0] = (UINTN)Code[1] + 0x301;        // not behind the call
  Stack[1] = (UINTN)Code[2] + 0x300;        // plumbing
  Stack[2] = (UINTN)Code[0] + 0x300;        // the caller itself
  Stack[3] = (UINTN)Code[1] + 0x300;
  Stack[4] = (UINTN)Code[1] + 0x300;
  Stack[5] = 0x1300;                        // an image, but no code: must not be looked at, it is beyond the stack
  CallStackSet ((UINTN)Stack, 5 * sizeof (UINTN));
  LineBegin (&Line, "Test");
  LineChain (&Line, (UINTN)Code[0] + 0x10, Stack);
  LineChain (&Line, (UINTN)Code[0] + 0x10, Stack);
  MachineForget ();
  RecordWrite (&Line);
  CHECK (strstr (MachineOutput (), " Test chain=Middle ;") != NULL);

  // Somewhere else than on the known stack, nothing is read.
  LineBegin (&Line, "Test");
  LineChain (&Line, (UINTN)Code[0] + 0x20, (CONST UINTN *)0x1300);
  RecordWrite (&Line);
  CHECK (MachineCount ("chain=") == 1);
}

static VOID
StackIsFoundInHobs (
  VOID
  )
{
  static struct { EFI_HOB_GENERIC_HEADER First; EFI_HOB_MEMORY_ALLOCATION Stack; EFI_HOB_GENERIC_HEADER End; } Hobs = {
    { 1, sizeof (EFI_HOB_GENERIC_HEADER), 0 },
    { { EFI_HOB_TYPE_MEMORY_ALLOCATION, sizeof (EFI_HOB_MEMORY_ALLOCATION), 0 }, { { 0, 0, 0, { 0 } }, 0, 0, 0, { 0 } } },
    { EFI_HOB_TYPE_END_OF_HOB_LIST, sizeof (EFI_HOB_GENERIC_HEADER), 0 }
  };
  static UINT8             Code[0x1000];
  EFI_CONFIGURATION_TABLE  Table;
  EFI_SYSTEM_TABLE         System;
  UINTN                    Stack[1];
  LINE                     Line;

  memset (Code, 0x90, sizeof (Code));
  Code[0x2FB] = 0xE8;
  Stack[0]    = (UINTN)Code + 0x300;
  CHECK (ImageAdd ((UINTN)Code, 0x1000, "OnStack") != NULL);
  Hobs.Stack.AllocDescriptor.Name              = gEfiHobMemoryAllocStackGuid;
  Hobs.Stack.AllocDescriptor.MemoryBaseAddress = (UINTN)Stack;
  Hobs.Stack.AllocDescriptor.MemoryLength      = sizeof (Stack);
  memset (&System, 0, sizeof (System));
  Table.VendorGuid            = gEfiHobListGuid;
  Table.VendorTable           = &Hobs;
  System.NumberOfTableEntries = 1;
  System.ConfigurationTable   = &Table;
  CallStackFind (&System);
  LineBegin (&Line, "Test");
  LineChain (&Line, 0x999999, Stack);
  RecordWrite (&Line);
  CHECK (strstr (MachineRecord ("OnStack"), " Test chain=OnStack ;") != NULL);
}

int
main (
  void
  )
{
  CHECK (OutputFind ());
  TableFindsImages ();
  FullTableIsReported ();
  DebugPathsAreFound ();
  NamesAreFound ();
  CallsAreRecognised ();
  ChainsAreFound ();
  StackIsFoundInHobs ();
  puts ("ok images");
  return 0;
}
