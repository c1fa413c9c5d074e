import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createChatTimers, timerIn, timerOfChat } from './chat-timers.ts';

const type = 3;

/** Keys in memory; `writes` counts the calls that store something. */
const inMemory = () => {
  const stored = new Map<string, unknown>();
  let writes = 0;
  return {
    writes: () => writes,
    keys: {
      get: async (_type: string, ids: string[]) =>
        Object.fromEntries(ids.flatMap(id => (stored.has(id) ? [[id, stored.get(id)]] : []))),
      set: async (data: object) => {
        writes += 1;
        for (const values of Object.values(data))
          for (const [id, value] of Object.entries(values)) stored.set(id, value);
      },
    } as Parameters<typeof createChatTimers>[0],
  };
};

const ana = { phone: '+15550001', lid: '777@lid' };

test.each([
  ['a text', { conversation: 'Hi' }, { seconds: 0, isSet: false }],
  ['a text with a timer', { extendedTextMessage: { text: 'Hi', contextInfo: { expiration: 60 } } }, { seconds: 60 }],
  ['a file', { imageMessage: { caption: 'Hi', contextInfo: { expiration: 60 } } }, { seconds: 60, isSet: false }],
  [
    'a wrapped text',
    { ephemeralMessage: { message: { extendedTextMessage: { text: 'Hi', contextInfo: { expiration: 60 } } } } },
    { seconds: 60 },
  ],
  ['a setting', { protocolMessage: { type, ephemeralExpiration: 60 } }, { seconds: 60, isSet: true }],
  ['a setting that switches it off', { protocolMessage: { type } }, { seconds: 0, isSet: true }],
  ['a deletion', { protocolMessage: { type: 0, key: { id: 'X' } } }, undefined],
  ['a reaction', { reactionMessage: { text: '👍' } }, undefined],
  ['a vote', { pollUpdateMessage: {} }, undefined],
  ['nothing', {}, undefined],
])('%s says what it can of its chat', (_, message, said) => {
  const found = timerIn(message, 9);
  if (said) expect(found).toMatchObject({ ...said, at: 9 });
  else expect(found).toBeUndefined();
});

test('a chat of the library says its timer only where it names one', () => {
  expect(timerOfChat({})).toBeUndefined();
  expect(timerOfChat({ ephemeralExpiration: 60, ephemeralSettingTimestamp: 5 })).toMatchObject({ seconds: 60, at: 5 });
  expect(timerOfChat({ ephemeralExpiration: null, ephemeralSettingTimestamp: 5 })).toMatchObject({ seconds: 0 });
});

test('the last setting counts, in whichever order settings come and whichever address each names', async () => {
  const address = fc.constantFrom(ana, { phone: ana.phone, lid: undefined }, { phone: undefined, lid: ana.lid });
  const setting = fc.record({ person: address, seconds: fc.constantFrom(0, 60, 3600) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(setting, { minLength: 1, maxLength: 6 }).chain(list => {
        const timed = list.map((each, index) => ({ ...each, at: index + 1 }));
        return fc.record({
          last: fc.constant(timed.at(-1)?.seconds),
          comes: fc.shuffledSubarray(timed, { minLength: timed.length }),
        });
      }),
      async ({ last, comes }) => {
        const timers = createChatTimers(inMemory().keys);
        for (const { person, seconds, at } of comes) await timers.learn(person, { seconds, at, isSet: true });
        expect(await timers.secondsOf(ana)).toBe(last);
      },
    ),
  );
});

test('a chat without a timer stores nothing, and one with a timer is stored once', async () => {
  const { keys, writes } = inMemory();
  const timers = createChatTimers(keys);
  await timers.learn(ana, { seconds: 0, at: 1, isSet: false });
  expect(writes()).toBe(0);
  for (const at of [2, 3, 4]) await timers.learn(ana, { seconds: 60, at, isSet: false });
  expect(writes()).toBe(1);
  await timers.learn(ana, { seconds: 0, at: 5, isSet: false });
  expect([await timers.secondsOf(ana), writes()]).toEqual([0, 2]);
});
