import { tasks, window, workspace, type Memento, type Task, type TaskExecution, type Uri } from 'vscode';
import type { Analyzer } from '../analyzer.ts';
import { askForCapture } from '../capture/ask-for-capture.ts';
import type { CaptureHost } from '../capture/capture-host.ts';
import { createCaptureTasks, logOfTask } from '../capture/capture-task.ts';
import { parseDefinition, toTaskDefinition } from '../capture/definition.ts';
import { followCapture, type FollowedCapture } from '../capture/follow-capture.ts';
import { chooseLog } from '../capture/new-log.ts';
import { createRecentCaptures } from '../capture/recent-captures.ts';
import { tellCapture } from '../capture/tell-capture.ts';
import { together, type Disposable } from '../disposable.ts';
import { TASK_TYPE } from '../ids.ts';
import type { DemandAnalysis } from '../log-analyses.ts';

export interface CaptureServices {
  readonly analyzer: Analyzer;
  readonly demand: DemandAnalysis;
  readonly extensionUri: Uri;
  readonly workspaceState: Memento;
  /** Called before the log of a capture is opened: what became of it is told here. */
  readonly onWillTell: (log: Uri) => void;
}

export interface CaptureFeature extends Disposable {
  /** Asks what to boot and starts that. */
  capture(): Promise<void>;
}

/** Captures: tasks that boot a machine, how their boot goes, and what came of it. Whoever starts the task, it is followed. */
export function registerCaptureWithQemu(host: CaptureHost, services: CaptureServices): CaptureFeature {
  const captures = createCaptureTasks(host, services.extensionUri);
  const recent = createRecentCaptures(services.workspaceState);

  async function capture(): Promise<void> {
    const asked = await askForCapture(recent, host.quoting);
    if (asked === null) return;
    if (asked.kind === 'task') {
      await tasks.executeTask(asked.task);
      return;
    }
    const place = await chooseLog(workspace.workspaceFolders ?? []);
    if (place === null) return;
    await recent.add(asked.definition);
    const definition = { ...asked.definition, log: place.log };
    await tasks.executeTask(captures.create(definition, toTaskDefinition(definition), place.scope));
  }

  function resolveTask({ definition: written, scope, name }: Task): Task | undefined {
    const parsed = parseDefinition(written, host.quoting);
    if (parsed.ok) return captures.create(parsed.definition, written, scope, name);
    void window.showErrorMessage(`The task “${name}” cannot run. ${parsed.message}`);
    return undefined;
  }

  const subscriptions = together([
    // What there is to boot nobody can guess; what was captured before the command offers.
    tasks.registerTaskProvider(TASK_TYPE, { provideTasks: () => [], resolveTask }),
    followTasks(services),
  ]);
  return { capture, dispose: () => subscriptions.dispose() };
}

function followTasks({ analyzer, demand, onWillTell }: CaptureServices): Disposable {
  const running = new Map<TaskExecution, FollowedCapture>();
  const exitCodes = new WeakMap<TaskExecution, number | undefined>();
  return together([
    tasks.onDidStartTask(({ execution }) => {
      const log = logOfTask(execution.task);
      if (log !== null) running.set(execution, followCapture(execution, log, analyzer));
    }),
    tasks.onDidEndTaskProcess(({ execution, exitCode }) => void exitCodes.set(execution, exitCode)),
    tasks.onDidEndTask(({ execution }) => {
      const followed = running.get(execution);
      if (followed === undefined) return;
      running.delete(execution);
      const { log, isCancelled } = followed;
      followed.dispose();
      onWillTell(log);
      void tellCapture({ log, exitCode: exitCodes.get(execution), isCancelled }, demand);
    }),
    { dispose: () => together([...running.values()]).dispose() },
  ]);
}
