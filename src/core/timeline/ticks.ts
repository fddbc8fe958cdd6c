import type { TimelineAxis, TimelinePlace } from './timeline.ts';

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Between two ticks there are at least so many pixels. */
const CLOSEST = 90;
const MOST_DECIMALS = 9;

/** Round values on the part of an axis that a view shows, in steps of 1, 2 or 5. Time is told from the first step on. */
export function ticksOf(
  axis: TimelineAxis,
  { from, to, width }: { readonly from: number; readonly to: number; readonly width: number },
  first: TimelinePlace,
): readonly Tick[] {
  const origin = axis === 'time' ? (first.seconds ?? 0) : 0;
  const smallest = ((to - from) * CLOSEST) / Math.max(width, 1);
  const step = Math.max(roundStep(smallest), axis === 'time' ? 10 ** -MOST_DECIMALS : 1);
  const firstNumber = Math.ceil((from - origin) / step);
  const lastNumber = Math.floor((to - origin) / step);
  const count = Math.min(lastNumber - firstNumber + 1, Math.ceil(width / CLOSEST) + 1);
  const decimals = Math.min(Math.max(-Math.floor(Math.log10(step) + 1e-9), 0), MOST_DECIMALS);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => {
    const value = (firstNumber + index) * step;
    return { value: origin + value, label: axis === 'time' ? secondsLabel(value, decimals) : groupDigits(value) };
  });
}

/** The smallest of 1, 2, 5, 10, 20, 50, … (and 0.1, 0.2, 0.5, …) that is not below `least`. */
function roundStep(least: number): number {
  if (!(least > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  return power * (least <= power ? 1 : least <= 2 * power ? 2 : least <= 5 * power ? 5 : 10);
}

function secondsLabel(seconds: number, decimals: number): string {
  return `${seconds < 0 ? '−' : '+'}${groupDigits(Math.abs(seconds), decimals)} s`;
}

/** `1,234,567`. */
export function groupDigits(value: number, decimals = 0): string {
  const [whole = '', rest] = value.toFixed(decimals).split('.');
  const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}
