import { operationOf } from '../../core/timeline/bar-flags.ts';
import { SCENE_STYLES, TRAITS, type Scene, type SceneLine, type SceneText } from '../../core/timeline/scene.ts';
import type { Timeline } from '../../core/timeline/timeline.ts';
import type { Looks } from './looks.ts';
import { styleOfOperation } from './looks.ts';
import type { Surface } from './surface.ts';
import type { Theme } from './theme.ts';

export interface Picture {
  readonly scene: Scene;
  readonly timeline: Timeline;
  readonly collapsed: ReadonlySet<number>;
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
  paintShadesAbove(surface, scene, looks);
  surface.clipped(0, top, width, Math.max(height - top, 0), () => {
    for (const line of lines) if (line.kind === 'tick') paintLine(surface, line, looks, top);
    paintRects(surface, scene, looks, false);
    for (const text of scene.texts) if (text.kind === 'bar') paintBarText(surface, text, picture, looks);
  });
  for (const line of lines) paintLine(surface, line, looks, line.kind === 'tick' ? line.fromY : null);
  surface.clipped(0, top, width, Math.max(height - top, 0), () => {
    paintRects(surface, scene, looks, true);
    for (const text of scene.texts) if (isOfHeader(text)) paintHeaderText(surface, text, picture, looks, theme);
  });
  for (const text of scene.texts) {
    if (text.kind === 'tick') paintText(surface, text, looks);
    if (text.kind === 'mark') paintMarkText(surface, text, picture, looks, theme);
  }
  surface.line(0, top - 0.5, width, top - 0.5, { color: theme.border, width: 1, dash: [] });
}

/** All but the titles of lanes, or these alone. */
function paintRects(surface: Surface, { rects, top }: Scene, looks: Looks, headers: boolean): void {
  const { count, x, y, width, height, styles, traits, levels } = rects;
  for (let index = 0; index < count; index++) {
    if ((styles[index] === HEADER) !== headers) continue;
    const [rectX = 0, rectY = 0, rectWidth = 0, rectHeight = 0] = [x[index], y[index], width[index], height[index]];
    if (rectY + rectHeight <= top) continue;
    const style = SCENE_STYLES[styles[index] ?? 0] ?? 'dense';
    const trait = traits[index] ?? 0;
    surface.rect(rectX, rectY, rectWidth, rectHeight, looks.rect(style, trait, levels[index] ?? 0));
    if ((trait & TRAITS.selected) !== 0) {
      const around = { fill: null, hatch: null, hatchColor: '', outline: looks.selection };
      surface.rect(rectX - 1, rectY - 1, rectWidth + 2, rectHeight + 2, around);
    }
  }
}

/** The shading of the exit window reaches up into ruler and marks. */
function paintShadesAbove(surface: Surface, { rects, top }: Scene, looks: Looks): void {
  const { count, x, y, width, height, styles } = rects;
  for (let index = 0; index < count; index++) {
    const rectY = y[index] ?? 0;
    if (!SHADES.has(styles[index] ?? 0) || rectY >= top) continue;
    const visible = Math.min(rectY + (height[index] ?? 0), top) - rectY;
    const style = SCENE_STYLES[styles[index] ?? 0] ?? 'dense';
    surface.rect(x[index] ?? 0, rectY, width[index] ?? 0, visible, looks.rect(style, 0, 0));
  }
}

/** @param clipY where a tick ends or begins: its mark on the ruler lies above, its line through the lanes below the bars */
function paintLine(surface: Surface, { kind, x, fromY, toY }: SceneLine, looks: Looks, clipY: number | null): void {
  const stroke = looks.line(kind);
  // Lines of an odd width are sharp in the middle of a pixel.
  const sharpX = stroke.width % 2 === 1 ? Math.floor(x) + 0.5 : Math.round(x);
  const isRulerMark = kind === 'tick' && clipY === fromY;
  surface.line(sharpX, fromY, sharpX, isRulerMark ? fromY + TICK_LENGTH : toY, stroke);
  if (kind === 'cursor') surface.polygon(headAt(sharpX, fromY, 5), stroke.color);
  if (kind === 'editor') surface.polygon(headAt(sharpX, fromY, 4), stroke.color);
}

const TICK_LENGTH = 5;

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
  const { fill, hatch } = looks.rect(style, 0, 0);
  if (hatch !== null && (text.traits & TRAITS.dimmed) === 0) {
    const width = text.text.length * look.size * LETTER_WIDTH + 6;
    surface.rect(text.x - 3, text.y - look.size / 2, width, look.size + 1, { ...NOTHING, fill });
  }
  surface.text(text.text, text.x, text.y + 0.5, { ...look, align: text.align });
}

/** Of the letters in a bar, as a share of their size. */
const LETTER_WIDTH = 0.56;
const NOTHING = { fill: null, hatch: null, hatchColor: '', outline: null };
