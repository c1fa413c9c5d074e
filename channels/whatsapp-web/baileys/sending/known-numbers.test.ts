import { expect, test } from 'vitest';
import type { Gateway } from '../../driver.ts';
import { findNumber, isRecent } from './known-numbers.ts';

const hourMs = 3_600_000;

test('a number that is on WhatsApp is known for days, one that is not for hours', () => {
  expect(isRecent({ jid: '15550001@s.whatsapp.net', at: 0 }, 13 * 24 * hourMs)).toBe(true);
  expect(isRecent({ jid: '15550001@s.whatsapp.net', at: 0 }, 15 * 24 * hourMs)).toBe(false);
  expect(isRecent({ jid: null, at: 0 }, 5 * hourMs)).toBe(true);
  expect(isRecent({ jid: null, at: 0 }, 7 * hourMs)).toBe(false);
});

test('WhatsApp is asked once for a number, and again if it did not answer', async () => {
  const keys = new Map<string, string>();
  const gateway: Gateway = {
    async request(name, args) {
      if (name === 'getKeys') {
        const { ids } = args as { ids: string[] };
        return Object.fromEntries(ids.flatMap(id => (keys.has(id) ? [[id, keys.get(id)]] : []))) as never;
      }
      const { changes } = args as { changes: Record<string, Record<string, string>> };
      for (const [id, text] of Object.entries(changes['known-number'] ?? {})) keys.set(id, text);
      return null as never;
    },
  };
  const answers = [undefined, [{ jid: '5511999990000:0@s.whatsapp.net', exists: true }], []];
  const asked: string[] = [];
  const ask = async (number: string) => {
    asked.push(number);
    return answers.shift();
  };
  const find = (number: string) =>
    findNumber(number, { onWhatsApp: ask, lidOf: async jid => `9${jid.slice(0, 4)}@lid` }, gateway);
  const member = { jid: '5511999990000@s.whatsapp.net', lid: '95511@lid' };
  expect(await find('55119999900000')).toBeUndefined();
  expect(await find('55119999900000')).toMatchObject(member);
  expect(await find('55119999900000')).toMatchObject(member);
  expect(await find('19990000')).toEqual({ jid: null, at: expect.any(Number) });
  expect(await find('19990000')).toEqual({ jid: null, at: expect.any(Number) });
  expect(asked).toEqual(['55119999900000', '55119999900000', '19990000']);
});
