import { TRAITS, type SceneStyle } from '../../core/timeline/scene.ts';
import { createCanvasSurface, type CanvasSurface } from './canvas-surface.ts';
import { element } from './dom.ts';
import type { Looks } from './looks.ts';
import type { Theme } from './theme.ts';

/** Which colours and patterns mean what. */
export interface Legend {
  readonly element: HTMLElement;
  setTheme(theme: Theme, looks: Looks): void;
}

const SAMPLES: readonly (readonly [SceneStyle, number, string])[] = [
  ['common-buffer', 0, 'CommonBuffer'],
  ['read', 0, 'Read'],
  ['write', 0, 'Write'],
  ['unknown-operation', 0, 'unknown'],
  ['dense', 0, 'several'],
  ['underlay', 0, 'buffer'],
  ['crossing', TRAITS.crosses, 'crosses hand-off'],
  ['exit-certain', 0, 'ExitBootServices'],
  ['exit-inferred', 0, 'inferred'],
  ['device-running', 0, 'device runs'],
  ['bus-master-on', 0, 'bus master on'],
  ['bus-master-off', 0, 'bus master off'],
];
const WIDTH = 22;
const HEIGHT = 10;

export function createLegend(): Legend {
  const swatches: { readonly style: SceneStyle; readonly traits: number; readonly surface: CanvasSurface }[] = [];
  const items = SAMPLES.map(([style, traits, text]) => {
    const canvas = element('canvas', { class: 'swatch', 'aria-hidden': 'true' });
    swatches.push({ style, traits, surface: createCanvasSurface(canvas) });
    return element('li', {}, canvas, text);
  });
  return {
    element: element('ul', { class: 'legend', 'aria-label': 'Legend' }, ...items),
    setTheme(theme, looks) {
      for (const { style, traits, surface } of swatches) {
        surface.begin(WIDTH, HEIGHT, devicePixelRatio, theme.background);
        surface.ground((ground) => ground.rect(0, 0, WIDTH, HEIGHT, looks.rect(style, traits)));
      }
    },
  };
}
