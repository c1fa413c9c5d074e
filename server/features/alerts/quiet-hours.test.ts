import { expect, test } from 'vitest';
import { quietUntil } from './quiet-hours.ts';

const night = { from: '22:00', until: '07:00', zone: 'Europe/Lisbon' };
const at = (text: string) => Date.parse(text);

test('quiet hours last over midnight, by the clock of the person', () => {
  expect(quietUntil(night, at('2026-11-24T23:30:20Z'))).toBe(at('2026-11-25T07:00:00Z'));
  expect(quietUntil(night, at('2026-11-24T06:59:00Z'))).toBe(at('2026-11-24T07:00:00Z'));
  expect(quietUntil(night, at('2026-11-24T07:00:00Z'))).toBeUndefined();
  expect(quietUntil(night, at('2026-11-24T21:59:59Z'))).toBeUndefined();
  expect(quietUntil({ ...night, zone: 'America/Sao_Paulo' }, at('2026-11-25T01:00:00Z'))).toBe(
    at('2026-11-25T10:00:00Z'),
  );
});

test('equal times are no quiet hours', () => {
  expect(quietUntil({ ...night, until: '22:00' }, at('2026-11-24T22:00:00Z'))).toBeUndefined();
});
