import fc from 'fast-check';
import { expect, test } from 'vitest';
import { instantOfText, isZone, nextWithin } from './local-time.ts';
import { zoneOfNumber } from './zones.ts';

const at = (text: string) => Date.parse(text);

test('a local time that does not exist moves forward, and one that comes twice is the first', () => {
  expect(instantOfText('2026-03-29T01:30', 'Europe/Lisbon')).toBe(at('2026-03-29T01:30:00Z'));
  expect(instantOfText('2026-10-25T01:30', 'Europe/Lisbon')).toBe(at('2026-10-25T00:30:00Z'));
  expect(instantOfText('2026-03-08T02:30', 'America/New_York')).toBe(at('2026-03-08T07:30:00Z'));
  expect(instantOfText('2026-11-01T01:30', 'America/New_York')).toBe(at('2026-11-01T05:30:00Z'));
  // Lord Howe moves by half an hour.
  expect(instantOfText('2026-04-05T01:45', 'Australia/Lord_Howe')).toBe(at('2026-04-04T14:45:00Z'));
  expect(instantOfText('2026-10-04T02:15', 'Australia/Lord_Howe')).toBe(at('2026-10-03T15:45:00Z'));
});

test('zones with odd offsets', () => {
  expect(instantOfText('2026-12-01T10:00', 'Asia/Kathmandu')).toBe(at('2026-12-01T04:15:00Z'));
  expect(instantOfText('2026-12-01T10:00', 'Pacific/Chatham')).toBe(at('2026-11-30T20:15:00Z'));
  expect(instantOfText('2026-07-01T10:00', 'Pacific/Chatham')).toBe(at('2026-06-30T21:15:00Z'));
});

test('hours: now if it is within them, else the next day that has them', () => {
  const hours = { from: '09:00', until: '20:00', days: [1, 2, 3, 4, 5] };
  const zone = 'Europe/Lisbon';
  expect(nextWithin(at('2026-11-30T10:00:00Z'), zone, hours)).toBe(at('2026-11-30T10:00:00Z'));
  expect(nextWithin(at('2026-11-30T07:00:00Z'), zone, hours)).toBe(at('2026-11-30T09:00:00Z'));
  expect(nextWithin(at('2026-11-30T20:00:00Z'), zone, hours)).toBe(at('2026-12-01T09:00:00Z'));
  // Friday evening: Monday.
  expect(nextWithin(at('2026-12-04T21:00:00Z'), zone, hours)).toBe(at('2026-12-07T09:00:00Z'));
});

test('the next time within hours is never before, and is within them', () => {
  const zones = ['Asia/Kathmandu', 'Pacific/Chatham', 'America/Sao_Paulo', 'Europe/Lisbon', 'Australia/Lord_Howe'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at('2026-01-01T00:00:00Z'), max: at('2027-12-31T00:00:00Z') }),
      fc.integer({ min: 0, max: 22 }),
      fc.integer({ min: 1, max: 127 }),
      (zone, instant, hour, mask) => {
        const text = (n: number) => `${String(n).padStart(2, '0')}:00`;
        const days = [1, 2, 3, 4, 5, 6, 7].filter(day => mask & (1 << (day - 1)));
        const hours = { from: text(hour), until: text(hour + 1), days };
        const next = nextWithin(instant, zone, hours);
        expect(next).toBeGreaterThanOrEqual(instant);
        expect(next).toBeLessThan(instant + 9 * 86_400_000);
        expect(nextWithin(next, zone, hours)).toBe(next);
      },
    ),
    { numRuns: 500 },
  );
});

test('the zone of a number', () => {
  expect(zoneOfNumber('+351912000145')).toBe('Europe/Lisbon');
  expect(zoneOfNumber('+351296234567')).toBe('Atlantic/Azores');
  expect(zoneOfNumber('+12125550123')).toBe('America/New_York');
  expect(zoneOfNumber('+13125550123')).toBe('America/Chicago');
  expect(zoneOfNumber('+5511987654321')).toBe('America/Sao_Paulo');
  expect(zoneOfNumber('+9779812345678')).toMatch(/Kat/);
  expect(zoneOfNumber('+99912345')).toBeUndefined();
  for (const prefix of ['+1', '+7', '+44', '+61', '+62', '+52'])
    expect(isZone(zoneOfNumber(`${prefix}4`) ?? '')).toBe(true);
});
