import { axesOf } from '../../core/timeline/axis.ts';
import type { TimelineOutline } from '../../core/timeline/timeline.ts';
import { AXIS_NAMES } from '../../protocol/timeline-messages.ts';
import type { Actions } from './actions.ts';
import { element, icon, iconButton, setAttributes, setText } from './dom.ts';
import { ICONS } from './icons.ts';
import { ZOOM_FACTOR } from './keys.ts';
import type { Model, Store } from './model.ts';
import { createTypedSearch } from './typed-search.ts';
import { formatCount } from './words.ts';

/** The row of controls above the picture. */
export interface Toolbar {
  readonly element: HTMLElement;
  focusSearch(): void;
}

/** What the search understands; the rest is in the manual. */
const SEARCH_HINT = 'Search mappings: owner, address, handle, device, rule:…, is:leaked…';

/** Searches that are worth a click. */
const FILTERS: readonly (readonly [string, string])[] = [
  ['', 'All mappings'],
  ['is:leaked', 'Still mapped at hand-off'],
  ['is:swept', 'Removed by the cleanup'],
  ['is:exit', 'Unmapped in ExitBootServices'],
  ['is:pending', 'Transfers left behind'],
  ['is:error', 'With an error'],
  ['is:warning', 'With a warning'],
];

export function createToolbar(store: Store, actions: Actions, menus: readonly HTMLElement[]): Toolbar {
  const boots = element('select', { 'aria-label': 'Boot', class: 'boots' });
  boots.addEventListener('change', () => actions.chooseBoot(boots.selectedIndex));
  const axes = element('select', { 'aria-label': 'Horizontal axis', title: 'Horizontal axis' });
  axes.addEventListener('change', () => {
    const axis = axesOf(outlineOf(store.get()) ?? { first: { step: 0, line: 1, seconds: null } })[axes.selectedIndex];
    if (axis !== undefined) actions.chooseAxis(axis);
  });
  const toSelection = iconButton('Zoom to the selection (F)', ICONS.zoomSelection, () => actions.showSelection());
  const toExit = iconButton('Zoom to ExitBootServices (E)', ICONS.zoomExit, () => actions.showExit());
  const zoom = element(
    'div',
    { class: 'group', role: 'group', 'aria-label': 'Zoom' },
    iconButton('Zoom in (+)', ICONS.zoomIn, () => actions.zoomBy(1 / ZOOM_FACTOR)),
    iconButton('Zoom out (−)', ICONS.zoomOut, () => actions.zoomBy(ZOOM_FACTOR)),
    iconButton('Show all (0)', ICONS.zoomAll, () => actions.showAll()),
    toExit,
    toSelection,
  );
  const search = createSearch(store, actions);
  const filters = element('select', { 'aria-label': 'Filter', title: 'Filter' });
  filters.addEventListener('change', () => {
    actions.search(filters.value);
    actions.hideOthers(filters.value !== '');
  });
  const table = iconButton('Show as a table (T)', ICONS.table, () => actions.toggleTable());
  const bar = element(
    'div',
    { class: 'toolbar', role: 'toolbar', 'aria-label': 'Timeline' },
    boots,
    axes,
    zoom,
    search.element,
    filters,
    element('span', { class: 'space' }),
    table,
    ...menus,
  );

  store.onFrame((model, before) => {
    const outline = outlineOf(model);
    if (model.head !== before.head && model.head !== null && outline !== null) {
      fill(
        boots,
        model.head.boots.map((title, index) => [String(index), title]),
      );
      boots.hidden = model.head.boots.length < 2;
      boots.selectedIndex = model.head.boot;
      fill(
        axes,
        axesOf(outline).map((axis) => [axis, AXIS_NAMES[axis]]),
      );
      fill(filters, filtersOf(outline));
      setAttributes(toExit, { disabled: outline.exit === null });
    }
    if (axes.value !== model.axis) axes.value = model.axis;
    setAttributes(toSelection, { disabled: model.selected === null });
    setAttributes(table, { 'aria-pressed': String(model.isTableShown) });
    const wanted = Array.from(filters.options).some(({ value }) => value === model.query) ? model.query : '';
    if (filters.value !== wanted) filters.value = wanted;
  });
  return { element: bar, focusSearch: () => search.focus() };
}

function outlineOf({ head }: Model): TimelineOutline | null {
  return head?.outline ?? null;
}

function filtersOf({ rules, lanes }: TimelineOutline): readonly (readonly [string, string])[] {
  const owners = [...new Set(lanes.flatMap(({ owner }) => (owner === null ? [] : [owner])))];
  return [
    ...FILTERS,
    ...owners.map((owner): [string, string] => [`owner:${owner}`, `Owner: ${owner}`]),
    ...rules.map((rule): [string, string] => [`rule:${rule}`, `Rule: ${rule}`]),
  ];
}

function fill(select: HTMLSelectElement, options: readonly (readonly [string, string])[]): void {
  select.replaceChildren(...options.map(([value, text]) => element('option', { value }, text)));
}

/** The search field with its count, and the ways through what it found. */
function createSearch(store: Store, actions: Actions): { readonly element: HTMLElement; focus(): void } {
  const field = element('input', {
    type: 'search',
    class: 'search',
    'aria-label': 'Search mappings',
    title: SEARCH_HINT,
    spellcheck: 'false',
    maxlength: 200,
  });
  const count = element('span', { class: 'count', 'aria-live': 'polite' });
  const previous = iconButton('Previous match (P)', ICONS.previous, () => actions.nextMatch(-1));
  const next = iconButton('Next match (N)', ICONS.next, () => actions.nextMatch(1));
  const others = element('input', { type: 'checkbox', id: 'hide-others' });
  others.addEventListener('change', () => actions.hideOthers(others.checked));
  const typed = createTypedSearch(store, actions);
  field.addEventListener('input', () => typed.type(field.value));
  field.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') typed.enter(field.value, event.shiftKey ? -1 : 1);
  });

  store.onFrame(({ query, matches, hideOthers }, before) => {
    // While somebody types, the field is ahead of the model.
    if (query !== before.query && document.activeElement !== field) field.value = query;
    const isEmpty = query.trim() === '';
    const found = matches?.bars.length ?? 0;
    setText(count, isEmpty ? '' : matches === null ? '…' : matches.understood ? formatCount(found) : '?');
    setAttributes(count, {
      title: matches?.message ?? null,
      class: matches?.understood === false ? 'count error' : 'count',
    });
    setAttributes(field, {
      'aria-invalid': matches?.understood === false ? 'true' : null,
      title: matches?.message ?? SEARCH_HINT,
    });
    for (const button of [previous, next]) setAttributes(button, { disabled: found === 0 });
    others.checked = hideOthers;
    if (matches !== before.matches && matches !== null) actions.say(matches.message);
  });
  const box = element(
    'div',
    { class: 'group searching', role: 'search' },
    element('span', { class: 'field' }, icon(ICONS.search), field, count),
    previous,
    next,
    element('label', { class: 'check', for: 'hide-others' }, others, 'Only matches'),
  );
  return {
    element: box,
    focus() {
      field.focus();
      field.select();
    },
  };
}
