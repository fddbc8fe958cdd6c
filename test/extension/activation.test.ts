import * as vscode from 'vscode';
import { expectEqual, expectTrue } from './support/expect.ts';
import { activate, getExtension } from './support/extension.ts';

const COMMANDS = [
  'dmaHandoff.analyzeFile',
  'dmaHandoff.analyzeLargeFile',
  'dmaHandoff.showReport',
  'dmaHandoff.showLine',
];

interface Manifest {
  readonly version: string;
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

suite('activation', () => {
  test('starts in the extension host it was asked to run in', async () => {
    const api = await activate();
    expectEqual(api.host, __HOST__, 'the host');
    expectEqual(api.version, (getExtension().packageJSON as Manifest).version, 'the version');
  });

  test('registers its commands, and every command it contributes', async () => {
    await activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const contributed = (getExtension().packageJSON as Manifest).contributes?.commands ?? [];
    for (const command of [...COMMANDS, ...contributed.map((entry) => entry.command)]) {
      expectTrue(registered.has(command), `the command ${command} is not registered`);
    }
  });
});
