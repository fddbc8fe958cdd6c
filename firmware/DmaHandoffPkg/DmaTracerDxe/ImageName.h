/** @file
  Finds a name for an image.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef IMAGE_NAME_H_
#define IMAGE_NAME_H_

#include <Uefi.h>
#include <Protocol/LoadedImage.h>

/** Returns the path that the linker left in the image's debug directory, NULL if it left none.

  The path ends with a zero inside the image. Nothing outside [Base, Base + Size) is read.
**/
CONST CHAR8 *
ImageDebugPath (
  IN CONST UINT8  *Base,
  IN UINT64       Size
  );

/** Writes the best name there is into Name, and returns where it is from: "pdb", "ui", "guid", "file", "oprom" or "buffer".

  Calls boot services, so it belongs to the notification of a new image and not into a hook.
**/
CONST CHAR8 *
ImageFindName (
  IN  EFI_BOOT_SERVICES          *BootServices,
  IN  EFI_LOADED_IMAGE_PROTOCOL  *LoadedImage,
  OUT CHAR8                      *Name,
  IN  UINT32                     Size
  );

#endif
