import { element } from './dom.ts';
import { ICONS } from './icons.ts';
import { createMenu, type Menu } from './menu.ts';

const MOUSE: readonly (readonly [string, string])[] = [
  ['Wheel', 'scroll the rows; where all rows are seen, zoom'],
  ['Ctrl, ⌘ or Alt + wheel, pinch', 'zoom at the pointer'],
  ['Shift + wheel, sideways', 'move along the axis'],
  ['Two fingers on a touch screen', 'zoom and move'],
  ['Drag', 'move the picture'],
  ['Shift + drag', 'zoom to what is framed'],
  ['Click', 'select a mapping; fold a lane by its title'],
  ['Double click', 'show the line in the editor'],
  ['Press the ruler', 'move the replay there'],
];

const KEYS: readonly (readonly [string, string])[] = [
  ['← → ↑ ↓', 'move; with a selection, go from mapping to mapping'],
  ['Shift + arrows', 'always move'],
  ['+ −, W S', 'zoom'],
  ['A D', 'move along the axis'],
  ['0', 'show all'],
  ['E', 'zoom to ExitBootServices'],
  ['F', 'zoom to the selection'],
  ['Home, End', 'go to the begin, to the end'],
  ['/', 'search'],
  ['N, P', 'next, previous match'],
  ['Enter', 'show the line of the selection'],
  ['Space', 'play, pause'],
  [', .', 'one step back, forward'],
  ['T', 'table'],
  ['Esc', 'clear the selection'],
];

/** What mouse and keys do. */
export function createHelp(): Menu {
  return createMenu('Mouse and keys (?)', ICONS.help, [list('Mouse', MOUSE), list('Keys', KEYS)], 'dialog');
}

function list(title: string, entries: readonly (readonly [string, string])[]): HTMLElement {
  const rows = entries.map(([keys, text]) =>
    element('tr', {}, element('th', { scope: 'row' }, keys), element('td', {}, text)),
  );
  return element('section', {}, element('h3', {}, title), element('table', {}, element('tbody', {}, ...rows)));
}
