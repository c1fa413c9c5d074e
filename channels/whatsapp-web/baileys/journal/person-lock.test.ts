import { addTransactionCapability } from 'baileys';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { silent } from '../../tests/fake/silent.ts';
import { createPersonLock } from './person-lock.ts';

const number = '351910000001@s.whatsapp.net';
const device = '351910000001:3@s.whatsapp.net';
const lid = '777000001@lid';
const ofBo = '351910000002@s.whatsapp.net';

/** The locks of a session over the library's own transactions. `book`: the LIDs that are known by number. */
function locksOf(book: Map<string, string>) {
  const stored = new Map<string, unknown>();
  const keys = addTransactionCapability(
    {
      get: async (type, ids) => Object.fromEntries(ids.map(id => [id, stored.get(`${type} ${id}`)])) as never,
      set: async data => {
        for (const [type, values] of Object.entries(data))
          for (const [id, value] of Object.entries(values)) stored.set(`${type} ${id}`, value);
      },
    },
    silent,
    { maxCommitRetries: 1, delayBetweenTriesMs: 1 },
  );
  const lookUp = async (jid: string) => book.get(jid.replace(/:\d+@/, '@')) ?? null;
  return { keys, lock: createPersonLock(keys, { getLIDForPN: lookUp }) };
}

/** Work that ends when it is told to. */
function gated(order: string[], name: string) {
  let end = () => {};
  const ended = new Promise<void>(resolve => {
    end = resolve;
  });
  const work = async () => {
    order.push(`${name} begins`);
    await ended;
    order.push(`${name} ends`);
  };
  return { work, end };
}
/** Lets everything run that waits for nothing. */
const turns = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise(resolve => setImmediate(resolve));
};

test('calls about one person never work on one session record at a time, whichever addresses they name', async () => {
  const address = fc.constantFrom(number, device, lid, 'both' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(address, { minLength: 2, maxLength: 8 }), async addresses => {
      const { keys, lock } = locksOf(new Map([[number, lid]]));
      const read = async () => (await keys.get('session', ['record'])).record?.[0] ?? 0;
      // As the ratchet: it reads the record, works, and stores the next one.
      const step = async () => {
        const count = await read();
        await new Promise(resolve => setImmediate(resolve));
        await keys.set({ session: { record: Uint8Array.of(count + 1) } });
      };
      await Promise.all(
        addresses.map(each => (each === 'both' ? lock.aloneWithBoth(number, lid, step) : lock.alone(each, step))),
      );
      expect(await read()).toBe(addresses.length);
    }),
    { numRuns: 50 },
  );
});

test('a call by number that waits takes the lock of a LID that is learnt meanwhile', async () => {
  const book = new Map<string, string>();
  const { lock } = locksOf(book);
  const order: string[] = [];
  const [first, byNumber, byLid] = ['first', 'by number', 'by LID'].map(name => gated(order, name));
  if (!first || !byNumber || !byLid) throw new Error('three calls');
  const calls = [lock.alone(number, first.work), lock.alone(number, byNumber.work)];
  await turns();
  book.set(number, lid);
  calls.push(lock.alone(lid, byLid.work));
  await turns();
  first.end();
  await turns();
  expect(order).toEqual(['first begins', 'by LID begins', 'first ends']);
  byLid.end();
  byNumber.end();
  await Promise.all(calls);
  expect(order.slice(3)).toEqual(['by LID ends', 'by number begins', 'by number ends']);
});

test('a move from the number to the LID keeps both addresses, although nobody knows yet that they are one', async () => {
  const { lock } = locksOf(new Map());
  const order: string[] = [];
  const move = gated(order, 'move');
  const calls = [lock.aloneWithBoth(number, lid, move.work)];
  await turns();
  for (const jid of [number, lid]) calls.push(lock.alone(jid, async () => void order.push(jid)));
  await turns();
  expect(order).toEqual(['move begins']);
  move.end();
  await Promise.all(calls);
  expect(order.slice(0, 2)).toEqual(['move begins', 'move ends']);
  expect(order.slice(2).sort()).toEqual([number, lid].sort());
});

test('nobody waits for another person, and a failure releases the lock', async () => {
  const { lock } = locksOf(new Map([[number, lid]]));
  const order: string[] = [];
  const ana = gated(order, 'Ana');
  const held = lock.alone(number, ana.work);
  await lock.alone(ofBo, async () => void order.push('Bo'));
  expect(order).toContain('Bo');
  ana.end();
  await held;
  await expect(lock.alone(lid, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  await lock.alone(number, async () => void order.push('again'));
  expect(order.at(-1)).toBe('again');
});
