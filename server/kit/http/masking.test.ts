import { expect, test } from 'vitest';
import { maskNumbers } from './masking.ts';

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
