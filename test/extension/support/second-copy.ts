import * as vscode from 'vscode';
import { expectPresent } from './expect.ts';
import { getExtension, type HandoffApi } from './extension.ts';
import { createLedger, createTrackedVscode, type ResourceLedger } from './tracked-vscode.ts';

/** A second instance of the packaged extension, beside the one that VS Code runs, under our control. */
export interface SecondCopy {
  readonly api: HandoffApi;
  readonly ledger: ResourceLedger;
  /** What its commands are called by, ahead of their names. */
  readonly prefix: string;
  /** Ends it as VS Code ends an extension. */
  end(): Promise<void>;
}

interface ExtensionModule {
  activate(context: vscode.ExtensionContext): HandoffApi | Promise<HandoffApi>;
  deactivate?(): unknown;
}

interface Manifest {
  readonly main: string;
  readonly browser: string;
}

type WorkerConstructor = new (...args: unknown[]) => object;

export async function activateSecondCopy(): Promise<SecondCopy> {
  const ledger = createLedger();
  const prefix = `second-copy-${String(++copies)}.`;
  const extensionModule = await loadPackagedModule(ledger, prefix);
  const context = createContext();
  const api = await extensionModule.activate(context);
  return {
    api,
    ledger,
    prefix,
    async end() {
      await extensionModule.deactivate?.();
      for (const subscription of context.subscriptions.reverse()) await subscription.dispose();
    },
  };
}

/** Each copy has names of its own, so that one that a failed test left running does not get in the way of the next. */
let copies = 0;

/** Evaluates the bundle that the package holds for this host, with a watched `vscode` and watched workers. */
async function loadPackagedModule(ledger: ResourceLedger, prefix: string): Promise<ExtensionModule> {
  const extension = getExtension();
  const manifest = extension.packageJSON as Manifest;
  const entry = vscode.Uri.joinPath(extension.extensionUri, __HOST__ === 'node' ? manifest.main : manifest.browser);
  const source = new TextDecoder().decode(await vscode.workspace.fs.readFile(entry));
  const trackedVscode = createTrackedVscode(ledger, prefix);
  const folder = vscode.Uri.joinPath(entry, '..').fsPath;
  const requireTracked = (name: string): unknown => {
    if (name === 'vscode') return trackedVscode;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the bundle is CommonJS and asks for Node's modules by name
    const found = require(name) as object;
    const worker: unknown = Reflect.get(found, 'Worker');
    return isWorkerConstructor(worker) ? { ...found, Worker: trackWorkers(worker, ledger) } : found;
  };
  const webWorker: unknown = Reflect.get(globalThis, 'Worker');
  const module: { exports: unknown } = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- VS Code loads an extension's bundle in the same way
  new Function('module', 'exports', 'require', '__dirname', '__filename', 'Worker', source)(
    module,
    module.exports,
    requireTracked,
    folder,
    entry.fsPath,
    isWorkerConstructor(webWorker) ? trackWorkers(webWorker, ledger) : undefined,
  );
  return expectPresent(module.exports as ExtensionModule | undefined, 'the exports of the packaged bundle');
}

function isWorkerConstructor(value: unknown): value is WorkerConstructor {
  return typeof value === 'function';
}

function trackWorkers(real: WorkerConstructor, ledger: ResourceLedger): WorkerConstructor {
  return new Proxy(real, {
    construct(target, args: unknown[]) {
      return ledger.track('new Worker()', new target(...args), 'terminate');
    },
  });
}

/** As much of an extension context as an extension without storage and secrets can ask for. */
function createContext(): vscode.ExtensionContext {
  const extension = getExtension();
  const context = {
    subscriptions: [] as vscode.Disposable[],
    extension,
    extensionUri: extension.extensionUri,
    extensionPath: extension.extensionPath,
    globalStorageUri: vscode.Uri.joinPath(extension.extensionUri, 'storage'),
    extensionMode: vscode.ExtensionMode.Production,
    asAbsolutePath: (relativePath: string) => vscode.Uri.joinPath(extension.extensionUri, relativePath).fsPath,
    globalState: createMemento(),
    workspaceState: createMemento(),
  };
  return context as unknown as vscode.ExtensionContext;
}

function createMemento(): object {
  const values = new Map<string, unknown>();
  return {
    keys: () => [...values.keys()],
    get: (key: string, defaultValue?: unknown) => (values.has(key) ? values.get(key) : defaultValue),
    update(key: string, value: unknown) {
      values.set(key, value);
      return Promise.resolve();
    },
    setKeysForSync: () => undefined,
  };
}
