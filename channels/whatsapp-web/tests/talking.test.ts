// The fake WhatsApp satisfies the unchanged library: people talk with a companion in every way.
import { downloadMediaMessage, type WAMessage } from 'baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Companion, linked } from './companion.ts';
import { type FakeWhatsApp, type Owner, type Person, startFakeWhatsApp } from './fake/index.ts';

const anaJid = '351910000002@s.whatsapp.net';
let fake: FakeWhatsApp;
let phone: Owner;
let companion: Companion;
let ana: Person;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  ({ phone, companion } = await linked(fake, '+351910000001'));
  ana = fake.person('+351910000002', { name: 'Ana' });
});
afterAll(async () => {
  await companion.leave();
  await fake.close();
});

test('text goes both ways, with receipts', async () => {
  const sent = await companion.socket.sendMessage(anaJid, { text: 'Hello Ana' });
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
  expect(message).toMatchObject({ pushName: 'Ana', key: { id: answer.id, remoteJid: anaJid } });
  await ana.receipt(answer, 'delivered', phone);
  await companion.socket.readMessages([message.key]);
  await ana.receipt(answer, 'read', phone);
});

test('a phone shows a message once, however often it arrives', async () => {
  const twice = { messageId: '3EB0AAAAAAAAAAAAAAAAAA' };
  await companion.socket.sendMessage(anaJid, { text: 'Once' }, twice);
  await companion.socket.sendMessage(anaJid, { text: 'Once' }, twice);
  await ana.waitFor(({ id, times }) => id === twice.messageId && times === 2);
  expect(ana.inbox.filter(({ text }) => text === 'Once')).toHaveLength(1);
});

test('edits, deletions, reactions, quotes and polls reach both sides', async () => {
  const sent = await companion.socket.sendMessage(anaJid, { text: 'Frist' });
  const key = sent?.key ?? {};
  const arrived = await ana.waitFor('Frist');
  await companion.socket.sendMessage(anaJid, { text: 'First', edit: key });
  await companion.socket.sendMessage(anaJid, { react: { text: '👍', key } });
  await ana.until(() => arrived.text === 'First' && arrived.reactions.get(phone.number) === '👍', 'edit and reaction');
  await companion.socket.sendMessage(anaJid, { delete: key });
  await ana.until(() => arrived.isDeleted, 'the deletion');
  await companion.socket.sendMessage(anaJid, { poll: { name: 'Tea?', values: ['yes', 'no'] } });
  const poll = await ana.waitFor('Tea?');
  await ana.vote(poll, ['yes']);
  await companion.until(() => companion.upserts.some(({ message }) => message.message?.pollUpdateMessage), 'the vote');

  const hers = await ana.write(phone, 'Secnod');
  await ana.edit(hers, 'Second');
  await companion.updated(hers.id, ({ text }) => text === 'Second');
  await ana.react(hers, '❤️');
  await companion.until(() => companion.reactions.some(({ id, emoji }) => id === hers.id && emoji === '❤️'), 'it');
  await ana.delete(hers);
  await companion.updated(hers.id, ({ isDeleted }) => isDeleted);
  await ana.reply(arrived, 'I mean this');
  const { message } = await companion.got('I mean this');
  expect(message.message?.extendedTextMessage?.contextInfo?.stanzaId).toBe(key.id);
});

test('files go both ways over https, and a file that is gone is uploaded again', async () => {
  const bytes = Buffer.from('a picture'.repeat(9_999));
  await companion.socket.sendMessage(anaJid, {
    document: bytes,
    mimetype: 'text/plain',
    fileName: 'a.txt',
    caption: 'Here',
  });
  expect(ana.fileOf(await ana.waitFor('Here'))).toEqual(bytes);

  const sent = await ana.sendFile(phone, 'image', bytes, { caption: 'There' });
  const { message } = await companion.got(sent.id);
  expect(await download(message)).toEqual(bytes);
  fake.media.files.clear();
  await expect(download(message)).rejects.toThrow();
  await companion.socket.refreshMediaConn();
  expect(await download(await companion.socket.updateMediaMessage(message))).toEqual(bytes);
  phone.uploadsAgain = false;
  fake.media.files.clear();
  await expect(companion.socket.updateMediaMessage(message)).rejects.toThrow();
});

const download = (message: WAMessage) => downloadMediaMessage(message, 'buffer', { options: companion.httpOptions() });

test('what the owner writes on the phone comes to the companion as theirs', async () => {
  await phone.write(ana, 'From the phone');
  const { message } = await companion.got('From the phone');
  expect(message.key).toMatchObject({ fromMe: true, remoteJid: anaJid });
  expect((await ana.waitFor('From the phone')).from).toBe(phone.number);
});

test('people are addressed by LID or number, and both are told', async () => {
  const bea = fake.person('+351910000003', { name: 'Bea', lid: '777000003' });
  await bea.write(phone, 'By LID', { addressing: 'lid' });
  const { message } = await companion.got('By LID');
  expect(message.key).toMatchObject({ remoteJid: '777000003@lid', remoteJidAlt: '351910000003@s.whatsapp.net' });
  await companion.socket.sendMessage('777000003@lid', { text: 'To the LID' });
  expect(await bea.waitFor('To the LID')).toMatchObject({ addressing: 'lid', from: phone.number });
  expect(await companion.socket.onWhatsApp('351910000003', '351999999999')).toEqual([
    { jid: '351910000003@s.whatsapp.net', exists: true },
  ]);
});

test.each(['pn', 'lid'] as const)('a group that addresses by %s has receipts of each member', async addressing => {
  const carl = fake.person('+351910000004', { name: 'Carl' });
  const group = fake.group('Team', [ana, phone, carl], { addressing });
  await ana.write(group, `Hi ${addressing}`);
  const { message } = await companion.got(`Hi ${addressing}`);
  expect(message.key).toMatchObject({ remoteJid: group.jid, participant: ana.account.jid(addressing) });
  await carl.waitFor(`Hi ${addressing}`);

  const sent = await companion.socket.sendMessage(group.jid, { text: `All ${addressing}` });
  const [atAna] = await Promise.all([ana, carl].map(each => each.waitFor(`All ${addressing}`)));
  await companion.updated(sent?.key.id, ({ by }) => by === carl.account.jid(addressing));
  if (atAna) ana.read(atAna);
  await companion.updated(sent?.key.id, ({ by, status }) => by === ana.account.jid(addressing) && status === 4);
});

test('a message that cannot be decrypted is asked for again, from either side', async () => {
  const broken = await ana.write(phone, 'Repaired', { isBroken: true });
  const { message } = await companion.got(broken.id);
  expect(message.message ?? null).toBeNull();
  await ana.until(() => ana.askedAgain.some(({ id }) => id === broken.id), 'the companion to ask');
  await ana.repair(broken);
  await companion.got('Repaired');

  const sent = await companion.socket.sendMessage(anaJid, { text: 'Again, please' });
  const [device] = phone.companions;
  const arrived = await ana.waitFor('Again, please');
  if (device) ana.askAgain(arrived, device);
  await ana.until(() => arrived.times === 2, `${sent?.key.id} to come again`);
});

test('the server refuses, forgets, holds back and loses what the script says', async () => {
  const send = (text: string) => companion.socket.sendMessage(anaJid, { text });
  fake.next({ to: ana.number, ack: 463 });
  const refused = await send('Refused');
  await companion.updated(refused?.key.id, ({ status, code }) => status === 0 && code === '463');
  fake.script.restricted.set(phone.account, 2_000_000_000);
  const stranger = fake.person('+351910000005');
  const cold = await companion.socket.sendMessage('351910000005@s.whatsapp.net', { text: 'Cold' });
  await companion.updated(cold?.key.id, ({ code }) => code === '463');
  fake.script.restricted.clear();
  const lost = fake.next({ delivered: false });
  await send('Lost');
  await lost.met;
  const held = fake.next({ ack: 'held' });
  const late = await send('Held');
  await ana.waitFor('Held');
  expect(companion.acknowledged).not.toContain(late?.key.id);
  held.release();
  await companion.until(() => companion.acknowledged.includes(late?.key.id ?? ''), 'the acknowledgement');
  expect([...ana.inbox, ...stranger.inbox].map(({ text }) => text)).not.toContain('Cold');
  expect(ana.inbox.filter(({ text }) => text === 'Refused' || text === 'Lost')).toEqual([]);
});

test('presence, calls and status stanzas reach a companion', async () => {
  await companion.socket.sendPresenceUpdate('composing', anaJid);
  await fake.log.sent(({ tag, parts }) => tag === 'chatstate' && parts.includes('composing'));
  const call = ana.call(phone, { isVideo: true });
  await companion.until(() => companion.calls.some(({ id, status }) => id === call.id && status === 'offer'), 'a call');
  call.end();
  await companion.until(
    () => companion.calls.some(({ id, status }) => id === call.id && status === 'timeout'),
    'its end',
  );
});
