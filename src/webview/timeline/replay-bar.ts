import type { Actions } from './actions.ts';
import { element, iconButton, setAttributes, setText } from './dom.ts';
import { ICONS } from './icons.ts';
import type { Model, Store } from './model.ts';
import { formatCount } from './words.ts';

/** Steps a second, and what they are called. */
const SPEEDS: readonly (readonly [number, string])[] = [
  [2, '2 steps/s'],
  [20, '20 steps/s'],
  [200, '200 steps/s'],
  [2000, '2 000 steps/s'],
  [20_000, '20 000 steps/s'],
];

/** The controls of the replay: the timeline's cursor is the one of a debug session of the same log. */
export function createReplayBar(store: Store, actions: Actions): HTMLElement {
  const lastStep = (): number => Math.max((store.get().head?.outline.stepCount ?? 1) - 1, 0);
  const play = iconButton('Play (Space)', ICONS.play, () => actions.togglePlay());
  const scrub = element('input', {
    type: 'range',
    min: 0,
    max: 0,
    step: 1,
    value: 0,
    class: 'scrub',
    'aria-label': 'Step of the replay',
  });
  scrub.addEventListener('input', () => actions.moveCursor(scrub.valueAsNumber));
  const speed = element(
    'select',
    { 'aria-label': 'Speed of the replay', title: 'Speed of the replay' },
    ...SPEEDS.map(([value, text]) => element('option', { value }, text)),
  );
  speed.addEventListener('change', () => store.update({ speed: Number(speed.value) }));
  const figures = element('span', { class: 'figures' });
  const line = element('button', { type: 'button', class: 'link', hidden: true });
  line.addEventListener('click', () => {
    const { moment } = store.get();
    if (moment !== null) actions.revealLine(moment.line);
  });
  const title = element('span', { class: 'moment' });
  const debug = element('button', { type: 'button', class: 'button' }, 'Debug this log');
  debug.addEventListener('click', () => actions.debug());
  const bar = element(
    'footer',
    { class: 'replay', role: 'group', 'aria-label': 'Replay' },
    iconButton('To the first step', ICONS.first, () => actions.moveCursor(0)),
    iconButton('One step back (,)', ICONS.back, () => actions.stepBy(-1)),
    play,
    iconButton('One step forward (.)', ICONS.forward, () => actions.stepBy(1)),
    iconButton('To the last step', ICONS.last, () => actions.moveCursor(lastStep())),
    speed,
    scrub,
    figures,
    line,
    title,
    element('span', { class: 'space' }),
    debug,
  );

  store.onFrame((model, before) => {
    if (model.head !== before.head) setAttributes(scrub, { max: lastStep() });
    if (model.isPlaying !== before.isPlaying) showPlaying(play, model.isPlaying);
    if (Number(speed.value) !== model.speed) speed.value = String(model.speed);
    const step = model.cursor ?? 0;
    if (scrub.valueAsNumber !== step) scrub.valueAsNumber = step;
    setText(figures, figuresOf(model));
    setAttributes(scrub, { 'aria-valuetext': figuresOf(model) });
    line.hidden = model.moment === null;
    setText(line, model.moment === null ? '' : `line ${formatCount(model.moment.line)}`);
    setText(title, model.moment?.title ?? '');
    setAttributes(title, { title: model.moment?.title ?? null });
  });
  return bar;
}

function showPlaying(button: HTMLButtonElement, isPlaying: boolean): void {
  const name = isPlaying ? 'Pause (Space)' : 'Play (Space)';
  setAttributes(button, { 'aria-label': name, title: name });
  button.querySelector('path')?.setAttribute('d', isPlaying ? ICONS.pause : ICONS.play);
}

function figuresOf({ head, cursor, moment }: Model): string {
  if (head === null) return '';
  const count = formatCount(head.outline.stepCount);
  if (cursor === null) return `${count} steps`;
  const live = moment === null ? '' : ` · ${formatCount(moment.live)} live`;
  return `Step ${formatCount(cursor + 1)} of ${count}${live}`;
}
