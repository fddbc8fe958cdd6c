import { workspace, type CancellationToken, type Uri } from 'vscode';

const LOOK_AGAIN_MS = 100;

interface FileState {
  readonly size: number;
  readonly mtime: number;
}

/**
 * Resolves when somebody writes the file from its beginning: at once if there is none, else when the one of an earlier run is
 * replaced. Until then, what stands in it is old news.
 */
export async function whenWrittenAnew(file: Uri, token: CancellationToken): Promise<void> {
  const before = await stateOf(file);
  if (before === null || before.size === 0) return;
  while (!token.isCancellationRequested) {
    const now = await stateOf(file);
    if (now === null || now.size < before.size || now.mtime !== before.mtime) return;
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
}

async function stateOf(file: Uri): Promise<FileState | null> {
  try {
    return await workspace.fs.stat(file);
  } catch {
    return null;
  }
}
