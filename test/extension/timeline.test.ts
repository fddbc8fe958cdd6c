import * as vscode from 'vscode';
import { closeEverything, openAnalyzed, workspaceFile } from './support/editor.ts';
import { expectEqual, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { activateSecondCopy } from './support/second-copy.ts';
import { until } from './support/until.ts';

/** VS Code puts a prefix before the type. */
const isTimeline = ({ input }: vscode.Tab): boolean =>
  input instanceof vscode.TabInputWebview && input.viewType.endsWith('dmaHandoff.timeline');

function timelines(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap((group) => group.tabs.filter(isTimeline));
}

/** VS Code tells of a tab before, or after, it tells its title. */
async function waitForTimelines(count: number): Promise<readonly vscode.Tab[]> {
  return until(`${String(count)} timelines`, () => {
    const tabs = timelines();
    return tabs.length === count && tabs.every(({ label }) => label !== '') ? tabs : undefined;
  });
}

suite('timeline', () => {
  teardown(async () => {
    await closeEverything();
    await waitForTimelines(0);
  });

  test('opens beside the log, once', async () => {
    const { document } = await openAnalyzed('buggy-no-teardown.log');
    await vscode.commands.executeCommand('dmaHandoff.showTimeline');
    const [tab] = await waitForTimelines(1);
    expectEqual(tab?.label, 'Timeline: buggy-no-teardown.log', 'the title');
    const [editor] = vscode.window.visibleTextEditors.filter(({ document: { uri } }) => uri === document.uri);
    expectTrue(tab?.group.viewColumn !== editor?.viewColumn, 'the timeline covers its log');
    await vscode.commands.executeCommand('dmaHandoff.showTimeline', document.uri);
    expectEqual((await waitForTimelines(1)).length, 1, 'timelines of one log');
  });

  test('shows several logs at once, and files that were never opened', async () => {
    await activate();
    for (const name of ['buggy-no-teardown.log', 'buggy-no-teardown.log.gz']) {
      await vscode.commands.executeCommand('dmaHandoff.showTimeline', workspaceFile(name));
    }
    const labels = (await waitForTimelines(2)).map(({ label }) => label).sort();
    expectEqual(
      labels,
      ['Timeline: buggy-no-teardown.log', 'Timeline: buggy-no-teardown.log.gz'],
      'the titles of the timelines',
    );
  });

  test('leaves nothing behind when it is closed, or the extension ends', async () => {
    const copy = await activateSecondCopy();
    const isPanel = (name: string): boolean => name.startsWith('window.createWebviewPanel');
    const show = copy.ledger.taken().find((name) => name.includes('dmaHandoff.showTimeline'));
    const command = /\((.*)\)$/.exec(show ?? '')?.[1] ?? '';
    await vscode.commands.executeCommand(command, workspaceFile('buggy-no-teardown.log.gz'));
    await waitForTimelines(1);
    expectTrue(copy.ledger.open().some(isPanel), 'the panel of the second copy is not watched');
    await copy.end();
    await waitForTimelines(0);
    await until('everything to be given back', () => (copy.ledger.open().length === 0 ? true : undefined), 5000);
  });
});
