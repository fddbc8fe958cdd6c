/** Finds the literal fragments that a relevant line holds. */
export interface AnchorFinder {
  /** The first anchor at or behind `from`: sets `anchor`, `start` and `end`. */
  search(text: string, from: number): boolean;
  /** The longest anchor that stands at `at`: sets the same. */
  standsAt(text: string, at: number): boolean;
  /** Index of the anchor that was found, in the list given. */
  readonly anchor: number;
  readonly start: number;
  /** Offset behind it. */
  readonly end: number;
}

/** Anchors shorter than this would make the steps of the search short: they are looked for one by one. */
const LONG_ANCHOR = 7;

/**
 * Skips through the text by pairs of units, after Wu and Manber: a pair that no anchor holds moves the search on by nearly the
 * length of the shortest long anchor. It costs half of what a regular expression of as many literals does, since that looks at
 * every unit. Where a pair and a begin fit, a table of transitions tells which anchor it is. The few short anchors are found by
 * `indexOf`, which is quick for one literal, once for each place where they stand.
 */
export function createAnchorFinder(anchors: readonly string[]): AnchorFinder {
  const { transitions, accepts } = createTable(anchors);
  const long = anchors.filter((anchor) => anchor.length >= LONG_ANCHOR);
  const short = createShortFinder(anchors.filter((anchor) => anchor.length < LONG_ANCHOR));
  const shifts = createShifts(long, LONG_ANCHOR);
  const begins = createBegins(long);
  const result = {
    anchor: 0,
    start: 0,
    end: 0,
    search(text: string, from: number): boolean {
      const shortAt = short(text, from);
      // Behind a short anchor nothing is first any more.
      const end = Math.min(text.length, shortAt + LONG_ANCHOR - 1);
      let last = from + LONG_ANCHOR - 1;
      while (last < end) {
        const shift = shifts[((text.charCodeAt(last - 1) << 7) | text.charCodeAt(last)) & PAIRS] ?? 0;
        if (shift !== 0) {
          last += shift;
          continue;
        }
        const at = last - LONG_ANCHOR + 1;
        if (begins[((text.charCodeAt(at) << 7) | text.charCodeAt(at + 1)) & PAIRS] === 1 && result.standsAt(text, at))
          return true;
        last++;
      }
      return shortAt < text.length && result.standsAt(text, shortAt);
    },
    standsAt(text: string, at: number): boolean {
      let state = 0;
      let found = false;
      for (let offset = at; ; offset++) {
        const unit = text.charCodeAt(offset);
        // Past the end of the text this is NaN, which is no unit of any anchor either.
        if (!(unit < ASCII)) return found;
        state = transitions[state * ASCII + unit] ?? 0;
        if (state === 0) return found;
        const accepted = accepts[state] ?? -1;
        if (accepted < 0) continue;
        result.anchor = accepted;
        result.start = at;
        result.end = offset + 1;
        found = true;
      }
    },
  };
  return result;
}

/** Where the first of the anchors stands at or behind `from`; `Infinity` if none does. */
function createShortFinder(anchors: readonly string[]): (text: string, from: number) => number {
  const places = anchors.map(() => -1);
  let current = '';
  let searchedFrom = 0;
  let first = Infinity;

  return (text, from) => {
    const isSame = text === current && from >= searchedFrom;
    searchedFrom = from;
    if (isSame && first >= from) return first;
    current = text;
    first = Infinity;
    for (const [index, anchor] of anchors.entries()) {
      let place = places[index] ?? -1;
      if (!isSame || place < from) {
        const found = text.indexOf(anchor, from);
        place = found < 0 ? Infinity : found;
        places[index] = place;
      }
      if (place < first) first = place;
    }
    return first;
  };
}

const PAIRS = (1 << 14) - 1;

function pair(text: string, at: number): number {
  return (text.charCodeAt(at) << 7) | text.charCodeAt(at + 1);
}

function createShifts(anchors: readonly string[], window: number): Uint8Array {
  const shifts = new Uint8Array(PAIRS + 1).fill(window - 1);
  for (const anchor of anchors)
    for (let at = 0; at + 1 < window; at++)
      shifts[pair(anchor, at)] = Math.min(shifts[pair(anchor, at)] ?? 0, window - 2 - at);
  return shifts;
}

function createBegins(anchors: readonly string[]): Uint8Array {
  const begins = new Uint8Array(PAIRS + 1);
  for (const anchor of anchors) begins[pair(anchor, 0)] = 1;
  return begins;
}

/** Anchors are ASCII. */
const ASCII = 128;

/** State 0 is the start, and as a target means that no anchor goes on like this. */
function createTable(anchors: readonly string[]): { readonly transitions: Uint16Array; readonly accepts: Int32Array } {
  const states = 1 + anchors.reduce((sum, anchor) => sum + anchor.length, 0);
  // Half the size of 32-bit cells, which a processor's cache feels: the anchors of all dialects are some thousands of units.
  if (states > 0xffff) throw new Error(`Anchors of ${states} units do not fit into the table of transitions.`);
  const transitions = new Uint16Array(states * ASCII);
  const accepts = new Int32Array(states).fill(-1);
  let last = 0;
  for (const [index, anchor] of anchors.entries()) {
    let state = 0;
    for (let offset = 0; offset < anchor.length; offset++) {
      const cell = state * ASCII + anchor.charCodeAt(offset);
      if ((transitions[cell] ?? 0) === 0) transitions[cell] = ++last;
      state = transitions[cell] ?? 0;
    }
    accepts[state] = index;
  }
  return { transitions, accepts };
}
