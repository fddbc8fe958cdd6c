import type { Timeline } from '../../core/timeline/timeline.ts';
import { element } from './dom.ts';
import type { Store } from './model.ts';
import type { Stage } from './stage.ts';
import { describeBar, formatCount } from './words.ts';

/** Distance from the pointer. */
const OFFSET = 14;

const CLICKABLE: ReadonlySet<string> = new Set(['bar', 'mark', 'handoff', 'lane-header', 'density']);

/** Tells what is under the pointer. */
export function showTooltips(stage: Stage, store: Store): void {
  const tip = element('div', { class: 'tooltip', role: 'presentation', hidden: true });
  stage.element.append(tip);

  function hide(): void {
    tip.hidden = true;
    stage.element.classList.remove('over-bar');
  }

  /** The lines of the tip; `null`: there is nothing to tell. */
  function linesAt(x: number, y: number): HTMLElement[] | null {
    const { timeline } = store.get();
    if (timeline === null) return null;
    const hit = stage.hit(x, y);
    stage.element.classList.toggle('over-bar', CLICKABLE.has(hit.kind));
    if (hit.kind === 'bar') return barLines(timeline, hit.bar);
    const mark = hit.kind === 'mark' ? timeline.outline.marks[hit.mark] : undefined;
    if (mark === undefined) return null;
    return [element('strong', {}, mark.label), element('span', {}, `line ${formatCount(mark.place.line)}`)];
  }

  function place(x: number, y: number): void {
    const { width, height } = stage.size();
    const [tipWidth, tipHeight] = [tip.offsetWidth, tip.offsetHeight];
    tip.style.left = `${x + OFFSET + tipWidth > width ? Math.max(x - OFFSET - tipWidth, 0) : x + OFFSET}px`;
    tip.style.top = `${y + OFFSET + tipHeight > height ? Math.max(y - OFFSET - tipHeight, 0) : y + OFFSET}px`;
  }

  stage.element.addEventListener('pointermove', (event) => {
    const { left, top } = stage.element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const lines = event.buttons === 0 ? linesAt(x, y) : null;
    if (lines === null) {
      tip.hidden = true;
      return;
    }
    tip.replaceChildren(...lines);
    tip.hidden = false;
    place(x, y);
  });
  stage.element.addEventListener('pointerleave', hide);
  stage.element.addEventListener('pointerdown', hide);
}

function barLines(timeline: Timeline, bar: number): HTMLElement[] {
  const { operation, bytes, owner, mappedLine, unmappedLine, end, finding, crosses } = describeBar(timeline, bar);
  const from = formatCount(mappedLine);
  const lines = unmappedLine === null ? `line ${from}` : `lines ${from} to ${formatCount(unmappedLine)}`;
  const found =
    finding === '' ? [] : [element('span', { class: finding.toLowerCase() }, `${finding}: see the details`)];
  return [
    element('strong', {}, `${operation}, ${bytes}`),
    element('span', {}, owner),
    element('span', {}, lines),
    element('span', crosses ? { class: 'crossing' } : {}, end),
    ...found,
  ];
}
