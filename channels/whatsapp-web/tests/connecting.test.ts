// The fake WhatsApp satisfies the unchanged library: linking, history, and every way a connection ends.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Companion, linked } from './companion.ts';
import { type FakeWhatsApp, type Owner, startFakeWhatsApp } from './fake/index.ts';

let fake: FakeWhatsApp;
/** A companion whose connection every test leaves open. */
let phone: Owner;
let companion: Companion;
const companions: Companion[] = [];
beforeAll(async () => {
  fake = await startFakeWhatsApp();
  ({ phone, companion } = await freshlyLinked());
});
afterAll(async () => {
  await fake.close();
});

let lastNumber = 0;
const freshNumber = () => {
  lastNumber += 1;
  return `+35192000${String(lastNumber).padStart(4, '0')}`;
};
async function freshlyLinked(config = {}) {
  const both = await linked(fake, freshNumber(), { config });
  companions.push(both.companion);
  return both;
}

test('a code that the owner types on the phone links a companion; a wrong one does not', async () => {
  const phone = fake.phone(freshNumber());
  const companion = new Companion(fake).connect();
  companions.push(companion);
  await companion.code();
  const ask = () => companion.socket.requestPairingCode(phone.account.number);
  await ask();
  await expect(phone.enterCode('AAAA-AAAA')).rejects.toThrow(/wrong/);
  const again = await ask();
  await phone.enterCode(again);
  await Promise.all([companion.opened(), phone.online()]);
  expect(phone.companions).toHaveLength(1);
});

test('a phone may refuse codes, and ask for a new secret before it links', async () => {
  const phone = fake.phone(freshNumber());
  const companion = new Companion(fake, { qrTimeout: 100 }).connect();
  companions.push(companion);
  const code = await companion.code();
  phone.refreshNextScan();
  expect(await phone.scan(code)).toBe('refreshed');
  await expect(phone.scan(code)).rejects.toThrow(/secret/);
  await expect(phone.scan('https://wa.me/settings/linked_devices#unknown,a,b,c,1')).rejects.toThrow(/no such code/);
  expect(await companion.ended()).toBe(408);
  expect(companion.codes).toHaveLength(6);
});

test.each([true, false])('history comes with a new link; within a message: %s', async isInline => {
  const [phone, ana] = [fake.phone(freshNumber()), fake.person(freshNumber(), { name: 'Ana' })];
  const items = [
    { with: ana, text: 'Long ago', id: 'PAST1', at: 1_700_000_000 },
    { with: ana, text: 'And my answer', id: 'PAST2', at: 1_700_000_100, isOwn: true },
  ];
  phone.history(items, { isInline });
  const companion = new Companion(fake).connect();
  companions.push(companion);
  await phone.scan(await companion.code());
  expect((await companion.got('Long ago')).type).toBe('history');
  expect((await companion.got('PAST2')).message.key.fromMe).toBe(true);
});

test('what comes while a companion is away waits, and what it did not acknowledge comes again', async () => {
  const ana = fake.person(freshNumber());
  await companion.leave();
  await phone.offline();
  await ana.write(phone, 'While you were away');
  await ana.write(phone, 'And another');
  companion.connect();
  expect((await companion.got('And another')).type).toBe('append');
  await phone.online();
  await ana.receipt(await ana.write(phone, 'Live'), 'delivered', phone);

  await phone.upToDate();
  fake.halfOpen(phone);
  await ana.write(phone, 'Into the void');
  fake.disconnect(phone, 'broken');
  await phone.offline();
  companion.connect();
  expect((await companion.got('Into the void')).type).toBe('append');
});

test('a connection ends with a code, and a login is refused with one', async () => {
  for (const ending of [402, 403, 405, 408, 411, 500, 503]) {
    fake.disconnect(phone, ending);
    expect(await companion.ended()).toBe(ending);
    fake.refuseLogin(ending, { phone });
    companion.connect();
    expect(await companion.ended()).toBe(ending);
    companion.connect();
    await companion.opened();
  }
});

test('a broken connection is 428, one that is replaced 440, and 515 asks for a new one', async () => {
  fake.disconnect(phone, 'broken');
  expect(await companion.ended()).toBe(428);
  companion.connect();
  await companion.opened();
  fake.disconnect(phone, 'conflict');
  expect(await companion.ended()).toBe(440);
  companion.connect();
  await companion.opened();
  const before = companion.socket;
  fake.disconnect(phone, 515);
  await companion.until(() => companion.socket !== before && companion.isOpen, 'the new connection');
});

test('a second connection with the same keys replaces the first', async () => {
  const first = companion.ended();
  companion.connect();
  expect(await first).toBe(440);
  await companion.opened();
});

test('a phone unlinks a companion with 401, and a companion itself by logging out', async () => {
  const { phone, companion } = await freshlyLinked();
  fake.disconnect(phone, 401);
  expect(await companion.ended()).toBe(401);
  companion.connect();
  expect(await companion.ended()).toBe(401);
  const other = await freshlyLinked();
  await other.companion.socket.logout();
  await other.phone.offline();
  expect(other.phone.companions).toEqual([]);
});

test('a server that restarts, or is gone for a while, is met again', async () => {
  fake.restart();
  expect(await companion.ended()).toBe(428);
  await fake.stopListening();
  companion.connect();
  expect(await companion.ended()).toBe(408);
  await fake.listen();
  companion.connect();
  await Promise.all([companion.opened(), phone.online()]);
});

test('old versions are refused', async () => {
  await companion.leave();
  fake.script.minimumVersion = [2, 3000, 2_000_000_000];
  companion.connect();
  expect(await companion.ended()).toBe(405);
  fake.script.minimumVersion = [2, 3000, 0];
  companion.connect();
  await companion.opened();
});

test('a slow connection carries everything in its order', async () => {
  const ana = fake.person(freshNumber());
  fake.script.delayMs = 20;
  const written: string[] = [];
  for (const text of ['One', 'Two', 'Three']) written.push((await ana.write(phone, text)).id);
  await companion.got('Three');
  fake.script.delayMs = 0;
  written.push((await ana.write(phone, 'Four')).id);
  for (const text of ['One', 'Two', 'Three', 'Four']) await companion.got(text);
  // The stanzas that it got, not the messages read from them: the library works off several side by side.
  const got = fake.log.stanzas.filter(({ direction, tag }) => direction === 'got' && tag === 'message');
  expect(got.map(({ attrs }) => attrs.id).slice(-4)).toEqual(written);
});
