import { SCENE_STYLES, TRAITS, type Scene, type SceneLine, type SceneText } from '../../core/timeline/scene.ts';
import type { Looks } from './looks.ts';
import type { Surface } from './surface.ts';
import type { Theme } from './theme.ts';

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Paints a scene: rectangles, lines over them, texts on top. What stands in the lanes is cut off where the lanes begin. */
export function paintScene(surface: Surface, scene: Scene, looks: Looks, theme: Theme, size: PictureSize): void {
  const { top } = scene;
  surface.clipped(0, top, size.width, Math.max(size.height - top, 0), () => paintRects(surface, scene, looks, top));
  paintRectsAbove(surface, scene, looks, top);
  for (const line of scene.lines) paintLine(surface, line, looks);
  surface.clipped(0, top, size.width, Math.max(size.height - top, 0), () => {
    for (const text of scene.texts) if (isInLanes(text)) paintText(surface, text, looks, theme);
  });
  for (const text of scene.texts) if (!isInLanes(text)) paintText(surface, text, looks, theme);
  surface.line(0, top - 0.5, size.width, top - 0.5, { color: theme.border, width: 1, dash: [] });
}

function paintRects(surface: Surface, { rects }: Scene, looks: Looks, top: number): void {
  const { count, x, y, width, height, styles, traits, levels } = rects;
  for (let index = 0; index < count; index++) {
    const [rectY = 0, rectHeight = 0] = [y[index], height[index]];
    if (rectY + rectHeight <= top) continue;
    const style = SCENE_STYLES[styles[index] ?? 0] ?? 'dense';
    const trait = traits[index] ?? 0;
    surface.rect(x[index] ?? 0, rectY, width[index] ?? 0, rectHeight, looks.rect(style, trait, levels[index] ?? 0));
    if ((trait & TRAITS.selected) !== 0) {
      const around = { fill: null, hatch: null, hatchColor: '', outline: looks.selection };
      surface.rect((x[index] ?? 0) - 1, rectY - 1, (width[index] ?? 0) + 2, rectHeight + 2, around);
    }
  }
}

/** The shading of the exit window reaches up into ruler and marks. */
function paintRectsAbove(surface: Surface, { rects }: Scene, looks: Looks, top: number): void {
  const { count, x, y, width, height, styles } = rects;
  for (let index = 0; index < count; index++) {
    const style = SCENE_STYLES[styles[index] ?? 0] ?? 'dense';
    const rectY = y[index] ?? 0;
    if (rectY >= top || (!style.startsWith('exit-') && style !== 'after-handoff')) continue;
    const visible = Math.min(rectY + (height[index] ?? 0), top) - rectY;
    surface.rect(x[index] ?? 0, rectY, width[index] ?? 0, visible, looks.rect(style, 0, 0));
  }
}

function paintLine(surface: Surface, { kind, x, fromY, toY }: SceneLine, looks: Looks): void {
  const stroke = looks.line(kind);
  // Lines of an odd width are sharp in the middle of a pixel.
  const sharpX = stroke.width % 2 === 1 ? Math.floor(x) + 0.5 : Math.round(x);
  surface.line(sharpX, fromY, sharpX, toY, stroke);
  if (kind === 'cursor') surface.polygon(headAt(sharpX, fromY), stroke.color);
}

/** A handle to drag the replay by. */
function headAt(x: number, y: number): readonly (readonly [number, number])[] {
  return [
    [x - 5, y],
    [x + 5, y],
    [x + 5, y + 6],
    [x, y + 11],
    [x - 5, y + 6],
  ];
}

function isInLanes({ kind }: SceneText): boolean {
  return kind !== 'tick' && kind !== 'mark';
}

function paintText(surface: Surface, text: SceneText, looks: Looks, theme: Theme): void {
  const look = looks.text(text.kind, text.traits);
  if (text.kind === 'bar') paintBacking(surface, text, look.size, theme);
  surface.text(text.text, text.x, text.y, { ...look, align: text.align });
}

/** Letters on a hatch cannot be read. */
function paintBacking(surface: Surface, { text, x, y }: SceneText, size: number, theme: Theme): void {
  const fill = theme.background;
  surface.rect(x - 2, y - size / 2 - 1, text.length * size * 0.58 + 4, size + 2, {
    fill,
    hatch: null,
    hatchColor: '',
    outline: null,
  });
}
