import { createTimelineAssembler, type TimelineAssembler } from '../../core/timeline/assemble.ts';
import type { Timeline } from '../../core/timeline/timeline.ts';
import type { OpenTimeline, ToTimeline } from '../../protocol/timeline-messages.ts';
import { createActions, type Actions } from './actions.ts';
import { createDetails } from './details.ts';
import { element, setAttributes, setText } from './dom.ts';
import { createPictureExport } from './export-picture.ts';
import { listenToGestures } from './gestures.ts';
import { createGrid, type Grid } from './grid.ts';
import { createHelp } from './help.ts';
import type { Host } from './host.ts';
import { ICONS } from './icons.ts';
import { keyAction } from './keys.ts';
import { createLegend } from './legend.ts';
import { createLooks } from './looks.ts';
import { createMenu, menuItem } from './menu.ts';
import { createMinimap } from './minimap.ts';
import { EMPTY_MODEL, barOf, createStore, fromView, viewOf, type Store } from './model.ts';
import { runReplay } from './playing.ts';
import { createReplayBar } from './replay-bar.ts';
import { createStage } from './stage.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { createToolbar } from './toolbar.ts';
import { showTooltips } from './tooltip.ts';
import { plural, summarize } from './words.ts';

/** What a screen reader is told, and others read below the picture, waits until a movement is over. */
const SAY_MS = 250;
/** The view is kept when it has stood still for so long. */
const KEEP_MS = 300;

/** Puts the page together and connects it with the extension. */
export function createPage(host: Host, parent: HTMLElement): void {
  const store = createStore((callback) => void requestAnimationFrame(callback));
  const status = element('p', { class: 'status', role: 'status', 'aria-live': 'polite' });
  const actions = createActions(store, host, createSpeaker(status));
  const stage = createStage(store);
  let theme = readTheme();
  const pictures = createPictureExport(stage, store, host, () => theme);
  const help = createHelp();
  const share = createMenu(
    'Export and share',
    ICONS.share,
    [
      menuItem('Export as SVG…', pictures.saveSvg),
      menuItem('Export as PNG…', () => void pictures.savePng()),
      menuItem('Copy Link to This View', actions.copyLink),
    ],
    'menu',
  );
  const toolbar = createToolbar(store, actions, [share.element, help.element]);
  const minimap = createMinimap(store, actions);
  const legend = createLegend();
  const grid = createGrid(store, stage, actions, host);
  const summary = element('h1', { class: 'summary' });
  parent.append(
    element(
      'main',
      { class: 'timeline' },
      summary,
      toolbar.element,
      minimap.element,
      element('div', { class: 'middle' }, stage.element, createDetails(store, actions)),
      element('div', { class: 'below' }, legend.element, status),
      grid.element,
      createReplayBar(store, actions),
    ),
  );

  listenToGestures(stage, store, actions);
  showTooltips(stage, store);
  runReplay(store, actions);
  stage.canvas.addEventListener('keydown', (event) => {
    const action = keyAction(event, store.get().selected !== null);
    if (action === null) return;
    event.preventDefault();
    if (actions.run(action)) return;
    if (action.kind === 'search') toolbar.focusSearch();
    if (action.kind === 'help') help.toggle();
    if (action.kind === 'scroll') stage.scrollBy(action.rows * ROW_PIXELS);
  });

  const applyTheme = (): void => {
    theme = readTheme();
    const looks = createLooks(theme);
    stage.setTheme(theme, looks);
    minimap.setTheme(theme);
    legend.setTheme(theme, looks);
  };
  applyTheme();
  onThemeChange(applyTheme);
  watchResolution(applyTheme);

  store.onFrame((model, before) => {
    if (model.selected !== before.selected && model.selected !== null) stage.bringIntoView(model.selected);
    if (model.head === before.head) return;
    const outline = model.head?.outline;
    setText(summary, outline === undefined ? '' : summarize(outline));
    const leaks = outline !== undefined && outline.figures.liveAtHandoff > 0;
    setAttributes(summary, { class: leaks ? 'summary crossing' : 'summary' });
  });
  keepView(store, host);
  host.onMessage(createReceiver(store, actions, host, grid));
  host.post({ kind: 'ready' });
}

const ROW_PIXELS = 16;

/** Says the last of what is said in a row. */
function createSpeaker(status: HTMLElement): (text: string) => void {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => setText(status, text), SAY_MS);
  };
}

/** Moving the window to another screen changes how many pixels a line has. */
function watchResolution(listener: () => void): void {
  matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
    'change',
    () => {
      listener();
      watchResolution(listener);
    },
    { once: true },
  );
}

function keepView(store: Store, host: Host): void {
  let timer = 0;
  store.onFrame((model) => {
    clearTimeout(timer);
    if (model.timeline === null) return;
    timer = window.setTimeout(() => {
      const { head } = store.get();
      if (head !== null) host.keep({ log: head.log, boot: head.boot, view: viewOf(store.get()) });
    }, KEEP_MS);
  });
}

/** Takes what the extension sends. */
function createReceiver(store: Store, actions: Actions, host: Host, grid: Grid): (message: ToTimeline) => void {
  let assembler: TimelineAssembler | null = null;

  function open(head: OpenTimeline): void {
    const { head: before, timeline } = store.get();
    const isSame = before !== null && before.log === head.log && before.boot === head.boot;
    // The old picture stays until the new one is there.
    store.update({ head: isSame ? before : head, notice: null, ...(isSame ? {} : { timeline: null, progress: 0 }) });
    wanted = head.view ?? (isSame && timeline !== null ? viewOf(store.get()) : keptView(host, head));
    opened = head;
    assembler = createTimelineAssembler(head);
    finish();
  }
  let opened: OpenTimeline | null = null;
  let wanted: ReturnType<typeof viewOf> | null = null;

  function finish(): void {
    if (assembler === null || opened === null) return;
    store.update({ progress: assembler.progress });
    const timeline = assembler.finish();
    if (timeline === null) return;
    assembler = null;
    showTimeline(opened, timeline);
  }

  function showTimeline(head: OpenTimeline, timeline: Timeline): void {
    const view = wanted ?? viewOf(EMPTY_MODEL);
    const shown = fromView({ ...view, range: view.range }, timeline);
    store.update({ ...shown, head, timeline, query: '', matches: null, selected: null, stories: null });
    actions.select(shown.selected ?? null);
    actions.search(view.query);
    actions.say(`${plural(timeline.outline.barCount, 'mapping')} of ${head.name}.`);
  }

  return (message) => {
    if ('load' in message && message.kind !== 'open' && message.load !== opened?.load) return;
    switch (message.kind) {
      case 'waiting':
        // What is shown already is not covered.
        if (store.get().timeline === null) store.update({ notice: { text: message.text, isError: false } });
        else actions.say(message.text);
        return;
      case 'failed':
        store.update({ notice: { text: message.text, isError: true }, timeline: null });
        return;
      case 'open':
        open(message);
        return;
      case 'bars':
        assembler?.addBars(message.from, message.bars);
        finish();
        return;
      case 'underlays':
        assembler?.addUnderlays(message.from, message.underlays);
        finish();
        return;
      case 'matches':
        if (message.query === store.get().query) store.update({ matches: message.matches });
        return;
      case 'stories': {
        const { timeline, selected } = store.get();
        if (timeline !== null && selected === barOf(timeline, message.mapping))
          store.update({ stories: message.stories });
        return;
      }
      case 'rows':
        grid.addRows(message.rows);
        return;
      case 'editor-line':
        store.update({ editorLine: message.line });
        return;
      case 'cursor':
        takeCursor(message);
        return;
      case 'show':
        actions.show(message.view);
        return;
      case 'told':
        actions.say(message.text);
        return;
    }
  };

  function takeCursor({ step, moment }: ToTimeline & { readonly kind: 'cursor' }): void {
    const { head, isPlaying, cursor } = store.get();
    if (head === null) return;
    const local = step === null ? null : step - head.firstStep;
    const isHere = local !== null && local >= 0 && local < head.outline.stepCount;
    // While it plays, the picture is ahead of what is told about it.
    const isBehind = isPlaying && cursor !== null && isHere && local <= cursor;
    store.update({ moment: isHere ? moment : null, ...(isBehind ? {} : { cursor: isHere ? local : null }) });
  }
}

function keptView(host: Host, head: OpenTimeline): ReturnType<typeof viewOf> | null {
  const kept = host.kept();
  return kept !== null && kept.log === head.log && kept.boot === head.boot ? kept.view : null;
}
