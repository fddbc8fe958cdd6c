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

  stage.element.addEventListener('pointermove', (event) => {
    const { left, top } = stage.element.getBoundingClientRect();
    const [x, y] = [event.clientX - left, event.clientY - top];
    const { timeline } = store.get();
    if (timeline === null || event.buttons !== 0) return hide();
    const hit = stage.hit(x, y);
    stage.element.classList.toggle('over-bar', CLICKABLE.has(hit.kind));
    if (hit.kind === 'bar') {
      const { operation, bytes, owner, mappedLine, unmappedLine, end, finding, crosses } = describeBar(
        timeline,
        hit.bar,
      );
      const lines =
        unmappedLine === null
          ? `line ${formatCount(mappedLine)}`
          : `lines ${formatCount(mappedLine)} to ${formatCount(unmappedLine)}`;
      tip.replaceChildren(
        element('strong', {}, `${operation}, ${bytes}`),
        element('span', {}, owner),
        element('span', {}, lines),
        element('span', crosses ? { class: 'crossing' } : {}, end),
        ...(finding === '' ? [] : [element('span', { class: finding.toLowerCase() }, `${finding}: see the details`)]),
      );
    } else if (hit.kind === 'mark') {
      const mark = timeline.outline.marks[hit.mark];
      if (mark === undefined) return hide();
      tip.replaceChildren(
        element('strong', {}, mark.label),
        element('span', {}, `line ${formatCount(mark.place.line)}`),
      );
    } else return hide();
    tip.hidden = false;
    const { width, height } = stage.size();
    const [tipWidth, tipHeight] = [tip.offsetWidth, tip.offsetHeight];
    tip.style.left = `${x + OFFSET + tipWidth > width ? Math.max(x - OFFSET - tipWidth, 0) : x + OFFSET}px`;
    tip.style.top = `${y + OFFSET + tipHeight > height ? Math.max(y - OFFSET - tipHeight, 0) : y + OFFSET}px`;
  });
  stage.element.addEventListener('pointerleave', hide);
  stage.element.addEventListener('pointerdown', hide);
}
