import { QuickPickItemKind, ThemeIcon, tasks, window, type QuickPickItem, type Task } from 'vscode';
import type { QuotingStyle } from '../../capture/split-command-line.ts';
import { together } from '../disposable.ts';
import { TASK_TYPE } from '../ids.ts';
import { USUAL_CHOICES } from './choices.ts';
import { joinWords } from './join-words.ts';
import type { CaptureDefinition } from './definition.ts';
import { exampleCommand } from './example-command.ts';
import type { RecentCaptures } from './recent-captures.ts';
import { typeCommand, type Draft } from './type-command.ts';

export type AskedCapture =
  { readonly kind: 'command'; readonly definition: CaptureDefinition } | { readonly kind: 'task'; readonly task: Task };

type Answer = AskedCapture | { readonly kind: 'type'; readonly draft: Draft | null };

interface Item extends QuickPickItem {
  readonly answer: Answer | null;
}

/** Asks what to capture: a task of the workspace, what was captured before, or a command line to type. `null`: the user left. */
export async function askForCapture(recent: RecentCaptures, quoting: QuotingStyle): Promise<AskedCapture | null> {
  const written = await tasks.fetchTasks({ type: TASK_TYPE });
  const answer = await pick(written, recent, quoting);
  if (answer?.kind !== 'type') return answer;
  const typed = await typeCommand(answer.draft ?? (await exampleCommand()), quoting);
  if (typed === null) return null;
  const definition = { command: typed.words, log: null, timeout: null, linger: null, cwd: null, ...typed.choices };
  return { kind: 'command', definition };
}

async function pick(written: readonly Task[], recent: RecentCaptures, quoting: QuotingStyle): Promise<Answer | null> {
  if (written.length === 0 && recent.all().length === 0) return { kind: 'type', draft: null };
  const box = window.createQuickPick<Item>();
  box.title = 'Capture with QEMU: What to Boot';
  box.matchOnDetail = true;
  box.items = toItems(written, recent, quoting);
  return new Promise((resolve) => {
    function leave(answer: Answer | null): void {
      resolve(answer);
      subscriptions.dispose();
    }
    const subscriptions = together([
      box.onDidAccept(() => leave(box.selectedItems[0]?.answer ?? null)),
      box.onDidTriggerItemButton(({ item: { answer }, button }) => {
        if (answer?.kind !== 'command') return;
        if (button === EDIT) leave({ kind: 'type', draft: toDraft(answer.definition, quoting) });
        else void recent.remove(answer.definition).then(() => (box.items = toItems(written, recent, quoting)));
      }),
      box.onDidHide(() => leave(null)),
      box,
    ]);
    box.show();
  });
}

const TYPE: Item = {
  label: '$(edit) Type a command line…',
  alwaysShow: true,
  answer: { kind: 'type', draft: null },
};
const EDIT = { iconPath: new ThemeIcon('edit'), tooltip: 'Edit' };
const REMOVE = { iconPath: new ThemeIcon('close'), tooltip: 'Remove from This List' };

function toItems(written: readonly Task[], recent: RecentCaptures, quoting: QuotingStyle): Item[] {
  const before = recent.all().map((definition) => ({
    label: joinWords(definition.command, quoting),
    description: describeChoices(definition),
    buttons: [EDIT, REMOVE],
    answer: { kind: 'command', definition } as const,
  }));
  const fromFile = written.map((task) => ({
    label: task.name,
    detail: task.detail ?? '',
    answer: { kind: 'task', task } as const,
  }));
  return [...section('captured before', before), ...section('tasks.json', fromFile), ...section('new', [TYPE])];
}

function section(title: string, items: readonly Item[]): Item[] {
  return items.length === 0 ? [] : [{ label: title, kind: QuickPickItemKind.Separator, answer: null }, ...items];
}

function describeChoices({ trace, rebind, tracer, keepRunning }: CaptureDefinition): string {
  return [
    ...(trace === null ? [] : ['with a trace of devices']),
    ...(rebind ? ['restarts drivers'] : []),
    ...(tracer ? [] : ['without the tracer']),
    ...(keepRunning ? ['runs on'] : []),
  ].join(', ');
}

function toDraft({ command, trace, rebind, tracer, keepRunning }: CaptureDefinition, quoting: QuotingStyle): Draft {
  const text = joinWords(command, quoting);
  return {
    text,
    selection: [text.length, text.length],
    choices: { ...USUAL_CHOICES, trace, rebind, tracer, keepRunning },
  };
}
