// VS Code's user settings for a run: quiet, offline, and with nothing in a picture that is not ours.
import fs from 'node:fs';
import path from 'node:path';

export const THEMES = /** @type {const} */ ({
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  'high-contrast': 'Default High Contrast',
});

const QUIET = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.setupFromDialog': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // Windows share the files of the run.
  'files.autoSave': 'off',
  'git.enabled': false,
  // It reads the whole text after each change, on the thread whose delays the in-host tests measure.
  'merge-conflict.codeLens.enabled': false,
  'merge-conflict.decorators.enabled': false,
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.showReleaseNotes': false,
  // Remote windows ask before they open more than 10 MB.
  'workbench.editorLargeFileConfirmation': 1024,
  'workbench.enableExperiments': false,
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

const PLAIN_WINDOW = {
  'breadcrumbs.enabled': false,
  'editor.hover.delay': 100,
  'editor.lightbulb.enabled': 'off',
  'editor.minimap.enabled': false,
  'editor.occurrencesHighlight': 'off',
  'editor.renderLineHighlight': 'none',
  'editor.stickyScroll.enabled': false,
  'problems.visibility': true,
  'window.commandCenter': false,
  'window.menuBarVisibility': 'hidden',
  'workbench.activityBar.location': 'hidden',
  'workbench.editor.empty.hint': 'hidden',
  'workbench.layoutControl.enabled': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
};

/**
 * @param {string} dataDir the server's data folder
 * @param {Readonly<Record<string, unknown>>} extra settings of this session, on top of the common ones
 */
export function writeSettings(dataDir, extra = {}) {
  const file = path.join(dataDir, 'data/User/settings.json');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const settings = { ...QUIET, ...PLAIN_WINDOW, 'workbench.colorTheme': THEMES.dark, ...extra };
  fs.writeFileSync(file, `${JSON.stringify(settings, null, 2)}\n`);
}
