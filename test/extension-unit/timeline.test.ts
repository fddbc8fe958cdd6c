import type * as vscode from 'vscode';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { COMMANDS, LANGUAGE_ID, TIMELINE_VIEW } from '../../src/extension/ids.ts';
import type { ToTimeline } from '../../src/protocol/timeline-messages.ts';
import { WHOLE_VIEW } from '../../src/protocol/timeline-state.ts';
import { createFakePanel, type FakePanel } from './support/fake-webviews.ts';
import * as fake from './support/fake-vscode.ts';
import { readLog, startExtension, until, type Started } from './support/start.ts';

vi.mock('vscode', () => import('./support/fake-vscode.ts'));

const PATH = 'file:///logs/boot.log';
const LEAKS = 10;
const MAPPINGS = 1894;

afterEach(() => fake.reset());

function posted<Kind extends ToTimeline['kind']>(panel: FakePanel, kind: Kind): (ToTimeline & { kind: Kind })[] {
  return (panel.webview.posted as unknown as ToTimeline[]).filter(
    (message): message is ToTimeline & { kind: Kind } => message.kind === kind,
  );
}

function hasAllBars(panel: FakePanel, opens = 1): boolean {
  const last = posted(panel, 'open').at(-1);
  const bars = posted(panel, 'bars').filter(({ load }) => load === last?.load);
  const count = bars.reduce((sum, message) => sum + message.bars.ids.length, 0);
  return posted(panel, 'open').length >= opens && count === last?.outline.barCount;
}

/** Opens the log in an editor and its timeline beside it, and waits until all of it is there. */
async function openTimeline(): Promise<{ started: Started; panel: FakePanel; document: fake.FakeDocument }> {
  const started = await startExtension();
  const document = fake.openDocument(PATH, LANGUAGE_ID, await readLog('buggy-no-teardown'));
  fake.showEditor(document);
  await fake.commands.executeCommand(COMMANDS.showTimeline, document.uri);
  const [panel] = fake.views.panels;
  panel!.say({ kind: 'ready' });
  await until('the timeline is there', () => hasAllBars(panel!));
  return { started, panel: panel!, document };
}

describe('the timeline of a log', () => {
  test('is sent with its figures, its boots and all its bars', async () => {
    const { started, panel } = await openTimeline();
    const [opened] = posted(panel, 'open');
    expect(panel.title).toBe('Timeline: boot.log');
    expect(opened).toMatchObject({ name: 'boot.log', log: PATH, boot: 0, firstStep: 0 });
    expect(opened!.boots).toEqual([expect.stringMatching(/^Boot 1 of 1: lines 1–\d+, 10 mapped at hand-off$/)]);
    expect(opened!.outline.figures).toMatchObject({ mappings: MAPPINGS, liveAtHandoff: LEAKS });
    started.stop();
  });

  test('lets nothing run in its page but its own script', async () => {
    const { started, panel } = await openTimeline();
    const { html, options } = panel.webview;
    const nonce = /script-src 'nonce-([A-Za-z0-9]{32})'/.exec(html)?.[1];
    expect(html).toContain("default-src 'none'");
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain(`<script nonce="${nonce}" src="https://webview.test/extension/dist/webview/timeline.js">`);
    expect(html).not.toMatch(/unsafe|style="| on\w+=/);
    expect((options as vscode.WebviewOptions).localResourceRoots?.map(({ path }) => path)).toEqual([
      '/extension/dist/webview',
      '/extension/media',
    ]);
    started.stop();
  });

  test('opens once, however often it is asked for', async () => {
    const { started, panel, document } = await openTimeline();
    await fake.commands.executeCommand(COMMANDS.showTimeline, document.uri);
    expect(fake.views.panels).toHaveLength(1);
    expect(panel.revealed).toBe(1);
    panel.dispose();
    await fake.commands.executeCommand(COMMANDS.showTimeline, document.uri);
    expect(fake.views.panels).toHaveLength(2);
    started.stop();
  });

  test('works for a log that no editor has opened', async () => {
    const started = await startExtension();
    fake.files.set(PATH, new TextEncoder().encode(await readLog('buggy-no-teardown')));
    await fake.commands.executeCommand(COMMANDS.showTimeline, fake.Uri.parse(PATH));
    const [panel] = fake.views.panels;
    panel!.say({ kind: 'ready' });
    await until('the timeline is there', () => hasAllBars(panel!));
    expect(posted(panel!, 'open')[0]!.outline.figures.liveAtHandoff).toBe(LEAKS);
    started.stop();
  });

  test('says why there is nothing to see', async () => {
    const started = await startExtension();
    await fake.commands.executeCommand(COMMANDS.showTimeline, fake.Uri.parse('file:///logs/gone.log'));
    const [panel] = fake.views.panels;
    panel!.say({ kind: 'ready' });
    await until('it says so', () => posted(panel!, 'failed').length > 0);
    expect(posted(panel!, 'failed')[0]!.text).toContain('gone.log could not be analyzed');
    started.stop();
  });

  test('is sent anew when the log is analysed again', async () => {
    const { started, panel, document } = await openTimeline();
    document.edit(`one more line\n${document.getText()}`);
    await until('it came again', () => hasAllBars(panel, 2));
    const [before, after] = posted(panel, 'open');
    expect(after!.load).toBeGreaterThan(before!.load);
    expect(after!.outline.last.line).toBe(before!.outline.last.line + 1);
    started.stop();
  });

  test('survives that its editor is closed', async () => {
    const { started, panel, document } = await openTimeline();
    fake.files.set(PATH, new TextEncoder().encode(document.getText()));
    fake.closeDocument(document);
    panel.say({ kind: 'search', load: posted(panel, 'open')[0]!.load, query: 'is:leaked' });
    await until('it came again', () => hasAllBars(panel, 2));
    panel.say({ kind: 'search', load: posted(panel, 'open')[1]!.load, query: 'is:leaked' });
    await until('the search is answered', () => posted(panel, 'matches').length > 0);
    started.stop();
  });

  test('leaves nothing behind when it is closed', async () => {
    const started = await startExtension();
    fake.files.set(PATH, new TextEncoder().encode(await readLog('sevlike-xhci')));
    await fake.commands.executeCommand(COMMANDS.analyzeLargeFile, fake.Uri.parse(PATH));
    await until('its problems are shown', () => fake.collections.length > 0);
    const before = fake.openResources();
    await fake.commands.executeCommand(COMMANDS.showTimeline, fake.Uri.parse(PATH));
    const [panel] = fake.views.panels;
    panel!.say({ kind: 'ready' });
    await until('the timeline is there', () => hasAllBars(panel!));
    expect(fake.openResources().length).toBeGreaterThan(before.length);
    panel!.dispose();
    await until('nothing is left', () => fake.openResources().length <= before.length);
    expect(fake.openResources()).toEqual(before);
    started.stop();
  });
});

describe('what a timeline asks for', () => {
  test('is found in the worker', async () => {
    const { started, panel } = await openTimeline();
    const load = posted(panel, 'open')[0]!.load;
    panel.say({ kind: 'search', load, query: 'is:leaked' });
    await until('the search is answered', () => posted(panel, 'matches').length > 0);
    expect(posted(panel, 'matches')[0]!.matches.bars).toHaveLength(LEAKS);
    started.stop();
  });

  test('is told as the hover tells it, with all findings', async () => {
    const { started, panel } = await openTimeline();
    const load = posted(panel, 'open')[0]!.load;
    panel.say({ kind: 'tell-mapping', load, mapping: 1 });
    await until('it is told', () => posted(panel, 'stories').length > 0);
    const text = JSON.stringify(posted(panel, 'stories')[0]!.stories);
    expect(text).toContain('still mapped');
    expect(text).toContain('common-buffer-left-mapped');
    started.stop();
  });

  test('is told for rows of the table, as far as they exist', async () => {
    const { started, panel } = await openTimeline();
    const load = posted(panel, 'open')[0]!.load;
    panel.say({ kind: 'tell-rows', load, mappings: [1, 2, 999_999] });
    await until('rows are told', () => posted(panel, 'rows').length > 0);
    const { rows } = posted(panel, 'rows')[0]!;
    expect(rows.map(({ mapping }) => mapping)).toEqual([1, 2]);
    expect(rows[0]!.handle).toMatch(/^0x[\da-f]+$/);
    started.stop();
  });

  test('leads to the line, beside the timeline', async () => {
    const { started, panel } = await openTimeline();
    panel.say({ kind: 'reveal-line', line: 4083 });
    await until('a line is shown', () => fake.executed.some(({ id }) => id === 'vscode.open'));
    const { args } = fake.executed.find(({ id }) => id === 'vscode.open')!;
    expect(String(args[0])).toBe(PATH);
    expect(args[1]).toMatchObject({ selection: { start: { line: 4082 } }, viewColumn: 1 });
    started.stop();
  });

  test('moves the cursor that a debug session of the log has, too', async () => {
    const { started, panel } = await openTimeline();
    panel.say({ kind: 'move-cursor', step: 5 });
    await until('the moment is told', () => posted(panel, 'cursor').some(({ moment }) => moment !== null));
    expect(posted(panel, 'cursor').at(-1)).toMatchObject({ step: 5, moment: { step: 5 } });
    panel.say({ kind: 'debug' });
    await until('the replay is asked for', () => fake.executed.some(({ id }) => id === COMMANDS.replayTrace));
    started.stop();
  });

  test('is left alone where it is nothing that a timeline asks', async () => {
    const { started, panel } = await openTimeline();
    const before = panel.webview.posted.length;
    for (const message of [null, 'ready', 42, { kind: 'toString' }, { kind: 'run', command: 'evil' }, {}]) {
      panel.say(message);
    }
    panel.say({ kind: 'search', load: -1, query: 'late' });
    await new Promise((resolve) => setImmediate(resolve));
    expect(panel.webview.posted).toHaveLength(before);
    started.stop();
  });

  test('is written where the user wants it', async () => {
    const { started, panel } = await openTimeline();
    fake.views.saveTo = fake.Uri.file('/pictures/boot.svg');
    panel.say({ kind: 'export', format: 'svg', text: '<svg/>' });
    await until('it is written', () => fake.files.has('file:///pictures/boot.svg'));
    expect(new TextDecoder().decode(fake.files.get('file:///pictures/boot.svg'))).toBe('<svg/>');
    started.stop();
  });
});

test('the timeline shows where the cursor of the editor stands', async () => {
  const { started, panel, document } = await openTimeline();
  const editor = { document, selection: { active: new fake.Position(4082, 0) } };
  fake.window.visibleTextEditors.push(editor);
  fake.events.selection.fire({ textEditor: editor });
  await until('the line is told', () => posted(panel, 'editor-line').some(({ line }) => line === 4083));
  started.stop();
});

describe('a timeline that comes back', () => {
  async function restore(state: unknown): Promise<{ started: Started; panel: FakePanel }> {
    const started = await startExtension();
    fake.files.set(PATH, new TextEncoder().encode(await readLog('buggy-no-teardown')));
    const panel = createFakePanel(TIMELINE_VIEW, '', () => undefined);
    await fake.views.serializer?.deserializeWebviewPanel(panel as unknown as vscode.WebviewPanel, state);
    return { started, panel };
  }

  test('after a reload analyses its log again and shows what it showed', async () => {
    const view = { ...WHOLE_VIEW, axis: 'line', range: { from: 10, to: 20 }, query: 'is:leaked', selected: 3 } as const;
    const { started, panel } = await restore({ log: PATH, boot: 0, view });
    panel.say({ kind: 'ready' });
    await until('the timeline is there', () => hasAllBars(panel));
    expect(posted(panel, 'open')[0]).toMatchObject({ boot: 0, view });
    started.stop();
  });

  test.each([null, {}, { log: 5 }, { log: 'http://example.org/x.log' }, { log: 'file://other-machine/share/x.log' }])(
    'from %j is closed',
    async (state) => {
      const { started, panel } = await restore(state);
      expect(panel.isClosed).toBe(true);
      started.stop();
    },
  );
});

describe('a link to a view', () => {
  test('is copied, and leads back to the same view', async () => {
    const { started, panel, document } = await openTimeline();
    const view = {
      ...WHOLE_VIEW,
      range: { from: 1.5, to: 99 },
      query: 'owner:"a&b" #%',
      hideOthers: true,
      selected: 7,
    };
    panel.say({ kind: 'copy-link', view });
    await until('it is copied', () => fake.views.clipboard !== '');
    expect(fake.views.clipboard).toMatch(/^vscode:\/\/dma-handoff\.dma-handoff\/timeline\?/);

    panel.dispose();
    await fake.views.links?.handleUri(fake.Uri.parse(fake.views.clipboard) as unknown as vscode.Uri);
    const other = fake.views.panels[1]!;
    other.say({ kind: 'ready' });
    await until('the timeline is there', () => hasAllBars(other));
    expect(posted(other, 'open')[0]).toMatchObject({ log: document.uri.toString(), view });
    started.stop();
  });

  test('asks before it shows a file that nobody has opened', async () => {
    const started = await startExtension();
    const link = fake.Uri.parse('vscode://dma-handoff.dma-handoff/timeline?log=file%3A%2F%2F%2Fetc%2Fpasswd');
    await fake.views.links?.handleUri(link as unknown as vscode.Uri);
    expect(fake.messages.at(-1)).toContain('asks for the timeline of passwd');
    expect(fake.views.panels).toHaveLength(0);
    fake.views.answer = 'Open Timeline';
    await fake.views.links?.handleUri(link as unknown as vscode.Uri);
    expect(fake.views.panels).toHaveLength(1);
    started.stop();
  });

  test.each([
    '/other?log=file:///x.log',
    '/timeline',
    '/timeline?log=command:evil',
    '/timeline?log=https://example.org/x.log',
    '/timeline?log=file://other-machine/share/x.log',
    '/timeline?log=x.log',
  ])('%s leads nowhere', async (rest) => {
    const started = await startExtension();
    const link = fake.Uri.parse(`vscode://dma-handoff.dma-handoff${rest}`);
    await fake.views.links?.handleUri(link as unknown as vscode.Uri);
    expect(fake.messages).toEqual(['This link leads to no timeline.']);
    expect(fake.views.panels).toHaveLength(0);
    started.stop();
  });
});
