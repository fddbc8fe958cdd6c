import * as vscode from 'vscode';
import { closeEverything, openFile } from './support/editor.ts';
import { expectEqual, expectTrue } from './support/expect.ts';
import { activateSecondCopy } from './support/second-copy.ts';
import { until } from './support/until.ts';

suite('disposal', () => {
  teardown(closeEverything);

  test('what is activated, used and disposed of leaves nothing behind', async () => {
    const copy = await activateSecondCopy();
    const document = await openFile('buggy-no-teardown.log');
    const report = await copy.api.whenAnalyzed(document.uri.toString());
    expectEqual(
      report?.traces.map((trace) => trace.summary.liveAtHandoff),
      [10],
      'mappings live at hand-off, a boot',
    );
    const taken = copy.ledger.taken();
    expectTrue(taken.length > 3, `the second copy took only ${taken.join(', ')}: it is not watched`);

    await copy.end();
    await until('everything to be given back', () => (copy.ledger.open().length === 0 ? true : undefined), 5000).catch(
      () => {
        throw new Error(`never given back: ${copy.ledger.open().join(', ')}`);
      },
    );
    const left = await vscode.commands.getCommands(true);
    expectEqual(
      left.filter((command) => command.startsWith('second-copy-')),
      [],
      'commands left behind',
    );
  });

  test('the status bar item carries the verdict', async () => {
    const copy = await activateSecondCopy();
    try {
      const document = await openFile('buggy-no-teardown.log');
      await copy.api.whenAnalyzed(document.uri.toString());
      const items = copy.ledger.resources('window.createStatusBarItem') as readonly vscode.StatusBarItem[];
      const texts = await until('the verdict in the status bar', () => {
        const all = items.map((item) => item.text).join(' ');
        return all.includes('10') ? all : undefined;
      });
      expectTrue(/\$\([a-z-]+\) DMA.* 10 /.test(texts), `the status bar says ${texts}`);
    } finally {
      await copy.end();
    }
  });
});
