import { Uri, type ExtensionContext } from 'vscode';
import type { Report } from '../core/index.ts';
import { createAnalyzer } from './analyzer.ts';
import { createCursorStore } from './cursors.ts';
import type { Disposable } from './disposable.ts';
import { createFailures } from './failures.ts';
import { registerAnalyzeFile } from './features/analyze-file.ts';
import { registerAnalyzeLargeFile } from './features/analyze-large-file.ts';
import { registerCaptureCommand } from './features/capture-command.ts';
import { registerCaptureOffer } from './features/capture-offer.ts';
import type { CaptureFeature, CaptureServices } from './features/capture-with-qemu.ts';
import { registerDiagnostics } from './features/diagnostics.ts';
import { registerDocumentation } from './features/documentation.ts';
import { registerHover } from './features/hover.ts';
import { registerLanguageDetection } from './features/language-detection.ts';
import { registerOpenSample } from './features/open-sample.ts';
import { registerReplayTrace } from './features/replay-trace.ts';
import { registerReportDocuments } from './features/report-document.ts';
import { registerReportLinks } from './features/report-links.ts';
import { registerShowLine } from './features/show-line.ts';
import { registerShowTimeline } from './features/show-timeline.ts';
import { registerStatus } from './features/status.ts';
import { createAnalyzeOnDisk, createDemandAnalysis } from './log-analyses.ts';
import type { Platform } from './platform.ts';
import { createResultStore } from './results.ts';
import { createSession } from './session.ts';

/** What other extensions, and the tests, get from this one. */
export interface HandoffApi {
  readonly version: string;
  readonly host: Platform['host'];
  /** The report on an open log as its text is now, when its problems are shown; `null` if it is not analysed. */
  whenAnalyzed(uri: string): Promise<Report | null>;
}

export type RegisterCapture = (services: CaptureServices) => CaptureFeature;

/**
 * Puts the extension together. Nothing here starts the worker: that waits for the first log.
 *
 * @param registerCapture `null` in hosts that cannot start programs, so that their bundle holds nothing of it
 */
export function activateOn(
  platform: Platform,
  context: ExtensionContext,
  registerCapture: RegisterCapture | null,
): HandoffApi {
  function own<T extends Disposable>(part: T): T {
    context.subscriptions.push(part);
    return part;
  }

  const { extensionUri } = context;
  const analyzer = own(createAnalyzer(platform, extensionUri));
  const failures = own(createFailures());
  const results = own(createResultStore());
  const cursors = own(createCursorStore());
  // They listen to the results, so they come before the first document is analysed.
  const diagnostics = own(registerDiagnostics(results));
  own(registerStatus(results));
  own(registerHover(results));
  const session = own(createSession(analyzer, results, failures));
  own(registerReportDocuments(results, session, failures));
  own(registerReportLinks());
  const captureOffer = own(registerCaptureOffer(results, registerCapture !== null, context.globalState));
  own(registerAnalyzeFile(results, session, captureOffer));
  const analyzeOnDisk = createAnalyzeOnDisk(analyzer, results, failures);
  own(registerAnalyzeLargeFile(analyzeOnDisk, results, captureOffer));
  const demand = createDemandAnalysis(analyzeOnDisk, results, session);
  own(registerShowTimeline({ demand, results, cursors, failures, extensionUri }));
  own(registerReplayTrace(analyzer, demand, cursors, results));
  const { workspaceState } = context;
  const onWillTell = (log: Uri): void => captureOffer.keepQuiet(log);
  const capture = registerCapture?.({ analyzer, demand, extensionUri, workspaceState, onWillTell }) ?? null;
  if (capture !== null) own(capture);
  own(registerCaptureCommand(capture && (() => capture.capture())));
  own(registerOpenSample(context));
  own(registerDocumentation(analyzer, failures, extensionUri));
  own(registerShowLine());
  const detection = own(registerLanguageDetection());

  return {
    version: __VERSION__,
    host: platform.host,
    async whenAnalyzed(key) {
      const uri = Uri.parse(key);
      await detection.whenSettled(uri);
      const report = await session.readReport(uri);
      await diagnostics.whenShown(uri);
      return report;
    },
  };
}
