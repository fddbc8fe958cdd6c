import { window, type QuickPickItem } from 'vscode';
import type { CaptureDefinition } from './definition.ts';

/** What can be chosen about a capture besides its command line. */
export type CaptureChoices = Pick<CaptureDefinition, 'trace' | 'rebind' | 'tracer' | 'keepRunning'>;

export const USUAL_CHOICES: CaptureChoices = { trace: null, rebind: false, tracer: true, keepRunning: false };

const TRACE_FILE = 'qemu-trace.log';

interface Choice extends QuickPickItem {
  readonly apply: (choices: CaptureChoices) => CaptureChoices;
}

/** Lets the user tick them; gives what was before if they are dismissed. */
export async function askForChoices(before: CaptureChoices): Promise<CaptureChoices> {
  const choices: readonly Choice[] = [
    {
      label: 'Trace the devices, too',
      detail: `QEMU tells in ${TRACE_FILE} whether they were stopped; the terminal’s report reads it.`,
      picked: before.trace !== null,
      apply: (chosen) => ({ ...chosen, trace: before.trace ?? TRACE_FILE }),
    },
    {
      label: 'Restart drivers that were there before the tracer',
      detail: 'For firmware that binds drivers before it runs option ROMs.',
      picked: before.rebind,
      apply: (chosen) => ({ ...chosen, rebind: true }),
    },
    {
      label: 'Leave the tracer out',
      detail: 'For firmware that prints its calls by itself.',
      picked: !before.tracer,
      apply: (chosen) => ({ ...chosen, tracer: false }),
    },
    {
      label: 'Let the machine run on behind hand-off',
      detail: 'Until it ends by itself or the task is terminated.',
      picked: before.keepRunning,
      apply: (chosen) => ({ ...chosen, keepRunning: true }),
    },
  ];
  const options = { title: 'Options of the Capture', canPickMany: true, ignoreFocusOut: true } as const;
  const picked = await window.showQuickPick(choices, options);
  return picked === undefined ? before : picked.reduce((chosen, { apply }) => apply(chosen), USUAL_CHOICES);
}
