import { InputBoxValidationSeverity, ThemeIcon, window, type InputBox } from 'vscode';
import type { QuotingStyle } from '../../capture/split-command-line.ts';
import { together } from '../disposable.ts';
import { checkCommand, type CheckedCommand } from './check-command.ts';
import { askForChoices, type CaptureChoices } from './choices.ts';

export interface TypedCommand {
  readonly words: readonly string[];
  readonly choices: CaptureChoices;
}

/** What stands in the box when it opens, and which part of it is selected. */
export interface Draft {
  readonly text: string;
  readonly selection: readonly [number, number];
  readonly choices: CaptureChoices;
}

/** Asks for a command line, and says while it is typed what is wrong with it. `null`: the user left. */
export async function typeCommand(draft: Draft, quoting: QuotingStyle): Promise<TypedCommand | null> {
  let { text, choices } = draft;
  let selection: readonly [number, number] | undefined = draft.selection;
  for (;;) {
    const answer = await showBox(text, selection, (typed) => checkCommand(typed, quoting, choices));
    if (answer === null) return null;
    ({ text } = answer);
    selection = undefined;
    if (answer.wants === 'options') {
      choices = await askForChoices(choices);
      continue;
    }
    const checked = checkCommand(text, quoting, choices);
    if (checked.ok) return { words: checked.words, choices };
  }
}

interface Answer {
  readonly text: string;
  readonly wants: 'capture' | 'options';
}

const OPTIONS_BUTTON = { iconPath: new ThemeIcon('gear'), tooltip: 'Options of the Capture…' };

function showBox(
  text: string,
  selection: readonly [number, number] | undefined,
  check: (text: string) => CheckedCommand,
): Promise<Answer | null> {
  const box = window.createInputBox();
  box.title = 'Capture with QEMU';
  box.value = text;
  if (selection !== undefined) box.valueSelection = selection;
  box.buttons = [OPTIONS_BUTTON];
  // A long line is often put together from other windows.
  box.ignoreFocusOut = true;
  judge(box, check);
  return new Promise((resolve) => {
    function leave(answer: Answer | null): void {
      resolve(answer);
      subscriptions.dispose();
    }
    const subscriptions = together([
      box.onDidChangeValue(() => judge(box, check)),
      box.onDidAccept(() => {
        if (check(box.value).ok) leave({ text: box.value, wants: 'capture' });
      }),
      box.onDidTriggerButton(() => leave({ text: box.value, wants: 'options' })),
      box.onDidHide(() => leave(null)),
      box,
    ]);
    box.show();
  });
}

/** Below the box: why the line cannot be captured, or what will be added to it. */
function judge(box: InputBox, check: (text: string) => CheckedCommand): void {
  const checked = check(box.value);
  if (!checked.ok) {
    box.validationMessage = { message: checked.message, severity: InputBoxValidationSeverity.Error };
    return;
  }
  const severity = checked.notes.length > 0 ? InputBoxValidationSeverity.Warning : InputBoxValidationSeverity.Info;
  const message = [...checked.notes, `Enter boots the machine, with this added: ${checked.added.join(' ')}`].join(' ');
  box.validationMessage = { message, severity };
}
