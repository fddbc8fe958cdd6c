import { closeEverything, openAnalyzed, openFile } from './support/editor.ts';
import { diagnosticsOf } from './support/diagnostics.ts';
import { expectEqual } from './support/expect.ts';
import { activate, LANGUAGE_ID } from './support/extension.ts';
import { until } from './support/until.ts';

suite('language', () => {
  teardown(closeEverything);

  test('a .log file with the text of OVMF becomes edk2-log', async () => {
    const document = await openFile('sevlike-xhci.log');
    await until('the language edk2-log', () => (document.languageId === LANGUAGE_ID ? true : undefined));
  });

  test('a foreign .log file stays what it is and is left alone', async () => {
    const { document, report } = await openAnalyzed('foreign.log');
    expectEqual(document.languageId, 'log', 'the language');
    expectEqual(report, null, 'the report');
    expectEqual(diagnosticsOf(document.uri).length, 0, 'diagnostics');
  });

  test('whenAnalyzed gives null for a file that is not open', async () => {
    const api = await activate();
    expectEqual(await api.whenAnalyzed('file:///nowhere.log'), null, 'the report');
  });
});
