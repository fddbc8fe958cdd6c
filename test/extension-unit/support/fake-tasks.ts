import type * as vscode from 'vscode';
import type { EventEmitter } from './fake-vscode.ts';

/** The part of `vscode` that has to do with tasks. A task that is executed starts, and ends when the test says so. */
export interface FakeTasks {
  readonly provider: vscode.TaskProvider | null;
  /** What `fetchTasks` finds. */
  readonly written: vscode.Task[];
  readonly executions: FakeExecution[];
}

export interface FakeExecution {
  readonly task: vscode.Task;
  isTerminated: boolean;
  terminate(): void;
  /** Ends the process, then the task. */
  end(exitCode: number | undefined): void;
}

type Take = <T extends object>(name: string, rest: T, release: () => unknown) => T & { dispose(): void };

/** @param take notes that something was taken and not given back */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the types are those of VS Code's API
export function createTasksNamespace(
  take: Take,
  started: EventEmitter<{ readonly execution: FakeExecution }>,
  processEnded: EventEmitter<{ readonly execution: FakeExecution; readonly exitCode: number | undefined }>,
  ended: EventEmitter<{ readonly execution: FakeExecution }>,
) {
  const state = { provider: null as vscode.TaskProvider | null, written: [], executions: [] } satisfies FakeTasks;
  const executions: FakeExecution[] = state.executions;

  function start(task: vscode.Task): FakeExecution {
    const execution: FakeExecution = {
      task,
      isTerminated: false,
      terminate() {
        execution.isTerminated = true;
        execution.end(undefined);
      },
      end(exitCode) {
        processEnded.fire({ execution, exitCode });
        ended.fire({ execution });
      },
    };
    executions.push(execution);
    started.fire({ execution });
    return execution;
  }

  const namespace = {
    onDidStartTask: started.event,
    onDidEndTaskProcess: processEnded.event,
    onDidEndTask: ended.event,
    registerTaskProvider(type: string, provider: vscode.TaskProvider) {
      state.provider = provider;
      return take(`the provider of tasks of ${type}`, {}, () => (state.provider = null));
    },
    fetchTasks: async () => state.written,
    executeTask: async (task: vscode.Task) => start(task),
  };
  return { state: state as FakeTasks, namespace };
}
