import type { TranslationSet } from '../model/events.ts';
import type { Translation } from '../model/trace.ts';

/** Whether the IOMMU hardware translates: for VT-d that decides how the platform treats DMA at hand-off. */
export interface TranslationTracker {
  set(event: TranslationSet, lineIndex: number): void;
  /** `null`: the log does not tell. */
  readonly summary: Translation | null;
}

export function createTranslationTracker(): TranslationTracker {
  /** By engine; `null` where no number is printed, which stands for all. */
  const engines = new Map<number | null, boolean>();
  let enabledLineIndex: number | null = null;
  let disabledLineIndex: number | null = null;

  return {
    set({ engine, enabled }, lineIndex) {
      if (engine === null) engines.clear();
      if (engines.size < 256) engines.set(engine, enabled);
      if (enabled) {
        enabledLineIndex ??= lineIndex;
        disabledLineIndex = null;
      } else if (enabledLineIndex !== null || disabledLineIndex === null) {
        disabledLineIndex ??= lineIndex;
      }
    },
    get summary() {
      if (engines.size === 0) return null;
      const on = [...engines.values()].some(Boolean);
      return { on, enabledLineIndex, disabledLineIndex: on ? null : disabledLineIndex };
    },
  };
}
