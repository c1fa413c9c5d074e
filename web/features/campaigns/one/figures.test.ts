import fc from 'fast-check';
import { expect, test } from 'vitest';
import { everyMinute, outgrownOf, paceOf, wavesOf } from './figures.ts';

test('the waves have everybody once, and none of them is empty', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(sizes, fc.nat(2_000), (given, people) => {
      const waves = wavesOf(given, people);
      expect(waves.reduce((sum, size) => sum + size, 0)).toBe(people);
      expect(waves.every((size, place) => size > 0 && size <= (given[place] ?? people))).toBe(true);
    }),
  );
});

const at = (minute: number) => new Date(Date.UTC(2026, 10, 30, 14, minute)).toISOString();

test('the pace is that of the last whole minutes, also of those without a message', () => {
  const minutes = [
    { at: at(0), sent: 600 },
    { at: at(6), sent: 40 },
    { at: at(9), sent: 60 },
    { at: at(10), sent: 7 },
  ];
  expect(paceOf(minutes, Date.parse(at(10)) + 30_000)).toBe(20);
  expect(paceOf(minutes.slice(3), Date.parse(at(10)) + 30_000)).toBeUndefined();
  expect(paceOf(minutes, Date.parse(at(40)))).toBeUndefined();
  expect(everyMinute(minutes.slice(1), 60).map(({ sent }) => sent)).toEqual([40, 0, 0, 60, 7]);
  expect(everyMinute(minutes, 2).map(({ sent }) => sent)).toEqual([60, 7]);
});

test('a held list outgrew its approval only where both numbers are known', () => {
  const who = { asked_by: null, asked_at: null, approved_by: null, approved_at: null, changed_by: null };
  const approval = { ...who, needed: true, people: 480, cost: null };
  const reason = { code: 'approval_needed' as const, detail: '', until: null };
  const held = { state: 'held' as const, reason, approval, counts: { people: 612 } };
  expect(outgrownOf(held)).toEqual({ people: 612, approved: 480 });
  // The text of a template changed: the number is no reason.
  expect(outgrownOf({ ...held, counts: { people: 480 } })).toBeUndefined();
  expect(outgrownOf({ ...held, approval: { ...approval, people: null } })).toBeUndefined();
  expect(outgrownOf({ ...held, counts: null })).toBeUndefined();
  expect(outgrownOf({ ...held, state: 'draft' })).toBeUndefined();
  expect(outgrownOf({ ...held, reason: { ...reason, code: 'spend_cap' } })).toBeUndefined();
});
