import { commands, window } from 'vscode';
import { CAPTURE_WITH_QEMU, COMMANDS, HOW_TO_GET_A_LOG } from '../ids.ts';
import type { Result } from '../results.ts';
import { plural } from '../text/verdict.ts';
import { nameOf } from '../uris.ts';
import { CAPTURE_PAGE, showPage, toPageUri } from './documentation.ts';

type Done = Result & { readonly state: 'done' };

const SHOW_REPORT = 'Show Report';
const SHOW_PROBLEMS = 'Show Problems';

/**
 * Tells what came of an analysis that the user asked for. Does not wait for an answer.
 *
 * @param canCapture whether a capture can run here, which makes up for a log that holds no call
 */
export function tellResult(results: readonly Done[], canCapture: boolean): void {
  const [first] = results;
  if (first === undefined) return;
  const text =
    results.length === 1
      ? summarize(first)
      : `${plural(results.length, 'file')} analyzed. ${results.slice(0, 5).map(summarize).join(' ')}${results.length > 5 ? ' …' : ''}`;
  const grave = results.some(({ analysis }) => ['error', 'warning'].includes(analysis.digest.verdict.level));
  const show = grave ? window.showWarningMessage : window.showInformationMessage;
  const isBlind = results.some(({ analysis }) => analysis.digest.verdict.level === 'no-trace');
  const ways = [...(canCapture ? [CAPTURE_WITH_QEMU] : []), HOW_TO_GET_A_LOG];
  const offers = [SHOW_REPORT, ...(grave ? [SHOW_PROBLEMS] : []), ...(isBlind ? ways : [])];
  void show(text, ...offers).then(async (answer) => {
    if (answer === CAPTURE_WITH_QEMU) await commands.executeCommand(COMMANDS.captureWithQemu);
    if (answer === HOW_TO_GET_A_LOG) await showPage(toPageUri(CAPTURE_PAGE));
    if (answer === SHOW_PROBLEMS) await commands.executeCommand('workbench.actions.view.problems');
    if (answer !== SHOW_REPORT) return;
    for (const { uri } of results) await commands.executeCommand(COMMANDS.showReport, uri);
  });
}

function summarize({ uri, analysis }: Done): string {
  const { input, verdict } = analysis.digest;
  // Without a trace, what to do about it is all there is to say.
  const advice = verdict.level === 'no-trace' ? input.notes.slice(0, 1) : [];
  return [`${nameOf(uri)}: ${verdict.headline}.`, ...advice].join(' ');
}
