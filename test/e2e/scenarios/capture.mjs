// A firmware engineer has a virtual machine and no log: the capture makes one. QEMU is a stand-in that plays a real log.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { THEMES } from '../lib/settings.mjs';
import { inWindow, photograph } from '../lib/window.mjs';
import { runCommand, statusItem, TIMEOUT_MS, until } from '../lib/workbench.mjs';

/** Plays a boot of stock OVMF with the tracer, for a few seconds. */
const COMMAND = './qemu-system-x86_64 -machine q35 -name pieces=40 -drive file=tracer-v2-xhci.log';

/** An ordinary OVMF, which prints no call. */
const SILENT_LOG = 'stock-virtio.log';

/** @param {import('../lib/window.mjs').Context} context */
export async function capture(context) {
  await inWindow(context, {}, async (page, test) => {
    const box = page.locator('.quick-input-widget:visible');
    const field = box.locator('input').first();
    const live = page.locator('.statusbar-item[id$="dmaHandoff.capture"]');

    await test('Capture with QEMU asks for a command line, and offers one', async () => {
      await runCommand(page, 'DMA Handoff: Capture with QEMU');
      await box.locator('.quick-input-title', { hasText: 'Capture with QEMU' }).waitFor({ timeout: TIMEOUT_MS });
      assert.match(await field.inputValue(), /^qemu-system-x86_64 .*-drive .*file=disk\.img$/);
      await box.getByText('with this added: -debugcon').waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture type');
    });

    await test('what cannot be captured is refused while it is typed', async () => {
      await field.fill('qemu-system-aarch64 -machine virt');
      await box.getByText('works with qemu-system-x86_64').waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture refused');
    });

    await test('options of the capture are one button away', async () => {
      await field.fill(COMMAND);
      await box.getByLabel('Options of the Capture…').click();
      await box.getByText('Trace the devices, too').waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture options');
      await page.keyboard.press('Escape');
      await until(async () => (await field.inputValue()) === COMMAND, 'the command line to be there again');
    });

    await test('while QEMU runs, the status bar says how far the boot is', async () => {
      await page.keyboard.press('Enter');
      await live.filter({ hasText: /Booting: \d+ mapped by \d+ Maps/ }).waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture booting');
      await live.filter({ hasText: /Handed over: \d+ mapped/ }).waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture handed over');
    });

    await test('when it is over, the verdict is told and the log is open with its problems', async () => {
      await messages(page, /debugcon\.log: .*hand-?off/).waitFor({ timeout: TIMEOUT_MS });
      await page.locator('.tab', { hasText: 'debugcon.log' }).waitFor({ timeout: TIMEOUT_MS });
      await statusItem(page).filter({ hasText: 'mapped at hand-off' }).waitFor({ timeout: TIMEOUT_MS });
      await live.waitFor({ state: 'detached', timeout: TIMEOUT_MS });
      await page.getByRole('button', { name: 'Show Timeline' }).first().waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture told');
      await runCommand(page, 'Problems: Focus on Problems View');
      await page.locator('.markers-panel .monaco-list-row').first().waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture verdict');
    });

    await test('what was captured before is offered again', async () => {
      await runCommand(page, 'Notifications: Clear All Notifications');
      await runCommand(page, 'DMA Handoff: Capture with QEMU');
      await box.getByText('captured before').waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture again');
    });

    await test('a capture can be cancelled, and QEMU ends with it', async () => {
      await box.locator('.monaco-list-row', { hasText: 'pieces=40' }).click();
      await live.filter({ hasText: 'Booting' }).waitFor({ timeout: TIMEOUT_MS });
      await page.locator('.notifications-toasts').getByRole('button', { name: 'Cancel' }).click();
      await messages(page, /The capture was cancelled\. debugcon-2\.log holds/).waitFor({ timeout: TIMEOUT_MS });
      const ended = path.join(folderOf(page), 'debugcon-2.log.ended');
      await until(async () => fs.existsSync(ended), 'QEMU to be ended');
      await photograph(page, 'capture cancelled');
    });

    await test('what QEMU cannot run is told, with a way to the terminal', async () => {
      await runCommand(page, 'Notifications: Clear All Notifications');
      await runCommand(page, 'DMA Handoff: Capture with QEMU');
      await box.getByText('Type a command line…').click();
      // The list goes and the input comes, each in its own time.
      await box.getByText('with this added: -debugcon').waitFor({ timeout: TIMEOUT_MS });
      await field.fill('./qemu-system-x86_64 -machine q35 -drive file=missing.img');
      await page.keyboard.press('Enter');
      await messages(page, /wrote nothing into debugcon-3\.log/).waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture failed');
    });
  });

  await inWindow(context, { file: SILENT_LOG }, async (page, test) => {
    await test('a log without any DMA call offers a capture', async () => {
      await messages(page, /ordinary firmware prints no Map\(\)/).waitFor({ timeout: TIMEOUT_MS });
      await photograph(page, 'capture offered');
    });
    await test('and the page that tells how to get a log', async () => {
      await page.getByRole('button', { name: 'How to Get a Log' }).click();
      await page.locator('.tab', { hasText: 'capture.md' }).waitFor({ timeout: TIMEOUT_MS });
    });
  });

  for (const [name, theme] of Object.entries(THEMES)) {
    await inWindow(context, { settings: { 'workbench.colorTheme': theme } }, async (page, test) => {
      await test(`the walkthrough in ${theme}`, async () => {
        await openWalkthrough(page);
        for (const title of STEPS) {
          await page.locator('.getting-started-step', { hasText: title }).first().click({ timeout: TIMEOUT_MS });
          await page.locator('.getting-started-step.expanded', { hasText: title }).waitFor({ timeout: TIMEOUT_MS });
          // The picture comes into the page in its own time.
          await page.waitForTimeout(700);
          await photograph(page, `walkthrough ${name} ${title}`);
        }
      });
    });
  }

  await inWindow(context, {}, async (page, test) => {
    await test('the walkthrough opens the sample log, which is analysed', async () => {
      await openWalkthrough(page);
      await page.getByRole('button', { name: 'Open Sample Log' }).click({ timeout: TIMEOUT_MS });
      await statusItem(page).filter({ hasText: '10 mapped at hand-off' }).waitFor({ timeout: 60_000 });
      await photograph(page, 'walkthrough sample');
    });
  });
}

const STEPS = [
  'Open a firmware log',
  'Read what is wrong',
  'See the whole boot',
  'Walk through it',
  'Capture a boot of your own',
];

/** @param {any} page */
async function openWalkthrough(page) {
  await runCommand(page, 'Welcome: Open Walkthrough...');
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Get started with DMA Handoff' });
  await row.first().click({ timeout: TIMEOUT_MS });
  await page.locator('.getting-started-step').first().waitFor({ timeout: TIMEOUT_MS });
}

/**
 * @param {any} page
 * @param {RegExp} text
 */
function messages(page, text) {
  return page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();
}

/**
 * The folder of the window.
 * @param {any} page
 */
function folderOf(page) {
  return String(new URL(page.url()).searchParams.get('folder'));
}
