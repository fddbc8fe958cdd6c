import type { Story, StoryPart, StoryText } from '../../protocol/story.ts';
import type { Actions } from './actions.ts';
import { element, iconButton, setText } from './dom.ts';
import { ICONS } from './icons.ts';
import type { Store } from './model.ts';
import { describeBar } from './words.ts';

/** The facts about the selected mapping, as the editor's hover tells them, with links to lines. */
export function createDetails(store: Store, actions: Actions): HTMLElement {
  const body = element('div', { class: 'stories' });
  const close = iconButton('Close the details', ICONS.close, () => actions.select(null));
  const heading = element('h2', {}, 'Mapping');
  const pane = element(
    'aside',
    { class: 'details', 'aria-label': 'Details of the selected mapping', hidden: true },
    element('header', {}, heading, close),
    body,
  );

  store.onFrame((model, before) => {
    if (model.selected === before.selected && model.stories === before.stories && model.timeline === before.timeline)
      return;
    const { timeline, selected, stories } = model;
    pane.hidden = timeline === null || selected === null;
    if (timeline === null || selected === null) return;
    const { operation, bytes, crosses } = describeBar(timeline, selected);
    setText(heading, `${operation}, ${bytes}`);
    heading.classList.toggle('crossing', crosses);
    body.replaceChildren(...(stories ?? []).map((story) => storyElement(story, actions)));
  });
  return pane;
}

function storyElement({ title, parts }: Story, actions: Actions): HTMLElement {
  return element(
    'article',
    {},
    element('p', { class: 'title' }, ...spans(title, actions)),
    ...parts.map((part) => partElement(part, actions)),
  );
}

function partElement(part: StoryPart, actions: Actions): HTMLElement {
  if (part.kind === 'paragraph') return element('p', {}, ...spans(part.text, actions));
  const head = element('tr', {}, ...part.header.map((text) => element('th', { scope: 'col' }, text)));
  const rows = part.rows.map((cells) =>
    element('tr', {}, ...cells.map((cell) => element('td', {}, ...spans(cell, actions)))),
  );
  return element('table', {}, element('thead', {}, head), element('tbody', {}, ...rows));
}

/** Text stays text: whatever stands in the log becomes no element. */
function spans(text: StoryText, actions: Actions): HTMLElement[] {
  return text.map(({ text: content, style, strong, line }) => {
    if (line !== null) {
      const link = element('button', { type: 'button', class: 'link', title: `Show line ${line}` }, content);
      link.addEventListener('click', () => actions.revealLine(line));
      return link;
    }
    const tag = style === 'code' ? 'code' : 'span';
    return element(tag, strong ? { class: 'strong' } : {}, content);
  });
}
