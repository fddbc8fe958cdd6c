import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createThrottle } from '../../src/extension/replay/throttle.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('a throttle', () => {
  test('passes the first value on at once, and of those that come too fast the last', () => {
    const passed: number[] = [];
    const throttle = createThrottle<number>((value) => passed.push(value), 100);
    throttle.call(1);
    throttle.call(2);
    throttle.call(3);
    expect(passed).toEqual([1]);
    vi.advanceTimersByTime(100);
    expect(passed).toEqual([1, 3]);
    throttle.call(4);
    vi.advanceTimersByTime(99);
    expect(passed).toEqual([1, 3]);
    vi.advanceTimersByTime(1);
    expect(passed).toEqual([1, 3, 4]);
    vi.advanceTimersByTime(100);
    throttle.call(5);
    expect(passed).toEqual([1, 3, 4, 5]);
  });

  test('passes nothing on once it is disposed of', () => {
    const passed: number[] = [];
    const throttle = createThrottle<number>((value) => passed.push(value), 100);
    throttle.call(1);
    throttle.call(2);
    throttle.dispose();
    vi.runAllTimers();
    expect(passed).toEqual([1]);
  });
});
