// The views that tell what the extension does: for the theme tests and for the README.
import {
  addConditionalBreakpoint,
  foldOtherViews,
  pressDebug,
  startReplay,
  unfoldVariable,
  untilStoppedAt,
} from './debug.mjs';
import { clickPicture, FIRST_ROW_Y, openTimeline, picture } from './timeline.mjs';
import { goToLine, hoverWord, lineNumberLabel, runCommand, TIMEOUT_MS } from './workbench.mjs';

export const PICTURE_LOG = 'buggy-no-teardown.log';

/** Where that log reports the first mapping that is alive at hand-off. */
const LEAKED_LINE = 4083;

/** The line with the call: it tells the same story, and no problem's text takes the room in the hover. */
const CALL = { line: 4082, word: 'CommonBuffer' };

/**
 * The editor on the first leaked mapping with the Problems panel below.
 * @param {any} page
 */
export async function arrangeProblems(page) {
  if (await page.locator('.part.sidebar').isVisible()) await runCommand(page, 'View: Close Primary Side Bar');
  await goToLine(page, LEAKED_LINE);
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  await runCommand(page, 'Problems: Focus on Problems View');
  await unfoldFirstProblem(page);
  await lineNumberLabel(page, LEAKED_LINE).waitFor();
}

/**
 * Folds what belongs to each problem, but for the first: so most of them fit.
 * @param {any} page
 */
async function unfoldFirstProblem(page) {
  const rows = page.locator('.markers-panel .monaco-list-row');
  const problems = rows.filter({ hasText: '[Ln ' });
  await problems.first().waitFor({ timeout: TIMEOUT_MS });
  await page.locator('.part.panel .action-label.codicon-collapse-all:visible').first().click();
  await problems.first().waitFor({ state: 'hidden', timeout: TIMEOUT_MS });
  await rows.first().locator('.monaco-tl-twistie').click();
  await problems.first().locator('.monaco-tl-twistie').click();
}

/**
 * The same with the hover on the mapping; the panel is closed, so that there is room for it.
 * @param {any} page
 * @returns the hover
 */
export async function arrangeHover(page) {
  if (await page.locator('.part.panel').isVisible()) await runCommand(page, 'View: Hide Panel');
  await goToLine(page, LEAKED_LINE);
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  return hoverWord(page, CALL.line, CALL.word);
}

/**
 * The timeline of the whole boot, alone in the window, with a leaked mapping selected.
 * @param {any} page
 */
export async function arrangeTimeline(page) {
  if (await page.locator('.part.panel').isVisible()) await runCommand(page, 'View: Hide Panel');
  const frame = await openTimeline(page);
  await runCommand(page, 'View: Toggle Maximize Editor Group');
  await picture(frame).focus();
  await clickPicture(page, frame, 0.5, FIRST_ROW_Y);
  await frame.locator('.details table').waitFor({ timeout: TIMEOUT_MS });
}

/** The line where eleven mappings are live, one of them for a moment. */
const CROWDED_LINE = 9814;

/**
 * The replay at a breakpoint with a condition, with what is live there.
 * @param {any} page
 */
export async function arrangeReplay(page) {
  await startReplay(page);
  await addConditionalBreakpoint(page, CROWDED_LINE, 'op == Write && live > 10');
  await pressDebug(page, 'continue');
  await untilStoppedAt(page, (line) => line === CROWDED_LINE, String(CROWDED_LINE));
  await runCommand(page, 'View: Hide Panel');
  await foldOtherViews(page);
  await unfoldVariable(page, 'Live mappings', /XhciDxe/, ['Step']);
}

/**
 * Takes a picture without what belongs to the server and the browser alone, and with every animation at its end.
 * @param {any} page
 * @param {string} file
 */
export async function takePicture(page, file) {
  const serverOnly = ['status.host', 'status.forwardedPorts', 'status.workbench.keyboardLayout'];
  await page.screenshot({
    path: file,
    animations: 'disabled',
    style: serverOnly.map((id) => `[id="${id}"] { display: none !important }`).join('\n'),
  });
}
