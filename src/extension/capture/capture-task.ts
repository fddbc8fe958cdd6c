import {
  ProcessExecution,
  Task,
  TaskPanelKind,
  TaskRevealKind,
  TaskScope,
  Uri,
  workspace,
  type TaskDefinition,
  type WorkspaceFolder,
} from 'vscode';
import { logName } from '../../capture/log-name.ts';
import { TASK_TYPE } from '../ids.ts';
import { readSettings } from '../settings.ts';
import type { CaptureHost } from './capture-host.ts';
import { logOfArguments, toCliArguments } from './cli-arguments.ts';
import type { CaptureDefinition } from './definition.ts';
import { expandFolder } from './expand-folder.ts';

/** The log of a task that names none. It is written anew each time, as a build's output is. */
const DEFAULT_LOG = logName(1);

/** Makes tasks that run the command line of this extension. */
export interface CaptureTasks {
  /** @param written what stands in tasks.json, or would: VS Code knows the task by it */
  create(definition: CaptureDefinition, written: TaskDefinition, scope: Task['scope'], name?: string): Task;
}

export function createCaptureTasks(host: CaptureHost, extensionUri: Uri): CaptureTasks {
  const script = Uri.joinPath(extensionUri, 'dist/cli/main.js').fsPath;
  const { program, words, environment } = host.node;

  return {
    create(definition, written, scope, name) {
      const home = folderOf(scope)?.uri.fsPath ?? host.homeFolder;
      const places = { folder: home, home: host.homeFolder };
      const cwd = host.resolvePath(home, expandFolder(definition.cwd ?? '.', places));
      const resolve = (path: string): string => host.resolvePath(cwd, expandFolder(path, places));
      const log = resolve(definition.log ?? DEFAULT_LOG);
      const trace = definition.trace === null ? null : resolve(definition.trace);
      const cliWords = toCliArguments({ ...definition, trace }, log, readSettings(Uri.file(log)));
      const execution = new ProcessExecution(program, [...words, script, ...cliWords], {
        cwd,
        env: { ...environment },
      });
      const title = name ?? `capture ${definition.log ?? DEFAULT_LOG}`;
      const task = new Task(written, scope ?? TaskScope.Workspace, title, TASK_TYPE, execution, []);
      task.detail = definition.command.join(' ');
      task.presentationOptions = {
        reveal: TaskRevealKind.Always,
        panel: TaskPanelKind.Dedicated,
        clear: true,
        showReuseMessage: false,
      };
      return task;
    },
  };
}

/** The log of a task that captures; `null`: it does something else. */
export function logOfTask({ definition, execution }: Task): Uri | null {
  if (definition.type !== TASK_TYPE || !(execution instanceof ProcessExecution)) return null;
  const log = logOfArguments(execution.args);
  return log === null ? null : Uri.file(log);
}

/** The folder that a task belongs to; the first one of the workspace for a task that belongs to all. */
function folderOf(scope: Task['scope']): WorkspaceFolder | null {
  return typeof scope === 'object' ? scope : (workspace.workspaceFolders?.[0] ?? null);
}
