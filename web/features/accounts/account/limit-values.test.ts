import fc from 'fast-check';
import { expect, test } from 'vitest';
import { follow, type LimitValues } from './limit-values.ts';

const start: LimitValues = {
  rateMessages: '20',
  rateSeconds: '60',
  hasDay: 'off',
  perDay: '1000',
  onLimit: 'hold',
  hasNew: 'off',
  newConversations: '100',
  hasQuiet: 'off',
  quietFrom: '21:30',
  quietUntil: '08:00',
  onUnknown: 'hold',
};
const names = Object.keys(start) as (keyof LimitValues)[];
const changes = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('1', '2')) as fc.Arbitrary<
  Partial<LimitValues>
>;

test('typed values stay through any changes of others, and the other fields follow them', () => {
  fc.assert(
    fc.property(changes, fc.array(changes, { maxLength: 4 }), (typed, others) => {
      let [values, saved] = [{ ...start, ...typed }, start];
      for (const other of others) {
        const next = { ...saved, ...other };
        values = follow(values, saved, next);
        saved = next;
      }
      for (const name of names) if (values[name] !== saved[name]) expect(values[name]).toBe(typed[name]);
      for (const name of names) if (!(name in typed)) expect(values[name]).toBe(saved[name]);
    }),
  );
});
