import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isFromTimeline } from '../../src/protocol/timeline-messages.ts';
import { WHOLE_VIEW, parseTimelineState } from '../../src/protocol/timeline-state.ts';

describe('the state of a timeline', () => {
  test('that was kept is the same when it comes back', () => {
    const view = { axis: 'time', range: { from: 0.5, to: 2 }, query: 'x', hideOthers: true, selected: 4, table: true };
    const state = { log: 'file:///boot.log', boot: 3, view };
    expect(parseTimelineState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  test.each([
    [{ range: { from: 5, to: 5 } }, { range: null }],
    [{ range: { from: 0, to: Infinity } }, { range: null }],
    [{ range: 'all' }, { range: null }],
    [{ axis: 'constructor' }, { axis: 'order' }],
    [{ selected: -1 }, { selected: null }],
    [{ selected: 1.5 }, { selected: null }],
    [{ query: { length: 5 } }, { query: '' }],
    [{ query: 'x'.repeat(5000) }, { query: 'x'.repeat(200) }],
    [
      { hideOthers: 'yes', table: 1 },
      { hideOthers: false, table: false },
    ],
  ])('leaves out what makes no sense: %j', (view, expected) => {
    expect(parseTimelineState({ log: 'file:///x', boot: 0, view })?.view).toEqual({ ...WHOLE_VIEW, ...expected });
  });

  test('is an answer for anything, never a throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const state = parseTimelineState(value);
        if (state !== null) expect(parseTimelineState(state)).toEqual(state);
      }),
    );
  });
});

test('a message of the webview is known by its kind', () => {
  expect(isFromTimeline({ kind: 'ready' })).toBe(true);
  for (const message of [null, 'ready', {}, { kind: 5 }, { kind: 'toString' }, { kind: 'open' }]) {
    expect(isFromTimeline(message)).toBe(false);
  }
});
