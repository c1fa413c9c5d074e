import { describe, expect, test } from 'vitest';
import { preferencesIn } from './from-channel.ts';

const stop = { wa_id: '16505551234', category: 'marketing_messages', value: 'stop', timestamp: 1_731_705_721 };
const at = new Date(1_731_705_721_000);

describe('the choices in a notice', () => {
  test('name a person by every address that the notice gives', () => {
    const contacts = [{ profile: { name: 'Ana' }, wa_id: '16505551234', user_id: 'US.13491208655302741918' }];
    expect(preferencesIn({ contacts, user_preferences: [stop] })).toEqual([
      { addresses: ['+16505551234', 'US.13491208655302741918'], value: 'stop', at },
    ]);
  });

  test('of a person without a number go by the user id', () => {
    const { wa_id: _, ...hidden } = stop;
    const contacts = [{ user_id: 'US.1' }];
    expect(preferencesIn({ contacts, user_preferences: [hidden] })).toEqual([
      { addresses: ['US.1'], value: 'stop', at },
    ]);
    expect(preferencesIn({ user_preferences: [{ ...hidden, user_id: 'US.2' }] })).toMatchObject([
      { addresses: ['US.2'] },
    ]);
  });

  test('name a number as its country writes it, and nothing that is no address', () => {
    const addressesOf = (id: string) =>
      preferencesIn({ user_preferences: [{ ...stop, wa_id: id }] }).map(({ addresses }) => addresses);
    expect(addressesOf('5215512345678')).toEqual([['+525512345678']]);
    expect(addressesOf('US.13491208655302741918')).toEqual([['US.13491208655302741918']]);
    for (const id of ['12', 'somebody', '+', 'us.1']) expect(addressesOf(id)).toEqual([]);
  });

  test('come oldest first, and others than those about marketing do not count', () => {
    const resume = { ...stop, value: 'resume', timestamp: String(stop.timestamp - 60) };
    const other = { ...stop, category: 'calls' };
    const found = preferencesIn({ user_preferences: [stop, other, resume, { value: 'stop' }, null] });
    expect(found.map(({ value }) => value)).toEqual(['resume', 'stop']);
    expect(preferencesIn({})).toEqual([]);
  });
});
