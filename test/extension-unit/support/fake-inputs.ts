import type * as vscode from 'vscode';
import { CancellationTokenSource, EventEmitter } from './fake-vscode.ts';

/** Boxes that ask the user, whom the test plays. */
export const inputs = {
  /** The box that is shown. */
  box: null as FakeInputBox | null,
  pick: null as FakeQuickPick | null,
  /** Labels that are ticked in the next list; `undefined`: it is dismissed. */
  ticked: undefined as readonly string[] | undefined,
  /** What `withProgress` shows, one each; `cancel` is its button. */
  progresses: [] as { readonly title: string; readonly told: string[]; cancel(): void }[],
};

export class FakeInputBox {
  title = '';
  prompt = '';
  value = '';
  valueSelection: readonly [number, number] | undefined;
  validationMessage: { readonly message: string; readonly severity: number } | undefined;
  ignoreFocusOut = false;
  buttons: readonly vscode.QuickInputButton[] = [];
  private readonly changed = new EventEmitter<string>();
  private readonly accepted = new EventEmitter<undefined>();
  private readonly triggered = new EventEmitter<vscode.QuickInputButton>();
  private readonly hidden = new EventEmitter<undefined>();
  readonly onDidChangeValue = this.changed.event;
  readonly onDidAccept = this.accepted.event;
  readonly onDidTriggerButton = this.triggered.event;
  readonly onDidHide = this.hidden.event;
  show(): void {
    inputs.box = this;
  }
  /** Types over all that stands there. */
  type(text: string): void {
    this.value = text;
    this.changed.fire(text);
  }
  accept(): void {
    this.accepted.fire(undefined);
  }
  press(button: vscode.QuickInputButton): void {
    this.triggered.fire(button);
  }
  hide(): void {
    this.hidden.fire(undefined);
  }
  dispose(): void {
    if (inputs.box === this) inputs.box = null;
    for (const emitter of [this.changed, this.accepted, this.triggered, this.hidden]) emitter.dispose();
  }
}

export class FakeQuickPick {
  title = '';
  matchOnDetail = false;
  items: readonly vscode.QuickPickItem[] = [];
  selectedItems: readonly vscode.QuickPickItem[] = [];
  private readonly accepted = new EventEmitter<undefined>();
  private readonly triggered = new EventEmitter<{ item: vscode.QuickPickItem; button: vscode.QuickInputButton }>();
  private readonly hidden = new EventEmitter<undefined>();
  readonly onDidAccept = this.accepted.event;
  readonly onDidTriggerItemButton = this.triggered.event;
  readonly onDidHide = this.hidden.event;
  show(): void {
    inputs.pick = this;
  }
  private find(label: string): vscode.QuickPickItem {
    const found = this.items.find((item) => item.label.includes(label));
    if (found === undefined) throw new Error(`There is no ${label} to pick.`);
    return found;
  }
  choose(label: string): void {
    this.selectedItems = [this.find(label)];
    this.accepted.fire(undefined);
  }
  pressOn(label: string, tooltip: string): void {
    const item = this.find(label);
    const button = item.buttons?.find((candidate) => candidate.tooltip === tooltip);
    if (button === undefined) throw new Error(`${label} has no button ${tooltip}.`);
    this.triggered.fire({ item, button });
  }
  hide(): void {
    this.hidden.fire(undefined);
  }
  dispose(): void {
    if (inputs.pick === this) inputs.pick = null;
    for (const emitter of [this.accepted, this.triggered, this.hidden]) emitter.dispose();
  }
}

/** Ticks what the test wants ticked in a list of many. */
export async function tick(items: readonly vscode.QuickPickItem[]): Promise<vscode.QuickPickItem[] | undefined> {
  const labels = inputs.ticked;
  return labels && items.filter(({ label }) => labels.includes(label));
}

interface Progress {
  report(value: { message: string }): void;
}

export function showProgress<T>(
  { title }: { readonly title: string },
  run: (progress: Progress, token: CancellationTokenSource['token']) => T,
): T {
  const told: string[] = [];
  const cancellation = new CancellationTokenSource();
  inputs.progresses.push({ title, told, cancel: () => cancellation.cancel() });
  return run({ report: ({ message }) => void told.push(message) }, cancellation.token);
}
