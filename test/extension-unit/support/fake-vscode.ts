/**
 * As much of VS Code's API as the extension's parts need, in memory and under the test's control. The real thing is tested
 * inside VS Code (test/extension); here it is about order, timing and what is left behind.
 * Use: vi.mock('vscode', () => import('./support/fake-vscode.ts'))
 */
import type * as vscode from 'vscode';
import { Position, Range, Uri, type Diagnostic } from './fake-values.ts';
import { FakeInputBox, FakeQuickPick, inputs, showProgress, tick } from './fake-inputs.ts';
import { createTasksNamespace, type FakeExecution } from './fake-tasks.ts';
import { createFakePanel, type FakePanel } from './fake-webviews.ts';

/* eslint-disable @typescript-eslint/explicit-module-boundary-types -- the types are those of VS Code's API */

// VS Code's values are found under its name, like everything below.
// eslint-disable-next-line no-restricted-syntax -- this module stands in for another one
export * from './fake-values.ts';

/** Everything that was taken and not given back, by name. */
const open = new Set<{ readonly name: string }>();

export function openResources(): string[] {
  return [...open].map(({ name }) => name).sort();
}

export interface Taken {
  dispose(): void;
}

function take<T extends object>(name: string, rest: T, release: () => unknown = () => undefined): T & Taken {
  const entry = { name };
  open.add(entry);
  return Object.assign(rest, {
    dispose() {
      open.delete(entry);
      release();
    },
  });
}

export class EventEmitter<T> {
  private readonly listeners = new Map<Taken, (value: T) => unknown>();
  readonly event = (listener: (value: T) => unknown): Taken => {
    const taken: Taken = take('a listener', {}, () => this.listeners.delete(taken));
    this.listeners.set(taken, listener);
    return taken;
  };
  fire(value: T): void {
    for (const listener of [...this.listeners.values()]) listener(value);
  }
  dispose(): void {
    for (const listener of [...this.listeners.keys()]) listener.dispose();
  }
}

export class CancellationTokenSource {
  private readonly emitter = new EventEmitter<undefined>();
  readonly token = { isCancellationRequested: false, onCancellationRequested: this.emitter.event };
  cancel(): void {
    if (this.token.isCancellationRequested) return;
    this.token.isCancellationRequested = true;
    this.emitter.fire(undefined);
  }
  dispose(): void {
    this.emitter.dispose();
  }
}

/** A document whose text the test changes. */
export class FakeDocument {
  version = 1;
  isClosed = false;
  private lines: string[];
  readonly uri: Uri;
  languageId: string;
  constructor(uri: Uri, languageId: string, text: string) {
    this.uri = uri;
    this.languageId = languageId;
    this.lines = text.split('\n');
  }
  get lineCount(): number {
    return this.lines.length;
  }
  getText(range?: Range): string {
    if (range === undefined) return this.lines.join('\n');
    const { start, end } = range;
    if (start.line >= this.lines.length) return '';
    const last = Math.min(end.line, this.lines.length - 1);
    const lines = this.lines.slice(start.line, last + 1);
    if (end.line < this.lines.length) lines[lines.length - 1] = (lines.at(-1) ?? '').slice(0, end.character);
    lines[0] = (lines[0] ?? '').slice(start.character);
    return lines.join('\n');
  }
  lineAt(line: number): { readonly text: string; readonly firstNonWhitespaceCharacterIndex: number } {
    const text = this.lines[line] ?? '';
    return { text, firstNonWhitespaceCharacterIndex: /^\s*/.exec(text)?.[0].length ?? 0 };
  }
  positionAt(offset: number): Position {
    const before = this.getText().slice(0, offset).split('\n');
    return new Position(before.length - 1, before.at(-1)?.length ?? 0);
  }
  /** Changes the text as VS Code reports an edit that begins in `firstLine`. */
  edit(text: string, firstLine = 0): void {
    this.lines = text.split('\n');
    this.version++;
    events.change.fire({ document: this, contentChanges: [{ range: new Range(firstLine, 0, firstLine, 0) }] });
  }
}

export const events = {
  open: new EventEmitter<FakeDocument>(),
  close: new EventEmitter<FakeDocument>(),
  change: new EventEmitter<{ readonly document: FakeDocument; readonly contentChanges: readonly object[] }>(),
  configuration: new EventEmitter<{ affectsConfiguration(section: string): boolean }>(),
  activeEditor: new EventEmitter<undefined>(),
  tabs: new EventEmitter<undefined>(),
  selection: new EventEmitter<{ readonly textEditor: FakeEditor }>(),
  visibleEditors: new EventEmitter<undefined>(),
  taskStarted: new EventEmitter<{ readonly execution: FakeExecution }>(),
  taskProcessEnded: new EventEmitter<{ readonly execution: FakeExecution; readonly exitCode: number | undefined }>(),
  taskEnded: new EventEmitter<{ readonly execution: FakeExecution }>(),
};

/** As much of an editor as shows where its cursor stands. */
export interface FakeEditor {
  readonly document: FakeDocument;
  readonly selection: { readonly active: Position };
}

/** Webviews, links and what was asked for them. */
export const views = {
  panels: [] as FakePanel[],
  serializer: null as vscode.WebviewPanelSerializer | null,
  links: null as vscode.UriHandler | null,
  clipboard: '',
  /** Answer to the next modal question. */
  answer: undefined as string | undefined,
  saveTo: undefined as Uri | undefined,
};

export const settings = new Map<string, unknown>();
export const files = new Map<string, Uint8Array>();
export const messages: string[] = [];
/** The buttons of the messages, in the same order. */
export const offers: (readonly string[])[] = [];
export const collections: FakeCollection[] = [];
export const statusItems: vscode.StatusBarItem[] = [];
export const commandHandlers = new Map<string, (...args: unknown[]) => unknown>();
export const executed: { readonly id: string; readonly args: readonly unknown[] }[] = [];
const contentProviders = new Map<string, vscode.TextDocumentContentProvider>();
let hoverProvider: vscode.HoverProvider | null = null;
export const debugging = {
  started: [] as vscode.DebugConfiguration[],
  providers: [] as vscode.DebugConfigurationProvider[],
  factory: null as vscode.DebugAdapterDescriptorFactory | null,
};

export function changeSetting(name: string, value: unknown): void {
  settings.set(name, value);
  events.configuration.fire({ affectsConfiguration: (section) => name.startsWith(section) });
}

export function openDocument(path: string, languageId: string, text: string): FakeDocument {
  const document = new FakeDocument(Uri.parse(path), languageId, text);
  workspace.textDocuments.push(document);
  events.open.fire(document);
  return document;
}

export function closeDocument(document: FakeDocument): void {
  document.isClosed = true;
  workspace.textDocuments.splice(workspace.textDocuments.indexOf(document), 1);
  events.close.fire(document);
}

export function showEditor(document: FakeDocument | undefined): void {
  window.activeTextEditor = document && { document };
  events.activeEditor.fire(undefined);
}

/** The problems shown for a file, of all collections. */
export function diagnosticsOf(uri: Uri): Diagnostic[] {
  return collections.flatMap((collection) => collection.get(uri) ?? []);
}

export async function hoverAt(document: FakeDocument, line: number): Promise<string | null> {
  const { token } = new CancellationTokenSource();
  const at = new Position(line, 0) as unknown as vscode.Position;
  const hover = await hoverProvider?.provideHover(document as unknown as vscode.TextDocument, at, token);
  return hover ? (hover as unknown as { contents: { value: string } }).contents.value : null;
}

export async function provideText(uri: Uri): Promise<string | null | undefined> {
  const { token } = new CancellationTokenSource();
  return contentProviders.get(uri.scheme)?.provideTextDocumentContent(uri as unknown as vscode.Uri, token);
}

class FakeCollection {
  private readonly entries = new Map<string, readonly Diagnostic[]>();
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  get(uri: Uri): readonly Diagnostic[] | undefined {
    return this.entries.get(uri.toString());
  }
  set(uri: Uri, diagnostics: readonly Diagnostic[]): void {
    this.entries.set(uri.toString(), diagnostics);
  }
  delete(uri: Uri): void {
    this.entries.delete(uri.toString());
  }
}

export const workspace = {
  textDocuments: [] as FakeDocument[],
  onDidOpenTextDocument: events.open.event,
  onDidCloseTextDocument: events.close.event,
  onDidChangeTextDocument: events.change.event,
  onDidChangeConfiguration: events.configuration.event,
  getConfiguration: (section: string) => ({ get: (name: string) => settings.get(`${section}.${name}`) }),
  fs: {
    isWritableFileSystem: (scheme: string) => (scheme === 'file' ? true : undefined),
    async readFile(uri: Uri) {
      const bytes = files.get(uri.toString());
      if (bytes === undefined) throw new Error(`FileNotFound: ${uri.toString()}`);
      return bytes;
    },
    async stat(uri: Uri) {
      const bytes = files.get(uri.toString());
      if (bytes === undefined) throw new Error(`FileNotFound: ${uri.toString()}`);
      return { size: bytes.length, mtime: 0 };
    },
    async readDirectory(uri: Uri) {
      const prefix = `${uri.toString()}/`;
      return [...files.keys()].filter((key) => key.startsWith(prefix)).map((key) => [key.slice(prefix.length), 1]);
    },
    async delete(uri: Uri) {
      files.delete(uri.toString());
    },
    createDirectory: async () => undefined,
    async copy(from: Uri, to: Uri) {
      files.set(to.toString(), await workspace.fs.readFile(from));
    },
    async writeFile(uri: Uri, bytes: Uint8Array) {
      files.set(uri.toString(), bytes);
    },
  },
  isTrusted: true,
  workspaceFolders: undefined as readonly vscode.WorkspaceFolder[] | undefined,
  getWorkspaceFolder: () => undefined,
  async openTextDocument(uri: Uri): Promise<FakeDocument> {
    const bytes = files.get(uri.toString());
    if (bytes === undefined) return new FakeDocument(uri, 'plaintext', (await provideText(uri)) ?? '');
    const open = workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
    return open ?? openDocument(uri.toString(), 'plaintext', new TextDecoder('latin1').decode(bytes));
  },
  registerTextDocumentContentProvider(scheme: string, provider: vscode.TextDocumentContentProvider) {
    contentProviders.set(scheme, provider);
    return take(`the provider of ${scheme}`, {}, () => contentProviders.delete(scheme));
  },
};

export const env = {
  uriScheme: 'vscode',
  clipboard: {
    writeText(text: string) {
      views.clipboard = text;
      return Promise.resolve();
    },
  },
};

function tell(message: string, ...items: readonly unknown[]): Promise<string | undefined> {
  messages.push(message);
  offers.push(items.filter((item) => typeof item === 'string'));
  return Promise.resolve(views.answer);
}

export const window = {
  activeTextEditor: undefined as { readonly document: FakeDocument } | undefined,
  onDidChangeActiveTextEditor: events.activeEditor.event,
  tabGroups: {
    activeTabGroup: { activeTab: undefined },
    all: [],
    onDidChangeTabs: events.tabs.event,
    onDidChangeTabGroups: events.tabs.event,
  },
  createStatusBarItem(id: string) {
    const item = take('a status bar item', {
      id,
      text: '',
      shown: false,
      show: () => undefined,
      hide: () => undefined,
    });
    statusItems.push(item as unknown as vscode.StatusBarItem);
    return item;
  },
  visibleTextEditors: [] as FakeEditor[],
  onDidChangeTextEditorSelection: events.selection.event,
  onDidChangeVisibleTextEditors: events.visibleEditors.event,
  createWebviewPanel(viewType: string, title: string) {
    const panel = createFakePanel(viewType, title, () => taken.dispose());
    const taken = take(`a panel of ${viewType}`, {});
    views.panels.push(panel);
    return panel;
  },
  registerWebviewPanelSerializer(type: string, serializer: vscode.WebviewPanelSerializer) {
    views.serializer = serializer;
    return take(`the serializer of ${type}`, {}, () => (views.serializer = null));
  },
  registerUriHandler(handler: vscode.UriHandler) {
    views.links = handler;
    return take('the handler of links', {}, () => (views.links = null));
  },
  showSaveDialog: () => Promise.resolve(views.saveTo),
  createOutputChannel: (name: string) => take(`the channel ${name}`, { error: () => undefined }),
  showInformationMessage: tell,
  showWarningMessage: tell,
  showErrorMessage: tell,
  showTextDocument: async (shown: FakeDocument | Uri) =>
    showEditor(shown instanceof Uri ? await workspace.openTextDocument(shown) : shown),
  withProgress: showProgress,
  createInputBox: () => new FakeInputBox(),
  createQuickPick: () => new FakeQuickPick(),
  showQuickPick: tick,
};

export const languages = {
  createDiagnosticCollection(name: string) {
    const collection = new FakeCollection(name);
    collections.push(collection);
    return take(`the collection ${name}`, collection, () => collections.splice(collections.indexOf(collection), 1));
  },
  registerHoverProvider(_selector: unknown, provider: vscode.HoverProvider) {
    hoverProvider = provider;
    return take('the hover provider', {}, () => (hoverProvider = null));
  },
  registerDocumentLinkProvider: () => take('the link provider', {}),
  registerEvaluatableExpressionProvider: () => take('the provider of expressions', {}),
  async setTextDocumentLanguage(document: FakeDocument, languageId: string) {
    await Promise.resolve();
    events.close.fire(document);
    document.languageId = languageId;
    events.open.fire(document);
    return document;
  },
};

export const commands = {
  registerCommand(id: string, handler: (...args: unknown[]) => unknown) {
    commandHandlers.set(id, handler);
    return take(`the command ${id}`, {}, () => commandHandlers.delete(id));
  },
  async executeCommand(id: string, ...args: unknown[]) {
    executed.push({ id, args });
    if (id === 'vscode.open') showEditor(await workspace.openTextDocument(args[0] as Uri));
    return commandHandlers.get(id)?.(...args);
  },
};

export const debug = {
  async startDebugging(_folder: unknown, configuration: vscode.DebugConfiguration) {
    debugging.started.push(configuration);
    return true;
  },
  registerDebugConfigurationProvider(type: string, provider: vscode.DebugConfigurationProvider) {
    const { providers } = debugging;
    providers.push(provider);
    return take(`a provider of configurations for ${type}`, {}, () => providers.splice(providers.indexOf(provider), 1));
  },
  registerDebugAdapterDescriptorFactory(type: string, factory: vscode.DebugAdapterDescriptorFactory) {
    debugging.factory = factory;
    return take(`the debug adapters of ${type}`, {}, () => (debugging.factory = null));
  },
};

const fakeTasks = createTasksNamespace(take, events.taskStarted, events.taskProcessEnded, events.taskEnded);
export const tasks = fakeTasks.namespace;
export const tasking = fakeTasks.state;

/** Forgets everything between two tests. */
export function reset(): void {
  for (const emitter of Object.values(events)) emitter.dispose();
  for (const list of [offers, inputs.progresses, tasking.written, tasking.executions]) list.length = 0;
  for (const list of [workspace.textDocuments, messages, collections, statusItems, executed, debugging.started])
    list.length = 0;
  for (const map of [settings, files, commandHandlers, contentProviders]) map.clear();
  open.clear();
  hoverProvider = null;
  window.activeTextEditor = undefined;
  window.visibleTextEditors.length = 0;
  views.panels.length = 0;
  workspace.isTrusted = true;
  workspace.workspaceFolders = undefined;
  Object.assign(views, { clipboard: '', answer: undefined, saveTo: undefined });
}
