import { Uri, window, workspace, type DebugConfiguration, type WorkspaceFolder } from 'vscode';
import type { DebugConfigurationProvider } from 'vscode';
import { DEBUG_TYPE, LANGUAGE_ID } from '../ids.ts';
import { activeLog, nameOf } from '../uris.ts';

/** Fills in what a launch configuration leaves out: where there is none at all, everything. */
export const configurationProvider: DebugConfigurationProvider = {
  resolveDebugConfiguration(_folder, config) {
    const { type, request, name, program } = config as Partial<Record<string, unknown>>;
    if (isText(program) && program !== '${file}') return config;
    // VS Code would make a path of `${file}`, which says too little where files are not on disk.
    const uri = activeLog();
    if (uri === null) {
      void window.showInformationMessage('Open the log that you want to replay first, or name it in launch.json.');
      return undefined;
    }
    const whole = replayOf(uri);
    return {
      ...config,
      type: isText(type) ? type : whole.type,
      request: isText(request) ? request : whole.request,
      name: isText(name) ? name : whole.name,
      program: uri.toString(),
    };
  },
  resolveDebugConfigurationWithSubstitutedVariables(folder, config) {
    const { program } = config as { readonly program?: unknown };
    return isText(program) ? { ...config, program: toLogUri(program, folder).toString() } : config;
  },
};

/** Offers the open logs where VS Code asks what to debug. */
export const openLogsProvider: DebugConfigurationProvider = {
  provideDebugConfigurations() {
    const logs = workspace.textDocuments.filter(({ languageId }) => languageId === LANGUAGE_ID);
    return logs.map(({ uri }) => replayOf(uri));
  },
};

export function replayOf(uri: Uri): DebugConfiguration {
  return { type: DEBUG_TYPE, request: 'launch', name: `Replay ${nameOf(uri)}`, program: uri.toString() };
}

/** One letter before the colon is a drive. */
const WITH_SCHEME = /^[a-z][a-z0-9+.-]+:/i;
const ABSOLUTE = /^(?:[\\/]|[a-z]:)/i;

function toLogUri(program: string, folder: WorkspaceFolder | undefined): Uri {
  if (WITH_SCHEME.test(program)) return Uri.parse(program);
  const root = (folder ?? workspace.workspaceFolders?.[0])?.uri;
  if (root === undefined) return Uri.file(program);
  if (!ABSOLUTE.test(program)) return Uri.joinPath(root, program);
  // `${workspaceFolder}` is a path also where the folder is not on disk.
  const isInside = root.scheme !== 'file' && program.startsWith(root.path);
  return isInside ? root.with({ path: program }) : Uri.file(program);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
