import { describe, expect, test } from 'vitest';
import { gridMove, rowsInView } from '../../src/webview/timeline/grid-rows.ts';
import { wheelFactor, wheelMeaning } from '../../src/webview/timeline/gestures.ts';
import { keyAction, type Key } from '../../src/webview/timeline/keys.ts';

const PLAIN = { shiftKey: false, ctrlKey: false, altKey: false, metaKey: false };

function key(name: string, modifiers: Partial<Key> = {}): Key {
  return { key: name, ...PLAIN, ...modifiers };
}

describe('a key', () => {
  test.each([
    ['+', { kind: 'zoom', factor: 1 / 1.5 }],
    ['-', { kind: 'zoom', factor: 1.5 }],
    ['0', { kind: 'all' }],
    ['e', { kind: 'exit' }],
    ['E', { kind: 'exit' }],
    ['/', { kind: 'search' }],
    [' ', { kind: 'play' }],
    ['Enter', { kind: 'reveal' }],
    ['?', { kind: 'help' }],
  ])('%j does what it should', (name, action) => expect(keyAction(key(name), false)).toEqual(action));

  test('of an arrow moves the view, and with a selection goes from mapping to mapping', () => {
    expect(keyAction(key('ArrowRight'), false)).toMatchObject({ kind: 'pan' });
    expect(keyAction(key('ArrowRight'), true)).toEqual({ kind: 'select', to: 'right' });
    expect(keyAction(key('ArrowRight', { shiftKey: true }), true)).toMatchObject({ kind: 'pan' });
    expect(keyAction(key('ArrowDown'), false)).toEqual({ kind: 'select', to: 'down' });
  });

  test('that belongs to VS Code is left to it', () => {
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey']) {
      expect(keyAction(key('f', { [modifier]: true }), true)).toBeNull();
    }
    for (const name of ['F5', 'Tab', 'constructor', 'toString', 'x']) expect(keyAction(key(name), true)).toBeNull();
  });
});

describe('a wheel', () => {
  const down = { ...PLAIN, deltaX: 0, deltaY: 100 };

  test('scrolls rows where there are more than fit, and zooms otherwise', () => {
    expect(wheelMeaning(down, true)).toBe('scroll');
    expect(wheelMeaning(down, false)).toBe('zoom');
    expect(wheelMeaning({ ...down, ctrlKey: true }, true)).toBe('zoom');
    expect(wheelMeaning({ ...down, shiftKey: true }, true)).toBe('pan');
    expect(wheelMeaning({ ...down, deltaX: 300 }, true)).toBe('pan');
  });

  test('turned there and back zooms to where it was', () => {
    expect(wheelFactor(100, false)).toBeGreaterThan(1);
    expect(wheelFactor(100, false) * wheelFactor(-100, false)).toBeCloseTo(1);
    expect(wheelFactor(-3, true)).toBeLessThan(wheelFactor(-3, false));
  });
});

describe('the table', () => {
  const size = { page: 10, rows: 100, columns: 8 };

  test.each([
    ['ArrowDown', false, { row: 6, column: 2 }],
    ['ArrowLeft', false, { row: 5, column: 1 }],
    ['PageDown', false, { row: 15, column: 2 }],
    ['Home', false, { row: 5, column: 0 }],
    ['End', false, { row: 5, column: 7 }],
    ['Home', true, { row: 0, column: 0 }],
    ['End', true, { row: 99, column: 7 }],
  ])('goes with %s (ctrl: %s) as tables do', (name, ctrlKey, cell) =>
    expect(gridMove({ key: name, ctrlKey }, { row: 5, column: 2 }, size)).toEqual(cell),
  );

  test('draws the rows that are seen and a few more, whatever their number', () => {
    expect(rowsInView(0, 220, 22, 5)).toEqual([0, 5]);
    const [first, end] = rowsInView(22 * 1000, 220, 22, 1_000_000);
    expect(first).toBeLessThanOrEqual(1000);
    expect(end).toBeGreaterThanOrEqual(1010);
    expect(end - first).toBeLessThan(40);
    expect(rowsInView(1e9, 220, 22, 3)).toEqual([3, 3]);
    expect(rowsInView(0, 0, 22, 0)).toEqual([0, 0]);
  });
});
