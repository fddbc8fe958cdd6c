import { operationOf } from '../../core/timeline/bar-flags.ts';
import { SCENE_STYLES, TRAITS, type Scene, type SceneLine, type SceneText } from '../../core/timeline/scene.ts';
import type { Timeline } from '../../core/timeline/timeline.ts';
import type { Looks } from './looks.ts';
import { styleOfOperation } from './looks.ts';
import type { Ground, Surface } from './surface.ts';
import type { Theme } from './theme.ts';

export interface Picture extends PictureSize {
  readonly scene: Scene;
  readonly timeline: Timeline;
  readonly collapsed: ReadonlySet<number>;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

const HEADER = SCENE_STYLES.indexOf('lane-header');
const SHADES: ReadonlySet<number> = new Set(
  (['exit-inferred', 'exit-certain', 'after-handoff'] as const).map((style) => SCENE_STYLES.indexOf(style)),
);

/**
 * Paints a scene. The titles of lanes lie over everything else in the lanes, since rows scroll away below them; what happened at one
 * moment shines through them.
 */
export function paintScene(surface: Surface, picture: Picture, looks: Looks, theme: Theme): void {
  const { scene, width, height } = picture;
  const { top, lines } = scene;
  surface.ground((ground) => {
    paintShades(ground, scene, looks);
    for (const line of lines) if (line.kind === 'tick') paintTick(ground, line, looks);
    paintRects(ground, scene, looks);
  });
  const inLanes = (draw: () => void): void => surface.clipped(0, top, width, Math.max(height - top, 0), draw);
  for (const line of lines) paintLine(surface, line, looks);
  inLanes(() => {
    for (const text of scene.texts) if (text.kind === 'bar') paintBarText(surface, text, picture, looks);
    paintHeaders(surface, scene, looks);
    for (const text of scene.texts) if (isOfHeader(text)) paintHeaderText(surface, text, picture, looks, theme);
  });
  for (const text of scene.texts) {
    if (text.kind === 'tick') paintText(surface, text, looks);
    if (text.kind === 'mark') paintMarkText(surface, text, picture, looks, theme);
  }
  surface.fill(0, top - 1, width, 1, theme.border);
}

/** Bars and what else stands in the lanes, cut off where these begin. */
function paintRects(ground: Ground, { rects, top }: Scene, looks: Looks): void {
  const { count, x, y, width, height, styles, traits, levels } = rects;
  for (let index = 0; index < count; index++) {
    const styleNumber = styles[index] ?? 0;
    if (styleNumber === HEADER || SHADES.has(styleNumber)) continue;
    const rectY = Math.max(y[index] ?? 0, top);
    const rectHeight = (y[index] ?? 0) + (height[index] ?? 0) - rectY;
    if (rectHeight <= 0) continue;
    const rectX = x[index] ?? 0;
    const rectWidth = width[index] ?? 0;
    const trait = traits[index] ?? 0;
    ground.rect(rectX, rectY, rectWidth, rectHeight, looks.rectOf(styleNumber, trait, levels[index] ?? 0));
    if ((trait & TRAITS.selected) !== 0) {
      ground.rect(rectX - 1, rectY - 1, rectWidth + 2, rectHeight + 2, looks.selection);
    }
  }
}

/** The shading of the exit window reaches from the ruler to the bottom. */
function paintShades(ground: Ground, { rects }: Scene, looks: Looks): void {
  const { count, x, y, width, height, styles } = rects;
  for (let index = 0; index < count; index++) {
    if (!SHADES.has(styles[index] ?? 0)) continue;
    const paint = looks.rectOf(styles[index] ?? 0, 0, 0);
    ground.rect(x[index] ?? 0, y[index] ?? 0, width[index] ?? 0, height[index] ?? 0, paint);
  }
}

function paintHeaders(surface: Surface, { rects }: Scene, looks: Looks): void {
  const { count, x, y, width, height, styles } = rects;
  const { fill, outline } = looks.rect('lane-header', 0);
  for (let index = 0; index < count; index++) {
    if (styles[index] !== HEADER) continue;
    const [rectX = 0, rectY = 0, rectWidth = 0, rectHeight = 0] = [x[index], y[index], width[index], height[index]];
    if (fill !== null) surface.fill(rectX, rectY, rectWidth, rectHeight, fill);
    if (outline === null) continue;
    surface.fill(rectX, rectY, rectWidth, 1, outline);
    surface.fill(rectX, rectY + rectHeight - 1, rectWidth, 1, outline);
  }
}

/** From its mark on the ruler down through the lanes, below the bars. */
function paintTick(ground: Ground, { x, fromY, toY }: SceneLine, looks: Looks): void {
  ground.rect(Math.floor(x), fromY, 1, toY - fromY, looks.tick);
}

function paintLine(surface: Surface, { kind, x, fromY, toY }: SceneLine, looks: Looks): void {
  if (kind === 'tick') return;
  const stroke = looks.line(kind);
  // Lines of an odd width are sharp in the middle of a pixel.
  const sharpX = stroke.width % 2 === 1 ? Math.floor(x) + 0.5 : Math.round(x);
  surface.line(sharpX, fromY, sharpX, toY, stroke);
  if (kind === 'cursor') surface.polygon(headAt(sharpX, fromY, 5), stroke.color);
  if (kind === 'editor') surface.polygon(headAt(sharpX, fromY, 4), stroke.color);
}

/** A handle on the ruler. */
function headAt(x: number, y: number, half: number): readonly (readonly [number, number])[] {
  return [
    [x - half, y],
    [x + half, y],
    [x + half, y + half],
    [x, y + 2 * half],
    [x - half, y + half],
  ];
}

function isOfHeader({ kind }: SceneText): boolean {
  return kind === 'lane-title' || kind === 'lane-count' || kind === 'lane-crossing' || kind === 'strip';
}

function paintText(surface: Surface, text: SceneText, looks: Looks): void {
  surface.text(text.text, text.x, text.y, { ...looks.text(text.kind, text.traits), align: text.align });
}

function paintMarkText(surface: Surface, text: SceneText, { timeline }: Picture, looks: Looks, theme: Theme): void {
  const look = looks.text(text.kind, text.traits);
  const isHandoff = timeline.outline.marks[text.subject]?.kind === 'handoff';
  const emphasis = isHandoff ? { color: theme.error, isBold: true } : {};
  surface.text(text.text, text.x, text.y, { ...look, ...emphasis, align: text.align });
}

function paintHeaderText(surface: Surface, text: SceneText, picture: Picture, looks: Looks, theme: Theme): void {
  if (text.kind === 'lane-title') {
    const isCollapsed = picture.collapsed.has(text.subject);
    surface.polygon(isCollapsed ? arrowRight(ARROW_X, text.y) : arrowDown(ARROW_X, text.y), theme.muted);
  }
  paintText(surface, text, looks);
}

const ARROW_X = 11;

function arrowRight(x: number, y: number): readonly (readonly [number, number])[] {
  return [
    [x - 2, y - 4],
    [x + 3, y],
    [x - 2, y + 4],
  ];
}

function arrowDown(x: number, y: number): readonly (readonly [number, number])[] {
  return [
    [x - 4, y - 2],
    [x + 4, y - 2],
    [x, y + 3],
  ];
}

/** Letters on a hatch cannot be read: they get the bar's plain colour behind them. */
function paintBarText(surface: Surface, text: SceneText, { timeline }: Picture, looks: Looks): void {
  const style = styleOfOperation(operationOf(timeline.bars.flags[text.subject] ?? 0));
  const look = looks.barText(style, text.traits);
  const { fill, hatch } = looks.rect(style, 0);
  if (hatch !== null && (text.traits & TRAITS.dimmed) === 0) {
    const width = text.text.length * look.size * LETTER_WIDTH + 6;
    if (fill !== null) surface.fill(text.x - 3, text.y - look.size / 2, width, look.size + 1, fill);
  }
  surface.text(text.text, text.x, text.y + 0.5, { ...look, align: text.align });
}

/** Of the letters in a bar, as a share of their size. */
const LETTER_WIDTH = 0.56;
