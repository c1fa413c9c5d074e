import { afterEach, expect, test, vi } from 'vitest';
import { realClock } from './time.ts';

afterEach(() => void vi.useRealTimers());

test('what is measured counts the time that the machine slept, which only the time of day tells, and no setting back', () => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'] });
  const sinceThen = realClock.measure();
  vi.advanceTimersByTime(1_000);
  expect(sinceThen()).toBe(1_000);
  vi.setSystemTime(Date.now() + 60_000);
  expect(sinceThen()).toBe(61_000);
  vi.setSystemTime(Date.now() - 3_600_000);
  expect(sinceThen()).toBe(1_000);
});
