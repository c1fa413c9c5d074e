import { expect, test } from 'vitest';
import { maskNumbers, presenterFor } from './masking.ts';

const phone = '+351912662345';
const masked = '•••2345';

test('numbers of contacts are masked, and those of accounts are not', () => {
  expect(maskNumbers({ phone, data: [{ to: phone, from: null, name: phone }] })).toEqual({
    phone: masked,
    data: [{ to: masked, from: null, name: masked }],
  });
  expect(maskNumbers({ account: { phone, phone_number_id: '1' } })).toEqual({
    account: { phone, phone_number_id: '1' },
  });
});

test('texts that people wrote stay, and so do names of digits alone', () => {
  const shown = { text: { body: `Call ${phone}` }, contacts: [{ phones: [{ phone }] }], label: { name: '20261201' } };
  expect(maskNumbers(shown)).toEqual(shown);
});

test('the channel’s own fields tell no number', () => {
  const message = {
    channel_message_id: 'wamid.HBgMMzUxOTEyNjYyMzQ1',
    context: { from: phone.slice(1), message_id: 'msg_01m8sdq73ffws8jg6c01234567', channel_message_id: 'wamid.1' },
    system: { body: 'Ana changed from 351912662345 to 351912660000', wa_id: '351912660000' },
  };
  expect(maskNumbers(message)).toEqual({
    channel_message_id: '•••',
    context: { from: masked, message_id: 'msg_01m8sdq73ffws8jg6c01234567', channel_message_id: '•••' },
    system: { body: 'Ana changed from •••2345 to •••0000', wa_id: '•••0000' },
  });
});

test('each of several numbers is masked', () => {
  expect(maskNumbers({ phone, other_phones: [phone, null] })).toEqual({ phone: masked, other_phones: [masked, null] });
});

test('the name of a contact is masked where it is a number, in any notation', () => {
  for (const name of [
    phone,
    '351912662345',
    '+1 (202) 566-2345',
    '1.202.566.2345',
    '\u202a+351\u00a0912\u2011662\u2011345\u202c',
    '٣٥١٩١٢٦٦٢٣٤٥',
  ])
    expect([name, maskNumbers({ id: 'con_1', name }).name]).toEqual([name, expect.stringMatching(/^•••\d{0,4}$/)]);
  for (const name of ['Ana 351912662345', '123456', 'Room 1234567', ''])
    expect([name, maskNumbers({ phone: null, name }).name]).toEqual([name, name]);
  const own = { id: 'lbl_1', name: '2026-12-01 10' };
  expect(maskNumbers({ labels: [own] })).toEqual({ labels: [own] });
});

test('notices of WhatsApp, searches and what is computed of a number tell none', () => {
  expect(maskNumbers({ type: 'system', text: 'User A changed from 12025667788 to +1 202-566-7766' }).text).toBe(
    'User A changed from •••7788 to •••7766',
  );
  const filter = { match: { all: [{ field: 'name', op: 'in', value: [phone, 'Ana'] }] }, search: phone };
  expect(maskNumbers(filter)).toEqual({
    match: { all: [{ field: 'name', op: 'in', value: [masked, 'Ana'] }] },
    search: masked,
  });
  expect(maskNumbers({ address_hashes: ['00'], group: { id: '351912662345-1600000@g.us' } })).toEqual({
    address_hashes: [],
    group: { id: '•••2345-1600000@g.us' },
  });
});

test('who sees numbers sees all as it is', () => {
  const shown = { phone, name: phone };
  expect(presenterFor({ seesNumbers: true }).shown(shown)).toBe(shown);
  expect(presenterFor({ seesNumbers: false }).shown(shown)).toEqual({ phone: masked, name: masked });
});
