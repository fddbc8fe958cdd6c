/** @file
  Snapshots: devices, live mappings and counts.

  SPDX-License-Identifier: BSD-2-Clause-Patent
**/

#ifndef REPORT_H_
#define REPORT_H_

typedef enum { ReportLoaded, ReportEbsEnter, ReportHandoff } REPORT_WHEN;

/** Writes the state of each PCI function, at hand-off each live mapping, and the counts. **/
VOID
ReportState (
  IN REPORT_WHEN  When
  );

#endif
