import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Condition, isUnstable, step, type Watch } from './machine.ts';

const minute = 60_000;
const condition: Condition = { fireAbove: 5, clearBelow: 3, forMs: 5 * minute, keepMs: 10 * minute };
const after = (values: (number | null)[], rule = condition): Watch | undefined =>
  values.reduce<Watch | undefined>((watch, value, place) => step(rule, watch, value, place * minute), undefined);

describe('the machine of an alert', () => {
  test('fires once the value was above for its time', () => {
    expect(after([6])?.state).toBe('pending');
    expect(after([6, 6, 6, 6, 6])?.state).toBe('pending');
    expect(after([6, 6, 6, 6, 6, 6])?.state).toBe('firing');
    expect(after([6, 6, 5, 6, 6, 6])?.state).toBe('pending');
  });

  test('clears once the value was below the lower bound for its time', () => {
    const firing = [6, 6, 6, 6, 6, 6];
    expect(after([...firing, 4, 4])?.state).toBe('firing');
    expect(after([...firing, 2])?.state).toBe('clearing');
    expect(after([...firing, 2, 2, 2, 2, 2, 4])?.state).toBe('firing');
    expect(after([...firing, ...Array.from({ length: 11 }, () => 2)])?.state).toBe('ok');
  });

  test('neither fires nor clears without data', () => {
    expect(after([null])?.state).toBe('no_data');
    expect(after([6, 6, null])?.state).toBe('no_data');
    expect(after([6, 6, 6, 6, 6, 6, null])?.state).toBe('firing');
  });

  test('is unstable after more than four changes in an hour, until they are over', () => {
    const quick = { ...condition, forMs: 0, keepMs: 0 };
    const flapping = after([6, 0, 6, 0, 6], quick);
    expect(flapping && isUnstable(flapping)).toBe(true);
    const before = after([6, 0, 6, 0], quick);
    expect(before && isUnstable(before)).toBe(false);
    const later = flapping && step(quick, flapping, 6, 70 * minute);
    expect(later && isUnstable(later)).toBe(false);
  });

  test('changes between firing and not as often as it says', () => {
    const values = fc.array(fc.option(fc.nat(8)), { maxLength: 50 });
    fc.assert(
      fc.property(values, fc.nat(3), fc.nat(3), (list, forMinutes, keepMinutes) => {
        const rule = { ...condition, forMs: forMinutes * minute, keepMs: keepMinutes * minute };
        let watch: Watch | undefined;
        let changes = 0;
        for (const [place, value] of list.entries()) {
          const fired = watch?.state === 'firing' || watch?.state === 'clearing';
          watch = step(rule, watch, value, place * minute);
          if ((watch.state === 'firing' || watch.state === 'clearing') !== fired) changes++;
        }
        expect(watch?.changes.length ?? 0).toBe(changes);
      }),
    );
  });
});
