// Chats whose messages disappear: what the session learns of them, and what our messages then carry.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeWhatsApp, type Owner, type Person, startFakeWhatsApp } from '../fake/index.ts';
import { startGateway, type TestGateway, type TestSession } from './gateway.ts';

const day = 86_400;
const week = 7 * day;

let fake: FakeWhatsApp;
let gateway: TestGateway;
let owner: Owner;
let session: TestSession;
let people = 0;
let ids = 0;
const nextId = () => `3EB0${String(++ids).padStart(18, '0')}`;
const someone = (name = 'Ana') => fake.person(`+1555000${String(1_000 + ++people)}`, { name });

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  gateway = await startGateway({ url: fake.url, ackMs: 6000, historyDays: 7 }, fake.caFile);
  owner = fake.phone('+15550001', { name: 'Shop' });
  session = gateway.session('shop');
});
afterAll(async () => {
  await gateway.close();
  await fake.close();
});

/** The timer that the person's phone sees on our next message. */
async function carried(person: Person, to = person.number): Promise<number | undefined> {
  const id = nextId();
  expect(await session.send(id, to, `Hello ${id}`)).toMatchObject({ class: 'accepted' });
  return (await person.waitFor(`Hello ${id}`)).expiration;
}
/** The person writes, and the session has stored it: so it knows what came before. */
async function writes(person: Person, words: string): Promise<void> {
  const message = await person.write(owner, words);
  await session.message(message.id);
}

test('the history of a new link says which chats have a timer', async () => {
  const [timed, plain] = [someone('Timed'), someone('Plain')];
  const at = Math.floor(Date.now() / 1_000) - 3_600;
  owner.history([
    { with: timed, text: 'Psst', id: 'T1', at, timer: day },
    { with: plain, text: 'Hello', id: 'P1', at },
  ]);
  await session.link(code => owner.scan(code));
  await session.message('T1');
  await session.message('P1');
  expect(await carried(timed)).toBe(day);
  expect(await carried(plain)).toBeUndefined();
});

test('a person sets a timer, changes it, and switches it off', async () => {
  const ana = someone();
  await writes(ana, 'Before');
  expect(await carried(ana)).toBeUndefined();
  for (const seconds of [day, week, 0]) {
    await ana.setTimer(owner, seconds);
    await writes(ana, `Now ${seconds}`);
    expect(await carried(ana)).toBe(seconds || undefined);
  }
});

test('a setting alone is enough, before the person writes again', async () => {
  const ana = someone();
  await writes(ana, 'Hello');
  const setting = await ana.setTimer(owner, day);
  await session.message(setting.id);
  expect(await carried(ana)).toBe(day);
});

test('the owner sets it on the phone of the account', async () => {
  const ana = someone();
  await session.message((await owner.setTimer(ana, day)).id);
  expect(await carried(ana)).toBe(day);
  await session.message((await owner.setTimer(ana, 0)).id);
  expect(await carried(ana)).toBeUndefined();
});

test('a message tells the timer of its chat where the setting was missed', async () => {
  const ana = someone();
  ana.phone.timers.set(owner.account, week);
  await writes(ana, 'In a chat with a timer');
  expect(await carried(ana)).toBe(week);
  ana.phone.timers.set(owner.account, 0);
  const reaction = await ana.react(await ana.waitFor(({ expiration }) => expiration === week), '👍');
  await session.message(reaction.id);
  expect(await carried(ana)).toBe(week);
  await writes(ana, 'In a chat without');
  expect(await carried(ana)).toBeUndefined();
});

test('it is one chat, whichever address of the person a message names', async () => {
  const ana = someone();
  const setting = await ana.setTimer(owner, day, { addressing: 'lid' });
  await session.message(setting.id);
  expect(await carried(ana)).toBe(day);
  expect(await carried(ana, ana.lid)).toBe(day);
});

test('every content carries it, beside a quote, and a reaction does not', async () => {
  const ana = someone();
  const question = await ana.write(owner, 'Where?');
  await session.message(question.id);
  await session.message((await ana.setTimer(owner, day)).id);
  const send = (type: string, content: unknown, target = question) =>
    session.call('send', {
      messageId: nextId(),
      to: ana.number,
      type,
      content,
      file: undefined,
      target: { id: target.id, fromMe: false, text: 'Where?' },
      recipient: undefined,
    });
  await send('location', { latitude: 1.5, longitude: 2.5, name: 'Shop' });
  expect(await ana.waitFor('Shop')).toMatchObject({ quotes: question.id, expiration: day });
  await send('contacts', [{ name: { formatted_name: 'Bo' }, phones: [{ phone: '+15559999' }] }]);
  expect((await ana.waitFor('Bo')).expiration).toBe(day);
  await send('reaction', { message_id: question.id, emoji: '👍' });
  const reaction = await ana.waitFor(({ kind }) => kind === 'reactionMessage');
  expect(reaction.expiration).toBeUndefined();
});

test('a process that starts anew still knows it', async () => {
  const ana = someone();
  await session.message((await ana.setTimer(owner, day)).id);
  await session.close();
  await session.opened();
  await owner.online();
  expect(await carried(ana)).toBe(day);
});
