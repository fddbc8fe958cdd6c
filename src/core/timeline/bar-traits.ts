import type { TimelineBars } from './timeline.ts';
import { LOST, OWNER_CERTAIN, SEVERITY, crossesHandoff, operationOf, severityOf } from './bar-flags.ts';
import { at, gallopTo } from './numbers.ts';
import type { SceneStyle } from './scene.ts';
import { TRAITS } from './scene.ts';

export function styleOf(flags: number): SceneStyle {
  switch (operationOf(flags)) {
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

/** Bits of `TRAITS` that a bar has whatever is looked for. */
export function ownTraits(flags: number): number {
  const severity = severityOf(flags);
  return (
    (crossesHandoff(flags) ? TRAITS.crosses : 0) |
    (severity === 'error' ? TRAITS.error : severity === 'warning' ? TRAITS.warning : 0) |
    ((flags & LOST) === 0 ? 0 : TRAITS.lost) |
    ((flags & OWNER_CERTAIN) === 0 ? TRAITS.inferredOwner : 0)
  );
}

/** Bars that have something in common, ascending; asked for ranges that ascend, too. */
export interface BarSet {
  /** How many of them lie in [from, to); 2 stands for more. */
  countIn(from: number, to: number): 0 | 1 | 2;
  /** The first that `countIn` counted last. */
  readonly first: number;
}

export function createBarSet(bars: Uint32Array): BarSet {
  let next = 0;
  return {
    countIn(from, to) {
      // Rows come from top to bottom, bars from left to right; only what is asked out of order starts anew.
      if (next > 0 && at(bars, next - 1) >= from) next = 0;
      next = gallopTo(bars, from, next, bars.length);
      if (next >= bars.length || at(bars, next) >= to) return 0;
      return next + 1 < bars.length && at(bars, next + 1) < to ? 2 : 1;
    },
    get first() {
      return at(bars, next);
    },
  };
}

/** The bars with a finding of each of the two severities that are shown, ascending. */
export interface SevereBars {
  readonly errors: Uint32Array;
  readonly warnings: Uint32Array;
}

export function findSevere({ flags }: TimelineBars): SevereBars {
  const errors: number[] = [];
  const warnings: number[] = [];
  flags.forEach((flag, bar) => {
    // Hardly any has a finding.
    if ((flag & SEVERITY) === 0) return;
    const severity = severityOf(flag);
    if (severity === 'error') errors.push(bar);
    else if (severity === 'warning') warnings.push(bar);
  });
  return { errors: Uint32Array.from(errors), warnings: Uint32Array.from(warnings) };
}
