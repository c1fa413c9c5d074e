import { expect, test } from 'vitest';
import { changeOf } from './metrics.ts';

test('counts change in percent and shares in points; more failures are bad', () => {
  expect(changeOf('sent', 112, 100)).toEqual({ by: 0.12, tone: 'good' });
  expect(changeOf('sent', 90, 100)).toEqual({ by: -0.1, tone: 'bad' });
  expect(changeOf('failed', 0.05, 0.02)?.tone).toBe('bad');
  expect(changeOf('failed', 0.01, 0.02)?.tone).toBe('good');
  expect(changeOf('read', 0.75, 0.75)).toEqual({ by: 0, tone: 'none' });
});

test('there is no change from nothing, or of what is not known', () => {
  expect(changeOf('sent', 12, 0)).toBe(undefined);
  expect(changeOf('delivered', null, 0.9)).toBe(undefined);
  expect(changeOf('delivered', 0.9, null)).toBe(undefined);
  expect(changeOf('delivered', 0.9, 0)).toEqual({ by: 0.9, tone: 'good' });
});
