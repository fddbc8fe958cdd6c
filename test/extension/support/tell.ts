/** What the in-host tests tell the harness, one message a console line. */
export type Message =
  | { readonly kind: 'pass'; readonly name: string; readonly durationMs: number }
  | { readonly kind: 'fail'; readonly name: string; readonly reason: string }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'end'; readonly passed: number; readonly failed: number };

/** The harness looks for this at the beginning of a line of the extension host's console. */
const PREFIX = '@@e2e ';

export function tell(message: Message): void {
  console.log(PREFIX + JSON.stringify(message));
}

/** Prints a figure beside the test results. */
export function note(text: string): void {
  tell({ kind: 'note', text });
}
