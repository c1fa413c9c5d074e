// What comes in, and that nothing of it gets lost.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { WebFile, WebItem, WebMessageItem } from '../../protocol.ts';
import { type FakeWhatsApp, type Group, type Owner, type Person, startFakeWhatsApp } from '../fake/index.ts';
import { startGateway, type TestGateway, type TestSession } from './gateway.ts';

let fake: FakeWhatsApp;
let gateway: TestGateway;
let owner: Owner;
let ana: Person;
let bo: Person;
let group: Group;
let session: TestSession;
let numbers = 15550000;

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  gateway = await startGateway({ url: fake.url, ackMs: 6000, historyDays: 30 }, fake.caFile);
});
afterAll(async () => {
  await gateway.close();
  await fake.close();
});
beforeEach(async () => {
  const next = () => `+${++numbers}`;
  owner = fake.phone(next(), { name: 'Shop' });
  ana = fake.person(next(), { name: 'Ana' });
  bo = fake.person(next(), { name: 'Bo' });
  group = fake.group('Friends', [ana, owner, bo]);
  session = gateway.session(owner.number);
  await session.link(code => owner.scan(code));
  await owner.online();
});

const textOf = ({ message }: WebMessageItem): unknown =>
  message?.conversation ?? (message?.extendedTextMessage as { text?: string } | undefined)?.text;
/** The fake's notices of the history come from an own device, at any time after the link. */
const isNoticeOfHistory = ({ key }: WebMessageItem): boolean => key.id.startsWith('HIST');
const isOfPeople = (item: WebItem): item is WebItem & WebMessageItem =>
  item.kind === 'message' && !isNoticeOfHistory(item);
const messages = () => session.items.filter(isOfPeople);

test('a message comes with its writer, by number and LID', async () => {
  const byNumber = await ana.write(owner, 'Hello');
  const item = await session.message(byNumber.id);
  expect(item).toMatchObject({
    key: { id: byNumber.id, fromMe: false },
    person: { phone: ana.number, lid: ana.lid, name: 'Ana' },
    group: undefined,
    at: byNumber.at,
    source: 'live',
    stub: undefined,
  });
  expect(textOf(item)).toBe('Hello');
  const byLid = await ana.write(owner, 'Hello again', { addressing: 'lid' });
  expect((await session.message(byLid.id)).person).toEqual({ phone: ana.number, lid: ana.lid, name: 'Ana' });
  await gateway.until('an empty journal', () => (session.keysOf('pending-message').length === 0 ? true : undefined));
  await ana.receipt(byNumber, 'inactive');
});

test('what is written on the phone of the account comes as its own', async () => {
  const own = await owner.write(ana, 'From my phone');
  const item = await session.message(own.id);
  expect(item).toMatchObject({ key: { fromMe: true }, person: { phone: ana.number } });
  expect(textOf(item)).toBe('From my phone');
});

test('what is written in a group is acknowledged, and nothing of it is kept', async () => {
  const first = await ana.write(group, 'Hi all');
  const poll = await ana.poll(group, 'When?', ['Now', 'Later']);
  await bo.vote(poll, ['Now']);
  await ana.react(first, '🎉');
  await ana.edit(first, 'Hi everybody');
  for (const message of [first, poll]) await ana.receipt(message, 'inactive', owner);
  await session.close();
  await owner.offline();
  const missed = await ana.write(group, 'Anybody?');
  await session.opened();
  await ana.receipt(missed, 'inactive', owner);
  fake.push(owner, {
    tag: 'notification',
    attrs: { id: 'N1', from: group.jid, type: 'w:gp2', participant: ana.lid, t: String(first.at) },
    content: [{ tag: 'subject', attrs: { subject: 'New name', s_t: String(first.at) } }],
  });
  const direct = await ana.write(owner, 'To you');
  await session.message(direct.id);
  expect(messages().map(({ key }) => key.id)).toEqual([direct.id]);
  expect(session.keysOf('poll')).toEqual([]);
  const kept = JSON.stringify(gateway.requests.filter(({ request }) => request === 'setKeys' || request === 'deliver'));
  for (const id of [first.id, poll.id, missed.id]) expect(kept).not.toContain(id);
});

test('edits, deletions and reactions come once each, with the message that they are about', async () => {
  const message = await ana.write(owner, 'Helo');
  const changes = [await ana.edit(message, 'Hello'), await ana.react(message, '🎉'), await ana.delete(message)];
  const items = await Promise.all(changes.map(({ id }) => session.message(id)));
  const inner = items.map(item => JSON.stringify(item.message));
  for (const text of inner) expect(text).toContain(message.id);
  expect(inner[0]).toContain('Hello');
  expect(inner[1]).toContain('🎉');
  expect(messages().map(({ key }) => key.id)).toEqual([message.id, ...changes.map(({ id }) => id)]);
});

test('votes of a poll are decrypted, also after a restart', async () => {
  const poll = await ana.poll(owner, 'Lunch?', ['Pizza', 'Soup']);
  await session.message(poll.id);
  await ana.vote(poll, ['Soup']);
  const vote = await session.item('vote');
  expect(vote).toMatchObject({ options: ['Soup'], poll: { id: poll.id }, person: { phone: ana.number } });
  await session.close();
  await session.opened();
  await ana.vote(poll, []);
  expect(await session.item('vote', ({ options }) => options.length === 0)).toBeDefined();
});

test('what arrived while we were away comes as such', async () => {
  await session.close();
  await owner.offline();
  const missed = await ana.write(owner, 'Are you there?');
  await session.opened();
  expect(await session.message(missed.id)).toMatchObject({ source: 'offline' });
});

test('a message written while we come back stands behind those written while we were away', async () => {
  await session.close();
  await owner.offline();
  const missed: string[] = [];
  for (const text of ['One', 'Two', 'Three']) missed.push((await ana.write(owner, text)).id);
  const isFirst = ({ request, args }: (typeof gateway.requests)[number]) =>
    request === 'setKeys' && JSON.stringify(args).includes(`${missed[0]}/`);
  gateway.treat = request => (isFirst(request) ? 'hold' : 'answer');
  session.open();
  await gateway.until('the first message', () => gateway.requests.find(isFirst));
  await owner.online();
  const live = await ana.write(owner, 'Four');
  const fromBo = await bo.write(owner, 'Five');
  await gateway.until('the live messages', () => fake.log.stanzas.find(({ attrs }) => attrs.id === fromBo.id));
  expect(await session.call('probe', {})).toBe('alive');
  gateway.release();
  await session.message(fromBo.id);
  expect(messages().map(({ key }) => key.id)).toEqual([...missed, live.id, fromBo.id]);
  expect(messages().map(({ source }) => source)).toEqual(['offline', 'offline', 'offline', 'live', 'live']);
});

test('what could not be decrypted is shown as such, and later with the same id as it is', async () => {
  const broken = await ana.write(owner, 'Secret', { isBroken: true });
  expect(await session.message(broken.id)).toMatchObject({ message: null, stub: 'CIPHERTEXT' });
  await ana.until(() => ana.askedAgain.some(({ id }) => id === broken.id), 'the question for it');
  await ana.repair(broken);
  const real = await session.item('message', ({ key, message }) => key.id === broken.id && message !== null);
  expect(textOf(real)).toBe('Secret');
});

test('a file is fetched and checked; if WhatsApp has it no more, the phone uploads it again', async () => {
  const bytes = Buffer.alloc(200_000, 'picture');
  const sent = await ana.sendFile(owner, 'image', bytes);
  const { key, message } = await session.message(sent.id);
  const image = message?.imageMessage as Record<string, string>;
  const file: WebFile = {
    kind: 'image',
    url: image.url,
    directPath: image.directPath,
    mediaKey: image.mediaKey ?? '',
    fileSha256: image.fileSha256,
    fileEncSha256: image.fileEncSha256,
    size: Number(image.fileLength),
    mimeType: image.mimetype,
    message: key,
  };
  const fetched = await session.call('fetch', { file, maxBytes: 1_000_000 });
  if (fetched.class !== 'found') throw new Error(fetched.title);
  expect((await readFile(fetched.path)).equals(bytes)).toBe(true);
  expect(fetched).toMatchObject({ size: bytes.length, sha256: file.fileSha256 });
  const codeOf = async (changed: Partial<WebFile>, maxBytes = 1_000_000) =>
    (await session.call('fetch', { file: { ...file, ...changed }, maxBytes })) as { class: string; code?: string };
  expect(await codeOf({}, 1000)).toMatchObject({ class: 'rejected', code: 'too_large' });
  expect(await codeOf({ size: undefined }, 1000)).toMatchObject({ class: 'rejected', code: 'too_large' });
  expect(await codeOf({ fileSha256: 'AAAA' })).toMatchObject({ class: 'try_again', code: 'checksum' });
  expect(await codeOf({ url: 'https://example.com/x', directPath: undefined })).toMatchObject({ class: 'rejected' });
  fake.media.files.clear();
  expect(await codeOf({})).toMatchObject({ class: 'found' });
  fake.media.files.clear();
  owner.uploadsAgain = false;
  expect(await codeOf({})).toMatchObject({ class: 'gone' });
});

test('a killed process loses nothing of what it decrypted, and doubles nothing', async () => {
  gateway.treat = ({ request }) => (request === 'deliver' ? 'ignore' : 'answer');
  const message = await ana.write(owner, 'In the gap');
  await gateway.until('the journal', () => session.keysOf('pending-message').find(key => key.startsWith(message.id)));
  await ana.receipt(message, 'inactive');
  await gateway.kill();
  gateway.treat = () => 'answer';
  await gateway.start();
  await session.opened();
  expect(textOf(await session.message(message.id))).toBe('In the gap');
  expect(session.keysOf('pending-message')).toEqual([]);
  const next = await ana.write(owner, 'After the gap');
  await session.message(next.id);
  expect(messages().map(textOf)).toEqual(['In the gap', 'After the gap']);
});

test('a receipt that was not stored before a kill comes again', async () => {
  const id = '3EB0C0FFEE0C0FFEE0C0FF';
  gateway.treat = ({ request, args }) =>
    request === 'deliver' && JSON.stringify(args).includes(id) ? 'ignore' : 'answer';
  expect(await session.send(id, ana.number, 'Did it arrive?')).toMatchObject({ class: 'accepted' });
  await ana.waitFor('Did it arrive?');
  const isReceipt = ({ request, args }: (typeof gateway.requests)[number]) =>
    request === 'deliver' && JSON.stringify(args).includes(id);
  await gateway.until('the receipt', () => gateway.requests.find(isReceipt));
  await gateway.kill();
  gateway.treat = () => 'answer';
  await gateway.start();
  await session.opened();
  await session.item('receipt', ({ key, status }) => key.id === id && status === 'delivered');
});

test('a process killed before it could acknowledge a message does so later', async () => {
  const before = await ana.write(owner, 'Before');
  await session.message(before.id);
  gateway.treat = ({ request, args }) =>
    request === 'setKeys' && JSON.stringify(args).includes('pending-message') ? 'store' : 'answer';
  const message = await ana.write(owner, 'Stored');
  await gateway.until('the journal', () => session.keysOf('pending-message').find(key => key.startsWith(message.id)));
  await gateway.kill();
  gateway.treat = () => 'answer';
  await gateway.start();
  await session.opened();
  // WhatsApp sends it again. The key state has moved on, but the journal knows it.
  await ana.receipt(message, 'inactive');
  const next = await ana.write(owner, 'Next');
  await session.message(next.id);
  expect(messages().map(textOf)).toEqual(['Before', 'Stored', 'Next']);
  expect(ana.askedAgain).toEqual([]);
});

test('what could not be stored is not acknowledged, and comes again', async () => {
  gateway.treat = ({ request, args }) =>
    request === 'setKeys' && JSON.stringify(args).includes('pending-message') ? 'refuse' : 'answer';
  const message = await ana.write(owner, 'Fenced');
  expect(await session.notice('closed')).toMatchObject({ code: 500 });
  expect(fake.log.stanzas.filter(({ attrs, direction }) => direction === 'sent' && attrs.id === message.id)).toEqual(
    [],
  );
  gateway.treat = () => 'answer';
  await session.opened();
  const item = await session.message(message.id);
  expect(textOf(item)).toBe('Fenced');
  expect(item.source).toBe('offline');
});

test('status posts are acknowledged and not delivered', async () => {
  fake.sendStatus(owner, ana, 'STATUS1');
  await fake.log.sent(({ tag, attrs }) => tag === 'ack' && attrs.id === 'STATUS1' && attrs.class === 'status');
  const after = await ana.write(owner, 'After the status');
  await session.message(after.id);
  expect(messages()).toHaveLength(1);
});

test('a call comes as an item', async () => {
  const from = ana.account.jid('pn');
  const t = String(Math.floor(Date.now() / 1000));
  const step = (tag: string) => ({
    tag: 'call',
    attrs: { id: `CALL-${tag}`, from, t },
    content: [{ tag, attrs: { 'call-id': 'C1', 'call-creator': from, from }, content: [] }],
  });
  fake.push(owner, step('offer'));
  expect(await session.item('call')).toMatchObject({ id: 'C1', status: 'ringing', person: { phone: ana.number } });
});

test('reading and typing are shown to the writer', async () => {
  const message = await ana.write(owner, 'Seen?');
  const { key } = await session.message(message.id);
  expect(await session.call('markRead', { keys: [key] })).toBe('done');
  await ana.receipt(message, 'read');
  expect(await session.call('showTyping', { to: ana.number, isTyping: true })).toBe('done');
  await fake.log.sent(({ tag, parts }) => tag === 'chatstate' && parts.includes('composing'));
});
