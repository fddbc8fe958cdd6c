import * as vscode from 'vscode';
import { closeEverything, openAnalyzed, workspaceFile } from './support/editor.ts';
import { expectEqual, expectMatch, expectPresent, expectTrue } from './support/expect.ts';
import { activate } from './support/extension.ts';
import { watchReplay, type ReplayWatch } from './support/replay.ts';
import { until } from './support/until.ts';

const LOG = 'buggy-no-teardown.log';
/** The eleventh live mapping is made here, and here the second one. */
const CROWDED_LINE = 9814;
const EARLY_LINE = 4302;
/** A line that says nothing about DMA, and the next that says something. */
const SILENT_LINE = 3;
const NEXT_TELLING_LINE = 7;
/** The last step. */
const HANDOFF_LINE = 19008;

/** Each movement waits for VS Code to show where it led to. */
const MOVING_TIMEOUT_MS = 90_000;

/** As VS Code asks with F5 where there is no launch.json. */
const NO_CONFIGURATION = { type: 'dma-handoff', request: 'launch', name: 'Replay' };

interface Variable {
  readonly name: string;
  readonly value: string;
  readonly variablesReference: number;
}

suite('replay', () => {
  let watch: ReplayWatch;

  setup(() => {
    watch = watchReplay();
  });

  teardown(async () => {
    await watch.end();
    await closeEverything();
  });

  async function start(configuration: vscode.DebugConfiguration = NO_CONFIGURATION): Promise<void> {
    const stopped = await watch.move(() => vscode.debug.startDebugging(undefined, configuration));
    expectEqual(stopped.reason, 'entry', 'why the replay stands');
  }

  async function evaluate(expression: string, context = 'watch'): Promise<string> {
    const answer = (await watch.session().customRequest('evaluate', { expression, context })) as {
      readonly result: string;
    };
    return answer.result;
  }

  async function line(): Promise<number> {
    return expectPresent((await watch.frames())[0], 'the innermost frame').line;
  }

  async function scopeVariables(scopeName: string): Promise<readonly Variable[]> {
    const [frame] = await watch.frames();
    const { scopes } = (await watch.session().customRequest('scopes', { frameId: frame?.id })) as {
      readonly scopes: readonly { readonly name: string; readonly variablesReference: number }[];
    };
    const { variablesReference } = expectPresent(
      scopes.find(({ name }) => name === scopeName),
      `the scope ${scopeName}`,
    );
    return variablesOf(variablesReference);
  }

  async function variablesOf(variablesReference: number): Promise<readonly Variable[]> {
    const { variables } = (await watch.session().customRequest('variables', { variablesReference })) as {
      readonly variables: readonly Variable[];
    };
    return variables;
  }

  function debug(command: string): Promise<unknown> {
    return watch.move(() => vscode.commands.executeCommand(`workbench.action.debug.${command}`));
  }

  test('starts without a launch.json at the first step of the log in the editor, and shows its line', async () => {
    const { document } = await openAnalyzed(LOG);
    await start();
    expectEqual(await line(), 1, 'the line of the first step');
    await debug('stepOver');
    await debug('stepOver');
    const shown = await line();
    await until(`the cursor on line ${String(shown)}`, () => {
      const editor = vscode.window.activeTextEditor;
      const isThere = editor?.document.uri.toString() === document.uri.toString();
      return isThere && editor.selection.active.line === shown - 1 ? true : undefined;
    });
    expectTrue(vscode.debug.activeStackItem !== undefined, 'VS Code shows no stack');
  });

  test('steps on and back', async function () {
    this.timeout(MOVING_TIMEOUT_MS);
    await openAnalyzed(LOG);
    await start();
    await debug('stepOver');
    const second = await line();
    await debug('stepOver');
    expectTrue((await line()) > second, 'a step did not go on');
    await debug('stepBack');
    expectEqual(await line(), second, 'the line after a step back');
    await debug('stepBack');
    expectEqual(await line(), 1, 'the line after two steps back');
  });

  test('stops at a line where a condition holds, and shows what is live there', async function () {
    this.timeout(MOVING_TIMEOUT_MS);
    const { document } = await openAnalyzed(LOG);
    vscode.debug.addBreakpoints([
      breakpointAt(document.uri, EARLY_LINE, 'live > 10'),
      breakpointAt(document.uri, CROWDED_LINE, 'live > 10'),
    ]);
    await start();
    const stopped = await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.continue'));
    expectEqual(stopped.reason, 'breakpoint', 'why the replay stands');
    expectEqual(await line(), CROWDED_LINE, 'the line of the breakpoint');
    expectEqual(await evaluate('live'), '11', 'the number of live mappings');
    const mappings = await scopeVariables('Live mappings');
    expectEqual(mappings.length, 11, 'the number of mappings among the variables');
    expectMatch(expectPresent(mappings[0], 'the first mapping').value, /CommonBuffer/, 'the first mapping');
    const inside = await variablesOf(expectPresent(mappings[0], 'the first mapping').variablesReference);
    expectTrue(inside.length > 3, 'a mapping has nothing inside');
    expectMatch(await evaluate('who 0x1e6bc000', 'repl'), /XhciDxe/, 'the answer in the debug console');
  });

  test('stops at hand-off, runs back to the beginning, and starts anew', async function () {
    this.timeout(MOVING_TIMEOUT_MS);
    await openAnalyzed(LOG);
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('handoff')]);
    await start();
    const stopped = await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.continue'));
    expectEqual(stopped.reason, 'function breakpoint', 'why the replay stands');
    expectEqual(await evaluate('live'), '10', 'the number of mappings at hand-off');
    const back = await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.reverseContinue'));
    expectMatch(back.description ?? '', /begins/, 'what is said at the beginning');
    expectEqual(await line(), 1, 'the line of the beginning');
    await debug('stepOver');
    const restarted = await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.restart'));
    expectEqual(restarted.reason, 'entry', 'why the replay stands after a restart');
    expectEqual(await line(), 1, 'the line after a restart');
  });

  test('stays at both ends, and moves a breakpoint from a line that tells nothing to the next that does', async function () {
    this.timeout(MOVING_TIMEOUT_MS);
    const { document } = await openAnalyzed(LOG);
    vscode.debug.addBreakpoints([breakpointAt(document.uri, SILENT_LINE, '')]);
    await start();
    const begin = await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.stepBack'));
    expectMatch(begin.description ?? '', /begins/, 'what is said at the beginning');
    expectEqual(await line(), 1, 'the line of the beginning');
    await debug('continue');
    expectEqual(await line(), NEXT_TELLING_LINE, 'the line of the breakpoint that was moved');
    for (const where of ['at the end', 'behind it']) {
      const end = await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.continue'));
      expectMatch(end.description ?? '', /ends/, `what is said ${where}`);
      expectEqual(await line(), HANDOFF_LINE, `the line ${where}`);
    }
  });

  test('begins with its command, also for a compressed log that no editor shows', async () => {
    await activate();
    const uri = workspaceFile('buggy-no-teardown.log.gz');
    const stopped = await watch.move(() => vscode.commands.executeCommand('dmaHandoff.replayTrace', uri));
    expectEqual(stopped.reason, 'entry', 'why the replay stands');
    vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint('leak', true, 'owner == "NvmExpressDxe"')]);
    await until('the breakpoint to be set', async () =>
      (await evaluate('live')) === '0' && vscode.debug.breakpoints.length === 1 ? true : undefined,
    );
    await watch.move(() => vscode.commands.executeCommand('workbench.action.debug.continue'));
    expectEqual(await line(), 5781, 'the line of the leak');
    await vscode.commands.executeCommand('dmaHandoff.clearResults');
    expectEqual(await evaluate('leaked'), 'true', 'what is told when the results are cleared');
  });
});

function breakpointAt(uri: vscode.Uri, lineNumber: number, condition: string): vscode.SourceBreakpoint {
  const location = new vscode.Location(uri, new vscode.Position(lineNumber - 1, 0));
  return new vscode.SourceBreakpoint(location, true, condition);
}
