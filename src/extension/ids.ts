/** Names that package.json, users' settings or other extensions refer to. */

export const LANGUAGE_ID = 'edk2-log';
export const DIAGNOSTIC_SOURCE = 'dma-handoff';
export const TIMELINE_VIEW = 'dmaHandoff.timeline';
export const STATUS_ITEM_ID = 'dmaHandoff.status';
export const CAPTURE_ITEM_ID = 'dmaHandoff.capture';
/** Of the tasks that capture. */
export const TASK_TYPE = 'dma-handoff';
/** Of the debugger that replays logs. */
export const DEBUG_TYPE = 'dma-handoff';

export const COMMANDS = {
  analyzeFile: 'dmaHandoff.analyzeFile',
  analyzeLargeFile: 'dmaHandoff.analyzeLargeFile',
  captureWithQemu: 'dmaHandoff.captureWithQemu',
  clearResults: 'dmaHandoff.clearResults',
  explainRule: 'dmaHandoff.explainRule',
  openSample: 'dmaHandoff.openSample',
  replayTrace: 'dmaHandoff.replayTrace',
  showLine: 'dmaHandoff.showLine',
  showReport: 'dmaHandoff.showReport',
  showReportAsJson: 'dmaHandoff.showReportAsJson',
  showTimeline: 'dmaHandoff.showTimeline',
} as const;

/** Schemes of the read-only documents that the extension makes. */
export const REPORT_SCHEME = 'dma-handoff-report';
export const DOCS_SCHEME = 'dma-handoff-docs';

/** Buttons of messages that several features show. */
export const CAPTURE_WITH_QEMU = 'Capture with QEMU…';
export const HOW_TO_GET_A_LOG = 'How to Get a Log';
