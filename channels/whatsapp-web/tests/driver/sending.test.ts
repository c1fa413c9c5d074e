// What the session process sends, and what it says became of it.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, type Owner, type Person, startFakeWhatsApp } from '../fake/index.ts';
import { startGateway, type TestGateway, type TestSession } from './gateway.ts';

let fake: FakeWhatsApp;
let gateway: TestGateway;
let owner: Owner;
let ana: Person;
let session: TestSession;
let ids = 0;
const nextId = () => `3EB0${String(++ids).padStart(18, '0')}`;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  gateway = await startGateway({ url: fake.url, ackMs: 6000 }, fake.caFile);
  owner = fake.phone('+15550001', { name: 'Shop' });
  ana = fake.person('+15550002', { name: 'Ana' });
  session = gateway.session('shop');
  await session.link(code => owner.scan(code));
});
afterAll(async () => {
  await gateway.close();
  await fake.close();
});

test('a text is accepted, delivered, read, and shown on the phone of the account too', async () => {
  const id = nextId();
  expect(await session.send(id, ana.number, 'Hello')).toEqual({ class: 'accepted', phone: undefined });
  const arrived = await ana.waitFor('Hello');
  expect(arrived.id).toBe(id);
  ana.read(arrived);
  await session.item('receipt', ({ key, status }) => key.id === id && status === 'delivered');
  await session.item('receipt', ({ key, status }) => key.id === id && status === 'read');
  expect((await owner.waitFor('Hello')).isOwn).toBe(true);
  expect(session.items.filter(item => item.kind === 'message')).toEqual([]);
});

test('a person is written to by LID, and a message quotes theirs', async () => {
  const question = await ana.write(owner, 'How much?', { addressing: 'lid' });
  const item = await session.message(question.id);
  expect(item.person).toEqual({ phone: ana.number, lid: ana.lid, name: 'Ana' });
  const target = { id: question.id, fromMe: false, text: 'How much?' };
  const answer = {
    messageId: nextId(),
    to: ana.lid,
    type: 'text',
    content: { body: '10' },
    file: undefined,
    target,
    recipient: undefined,
  };
  expect(await session.call('send', answer)).toMatchObject({ class: 'accepted' });
  expect((await ana.waitFor('10')).quotes).toBe(question.id);
});

const contactQueries = () => fake.log.stanzas.filter(({ attrs }) => attrs.xmlns === 'usync').length;

test('a person who wrote is answered by LID, although Recado names the number, and nobody asks for the number', async () => {
  const bea = fake.person('+15550021', { name: 'Bea' });
  bea.migrate();
  await session.message((await bea.write(owner, 'Hello', { addressing: 'lid' })).id);
  expect(await session.send(nextId(), bea.number, 'Hello Bea')).toMatchObject({ class: 'accepted' });
  expect(await bea.waitFor('Hello Bea')).toMatchObject({ addressing: 'lid' });
  expect(session.keysOf('known-number')).not.toContain('15550021');
  expect(await session.call('showTyping', { to: bea.number, isTyping: true })).toBe('done');
  await fake.log.sent(({ tag, attrs }) => tag === 'chatstate' && attrs.to === bea.lid);
});

test('a stranger is written to by the LID that the contact knows, or that WhatsApp tells with the number', async () => {
  const [carl, dora] = [fake.person('+15550022', { name: 'Carl' }), fake.person('+15550023', { name: 'Dora' })];
  for (const each of [carl, dora]) each.migrate();
  const known = { phone: carl.number, lid: carl.lid, wroteAt: undefined };
  expect(await session.send(nextId(), carl.number, 'To the contact', known)).toMatchObject({ class: 'accepted' });
  expect(session.keysOf('known-number')).not.toContain('15550022');
  expect(await session.send(nextId(), dora.number, 'To the number')).toMatchObject({ class: 'accepted' });
  expect(await dora.waitFor('To the number')).toMatchObject({ addressing: 'lid' });
  expect(session.keysOf('known-number')).toContain('15550023');
  const before = contactQueries();
  expect(await session.send(nextId(), dora.number, 'Again')).toMatchObject({ class: 'accepted' });
  expect(contactQueries()).toBe(before);
});

test.each([463, 479])('a message refused with %i goes once more, to the other address of the person', async code => {
  const eva = fake.person(`+1555${code}00`, { name: 'Eva' });
  await session.message((await eva.write(owner, 'Hi', { addressing: 'lid' })).id);
  const wrote = { phone: eva.number, lid: eva.lid, wroteAt: Date.now() };
  fake.next({ to: eva.number, ack: code });
  const id = nextId();
  expect(await session.send(id, eva.number, 'Hi Eva', wrote)).toMatchObject({ class: 'accepted' });
  expect(await eva.waitFor('Hi Eva')).toMatchObject({ id, addressing: 'pn', times: 1 });
  expect(await session.send(nextId(), eva.number, 'And more', wrote)).toMatchObject({ class: 'accepted' });

  fake.next({ to: eva.number, ack: code });
  fake.next({ to: eva.number, ack: code });
  expect(await session.send(nextId(), eva.number, 'Refused', wrote)).toMatchObject({
    class: 'rejected',
    code: `${code}`,
  });
  fake.next({ to: eva.number, ack: code });
  const longAgo = { ...wrote, wroteAt: Date.now() - 25 * 3_600_000 };
  const last = nextId();
  expect(await session.send(last, eva.number, 'Late', longAgo)).toMatchObject({ class: 'rejected' });
  expect(fake.ledger.entries.filter(({ id: each }) => each === last)).toHaveLength(1);
});

test('every content arrives as what it is', async () => {
  const send = (type: string, content: unknown, target?: { id: string; fromMe: boolean; text: undefined }) =>
    session.call('send', {
      messageId: nextId(),
      to: ana.number,
      type,
      content,
      file: undefined,
      target,
      recipient: undefined,
    });
  await send('location', { latitude: 1.5, longitude: 2.5, name: 'Shop' });
  expect((await ana.waitFor('Shop')).kind).toBe('locationMessage');
  await send('contacts', [{ name: { formatted_name: 'Bo' } }]);
  expect((await ana.waitFor('Bo')).kind).toBe('contactMessage');
  await send('contacts', [{ name: { formatted_name: 'Cy' } }, { name: { formatted_name: 'Di' } }]);
  expect((await ana.waitFor('Cy, Di')).kind).toBe('contactsArrayMessage');
  const theirs = await ana.write(owner, 'Nice');
  await session.message(theirs.id);
  await send('reaction', { emoji: '👍' }, { id: theirs.id, fromMe: false, text: undefined });
  await ana.until(() => theirs.reactions.get(owner.number) === '👍', 'the reaction');
  await send('reaction', { emoji: null }, { id: theirs.id, fromMe: false, text: undefined });
  await ana.until(() => theirs.reactions.size === 0, 'the end of the reaction');
  expect(await send('interactive', { type: 'button' })).toMatchObject({
    class: 'rejected',
    code: 'unsupported_content',
  });
});

test('a file is encrypted, uploaded and sent', async () => {
  const bytes = Buffer.alloc(70_000, 'voice');
  const path = join(gateway.folder, 'voice.ogg');
  await writeFile(path, bytes);
  const args = { path, kind: 'audio', mimeType: 'audio/ogg; codecs=opus', fileName: 'v.ogg', isVoice: true } as const;
  const uploaded = await session.call('upload', args);
  if (uploaded.class !== 'uploaded') throw new Error(uploaded.title);
  const id = nextId();
  const content = { voice: true };
  const { file } = uploaded;
  await session.call('send', {
    messageId: id,
    to: ana.number,
    type: 'audio',
    content,
    file,
    target: undefined,
    recipient: undefined,
  });
  const arrived = await ana.waitFor(message => message.id === id);
  expect(arrived.content?.audioMessage?.ptt).toBe(true);
  expect(ana.fileOf(arrived).equals(bytes)).toBe(true);
});

/** Silence as a WAV file. */
function silence(seconds: number): Buffer {
  const rate = 8_000;
  const bytes = Buffer.alloc(44 + rate * seconds, 128);
  bytes.write('RIFF', 0, 'latin1');
  bytes.writeUInt32LE(bytes.length - 8, 4);
  bytes.write('WAVEfmt ', 8, 'latin1');
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate, 28);
  bytes.writeUInt16LE(1, 32);
  bytes.writeUInt16LE(8, 34);
  bytes.write('data', 36, 'latin1');
  bytes.writeUInt32LE(rate * seconds, 40);
  return bytes;
}

test('a sound says how long it lasts, unless nobody knows', async () => {
  const secondsOf = async (bytes: Buffer) => {
    const path = join(gateway.folder, 'sound');
    await writeFile(path, bytes);
    const args = { path, kind: 'audio', mimeType: 'audio/mpeg', fileName: 'sound', isVoice: false } as const;
    const uploaded = await session.call('upload', args);
    if (uploaded.class !== 'uploaded') throw new Error(uploaded.title);
    const [id, { file }] = [nextId(), uploaded];
    await session.call('send', {
      messageId: id,
      to: ana.number,
      type: 'audio',
      content: {},
      file,
      target: undefined,
      recipient: undefined,
    });
    return (await ana.waitFor(message => message.id === id)).content?.audioMessage?.seconds ?? undefined;
  };
  expect(await secondsOf(silence(3))).toBe(3);
  expect(await secondsOf(Buffer.from('no sound'))).toBeUndefined();
});

test('a number that is not on WhatsApp is refused, and asked for once', async () => {
  const refused = { class: 'rejected', code: 'not_on_whatsapp' };
  expect(await session.send(nextId(), '+19990001', 'Hello?')).toMatchObject(refused);
  const queries = () => fake.log.stanzas.filter(({ attrs }) => attrs.xmlns === 'usync').length;
  const before = queries();
  expect(await session.send(nextId(), '+19990001', 'Hello?')).toMatchObject(refused);
  expect(queries()).toBe(before);
});

test('a refusal of WhatsApp comes with its code, and 463 says that the account is restricted', async () => {
  fake.next({ ack: 479 });
  expect(await session.send(nextId(), ana.number, 'x')).toMatchObject({ class: 'rejected', code: '479' });
  fake.next({ ack: 463 });
  expect(await session.send(nextId(), ana.number, 'x')).toMatchObject({ class: 'rejected', code: '463' });
  await session.notice('restricted');
});

test('a restricted account learns until when', async () => {
  await ana.write(owner, 'Hi');
  const until = Math.floor(Date.now() / 1000) + 3600;
  fake.script.restricted.set(owner.account, until);
  const stranger = fake.person('+15550009');
  expect(await session.send(nextId(), stranger.number, 'Hi')).toMatchObject({ class: 'rejected', code: '463' });
  expect(await session.notice('restricted', notice => notice.until !== undefined)).toMatchObject({
    until: until * 1000,
  });
  expect(await session.send(nextId(), ana.number, 'Hi')).toMatchObject({ class: 'accepted' });
  fake.script.restricted.clear();
});

test('without an ack nothing is claimed; a late ack comes as a receipt', async () => {
  const fault = fake.next({ ack: 'held' });
  const id = nextId();
  expect(await session.send(id, ana.number, 'late')).toMatchObject({ class: 'unknown', code: 'no_ack' });
  fault.release();
  await session.item('receipt', ({ key, status }) => key.id === id && status === 'sent');
});

test('a repeat has the same id and content, and shows once on the phone', async () => {
  fake.next({ ack: 'lost' });
  const id = nextId();
  expect(await session.send(id, ana.number, 'once')).toMatchObject({ class: 'unknown' });
  expect(await session.send(id, ana.number, 'once')).toMatchObject({ class: 'accepted' });
  await ana.waitFor(message => message.id === id && message.times === 2);
  expect(ana.inbox.filter(message => message.text === 'once')).toHaveLength(1);
  expect(fake.ledger.acceptedFor(ana.number).filter(each => each === id)).toHaveLength(2);
});

test('a connection that breaks in the middle leaves it unknown, and then nothing is sent', async () => {
  fake.next({ disconnects: true });
  const id = nextId();
  const sent = session.send(id, ana.number, 'broken');
  const behind = session.send(nextId(), ana.number, 'behind');
  expect(await sent).toMatchObject({ class: 'unknown' });
  expect(await behind).toMatchObject({ class: 'not_sent' });
  await session.notice('closed');
  await expect(session.send(nextId(), ana.number, 'closed')).rejects.toThrow('not_open');
  await session.opened();
  expect(await session.send(id, ana.number, 'broken')).toMatchObject({ class: 'accepted' });
});

test('a phone that could not decrypt a message gets it again', async () => {
  const id = nextId();
  await session.send(id, ana.number, 'again');
  const arrived = await ana.waitFor('again');
  const [device] = owner.companions;
  if (!device) throw new Error('There is no companion.');
  await ana.askAgain(arrived, device);
  await ana.waitFor(message => message.id === id && message.times === 2);
});

test('a kill in the middle of sending: the repeat after it has the same id', async () => {
  const fault = fake.next({ ack: 'lost' });
  const id = nextId();
  void session.send(id, ana.number, 'killed').catch(() => undefined);
  await fault.met;
  await gateway.kill();
  await gateway.start();
  await session.opened();
  expect(await session.send(id, ana.number, 'killed')).toMatchObject({ class: 'accepted' });
  await ana.waitFor('killed');
  expect(ana.inbox.filter(message => message.text === 'killed')).toHaveLength(1);
  // The key state was stored before the message left, so that the next one can be decrypted.
  await session.send(nextId(), ana.number, 'after the kill');
  await ana.waitFor('after the kill');
});

test('the quota of new chats comes at each opening and when it changes; a WhatsApp without it sends all the same', async () => {
  await session.notice('new_chats', ({ quota }) => quota === null);
  const until = Math.floor(Date.now() / 1000) + 3600;
  fake.limitNewChats(owner, { total: 1, until });
  await session.notice('new_chats', ({ quota }) => quota?.left === 1 && quota.until === until * 1000);
  const [first, second] = [fake.person('+15550011'), fake.person('+15550012')];
  expect(await session.send(nextId(), first.number, 'Hi')).toMatchObject({ class: 'accepted' });
  expect(await session.send(nextId(), second.number, 'Hi')).toMatchObject({ class: 'rejected', code: '463' });
  await session.close();
  await session.opened();
  await session.notice('new_chats', ({ quota }) => quota?.left === 0 && quota.until === until * 1000);
  fake.limitNewChats(owner, undefined);
  fake.script.newChatsError = 400;
  await session.close();
  await session.opened();
  await gateway.until('the refusal in the log', () => /did not tell its quota/.exec(gateway.output));
  expect(await session.send(nextId(), second.number, 'Hi')).toMatchObject({ class: 'accepted' });
  expect(session.notices.filter(({ kind }) => kind === 'new_chats')).toEqual([]);
  fake.script.newChatsError = undefined;
});

test('typing is shown before a message, if asked for', async () => {
  const other = await startGateway({ url: fake.url, showsTyping: true }, fake.caFile);
  const shy = other.session('shy');
  const phone = fake.phone('+15550003');
  await shy.link(code => phone.scan(code));
  await shy.send(nextId(), ana.number, 'Hi');
  await ana.waitFor('Hi');
  const steps = fake.log.stanzas.filter(({ phone: by, direction }) => by === phone.number && direction === 'sent');
  const shown = steps.filter(({ tag }) => tag === 'chatstate' || tag === 'message');
  expect(shown.map(({ tag, parts }) => (tag === 'chatstate' ? parts[0] : tag))).toEqual([
    'composing',
    'paused',
    'message',
  ]);
  await other.close();
});

test('a probe tells a connection that works from a dead one', async () => {
  expect(await session.call('probe', {})).toBe('alive');
  fake.halfOpen(owner);
  expect(await session.call('probe', {})).toBe('dead');
  expect(await session.close()).toMatchObject({ code: undefined });
});
