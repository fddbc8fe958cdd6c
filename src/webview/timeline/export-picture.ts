import { createCanvasSurface } from './canvas-surface.ts';
import { element } from './dom.ts';
import type { Host } from './host.ts';
import type { Store } from './model.ts';
import type { Stage } from './stage.ts';
import { createSvgSurface } from './svg-surface.ts';
import type { Theme } from './theme.ts';
import { summarize } from './words.ts';

/** Pictures are at least this sharp, whatever the screen. */
const LEAST_SCALE = 2;
/** Room for the sentence below the picture. */
const CAPTION_HEIGHT = 26;

export interface PictureExport {
  saveSvg(): void;
  savePng(): Promise<void>;
}

/** Makes pictures of the present view, with the sentence that sums the trace up. */
export function createPictureExport(stage: Stage, store: Store, host: Host, theme: () => Theme): PictureExport {
  function caption(): string {
    const { head } = store.get();
    return head === null ? '' : `${head.name}: ${summarize(head.outline)}`;
  }

  function captionLook(): Parameters<ReturnType<typeof createSvgSurface>['text']>[3] {
    return { color: theme().muted, size: 11, isBold: false, isMono: false, align: 'left' };
  }

  return {
    saveSvg() {
      const { width, height } = stage.size();
      const { background, fonts } = theme();
      const surface = createSvgSurface(width, height + CAPTION_HEIGHT, background, fonts, caption());
      stage.paintOn(surface);
      surface.text(caption(), 8, height + CAPTION_HEIGHT / 2, captionLook());
      host.post({ kind: 'export', format: 'svg', text: surface.toString() });
    },
    async savePng() {
      const { width, height } = stage.size();
      const canvas = element('canvas');
      const surface = createCanvasSurface(canvas);
      surface.setFonts(theme().fonts);
      surface.begin(width, height + CAPTION_HEIGHT, Math.max(devicePixelRatio, LEAST_SCALE), theme().background);
      stage.paintOn(surface);
      surface.text(caption(), 8, height + CAPTION_HEIGHT / 2, captionLook());
      const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
      if (blob !== null) host.post({ kind: 'export', format: 'png', bytes: await blob.arrayBuffer() });
    },
  };
}
