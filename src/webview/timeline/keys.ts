/** What a key does while the picture has the focus. */
export type KeyAction =
  | { readonly kind: 'pan'; readonly share: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'scroll'; readonly rows: number }
  | { readonly kind: 'select'; readonly to: 'left' | 'right' | 'up' | 'down' }
  | { readonly kind: 'match'; readonly direction: 1 | -1 }
  | { readonly kind: 'step'; readonly by: 1 | -1 }
  | {
      readonly kind:
        'all' | 'exit' | 'selection' | 'begin' | 'end' | 'search' | 'reveal' | 'clear' | 'play' | 'table' | 'help';
    };

export interface Key {
  readonly key: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

const PAN_SHARE = 0.15;
export const ZOOM_FACTOR = 1.5;

const SIMPLE: Readonly<Record<string, KeyAction>> = {
  '+': { kind: 'zoom', factor: 1 / ZOOM_FACTOR },
  '=': { kind: 'zoom', factor: 1 / ZOOM_FACTOR },
  '-': { kind: 'zoom', factor: ZOOM_FACTOR },
  _: { kind: 'zoom', factor: ZOOM_FACTOR },
  w: { kind: 'zoom', factor: 1 / ZOOM_FACTOR },
  s: { kind: 'zoom', factor: ZOOM_FACTOR },
  a: { kind: 'pan', share: -PAN_SHARE },
  d: { kind: 'pan', share: PAN_SHARE },
  0: { kind: 'all' },
  e: { kind: 'exit' },
  f: { kind: 'selection' },
  '/': { kind: 'search' },
  n: { kind: 'match', direction: 1 },
  p: { kind: 'match', direction: -1 },
  ',': { kind: 'step', by: -1 },
  '.': { kind: 'step', by: 1 },
  t: { kind: 'table' },
  '?': { kind: 'help' },
  ' ': { kind: 'play' },
  Enter: { kind: 'reveal' },
  Escape: { kind: 'clear' },
  Home: { kind: 'begin' },
  End: { kind: 'end' },
  PageUp: { kind: 'scroll', rows: -10 },
  PageDown: { kind: 'scroll', rows: 10 },
};

const ARROWS = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
} as const satisfies Readonly<Record<string, 'left' | 'right' | 'up' | 'down'>>;

/** Arrows go from bar to bar once one is selected, and move the view before that and with shift. `null`: not our key. */
export function keyAction({ key, shiftKey, ctrlKey, altKey, metaKey }: Key, hasSelection: boolean): KeyAction | null {
  // Those belong to VS Code.
  if (ctrlKey || altKey || metaKey) return null;
  if (Object.hasOwn(ARROWS, key)) {
    const to = ARROWS[key as keyof typeof ARROWS];
    if (hasSelection && !shiftKey) return { kind: 'select', to };
    if (to === 'left' || to === 'right') return { kind: 'pan', share: to === 'left' ? -PAN_SHARE : PAN_SHARE };
    return hasSelection || shiftKey ? { kind: 'scroll', rows: to === 'up' ? -1 : 1 } : { kind: 'select', to };
  }
  const name = key.length === 1 ? key.toLowerCase() : key;
  return Object.hasOwn(SIMPLE, name) ? (SIMPLE[name] ?? null) : null;
}
