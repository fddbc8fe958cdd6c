import type { MappingRow } from '../../protocol/timeline-messages.ts';
import { MOST_ROWS } from '../../protocol/timeline-messages.ts';
import type { Timeline } from '../../core/timeline/timeline.ts';
import { visibleBars } from '../../core/timeline/visible-bars.ts';
import type { Actions } from './actions.ts';
import { element, setAttributes, setText } from './dom.ts';
import { gridMove, rowsInView } from './grid-rows.ts';
import type { Host } from './host.ts';
import type { Model, Store } from './model.ts';
import type { Stage } from './stage.ts';
import { describeBar, formatCount, plural } from './words.ts';

/** The mappings of the picture as a table, for keyboards and screen readers: the same range, the same search. */
export interface Grid {
  readonly element: HTMLElement;
  /** What the host tells of mappings that stand in the table. */
  addRows(rows: readonly MappingRow[]): void;
}

const COLUMNS = ['Mapping', 'Operation', 'Owner', 'Bytes', 'Mapped', 'Unmapped', 'End', 'Finding'] as const;
const ROW_HEIGHT = 22;
/** After the view has stood still for so long, the table follows. */
const SETTLE_MS = 120;
/** Nobody walks through more. */
const MOST_BARS = 50_000;
/** The picture shows the rows that fit; the table has the others, too. */
const ALL_ROWS = { scrollTop: 0, height: Number.MAX_SAFE_INTEGER, collapsed: new Set<number>() };

export function createGrid(store: Store, stage: Stage, actions: Actions, host: Host): Grid {
  const spacer = element('div', { class: 'grid-spacer', role: 'presentation' });
  const body = element('div', { class: 'grid-body', role: 'rowgroup' }, spacer);
  const head = element(
    'div',
    { class: 'grid-head', role: 'rowgroup' },
    element('div', { class: 'grid-row', role: 'row', 'aria-rowindex': 1 }, ...COLUMNS.map(headCell)),
  );
  const grid = element(
    'div',
    {
      class: 'grid',
      role: 'grid',
      'aria-label': 'Mappings in view',
      'aria-colcount': COLUMNS.length,
      'aria-readonly': 'true',
    },
    head,
    body,
  );
  const caption = element('p', { class: 'grid-caption', 'aria-live': 'polite' });
  const section = element('section', { class: 'table', hidden: true }, caption, grid);
  const known = new Map<number, MappingRow>();
  const asked = new Set<number>();
  let bars: Uint32Array = new Uint32Array(0);
  let active = { row: 0, column: 0 };
  let timer = 0;

  function refresh(): void {
    const model = store.get();
    const { timeline, query, matches } = model;
    if (timeline === null || !model.isTableShown) return;
    const isSearching = query.trim() !== '' && matches !== null;
    const found = visibleBars(timeline, { ...stage.view(timeline), ...ALL_ROWS, matchesOnly: isSearching }, MOST_BARS);
    bars = found.bars;
    active = { ...active, row: Math.min(active.row, Math.max(bars.length - 1, 0)) };
    setAttributes(grid, { 'aria-rowcount': bars.length + 1 });
    const cut =
      found.total > bars.length ? `; the first ${formatCount(bars.length)} are listed, zoom in for others` : '';
    setText(caption, `${plural(found.total, 'mapping')} in view${cut}`);
    spacer.style.height = `${bars.length * ROW_HEIGHT}px`;
    draw();
  }

  function draw(): void {
    const { timeline, selected, head: opened } = store.get();
    if (timeline === null || opened === null) return;
    const hadFocus = body.contains(document.activeElement) && document.activeElement !== body;
    const [first, end] = rowsInView(body.scrollTop, body.clientHeight, ROW_HEIGHT, bars.length);
    const rows: HTMLElement[] = [];
    const missing: number[] = [];
    for (let row = first; row < end; row++) {
      const bar = bars[row] ?? 0;
      const mapping = timeline.bars.ids[bar] ?? 0;
      rows.push(rowElement(timeline, row, bar, known.get(mapping), bar === selected));
      if (!known.has(mapping) && !asked.has(mapping) && missing.length < MOST_ROWS) missing.push(mapping);
    }
    body.replaceChildren(spacer, ...rows);
    // The titles stand over their columns, whether there is a scroll bar or not.
    head.style.paddingRight = `${body.offsetWidth - body.clientWidth}px`;
    if (hadFocus) focusActive();
    if (missing.length === 0) return;
    for (const mapping of missing) asked.add(mapping);
    host.post({ kind: 'tell-rows', load: opened.load, mappings: missing });
  }

  function rowElement(
    timeline: Timeline,
    row: number,
    bar: number,
    told: MappingRow | undefined,
    isSelected: boolean,
  ): HTMLElement {
    const line = element(
      'div',
      {
        class: 'grid-row',
        role: 'row',
        'aria-rowindex': row + 2,
        'aria-selected': String(isSelected),
        'data-row': row,
      },
      ...cellsOf(timeline, bar, told).map((text, column) =>
        element(
          'div',
          {
            role: 'gridcell',
            'aria-colindex': column + 1,
            'data-column': column,
            tabindex: row === active.row && column === active.column ? 0 : -1,
            title: text,
          },
          text,
        ),
      ),
    );
    line.style.transform = `translateY(${row * ROW_HEIGHT}px)`;
    line.classList.toggle('crossing', describeBar(timeline, bar).crosses);
    return line;
  }

  function focusActive(): void {
    const cell = body.querySelector<HTMLElement>(`[data-row="${active.row}"] [data-column="${active.column}"]`);
    cell?.focus({ preventScroll: true });
  }

  function moveTo(row: number, column: number): void {
    active = {
      row: Math.min(Math.max(row, 0), Math.max(bars.length - 1, 0)),
      column: Math.min(Math.max(column, 0), COLUMNS.length - 1),
    };
    const top = active.row * ROW_HEIGHT;
    if (top < body.scrollTop) body.scrollTop = top;
    else if (top + ROW_HEIGHT > body.scrollTop + body.clientHeight)
      body.scrollTop = top + ROW_HEIGHT - body.clientHeight;
    draw();
    focusActive();
  }

  function act(row: number, isReveal: boolean): void {
    const bar = bars[row];
    if (bar === undefined) return;
    actions.goTo(bar);
    if (isReveal) actions.reveal(bar);
  }

  body.addEventListener('scroll', draw, { passive: true });
  body.addEventListener('keydown', (event) => {
    const page = Math.max(Math.floor(body.clientHeight / ROW_HEIGHT) - 1, 1);
    const to = gridMove(event, active, { page, rows: bars.length, columns: COLUMNS.length });
    if (to !== null) moveTo(to.row, to.column);
    else if (event.key === 'Enter' || event.key === ' ') act(active.row, event.key === 'Enter');
    else return;
    event.preventDefault();
  });
  body.addEventListener('click', (event) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-column]') : null;
    const row = cell?.parentElement?.dataset['row'];
    if (cell === null || row === undefined) return;
    moveTo(Number(row), Number(cell.dataset['column']));
    act(Number(row), false);
  });
  body.addEventListener('dblclick', () => act(active.row, true));
  new ResizeObserver(draw).observe(body);

  store.onFrame((model, before) => {
    section.hidden = !model.isTableShown;
    if (!model.isTableShown) return;
    if (model.head !== before.head) {
      known.clear();
      asked.clear();
    }
    if (!needsRefresh(model, before)) {
      if (model.selected !== before.selected) draw();
      return;
    }
    clearTimeout(timer);
    timer = window.setTimeout(refresh, before.isTableShown ? SETTLE_MS : 0);
  });

  return {
    element: section,
    addRows(rows) {
      for (const row of rows) known.set(row.mapping, row);
      if (store.get().isTableShown) draw();
    },
  };
}

function needsRefresh(model: Model, before: Model): boolean {
  return (['timeline', 'axis', 'range', 'query', 'matches', 'isTableShown'] as const).some(
    (name) => model[name] !== before[name],
  );
}

function headCell(text: string, column: number): HTMLElement {
  return element('div', { role: 'columnheader', 'aria-colindex': column + 1 }, text);
}

function cellsOf(timeline: Timeline, bar: number, told: MappingRow | undefined): readonly string[] {
  const { operation, owner, mappedLine, unmappedLine, end, finding } = describeBar(timeline, bar);
  const use = told !== undefined && told.generation > 1 ? ` #${told.generation}` : '';
  return [
    told === undefined ? '…' : `${told.handle ?? told.device}${use}`,
    operation,
    owner,
    formatCount(timeline.bars.bytes[bar] ?? 0),
    String(mappedLine),
    unmappedLine === null ? '' : String(unmappedLine),
    end,
    finding,
  ];
}
