/** What `vscode.Disposable` promises, without being that class. */
export interface Disposable {
  dispose(): void;
}

/** Disposes of several things as one, in their order. */
export function together(parts: readonly Disposable[]): Disposable {
  return {
    dispose() {
      for (const part of parts) part.dispose();
    },
  };
}
