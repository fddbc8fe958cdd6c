// What a user does in the window, by the parts of the workbench that a user sees.

/** @typedef {import('./server.mjs').Server} Server */

export const TIMEOUT_MS = 30_000;

/** Of one attempt among several. */
const ATTEMPT_TIMEOUT_MS = 5000;

/**
 * Waits for the window, and for it to have settled: while extensions still start, it moves the focus.
 * @param {any} page
 */
export async function untilReady(page) {
  await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
  await page.locator('#status\\.host, .statusbar-item').first().waitFor({ timeout: TIMEOUT_MS });
  await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: TIMEOUT_MS });
}

/**
 * @param {any} page
 * @param {string} title as the command palette shows it
 */
export async function runCommand(page, title) {
  await retry(`the command ${title} in the palette`, async () => {
    // What the mouse rests on tells about itself, over the palette.
    await page.mouse.move(2, 450);
    await page.keyboard.press('Escape');
    await page.keyboard.press('F1');
    await pick(page, `>${title}`, title);
  });
}

/**
 * @param {any} page
 * @param {number} lineNumber
 */
export async function goToLine(page, lineNumber) {
  await retry(`line ${lineNumber}`, async () => {
    await page.keyboard.press('Escape');
    await page.locator('.editor-instance .view-lines').first().click({ timeout: ATTEMPT_TIMEOUT_MS });
    await page.keyboard.press('Control+g');
    await pick(page, `:${lineNumber}`, String(lineNumber));
    await untilOnLine(page, lineNumber, ATTEMPT_TIMEOUT_MS);
    await lineNumberLabel(page, lineNumber).waitFor({ timeout: ATTEMPT_TIMEOUT_MS });
  });
}

/**
 * Fills the open input and clicks the row it offers. No Enter: should the input be gone by then, the editor would get it.
 * @param {any} page
 * @param {string} input
 * @param {string} rowText
 */
async function pick(page, input, rowText) {
  const field = page.locator('.quick-input-widget input[type="text"], .quick-input-widget input.input').first();
  await field.fill(input, { timeout: ATTEMPT_TIMEOUT_MS });
  const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: rowText }).first();
  await row.click({ timeout: ATTEMPT_TIMEOUT_MS });
}

/**
 * Waits until the status bar says that the cursor is on a line.
 * @param {any} page
 * @param {number} lineNumber
 */
export async function untilOnLine(page, lineNumber, timeout = TIMEOUT_MS) {
  const selection = page.locator('#status\\.editor\\.selection', { hasText: new RegExp(`Ln ${lineNumber}\\b`) });
  await selection.waitFor({ timeout });
}

/**
 * @param {any} page
 * @param {number} lineNumber
 */
export function lineNumberLabel(page, lineNumber) {
  return page.locator('.editor-instance .line-numbers', { hasText: new RegExp(`^${lineNumber}$`) }).first();
}

/**
 * Puts the mouse on a word of a line and waits for the hover. Squiggles and lines are redrawn at any time, so the
 * mouse aims at coordinates and tries again.
 * @param {any} page
 * @param {number} lineNumber a visible line
 * @param {string} word
 */
export async function hoverWord(page, lineNumber, word) {
  const hover = page.locator('.monaco-hover:not(.hidden) .hover-contents:visible');
  await retry(`a hover on line ${lineNumber}`, async () => {
    const label = await lineNumberLabel(page, lineNumber).boundingBox();
    const place = await wordPlace(page, label.y + label.height / 2, word);
    await page.mouse.move(place.x, place.y + 120);
    await page.mouse.move(place.x, place.y, { steps: 4 });
    await hover.first().waitFor({ timeout: 2500 });
  });
  return page.locator('.monaco-hover:not(.hidden):visible').first();
}

/**
 * @param {any} page
 * @param {number} y height of the line in the window
 * @param {string} word
 */
async function wordPlace(page, y, word) {
  const lines = await page.locator('.editor-instance .view-line').all();
  for (const line of lines) {
    const box = await line.boundingBox();
    if (box === null || y < box.y || y > box.y + box.height) continue;
    // VS Code renders spaces as no-break spaces.
    const text = (await line.innerText()).replaceAll('\u00a0', ' ');
    const column = text.indexOf(word);
    if (column < 0) throw new Error(`no ${word} in the line ${text}`);
    const width = await line
      .locator('span')
      .first()
      .evaluate((/** @type {any} */ span) => span.getBoundingClientRect().width);
    return { x: box.x + (width / text.length) * (column + word.length / 2), y };
  }
  throw new Error('the line is not on the screen');
}

/**
 * The status bar item of the extension.
 * @param {any} page
 */
export function statusItem(page) {
  return page.locator('.statusbar-item[id$="dmaHandoff.status"]').first();
}

/**
 * @param {() => Promise<boolean>} holds
 * @param {string} what
 */
export async function until(holds, what, timeoutMs = TIMEOUT_MS) {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await holds())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * @param {string} what
 * @param {() => Promise<void>} attempt
 */
export async function retry(what, attempt, attempts = 6) {
  /** @type {unknown} */
  let last;
  for (let count = 0; count < attempts; count++) {
    try {
      await attempt();
      return;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`tried ${attempts} times for ${what}: ${String(last)}`, { cause: last });
}
