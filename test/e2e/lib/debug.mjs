// What a user does in a debug session, by the parts of VS Code's debugger that a user sees.
import { goToLine, retry, runCommand, TIMEOUT_MS, until } from './workbench.mjs';

/**
 * Starts the replay of the log in the editor and waits until it stands somewhere.
 * @param {any} page
 */
export async function startReplay(page) {
  await runCommand(page, 'DMA Handoff: Replay Trace');
  await page.locator('.debug-toolbar').waitFor({ timeout: 60_000 });
  await stoppedLine(page).first().waitFor({ timeout: TIMEOUT_MS });
}

/**
 * @param {any} page
 */
export async function stopReplay(page) {
  await runCommand(page, 'Debug: Stop');
  await page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: TIMEOUT_MS });
}

/**
 * Clicks a button of the debug toolbar: not all of its commands are in the palette.
 * @param {any} page
 * @param {'continue' | 'reverse-continue' | 'step-over' | 'step-back' | 'restart'} action
 */
export async function pressDebug(page, action) {
  await page.locator(`.debug-toolbar .action-label.codicon-debug-${action}`).click({ timeout: TIMEOUT_MS });
}

/**
 * The line where the replay stands, as the editor highlights it.
 * @param {any} page
 */
function stoppedLine(page) {
  return page.locator('.editor-instance .debug-top-stack-frame-line');
}

/**
 * The line numbers of the stack that the Call Stack view shows, innermost first.
 * @param {any} page
 * @returns {Promise<number[]>}
 */
export async function stackLines(page) {
  const labels = await page.locator('.debug-call-stack .stack-frame .line-number').allInnerTexts();
  return labels.map((/** @type {string} */ label) => Number(/\d+/.exec(label)?.[0]));
}

/**
 * @param {any} page
 * @param {(line: number) => boolean} isWanted
 * @param {string} what
 */
export async function untilStoppedAt(page, isWanted, what) {
  let line = NaN;
  await until(async () => {
    [line = NaN] = await stackLines(page);
    return isWanted(line);
  }, `${what} (the replay stands elsewhere)`);
  return line;
}

/**
 * Sets a breakpoint with a condition, by the editor's own box for it.
 * @param {any} page
 * @param {number} lineNumber
 * @param {string} condition
 */
export async function addConditionalBreakpoint(page, lineNumber, condition) {
  await goToLine(page, lineNumber);
  await runCommand(page, 'Debug: Add Conditional Breakpoint...');
  // The widget takes the focus in its own time; what is typed before goes into the log.
  await page.locator('.breakpoint-widget .inputContainer .view-lines').first().click({ timeout: TIMEOUT_MS });
  await page.locator('.breakpoint-widget .inputContainer .monaco-editor.focused').waitFor({ timeout: TIMEOUT_MS });
  await page.keyboard.type(condition);
  await page.keyboard.press('Enter');
  await page.locator('.breakpoint-widget').waitFor({ state: 'hidden', timeout: TIMEOUT_MS });
}

/**
 * The rows of the Variables view, as `name: value`.
 * @param {any} page
 * @returns {Promise<string[]>}
 */
export async function variableRows(page) {
  const rows = await page.locator('.debug-variables .monaco-list-row').allInnerTexts();
  return rows.map((/** @type {string} */ row) => row.replaceAll(/\s+/g, ' ').trim());
}

/**
 * Leaves the Variables and Call Stack views of the side bar open, so that there is room for them.
 * @param {any} page
 */
export async function foldOtherViews(page) {
  for (const name of ['Watch', 'Breakpoints']) {
    const header = page.locator('.pane-header', { hasText: new RegExp(`^${name}`, 'i') }).first();
    if ((await header.getAttribute('aria-expanded')) === 'true') await header.click();
  }
}

/**
 * Unfolds a row of the Variables view and waits for one in it. Gives all rows that are in sight then.
 * @param {any} page
 * @param {string} name
 * @param {RegExp} expected
 * @param {readonly string[]} above rows that have to be folded, for this one to be in sight
 * @returns {Promise<string[]>}
 */
export async function unfoldVariable(page, name, expected, above) {
  /** @type {string[]} */
  let rows = [];
  // A click on a row may fold it by itself, and VS Code unfolds the first scope anew when it has read its variables again: each
  // in its own time.
  await retry(`${expected} in ${name}`, async () => {
    for (const other of above) await foldOnce(page, other, 'folded');
    await foldOnce(page, name, 'unfolded');
    const isThere = async () => {
      rows = await variableRows(page);
      return rows.some((row) => expected.test(row));
    };
    await until(isThere, String(expected), 2000);
  });
  return rows;
}

/**
 * @param {any} page
 * @param {string} name
 * @param {'unfolded' | 'folded'} wanted
 */
async function foldOnce(page, name, wanted) {
  const row = page.locator('.debug-variables .monaco-list-row', { hasText: new RegExp(`^\\s*${name}`) }).first();
  const isThere = async () =>
    (await row.getAttribute('aria-expanded', { timeout: 2000 })) === String(wanted === 'unfolded');
  if (await isThere()) return;
  await row.click({ timeout: TIMEOUT_MS });
  await until(isThere, `${name} ${wanted}`, 1000);
}

/**
 * Asks the debug console and gives all that it shows then.
 * @param {any} page
 * @param {string} question
 * @param {RegExp} expected
 */
export async function askConsole(page, question, expected) {
  await runCommand(page, 'Debug Console: Focus on Debug Console View');
  await page.locator('.repl .repl-input-wrapper .view-lines').first().click({ timeout: TIMEOUT_MS });
  await page.keyboard.type(question);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const answer = page.locator('.repl .repl-tree .monaco-list-row', { hasText: expected }).first();
  await answer.waitFor({ timeout: TIMEOUT_MS });
  return answer.innerText();
}
