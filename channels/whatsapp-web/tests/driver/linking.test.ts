// How the session process links a phone, and what it says when a connection ends.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, startFakeWhatsApp } from '../fake/index.ts';
import { startGateway, type TestGateway } from './gateway.ts';

let fake: FakeWhatsApp;
let gateway: TestGateway;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  // A machine at its limit may take long over an acknowledgement.
  gateway = await startGateway({ url: fake.url, ackMs: 30_000 }, fake.caFile);
});
afterAll(async () => {
  await gateway.close();
  await fake.close();
});

test('a phone is linked by QR code', async () => {
  const owner = fake.phone('+15550001', { name: 'Shop' });
  const session = gateway.session('qr');
  session.open({ kind: 'qr' });
  const code = await session.notice('code');
  expect(code).toMatchObject({ method: 'qr', number: 1, of: 6 });
  expect(session.stored.credentials).toBeNull();
  await owner.scan(code.value);
  const closed = await session.notice('closed');
  expect(closed).toMatchObject({ code: 515, duringLink: true });
  expect(await session.notice('linked')).toMatchObject({ phone: '+15550001', lid: owner.lid });
  expect(session.stored.credentials).not.toBeNull();
  expect(await session.opened()).toMatchObject({ phone: '+15550001', lid: owner.lid });
  expect(await session.close()).toMatchObject({ code: undefined, duringLink: false });
});

test('a code is shown again with a new secret when the phone asks for one', async () => {
  const owner = fake.phone('+15550002');
  owner.refreshNextScan();
  const session = gateway.session('refresh');
  session.open({ kind: 'qr' });
  const first = await session.notice('code');
  expect(await owner.scan(first.value)).toBe('refreshed');
  const second = await session.notice('code', ({ value }) => value !== first.value);
  expect(second).toMatchObject({ number: 1, of: 6 });
  expect(await owner.scan(second.value)).toBe('linked');
  expect(await session.notice('closed')).toMatchObject({ code: 515 });
  await session.opened();
});

test('a phone is linked by pairing code, also after a refusal', async () => {
  const owner = fake.phone('+15550003');
  owner.refuseNextCode(429);
  const session = gateway.session('code');
  session.open({ kind: 'pairing_code', phone: '15550003' });
  expect(await session.notice('closed')).toMatchObject({ code: 429, duringLink: true });
  expect(session.stored.credentials).toBeNull();
  session.open({ kind: 'pairing_code', phone: '15550003' });
  const code = await session.notice('code');
  expect(code).toMatchObject({ method: 'pairing_code', number: 1, of: 1 });
  await owner.enterCode(code.value);
  expect(await session.notice('closed')).toMatchObject({ code: 515 });
  expect(await session.opened()).toMatchObject({ phone: '+15550003' });
});

test('a number that needs a passkey says so, by QR code and by pairing code', async () => {
  const owner = fake.phone('+15550011');
  owner.demandPasskey();
  const session = gateway.session('passkey');
  session.open({ kind: 'qr' });
  expect(await owner.scan((await session.notice('code')).value)).toBe('passkey');
  expect(await session.notice('closed')).toMatchObject({ code: 'passkey_required', duringLink: true });
  session.open({ kind: 'pairing_code', phone: '15550011' });
  await owner.enterCode((await session.notice('code')).value);
  expect(await session.notice('closed')).toMatchObject({ code: 'passkey_required', duringLink: true });
  expect(session.stored.credentials).toBeNull();
});

test('each end of a connection has its code', async () => {
  const owner = fake.phone('+15550004');
  const session = gateway.session('endings');
  await session.link(code => owner.scan(code));
  for (const code of [403, 500, 503, 515] as const) {
    fake.disconnect(owner, code);
    expect(await session.notice('closed')).toMatchObject({ code, duringLink: false });
    await session.opened();
  }
  fake.disconnect(owner, 'broken');
  expect(await session.notice('closed')).toMatchObject({ code: 428 });
  await session.opened();
  fake.disconnect(owner, 'conflict');
  expect(await session.notice('closed')).toMatchObject({ code: 440 });
  for (const code of [402, 405, 406]) {
    fake.refuseLogin(code, { phone: owner });
    session.open();
    expect(await session.notice('closed')).toMatchObject({ code });
  }
  await session.opened();
  fake.disconnect(owner, 401);
  expect(await session.notice('closed')).toMatchObject({ code: 401 });
  session.open();
  expect(await session.notice('closed')).toMatchObject({ code: 401 });
});

test('a server that is not there closes the session', async () => {
  const owner = fake.phone('+15550005');
  const session = gateway.session('away');
  await session.link(code => owner.scan(code));
  await fake.stopListening();
  expect(await session.notice('closed')).toMatchObject({ code: 428 });
  session.open();
  expect(await session.notice('closed')).toMatchObject({ duringLink: false });
  await fake.listen();
  await session.opened();
});

test('a server that answers with an HTTP error closes the session with it', async () => {
  const owner = fake.phone('+15550008');
  const session = gateway.session('upgrade');
  await session.link(code => owner.scan(code));
  await session.close();
  fake.script.upgradeStatus = 503;
  session.open();
  expect(await session.notice('closed')).toMatchObject({ code: 503, duringLink: false });
  fake.script.upgradeStatus = undefined;
  await session.opened();
});

test('a slow connection carries everything in its order', async () => {
  const [owner, ana] = [fake.phone('+15550009'), fake.person('+15550010')];
  const session = gateway.session('slow');
  fake.script.delayMs = 20;
  await session.link(code => owner.scan(code));
  const written = [];
  for (const text of ['One', 'Two', 'Three']) written.push((await ana.write(owner, text)).id);
  expect(await session.send('3EB0000000000000000051', ana.number, 'Slowly')).toMatchObject({ class: 'accepted' });
  await ana.waitFor('Slowly');
  await session.message(written[2] ?? '');
  const came = session.items.filter(item => item.kind === 'message').map(({ key }) => key.id);
  expect(came).toEqual(written);
  fake.script.delayMs = 0;
});

test('unlinking tells the phone', async () => {
  const owner = fake.phone('+15550006');
  const session = gateway.session('unlink');
  await session.link(code => owner.scan(code));
  expect(owner.companions).toHaveLength(1);
  expect(await session.close({ logout: true })).toMatchObject({ code: undefined, loggedOut: true });
  await owner.offline();
  expect(owner.companions).toHaveLength(0);
});

test('unlinking says that the phone may keep the device if WhatsApp does not confirm', async () => {
  const owner = fake.phone('+15550012');
  const session = gateway.session('kept');
  await session.link(code => owner.scan(code));
  fake.halfOpen(owner);
  gateway.tell({ kind: 'close', session: session.id, epoch: session.epoch, logout: true });
  // Behind it: then the session is logging out.
  await session.call('showTyping', { to: owner.number, isTyping: true });
  fake.disconnect(owner, 'broken');
  expect(await session.notice('closed')).toMatchObject({ code: undefined, loggedOut: false });
  expect(owner.companions).toHaveLength(1);
});

test('a call about a session that is not open says so', async () => {
  await expect(gateway.session('nobody').call('probe', {})).rejects.toThrow('not_open');
});

test('it says nothing about keys, and ends with its gateway', async () => {
  const other = await startGateway({ url: fake.url }, fake.caFile);
  expect(await other.hangUp()).toBe(0);
  for (const line of gateway.output.trim().split('\n')) expect(JSON.parse(line)).toHaveProperty('msg');
  expect(gateway.output).not.toMatch(/privKey|rootKey|Closing session/);
  await other.close();
});

test('an address without TLS ends it', async () => {
  const other = await startGateway({ url: 'ws://web.whatsapp.com/ws/chat' }, fake.caFile);
  await other.until('its end', () => (other.output.includes('must begin with wss:') ? true : undefined));
  await other.close();
});
