import { commands, window, type Memento, type Uri } from 'vscode';
import { whyNoCapture } from '../capture/why-no-capture.ts';
import type { Disposable } from '../disposable.ts';
import { CAPTURE_WITH_QEMU, COMMANDS, HOW_TO_GET_A_LOG, LANGUAGE_ID } from '../ids.ts';
import { isDone, type ResultStore } from '../results.ts';
import { nameOf } from '../uris.ts';
import { CAPTURE_PAGE, showPage, toPageUri } from './documentation.ts';

/** Tells who opens a log without any DMA call why that is, and what to do about it. */
export interface CaptureOffer extends Disposable {
  /** Somebody else tells about this log. */
  keepQuiet(log: Uri): void;
  /** Whether a capture can run here. */
  readonly canCapture: () => boolean;
}

const NEVER_AGAIN = 'Don’t Show Again';
const HIDDEN = 'dmaHandoff.hideCaptureOffer';

/** @param globalState remembers who does not want to be told */
export function registerCaptureOffer(
  results: ResultStore,
  canStartPrograms: boolean,
  globalState: Memento,
): CaptureOffer {
  /** Logs that have been told about. */
  const told = new Set<string>();

  const canCapture = (): boolean => whyNoCapture(canStartPrograms) === null;

  async function offer(log: Uri): Promise<void> {
    const ability = canCapture() ? [CAPTURE_WITH_QEMU] : [];
    const advice = canCapture() ? ' A capture with QEMU makes any firmware tell them.' : '';
    const text = `${nameOf(log)} holds no DMA call: ordinary firmware prints no Map() and no Unmap().${advice}`;
    const answer = await window.showInformationMessage(text, ...ability, HOW_TO_GET_A_LOG, NEVER_AGAIN);
    if (answer === CAPTURE_WITH_QEMU) await commands.executeCommand(COMMANDS.captureWithQemu);
    if (answer === HOW_TO_GET_A_LOG) await showPage(toPageUri(CAPTURE_PAGE));
    if (answer === NEVER_AGAIN) await globalState.update(HIDDEN, true);
  }

  function consider(log: Uri): void {
    const result = results.get(log);
    const key = log.toString();
    if (!isDone(result) || told.has(key) || globalState.get(HIDDEN) === true) return;
    const { verdict, traces, source } = result.analysis.digest;
    // Where the tracer was there and saw no call, a capture would see none either. An empty file is no log yet.
    if (verdict.level !== 'no-trace' || source.bytes === 0 || traces.some(({ tracer }) => tracer !== null)) return;
    if (!isShownLog(key)) return;
    told.add(key);
    void offer(log);
  }

  const subscription = results.onDidChange(consider);
  return {
    keepQuiet: (log) => void told.add(log.toString()),
    canCapture,
    dispose: () => void subscription.dispose(),
  };
}

/** Whether an editor shows it as a firmware log: other extensions open documents, too, and nobody looks at those. */
function isShownLog(key: string): boolean {
  return window.visibleTextEditors.some(
    ({ document: { uri, languageId } }) => uri.toString() === key && languageId === LANGUAGE_ID,
  );
}
