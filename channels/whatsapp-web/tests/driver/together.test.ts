// Two sessions in one process: trouble with one of them is none of the other.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, type Owner, startFakeWhatsApp } from '../fake/index.ts';
import { startGateway, type TestGateway, type TestSession } from './gateway.ts';

let fake: FakeWhatsApp;
let gateway: TestGateway;
let owner: Owner;
let session: TestSession;
let other: TestSession;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  gateway = await startGateway({ url: fake.url }, fake.caFile);
  owner = fake.phone('+15550001', { name: 'Shop' });
  session = gateway.session('shop');
  await session.link(code => owner.scan(code));
  const neighbour = fake.phone('+15550002', { name: 'Neighbour' });
  other = gateway.session('neighbour');
  await other.link(code => neighbour.scan(code));
});
afterAll(async () => {
  await gateway.close();
  await fake.close();
});

const isUndisturbed = async () => {
  expect(await other.call('probe', {})).toBe('alive');
  expect(other.notices.filter(({ kind }) => kind === 'closed')).toEqual([]);
};

test.each(['groups', 'communities'])('a notice of changed %s is confirmed without asking for them', async type => {
  fake.script.groupsError = 429;
  fake.push(owner, { tag: 'ib', attrs: { from: 's.whatsapp.net' }, content: [{ tag: 'dirty', attrs: { type } }] });
  await fake.log.sent(
    ({ attrs, phone }) => attrs.xmlns === 'urn:xmpp:whatsapp:dirty' && phone === owner.number && attrs.type === 'set',
  );
  expect(await session.call('probe', {})).toBe('alive');
  expect(fake.log.stanzas.filter(({ attrs }) => attrs.xmlns === 'w:g2')).toEqual([]);
  await isUndisturbed();
});

test('a promise of the library that fails ends the connection of its session only', async () => {
  // The library reads the content of each reference in a handler that catches nothing.
  fake.push(owner, {
    tag: 'iq',
    attrs: { id: 'X1', from: 's.whatsapp.net', type: 'set', xmlns: 'md' },
    content: [{ tag: 'pair-device', attrs: {}, content: [{ tag: 'ref', attrs: {} }] }],
  });
  expect(await session.notice('closed')).toMatchObject({ code: 500 });
  await isUndisturbed();
  await session.opened();
  expect(await session.call('probe', {})).toBe('alive');
});
