/** @file
  Puts the text of one record together, on the stack and without any service.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef LINE_H_
#define LINE_H_

#include <Uefi.h>

//
// In front of the text is room for what is known only when the record is written: number, time and phase. The end has room
// for " ;", CR and LF. A text that does not fit is cut, and then gets no " ;": readers see that it is cut.
//
#define LINE_HEAD_ROOM  72
#define LINE_END_ROOM   4
#define LINE_SIZE       640

typedef struct {
  UINT32     Length;
  BOOLEAN    Cut;
  CHAR8      Text[LINE_SIZE];
} LINE;

/** Begins a record of this event. **/
VOID
LineBegin (
  OUT LINE         *Line,
  IN  CONST CHAR8  *Event
  );

VOID
LineText (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Text
  );

/** Writes at least Width hexadecimal digits, without a prefix. **/
VOID
LineHexDigits (
  IN OUT LINE    *Line,
  IN     UINT64  Value,
  IN     UINT32  Width
  );

VOID
LineDecDigits (
  IN OUT LINE    *Line,
  IN     UINT64  Value
  );

/** Writes " key=". The following four write a whole " key=value". **/
VOID
LineKey (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key
  );

VOID
LineHex (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Value
  );

VOID
LineDec (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     UINT64       Value
  );

VOID
LineWord (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     CONST CHAR8  *Word
  );

/** Writes " key=Success", the name of a status code (UEFI 2.10, appendix D), or its number. **/
VOID
LineStatus (
  IN OUT LINE         *Line,
  IN     CONST CHAR8  *Key,
  IN     EFI_STATUS   Status
  );

/** Writes " op=" and the operation. The three protocols have the same numbers for the same operations. **/
VOID
LineOperation (
  IN OUT LINE    *Line,
  IN     UINT32  Operation
  );

#endif
