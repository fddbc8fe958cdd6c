import type { TimelineOutline } from '../../core/timeline/timeline.ts';
import { createActions } from './actions.ts';
import { createDetails } from './details.ts';
import { element, setAttributes, setText } from './dom.ts';
import { createPictureExport } from './export-picture.ts';
import { listenToGestures } from './gestures.ts';
import { createGrid } from './grid.ts';
import { createHelp } from './help.ts';
import type { Host } from './host.ts';
import { ICONS } from './icons.ts';
import { keyAction } from './keys.ts';
import { createLegend } from './legend.ts';
import { createLooks } from './looks.ts';
import { createMenu, menuItem } from './menu.ts';
import { createMinimap } from './minimap.ts';
import { createStore, viewOf, type Store } from './model.ts';
import { runReplay } from './playing.ts';
import { createReceiver } from './receiver.ts';
import { createReplayBar } from './replay-bar.ts';
import { createStage } from './stage.ts';
import { onThemeChange, readTheme } from './theme.ts';
import { createToolbar } from './toolbar.ts';
import { showTooltips } from './tooltip.ts';
import { summarize } from './words.ts';

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
      menuItem('Export as SVG…', () => pictures.saveSvg()),
      menuItem('Export as PNG…', () => void pictures.savePng()),
      menuItem('Copy Link to This View', () => actions.copyLink()),
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
    setAttributes(summary, { class: `summary ${outline === undefined ? '' : verdictClass(outline)}` });
  });
  keepView(store, host);
  host.onMessage(createReceiver(store, actions, host, grid));
  host.post({ kind: 'ready' });
}

const ROW_PIXELS = 16;

function verdictClass({ figures, handoff }: TimelineOutline): string {
  if (handoff === null || figures.mappings === 0) return 'unknown';
  return figures.liveAtHandoff > 0 ? 'crossing' : 'clean';
}

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
