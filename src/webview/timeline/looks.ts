import type { Operation } from '../../core/model/operation.ts';
import {
  DENSITY_LEVELS,
  SCENE_STYLES,
  TRAITS,
  styleNumber,
  type SceneLine,
  type SceneStyle,
  type SceneText,
} from '../../core/timeline/scene.ts';
import { faded, mixed, readableOn } from './color.ts';
import { hatched, solid, type Hatch, type Paint, type Stroke, type TextLook } from './surface.ts';
import type { Theme } from './theme.ts';

/** How each thing of a scene looks in a theme. Shapes and patterns tell all that colours do. */
export interface Looks {
  rect(style: SceneStyle, traits: number): Paint;
  /** The same by number: a picture asks for tens of thousands. @param level as in `SceneRects.levels` */
  rectOf(style: number, traits: number, level: number): Paint;
  line(kind: Exclude<SceneLine['kind'], 'tick'>): Stroke;
  text(kind: SceneText['kind'], traits: number): TextLook;
  /** Of a text in a bar. */
  barText(style: SceneStyle, traits: number): TextLook;
  /** A line through the lanes at a round value. */
  readonly tick: Paint;
  /** The edge around what is selected. */
  readonly selection: Paint;
}

/** Traits are the bits of a byte. */
const TRAIT_COUNT = 256;

/** The style of a single bar. */
export function styleOfOperation(operation: Operation | null): SceneStyle {
  switch (operation) {
    case 'CommonBuffer':
    case 'CommonBuffer64':
      return 'common-buffer';
    case 'Read':
    case 'Read64':
      return 'read';
    case 'Write':
    case 'Write64':
      return 'write';
    case null:
      return 'unknown-operation';
  }
}

type Basic = Readonly<Record<SceneStyle, Paint>>;

export function createLooks(theme: Theme): Looks {
  const basic = theme.isHighContrast ? contrastPaints(theme) : plainPaints(theme);
  const known: (Paint | undefined)[] = [];

  function rectOf(number: number, traits: number, level: number): Paint {
    const place = (number * (DENSITY_LEVELS + 1) + level) * TRAIT_COUNT + traits;
    let paint = known[place];
    if (paint === undefined) {
      const style = SCENE_STYLES[number] ?? 'dense';
      paint = withTraits(style === 'density' ? densityPaint(theme, level) : basic[style], traits, theme);
      known[place] = paint;
    }
    return paint;
  }

  const selected = theme.isHighContrast ? theme.focus : theme.foreground;

  return {
    tick: solid(faded(theme.foreground, theme.isHighContrast ? 0.3 : 0.09)),
    selection: { fill: null, hatch: null, hatchColor: '', outline: selected },
    rect: (style, traits) => rectOf(styleNumber(style), traits, 0),
    rectOf,
    line: (kind) => lineStroke(kind, theme),
    text: (kind, traits) => textLook(kind, traits, theme),
    barText(style, traits) {
      const look = textLook('bar', traits, theme);
      const fill = basic[style].fill ?? theme.background;
      const color = readableOn(
        fill,
        theme.isLight ? theme.foreground : '#ffffff',
        theme.isLight ? '#ffffff' : '#000000',
      );
      return { ...look, color: (traits & TRAITS.dimmed) === 0 ? color : faded(theme.foreground, 0.45) };
    },
  };
}

function plainPaints(theme: Theme): Basic {
  const { background, foreground, error, blue, green, orange, purple, gray } = theme;
  const body = (color: string): string => mixed(background, color, theme.isLight ? 0.3 : 0.36);
  const ink = (color: string): string => mixed(background, color, 0.85);
  return {
    'exit-inferred': hatched(mixed(background, purple, 0.06), 'right', mixed(background, purple, 0.22)),
    'exit-certain': solid(mixed(background, purple, 0.22)),
    'after-handoff': solid(mixed(background, error, theme.isLight ? 0.06 : 0.08)),
    'lane-header': solid(faded(mixed(background, foreground, 0.06), 0.86)),
    underlay: solid(faded(foreground, 0.055), faded(foreground, 0.1)),
    'common-buffer': solid(mixed(background, blue, theme.isLight ? 0.62 : 0.68)),
    read: hatched(body(green), 'left', ink(green)),
    write: hatched(body(orange), 'right', ink(orange)),
    'unknown-operation': hatched(body(gray), 'dots', ink(gray)),
    dense: solid(mixed(background, foreground, 0.38)),
    density: solid(faded(blue, 0.5)),
    crossing: hatched(mixed(background, error, 0.4), 'cross', error, error),
    'device-running': solid(mixed(background, green, 0.75)),
    'device-stopped': solid(mixed(background, foreground, 0.1), mixed(background, foreground, 0.3)),
    'bus-master-off': hatched(mixed(background, foreground, 0.08), 'left', mixed(background, foreground, 0.35)),
    'bus-master-on': hatched(mixed(background, orange, 0.35), 'right', mixed(background, orange, 0.8)),
    'device-unknown': hatched(null, 'dots', mixed(background, foreground, 0.3)),
  };
}

/** Outlines and patterns on the background, as the theme asks for. */
function contrastPaints(theme: Theme): Basic {
  const { background, foreground, error, focus } = theme;
  const box = solid(background, foreground);
  const boxed = (hatch: Hatch): Paint => hatched(background, hatch, foreground, foreground);
  return {
    'exit-inferred': hatched(background, 'right', mixed(background, foreground, 0.3)),
    'exit-certain': solid(mixed(background, foreground, 0.14)),
    'after-handoff': solid(background),
    'lane-header': solid(faded(background, 0.86), faded(foreground, 0.6)),
    underlay: solid(background, faded(foreground, 0.35)),
    'common-buffer': box,
    read: boxed('left'),
    write: boxed('right'),
    'unknown-operation': boxed('dots'),
    dense: solid(mixed(background, foreground, 0.5)),
    density: solid(faded(foreground, 0.5)),
    crossing: hatched(background, 'cross', error, error),
    'device-running': solid(foreground),
    'device-stopped': box,
    'bus-master-off': boxed('left'),
    'bus-master-on': hatched(background, 'right', focus, focus),
    'device-unknown': hatched(null, 'dots', foreground),
  };
}

function densityPaint(theme: Theme, level: number): Paint {
  const share = 0.12 + (0.68 * level) / DENSITY_LEVELS;
  return solid(mixed(theme.background, theme.isHighContrast ? theme.foreground : theme.blue, share));
}

const DIMMED = 0.22;

function withTraits(paint: Paint, traits: number, theme: Theme): Paint {
  const outline = outlineOf(paint, traits, theme);
  if ((traits & TRAITS.dimmed) === 0) return { ...paint, outline };
  return {
    fill: paint.fill === null ? null : faded(paint.fill, DIMMED),
    hatch: paint.hatch,
    hatchColor: faded(paint.hatchColor, DIMMED),
    outline: outline === null ? null : faded(outline, DIMMED),
  };
}

function outlineOf(paint: Paint, traits: number, theme: Theme): string | null {
  if ((traits & TRAITS.selected) !== 0) return theme.isHighContrast ? theme.focus : theme.foreground;
  if ((traits & (TRAITS.crosses | TRAITS.error)) !== 0) return theme.error;
  if ((traits & TRAITS.warning) !== 0) return theme.warning;
  return paint.outline;
}

function lineStroke(kind: Exclude<SceneLine['kind'], 'tick'>, theme: Theme): Stroke {
  const { foreground, error, purple, focus, isHighContrast } = theme;
  const exit = isHighContrast ? foreground : purple;
  const quiet = isHighContrast ? foreground : theme.muted;
  switch (kind) {
    case 'exit-callback':
      return { color: faded(exit, 0.6), width: 1, dash: [2, 3] };
    case 'cleanup':
      return { color: exit, width: 1, dash: [6, 3] };
    case 'exit-proved':
    case 'exit-begin':
      return { color: exit, width: 1, dash: kind === 'exit-begin' ? [3, 3] : [] };
    case 'translation-on':
    case 'translation-off':
      return { color: quiet, width: 1, dash: [1, 3] };
    case 'handoff':
      return { color: error, width: 2, dash: [] };
    case 'editor':
      return { color: faded(foreground, 0.55), width: 1, dash: [4, 4] };
    case 'cursor':
      return { color: focus, width: 2, dash: [] };
  }
}

function textLook(kind: SceneText['kind'], traits: number, theme: Theme): TextLook {
  const { foreground, muted, error, fontSize } = theme;
  const plain = { size: fontSize, isBold: false, isMono: false, align: 'left' } as const;
  const dim = (color: string): string => ((traits & TRAITS.dimmed) === 0 ? color : faded(color, 0.5));
  switch (kind) {
    case 'tick':
    case 'strip':
      return { ...plain, color: muted, size: fontSize - 1 };
    case 'mark':
      return { ...plain, color: foreground };
    case 'lane-title':
      return { ...plain, color: foreground, isBold: true, size: fontSize + 1 };
    case 'lane-count':
      return { ...plain, color: muted };
    case 'lane-crossing':
      return { ...plain, color: error, isBold: true };
    case 'bar':
      return { ...plain, color: dim(foreground), size: fontSize - 1 };
  }
}
