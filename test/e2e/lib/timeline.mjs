// What a user does in the timeline, by what the page shows.
import { runCommand, TIMEOUT_MS } from './workbench.mjs';

/** Height of the first row of the first lane in the picture: below ruler, marks and the lane's title. */
export const FIRST_ROW_Y = 76;

/**
 * Opens the timeline of the log in the editor and waits until it is drawn.
 * @param {any} page
 * @returns {Promise<any>} the webview's frame
 */
export async function openTimeline(page) {
  if (await page.locator('.part.sidebar').isVisible()) await runCommand(page, 'View: Close Primary Side Bar');
  await runCommand(page, 'DMA Handoff: Show Timeline');
  return timelineFrame(page);
}

/**
 * The frame of the timeline that is shown, once it is drawn.
 * @param {any} page
 */
export async function timelineFrame(page) {
  const frame = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
  await frame.locator('.summary', { hasText: /\S/ }).waitFor({ timeout: 60_000 });
  await frame.locator('canvas').first().waitFor({ timeout: TIMEOUT_MS });
  return frame;
}

/**
 * The picture itself; what stands in it is drawn.
 * @param {any} frame
 */
export function picture(frame) {
  return frame.locator('canvas[tabindex="0"]').first();
}

/**
 * Clicks into the picture, at a share of its width and at pixels from its top. A box that scrolls lies over its lanes, so the
 * click goes to a place and not to an element.
 * @param {any} page
 * @param {any} frame
 * @param {number} shareX
 * @param {number} y
 */
export async function clickPicture(page, frame, shareX, y) {
  const box = await picture(frame).boundingBox();
  await page.mouse.click(box.x + box.width * shareX, box.y + y);
}
