import { expect, test } from 'vitest';
import { fourWeeks, stretchOf } from './range.ts';
import { overviewSearch } from './search.ts';

const zone = 'America/Sao_Paulo';
const now = Date.parse('2026-11-30T17:42:00Z');

test('a stretch has whole days of its zone, and ends now where its last day is today', () => {
  expect(stretchOf({}, zone, now)).toEqual({
    from: '2026-11-30T03:00:00.000Z',
    until: undefined,
    end: '2026-12-01T03:00:00.000Z',
    by: 'hour',
  });
  expect(stretchOf({ period: 'week' }, zone, now)).toMatchObject({ from: '2026-11-24T03:00:00.000Z', by: 'day' });
  expect(stretchOf({ period: 'custom', from: '2026-11-01', until: '2026-11-02' }, zone, now)).toEqual({
    from: '2026-11-01T03:00:00.000Z',
    until: '2026-11-03T03:00:00.000Z',
    end: '2026-11-03T03:00:00.000Z',
    by: 'hour',
  });
  // Neither of the future, nor of more than a year.
  expect(stretchOf({ period: 'custom', from: '2027-01-01', until: '2027-02-01' }, zone, now)).toEqual(
    stretchOf({}, zone, now),
  );
  expect(stretchOf({ period: 'custom', from: '2020-01-01', until: '2026-11-30' }, zone, now).from).toBe(
    '2025-11-30T03:00:00.000Z',
  );
  expect(fourWeeks(zone, now)).toEqual({ from: '2026-11-02T03:00:00.000Z', until: '2026-11-30T03:00:00.000Z' });
});

test('an address keeps what is valid of it', () => {
  expect(overviewSearch({ period: 'custom', from: '2026-11-01', until: '2026-11-30', metric: 'read' })).toMatchObject({
    period: 'custom',
    from: '2026-11-01',
    until: '2026-11-30',
    metric: 'read',
  });
  for (const given of [{ from: '2026-11-02', until: '2026-11-01' }, { from: 'x', until: '2026-11-01' }, {}])
    expect(overviewSearch({ period: 'custom', ...given }).period).toBe(undefined);
  expect(overviewSearch({ period: 'year', metric: 'mood', account: 3 })).toEqual({});
});
