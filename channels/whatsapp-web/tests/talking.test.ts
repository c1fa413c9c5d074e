// The fake WhatsApp satisfies the library: link, and talk both ways.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linked } from './companion.ts';
import { type FakeWhatsApp, startFakeWhatsApp } from './fake/index.ts';

let fake: FakeWhatsApp;
beforeAll(async () => {
  fake = await startFakeWhatsApp();
});
afterAll(() => fake.close());

test('a companion is linked by QR code, and text goes both ways with receipts', async () => {
  const { phone, companion } = await linked(fake, '+351910000001');
  const ana = fake.person('+351910000002', { name: 'Ana' });

  const sent = await companion.socket.sendMessage('351910000002@s.whatsapp.net', { text: 'Hello Ana' });
  const arrived = await ana.waitFor('Hello Ana');
  expect(arrived).toMatchObject({ id: sent?.key.id, from: phone.number, times: 1 });
  await companion.updated(sent?.key.id, ({ status }) => status === 3);
  ana.read(arrived);
  await companion.updated(sent?.key.id, ({ status }) => status === 4);
  expect(await phone.waitFor('Hello Ana')).toMatchObject({ isOwn: true });
  expect(fake.ledger.acceptedFor(ana.number)).toEqual([sent?.key.id]);

  const answer = await ana.write(phone, 'Hello back');
  const { type, message } = await companion.got('Hello back');
  expect(type).toBe('notify');
  expect(message).toMatchObject({ pushName: 'Ana', key: { id: answer.id, remoteJid: '351910000002@s.whatsapp.net' } });
  await ana.receipt(answer, 'delivered', phone);
  await companion.socket.readMessages([message.key]);
  await ana.receipt(answer, 'read', phone);
});
