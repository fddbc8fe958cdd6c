import * as vscode from 'vscode';

/** Counts what a piece of code takes from VS Code and gives back. */
export interface ResourceLedger {
  /** Everything taken and not yet disposed of, by the name of the function that gave it. */
  open(): readonly string[];
  /** Everything ever taken, by the name of the function that gave it. */
  taken(): readonly string[];
  /** What a function has given, the given back included. */
  resources(functionName: string): readonly object[];
  /** The texts of all messages shown. */
  messages(): readonly string[];
  /** Notes that a message was shown. */
  tell(message: string): void;
  track<T extends object>(name: string, resource: T, release: 'dispose' | 'terminate'): T;
}

export function createLedger(): ResourceLedger {
  const open = new Map<object, string>();
  const messages: string[] = [];
  const taken: { readonly name: string; readonly resource: object }[] = [];
  return {
    open: () => [...open.values()],
    taken: () => taken.map(({ name }) => name),
    resources: (functionName) =>
      taken.filter(({ name }) => name.startsWith(functionName)).map(({ resource }) => resource),
    messages: () => messages,
    tell: (message) => void messages.push(message),
    track(name, resource, release) {
      open.set(resource, name);
      taken.push({ name, resource });
      const original = Reflect.get(resource, release) as (...args: unknown[]) => unknown;
      Reflect.set(resource, release, (...args: unknown[]): unknown => {
        open.delete(resource);
        return original.apply(resource, args);
      });
      return resource;
    },
  };
}

/**
 * The `vscode` module, with every namespace function watched: what it returns with a `dispose` goes into the ledger.
 * Command ids and schemes get a prefix, since the installed extension has already taken the real ones.
 */
export function createTrackedVscode(ledger: ResourceLedger, prefix: string): Record<string, unknown> {
  const tracked: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(vscode)) {
    tracked[name] = isNamespace(value) ? trackNamespace(name, value, ledger, prefix) : value;
  }
  return tracked;
}

/** A namespace is an object of functions; classes and enums stay as they are. */
function isNamespace(value: unknown): value is object {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(Object.getOwnPropertyDescriptors(value)).some((entry) => typeof entry.value === 'function')
  );
}

function trackNamespace(namespace: string, real: object, ledger: ResourceLedger, prefix: string): object {
  // The target is empty because a proxy must show a frozen target's properties as they are.
  return new Proxy(
    {},
    {
      get(_target, key) {
        const value: unknown = Reflect.get(real, key);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (claimsName(namespace, String(key)) && typeof args[0] === 'string') args[0] = prefix + args[0];
          if (/^show(?:Information|Warning|Error)Message$/.test(String(key))) ledger.tell(String(args[0]));
          // VS Code takes debug adapters from the extension that contributes the debugger only, and of each extension one handler.
          const result: unknown =
            key === 'registerDebugAdapterDescriptorFactory' || key === 'registerUriHandler'
              ? new vscode.Disposable(() => undefined)
              : Reflect.apply(value, real, args);
          const name = `${namespace}.${String(key)}(${typeof args[0] === 'string' ? args[0] : ''})`;
          return isDisposable(result) ? ledger.track(name, result, 'dispose') : result;
        };
      },
    },
  );
}

/** Commands, the schemes of documents and files, and the views of webviews can be registered once only. */
function claimsName(namespace: string, functionName: string): boolean {
  if (functionName === 'registerWebviewPanelSerializer') return true;
  return ['commands', 'workspace'].includes(namespace) && functionName.startsWith('register');
}

function isDisposable(value: unknown): value is vscode.Disposable {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'dispose') === 'function';
}
