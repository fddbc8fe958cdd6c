import type { TranslationSet } from '../model/events.ts';
import type { Translation } from '../model/trace.ts';

/** Whether the IOMMU hardware translates: for VT-d that decides how the platform treats DMA at hand-off. */
export interface TranslationTracker {
  set(event: TranslationSet, lineIndex: number): void;
  /** `null`: the log does not tell. */
  readonly summary: Translation | null;
}

/**
 * A platform can have several engines, each switched for itself. Most lines number them; IntelVTdCoreDxe switches them off one
 * by one without a number, and register dumps, of each engine in turn, print none in the line that tells.
 */
export function createTranslationTracker(): TranslationTracker {
  /** Whether the engines translate of which the log told the number. */
  const engines = new Map<number, boolean>();
  /** How many others do. */
  let unnumberedOn = 0;
  /** Dumps in a row that showed an engine off. */
  let dumpsOff = 0;
  let known = false;
  let enabledLineIndex: number | null = null;
  let disabledLineIndex: number | null = null;

  function isOn(): boolean {
    return unnumberedOn > 0 || [...engines.values()].some(Boolean);
  }

  function record(engine: number, on: boolean): void {
    if (engines.has(engine) || engines.size < MOST_ENGINES) engines.set(engine, on);
  }

  function switchOn(engine: number | null): void {
    if (engine === null) {
      unnumberedOn++;
    } else {
      // PEI drivers number nothing; the DXE driver, which does, takes their engines over.
      unnumberedOn = 0;
      record(engine, true);
    }
  }

  function switchOff(engine: number | null): void {
    const numbered = engine ?? (unnumberedOn > 0 ? null : firstOn());
    if (numbered === null || !engines.has(numbered)) unnumberedOn = Math.max(0, unnumberedOn - 1);
    if (numbered !== null) record(numbered, false);
  }

  function firstOn(): number | null {
    for (const [engine, on] of engines) if (on) return engine;
    return null;
  }

  /** One engine found off proves nothing about the others; as many in a row as there are do. */
  function seen(enabled: boolean): void {
    dumpsOff = enabled ? 0 : dumpsOff + 1;
    if (enabled && !isOn()) unnumberedOn = 1;
    if (dumpsOff < Math.max(1, engines.size, unnumberedOn)) return;
    unnumberedOn = 0;
    for (const engine of engines.keys()) engines.set(engine, false);
  }

  return {
    set({ engine, enabled, how }, lineIndex) {
      known = true;
      if (how === 'seen') {
        seen(enabled);
      } else {
        dumpsOff = 0;
        if (enabled) switchOn(engine);
        else switchOff(engine);
      }
      if (enabled) enabledLineIndex ??= lineIndex;
      if (isOn()) disabledLineIndex = null;
      else disabledLineIndex ??= lineIndex;
    },
    get summary() {
      return known ? { on: isOn(), enabledLineIndex, disabledLineIndex } : null;
    },
  };
}

/** A log with more is no evidence of anything. */
const MOST_ENGINES = 256;
