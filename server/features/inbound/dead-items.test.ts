// A flood of dead items makes few dead letters, and none is forgotten.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { condensed, tallyOf } from './dead-items.ts';
import type { DeadItem } from './inbound-store.ts';

const itemAt = (payloadId: number, place: number, workspaceId: string | undefined): DeadItem => ({
  payloadId,
  place,
  item: place,
  code: 'item_unreadable',
  reason: 'not an object',
  owner: workspaceId === undefined ? undefined : { accountId: undefined, workspaceId },
});

const items = fc
  .array(
    fc.record({
      payloadId: fc.integer({ min: 1, max: 3 }),
      workspaceId: fc.constantFrom('one', 'two', undefined),
      count: fc.integer({ min: 0, max: 250 }),
    }),
    { maxLength: 8 },
  )
  .map(groups => {
    let place = 0;
    return groups.flatMap(({ payloadId, workspaceId, count }) =>
      Array.from({ length: count }, () => itemAt(payloadId, place++, workspaceId)),
    );
  })
  .chain(list => fc.shuffledSubarray(list, { minLength: list.length }));

const countIn = ({ code, reason }: DeadItem) => (code === 'more_items' ? Number.parseInt(reason, 10) : 1);
const keyOf = ({ payloadId, owner }: DeadItem) => `${payloadId} ${owner?.workspaceId}`;

test('each workspace has the first hundred of a payload and the number of the others, in any order', () => {
  fc.assert(
    fc.property(items, dead => {
      const kept = condensed(dead);
      for (const key of new Set(dead.map(keyOf))) {
        const all = dead.filter(item => keyOf(item) === key);
        const left = kept.filter(item => keyOf(item) === key);
        expect(left.length).toBe(Math.min(all.length, 101));
        expect(left.reduce((sum, item) => sum + countIn(item), 0)).toBe(all.length);
        const places = all.map(({ place }) => place).sort((one, other) => one - other);
        expect(left.slice(0, 100).map(({ place }) => place)).toEqual(places.slice(0, 100));
      }
      // A row for each.
      expect(new Set(kept.map(({ payloadId, place }) => `${payloadId} ${place}`)).size).toBe(kept.length);
      expect(tallyOf(dead).reduce((sum, tally) => sum + tally.items, 0)).toBe(dead.length);
    }),
    { numRuns: 50 },
  );
});
