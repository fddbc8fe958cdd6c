import { describe, expect, test } from 'vitest';
import { createTranslationTracker } from '../../../src/core/lifecycle/translation.ts';
import type { TranslationSet } from '../../../src/core/model/events.ts';

/** Each step is an event, such as `on 0`, `off` (an engine without a number), `seen off`; its place is its line. */
function after(...steps: readonly string[]): { on: boolean; enabled: number | null; disabled: number | null } | null {
  const tracker = createTranslationTracker();
  for (const [lineIndex, step] of steps.entries()) tracker.set(toEvent(step), lineIndex);
  const { summary } = tracker;
  return summary && { on: summary.on, enabled: summary.enabledLineIndex, disabled: summary.disabledLineIndex };
}

function toEvent(step: string): TranslationSet {
  const [, how, state, engine] = /^(seen )?(on|off)(?: (\d+))?$/.exec(step) ?? [];
  return {
    kind: 'translation-set',
    engine: engine === undefined ? null : Number(engine),
    enabled: state === 'on',
    how: how === undefined ? 'set' : 'seen',
  };
}

describe('translation', () => {
  test('is not known where no line tells of it', () => {
    expect(after()).toBeNull();
  });

  test('of one engine is on, then off', () => {
    expect(after('on 0')).toEqual({ on: true, enabled: 0, disabled: null });
    expect(after('on 0', 'off 0')).toEqual({ on: false, enabled: 0, disabled: 1 });
  });

  test('of two engines is off when both are', () => {
    expect(after('on 0', 'on 1', 'off 0')).toEqual({ on: true, enabled: 0, disabled: null });
    expect(after('on 0', 'on 1', 'off 0', 'off 1')).toEqual({ on: false, enabled: 0, disabled: 3 });
  });

  test('of two engines goes off one by one where the lines have no numbers', () => {
    expect(after('on 0', 'on 1', 'off')).toMatchObject({ on: true, disabled: null });
    expect(after('on 0', 'on 1', 'off', 'off')).toMatchObject({ on: false, disabled: 3 });
  });

  test('of engines without numbers is taken over by the driver that numbers them', () => {
    expect(after('on', 'on', 'off', 'off')).toMatchObject({ on: false, disabled: 3 });
    expect(after('on', 'on 0', 'off')).toMatchObject({ on: false, enabled: 0, disabled: 2 });
    expect(after('on', 'on 0', 'off', 'off 0')).toMatchObject({ on: false, disabled: 2 });
  });

  test('can be told by the register alone', () => {
    expect(after('seen on')).toEqual({ on: true, enabled: 0, disabled: null });
    expect(after('seen off')).toEqual({ on: false, enabled: null, disabled: 0 });
    expect(after('seen on', 'off 0')).toMatchObject({ on: false, disabled: 1 });
  });

  test('stays on while the register of one of two engines shows it', () => {
    expect(after('on 0', 'on 1', 'seen off', 'seen on')).toMatchObject({ on: true, disabled: null });
    expect(after('on 0', 'on 1', 'seen off')).toMatchObject({ on: true });
    expect(after('on 0', 'on 1', 'seen off', 'seen off')).toMatchObject({ on: false, disabled: 3 });
  });

  test('switched on again is on', () => {
    expect(after('on 0', 'off 0', 'on 0')).toEqual({ on: true, enabled: 0, disabled: null });
  });
});
