/** @file
  Finds a name for an image: from its debug directory, from the firmware volume it is in, or from its path.

  A RELEASE build of OVMF has no debug directories, and the names of its drivers come from the firmware volume.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#include "ImageName.h"
#include "Line.h"
#include "Text.h"
#include <PiDxe.h>
#include <IndustryStandard/PeImage.h>
#include <Protocol/FirmwareVolume2.h>

//
// A user interface section holds a name of UCS-2 characters. Longer ones are cut, which ReadSection reports by a warning.
//
#define MAX_UI_CHARACTERS  48

/** Returns what lies at Offset if Length bytes of it are inside the image, otherwise NULL. **/
STATIC CONST VOID *
At (
  IN CONST UINT8  *Base,
  IN UINT64       Size,
  IN UINT64       Offset,
  IN UINT64       Length
  )
{
  return Offset <= Size && Length <= Size - Offset ? Base + Offset : NULL;
}

/** Returns the image's debug directory, NULL if it has none. **/
STATIC CONST EFI_IMAGE_DATA_DIRECTORY *
DebugDirectory (
  IN CONST UINT8  *Base,
  IN UINT64       Size
  )
{
  CONST EFI_IMAGE_DOS_HEADER      *Dos;
  CONST EFI_IMAGE_NT_HEADERS64    *Nt;

  Dos = At (Base, Size, 0, sizeof (*Dos));
  if (Dos == NULL || Dos->e_magic != EFI_IMAGE_DOS_SIGNATURE) {
    return NULL;
  }

  Nt = At (Base, Size, Dos->e_lfanew, sizeof (*Nt));
  if (Nt == NULL || Nt->Signature != EFI_IMAGE_NT_SIGNATURE || Nt->OptionalHeader.Magic != EFI_IMAGE_NT_OPTIONAL_HDR64_MAGIC ||
      Nt->OptionalHeader.NumberOfRvaAndSizes <= EFI_IMAGE_DIRECTORY_ENTRY_DEBUG)
  {
    return NULL;
  }

  return &Nt->OptionalHeader.DataDirectory[EFI_IMAGE_DIRECTORY_ENTRY_DEBUG];
}

/** Returns the path in one CodeView entry, NULL if it has none that ends inside the image. **/
STATIC CONST CHAR8 *
CodeViewPath (
  IN CONST UINT8  *Base,
  IN UINT64       Size,
  IN UINT64       Offset
  )
{
  CONST UINT32  *Signature;
  CONST CHAR8   *Path;
  UINT64        Start;
  UINT64        End;

  Signature = At (Base, Size, Offset, sizeof (*Signature));
  if (Signature == NULL) {
    return NULL;
  }

  switch (*Signature) {
    case CODEVIEW_SIGNATURE_NB10: Start = Offset + 16; break;
    case CODEVIEW_SIGNATURE_RSDS: Start = Offset + 24; break;
    case CODEVIEW_SIGNATURE_MTOC: Start = Offset + 20; break;
    default: return NULL;
  }

  for (End = Start; ; End++) {
    Path = At (Base, Size, End, 1);
    if (Path == NULL) {
      return NULL;
    }

    if (*Path == '\0') {
      return (CONST CHAR8 *)Base + Start;
    }
  }
}

CONST CHAR8 *
ImageDebugPath (
  IN CONST UINT8  *Base,
  IN UINT64       Size
  )
{
  CONST EFI_IMAGE_DATA_DIRECTORY         *Directory;
  CONST EFI_IMAGE_DEBUG_DIRECTORY_ENTRY  *Entry;
  CONST CHAR8                            *Path;
  UINT64                                 Offset;
  UINT64                                 End;

  Directory = DebugDirectory (Base, Size);
  if (Directory == NULL || Directory->VirtualAddress == 0) {
    return NULL;
  }

  End = (UINT64)Directory->VirtualAddress + Directory->Size;
  for (Offset = Directory->VirtualAddress; Offset + sizeof (*Entry) <= End; Offset += sizeof (*Entry)) {
    Entry = At (Base, Size, Offset, sizeof (*Entry));
    if (Entry == NULL) {
      return NULL;
    }

    if (Entry->Type == EFI_IMAGE_DEBUG_TYPE_CODEVIEW && Entry->RVA != 0) {
      Path = CodeViewPath (Base, Size, Entry->RVA);
      if (Path != NULL) {
        return Path;
      }
    }
  }

  return NULL;
}

/** Copies the last part of a path up to its first dot. Returns its length. **/
STATIC UINT32
CopyModuleName (
  OUT CHAR8        *Name,
  IN  UINT32       Size,
  IN  CONST CHAR8  *Path
  )
{
  CONST CHAR8  *Last;
  UINT32       Length;

  for (Last = Path; *Path != '\0'; Path++) {
    if (*Path == '/' || *Path == '\\') {
      Last = Path + 1;
    }
  }

  for (Length = 0; Length < Size - 1 && Last[Length] != '\0' && Last[Length] != '.'; Length++) {
    Name[Length] = Last[Length];
  }

  Name[Length] = '\0';
  return Length;
}

/** Copies UCS-2 text of at most Count characters, keeping ASCII. Returns the length. **/
STATIC UINT32
CopyUcs2 (
  OUT CHAR8         *Name,
  IN  UINT32        Size,
  IN  CONST CHAR16  *Text,
  IN  UINT32        Count
  )
{
  UINT32  Length;

  for (Length = 0; Length < Size - 1 && Length < Count && Text[Length] != 0; Length++) {
    Name[Length] = Text[Length] < 0x7F ? (CHAR8)Text[Length] : '_';
  }

  Name[Length] = '\0';
  return Length;
}

/** Asks the firmware volume for the user interface section of a file. Returns the length of the name, 0 for none. **/
STATIC UINT32
UserInterfaceName (
  IN  EFI_BOOT_SERVICES  *BootServices,
  IN  EFI_HANDLE         Volume,
  IN  CONST EFI_GUID     *File,
  OUT CHAR8              *Name,
  IN  UINT32             Size
  )
{
  EFI_FIRMWARE_VOLUME2_PROTOCOL  *FirmwareVolume;
  CHAR16                         Text[MAX_UI_CHARACTERS];
  VOID                           *Buffer;
  UINTN                          BufferSize;
  UINT32                         Authentication;
  VOID                           *Interface;

  //
  // Buffer is ours and not NULL: ReadSection then copies what fits, and allocates nothing.
  //
  Interface  = NULL;
  Buffer     = Text;
  BufferSize = sizeof (Text);
  Name[0]    = '\0';
  if (Volume == NULL || EFI_ERROR (BootServices->HandleProtocol (Volume, &gEfiFirmwareVolume2ProtocolGuid, &Interface))) {
    return 0;
  }

  FirmwareVolume = Interface;
  if (EFI_ERROR (FirmwareVolume->ReadSection (FirmwareVolume, File, EFI_SECTION_USER_INTERFACE, 0, &Buffer, &BufferSize, &Authentication))) {
    return 0;
  }

  //
  // With a warning BufferSize is what would have been needed.
  //
  if (BufferSize > sizeof (Text)) {
    BufferSize = sizeof (Text);
  }

  return CopyUcs2 (Name, Size, Text, (UINT32)(BufferSize / sizeof (CHAR16)));
}

STATIC VOID
GuidName (
  IN  CONST EFI_GUID  *Guid,
  OUT CHAR8           *Name,
  IN  UINT32          Size
  )
{
  LINE    Line;
  UINT32  Index;

  Line.Length = 0;
  Line.Cut    = FALSE;
  LineHexDigits (&Line, Guid->Data1, 8);
  LineText (&Line, "-");
  LineHexDigits (&Line, Guid->Data2, 4);
  LineText (&Line, "-");
  LineHexDigits (&Line, Guid->Data3, 4);
  for (Index = 0; Index < 8; Index++) {
    LineText (&Line, Index == 0 || Index == 2 ? "-" : "");
    LineHexDigits (&Line, Guid->Data4[Index], 2);
  }

  Line.Text[Line.Length] = '\0';
  TextCopy (Name, Size, Line.Text);
}

STATIC UINT32
NodeLength (
  IN CONST EFI_DEVICE_PATH_PROTOCOL  *Node
  )
{
  return (UINT32)Node->Length[0] | ((UINT32)Node->Length[1] << 8);
}

/** Copies the last part of a file path node (UEFI 2.10, 10.3.5.4). Returns its length. **/
STATIC UINT32
FileName (
  IN  CONST EFI_DEVICE_PATH_PROTOCOL  *Node,
  OUT CHAR8                           *Name,
  IN  UINT32                          Size
  )
{
  CONST CHAR16  *Text;
  UINT32        Count;
  UINT32        Index;
  UINT32        Start;

  Text  = (CONST CHAR16 *)(CONST VOID *)(Node + 1);
  Count = (NodeLength (Node) - (UINT32)sizeof (*Node)) / (UINT32)sizeof (CHAR16);
  Start = 0;
  for (Index = 0; Index < Count && Text[Index] != 0; Index++) {
    if (Text[Index] == '\\' || Text[Index] == '/') {
      Start = Index + 1;
    }
  }

  return CopyUcs2 (Name, Size, Text + Start, Count - Start);
}

/** Looks for a file's name, or for an option ROM, in a device path. **/
STATIC CONST CHAR8 *
PathName (
  IN  CONST EFI_DEVICE_PATH_PROTOCOL  *Node,
  OUT CHAR8                           *Name,
  IN  UINT32                          Size
  )
{
  CONST CHAR8  *Source;

  TextCopy (Name, Size, "Buffer");
  Source = "buffer";
  if (Node == NULL) {
    return Source;
  }

  for (; Node->Type != END_DEVICE_PATH_TYPE && NodeLength (Node) >= sizeof (*Node);
       Node = (CONST EFI_DEVICE_PATH_PROTOCOL *)((CONST UINT8 *)Node + NodeLength (Node)))
  {
    if (Node->Type != MEDIA_DEVICE_PATH) {
      continue;
    }

    if (Node->SubType == MEDIA_FILEPATH_DP && FileName (Node, Name, Size) > 0) {
      Source = "file";
    } else if (Node->SubType == MEDIA_RELATIVE_OFFSET_RANGE_DP) {
      TextCopy (Name, Size, "OptionRom");
      Source = "oprom";
    }
  }

  return Source;
}

CONST CHAR8 *
ImageFindName (
  IN  EFI_BOOT_SERVICES          *BootServices,
  IN  EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage,
  OUT CHAR8                      *Name,
  IN  UINT32                     Size
  )
{
  CONST CHAR8                     *Path;
  CONST EFI_DEVICE_PATH_PROTOCOL  *Node;
  CONST EFI_GUID                  *File;

  Path = ImageDebugPath (LoadedImage->ImageBase, LoadedImage->ImageSize);
  if (Path != NULL && CopyModuleName (Name, Size, Path) > 0) {
    return "pdb";
  }

  //
  // PI 1.8, volume 2, 8.3: a driver from a firmware volume has one node that names its file by a GUID.
  //
  Node = LoadedImage->FilePath;
  if (Node != NULL && Node->Type == MEDIA_DEVICE_PATH && Node->SubType == MEDIA_PIWG_FW_FILE_DP) {
    File = (CONST EFI_GUID *)(CONST VOID *)(Node + 1);
    if (UserInterfaceName (BootServices, LoadedImage->DeviceHandle, File, Name, Size) > 0) {
      return "ui";
    }

    GuidName (File, Name, Size);
    return "guid";
  }

  return PathName (Node, Name, Size);
}
