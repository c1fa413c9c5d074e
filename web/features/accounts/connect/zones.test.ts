import { expect, test } from 'vitest';
import { findZones, offsetOf } from './zones.ts';

const found = (text: string) => findZones(text).map(({ name }) => name);

test('finds a zone by words of its name, without accents, and by its offset', () => {
  expect(found('são pau')).toEqual(['America/Sao_Paulo']);
  expect(found('Europe/Lis')).toEqual(['Europe/Lisbon']);
  expect(found('utc-3')).toContain('America/Sao_Paulo');
  expect(found('utc−3')).not.toContain('Europe/Lisbon');
  expect(found('nowhere')).toEqual([]);
  expect(found(' ').length).toBeGreaterThan(300);
});

test('an offset is that of the day', () => {
  expect(offsetOf('Europe/Lisbon', new Date('2026-01-10T12:00:00Z'))).toBe('UTC');
  expect(offsetOf('Europe/Lisbon', new Date('2026-07-10T12:00:00Z'))).toBe('UTC+1');
  expect(offsetOf('Asia/Kolkata', new Date('2026-07-10T12:00:00Z'))).toBe('UTC+5:30');
});
