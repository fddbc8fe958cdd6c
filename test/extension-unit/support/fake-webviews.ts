import { Uri } from './fake-values.ts';

/** A panel whose webview is the test: it sees what is posted, and posts as the page would. */
export interface FakePanel {
  readonly viewType: string;
  title: string;
  iconPath: unknown;
  readonly viewColumn: number;
  readonly webview: FakeWebview;
  readonly isClosed: boolean;
  revealed: number;
  reveal(): void;
  onDidDispose(listener: () => void): { dispose(): void };
  dispose(): void;
  /** Posts what the page posts. */
  say(message: unknown): void;
}

export interface FakeWebview {
  html: string;
  options: unknown;
  readonly cspSource: string;
  /** What the extension posted, in order. */
  readonly posted: { readonly kind: string }[];
  asWebviewUri(uri: Uri): Uri;
  postMessage(message: { readonly kind: string }): Promise<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): void };
}

export function createFakePanel(viewType: string, title: string, onClose: () => void): FakePanel {
  const closeListeners = new Set<() => void>();
  const messageListeners = new Set<(message: unknown) => void>();
  let isClosed = false;

  function listenTo<T>(listeners: Set<T>, listener: T): { dispose(): void } {
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  }

  const webview: FakeWebview = {
    html: '',
    options: {},
    cspSource: 'https://webview.test',
    posted: [],
    asWebviewUri: (uri) => Uri.parse(`https://webview.test${uri.path}`),
    async postMessage(message) {
      if (isClosed) throw new Error('Webview is disposed');
      webview.posted.push(structuredClone(message));
      return true;
    },
    onDidReceiveMessage: (listener) => listenTo(messageListeners, listener),
  };
  const panel: FakePanel = {
    viewType,
    title,
    iconPath: null,
    viewColumn: 2,
    webview,
    get isClosed() {
      return isClosed;
    },
    revealed: 0,
    reveal() {
      panel.revealed++;
    },
    onDidDispose: (listener) => listenTo(closeListeners, listener),
    dispose() {
      if (isClosed) return;
      isClosed = true;
      for (const listener of closeListeners) listener();
      onClose();
    },
    say(message) {
      for (const listener of messageListeners) listener(message);
    },
  };
  return panel;
}
