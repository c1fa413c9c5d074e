import fc from 'fast-check';
import { expect, test } from 'vitest';
import { barsOf, covers, type Doing } from './approval.ts';

test('an approval is enough for 5 % more people, and for no more', () => {
  expect([covers(480, 480), covers(480, 504), covers(480, 505), covers(3, 4), covers(0, 0)]).toEqual([
    true,
    true,
    false,
    false,
    true,
  ]);
});

test('nobody approves what they or their key asked for or changed', () => {
  const id = fc.constantFrom('ana', 'bruno', 'key 1', 'key 2');
  const doing = fc.record({ did: fc.constantFrom('asked', 'started', 'changed'), id });
  const makers = new Map([
    ['key 1', 'ana'],
    ['key 2', 'bruno'],
  ]);
  fc.assert(
    fc.property(fc.array(doing, { minLength: 1 }), fc.constantFrom('ana', 'bruno', 'carla'), (done, person) => {
      const doings = done.map(({ did, id: by }): Doing => {
        const kind = makers.has(by) ? 'api_key' : 'person';
        return { did, who: { kind, id: by, name: null } };
      });
      const isTheirs = done.some(({ id: by }) => (makers.get(by) ?? by) === person);
      expect(barsOf(person, doings, makers).length > 0).toBe(isTheirs);
    }),
  );
});
