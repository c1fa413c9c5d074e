// Messages over WhatsApp Web, both ways, with a real session process and a fake WhatsApp.
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FakeWhatsApp, type Owner, startFakeWhatsApp } from '../../channels/whatsapp-web/tests/fake/index.ts';
import { type LinkedPhones, linkedPhones, patience, webSettings } from '../setup/linked-phones.ts';
import { pdf, png } from '../setup/media-files.ts';
import { placesIn } from '../setup/places.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let fake: FakeWhatsApp;
let scenario: Scenario;
let phones: LinkedPhones;
let account: { id: string; number: string; phone: Owner };

beforeAll(async () => {
  fake = await startFakeWhatsApp();
  scenario = await startScenario({ env: { ...webSettings(fake), NODE_EXTRA_CA_CERTS: fake.caFile } });
  phones = linkedPhones(scenario, fake);
}, 60_000);
afterAll(async () => {
  await scenario?.close();
  await fake?.close();
});

/** One phone for all tests, which is linked by the first that needs it. */
beforeEach(async () => {
  if (account) return;
  account = await phones.linked();
  // The tests wait for no gap between messages.
  await scenario.api('PATCH', `/api/v1/accounts/${account.id}`, {
    limits: { jitter_ms: 0, warm_up: null, new_conversations_per_day: null },
  });
}, 60_000);

const someone = (name = 'Ana') => fake.person(phones.nextNumber(), { name });
type Person = ReturnType<typeof someone>;
const numberOf = (person: Person) => person.number;

async function send(to: string, content: object): Promise<string> {
  const sent = await scenario.api('POST', '/api/v1/messages', { account_id: account.id, to, ...content });
  if (sent.status !== 202) throw new Error(`${sent.status} ${sent.text}`);
  return sent.body.id;
}
async function upload(bytes: Buffer, name: string): Promise<{ id: string }> {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(bytes)]), name);
  const headers = { authorization: `Bearer ${await scenario.token()}` };
  const answer = await fetch(`${scenario.recado.url}/api/v1/media`, { method: 'POST', headers, body: form });
  if (answer.status !== 201) throw new Error(`not uploaded: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as { id: string };
}

const isStatus = (id: string, status: string) =>
  expect.poll(async () => (await scenario.message(id)).status, patience).toBe(status);

// biome-ignore lint/suspicious/noExplicitAny: messages as the API shows them
async function threadWith(person: Person): Promise<any[]> {
  const { body } = await scenario.api('GET', `/api/v1/conversations?search=${encodeURIComponent(numberOf(person))}`);
  const [found] = body.data;
  if (!found) return [];
  const thread = await scenario.api('GET', `/api/v1/conversations/${found.id}/messages`);
  return thread.body.data.toReversed();
}

/** What an edit must not change. */
async function conversationWith(person: Person): Promise<object> {
  const { body } = await scenario.api('GET', `/api/v1/conversations?search=${encodeURIComponent(numberOf(person))}`);
  const { unread_count, waiting_since, last_message_at, state } = body.data[0];
  return { unread_count, waiting_since, last_message_at, state };
}

describe('sending', () => {
  test('a text arrives once, and its receipts come back', async () => {
    const ana = someone();
    const id = await send(numberOf(ana), { type: 'text', text: { body: 'Hello Ana' } });
    const arrived = await ana.waitFor('Hello Ana');
    await isStatus(id, 'delivered');
    ana.read(arrived);
    await isStatus(id, 'read');
    expect(fake.ledger.acceptedFor(numberOf(ana))).toEqual([(await scenario.message(id)).channel_message_id]);
  });

  test('an acknowledgement that is lost needs no second message: its receipt says enough', async () => {
    const ana = someone();
    fake.next({ to: numberOf(ana), ack: 'lost' });
    const id = await send(numberOf(ana), { type: 'text', text: { body: 'Once' } });
    const arrived = await ana.waitFor('Once');
    await isStatus(id, 'delivered');
    // The call ends without an acknowledgement, and is recorded: nothing of it is sent again.
    await expect.poll(async () => (await scenario.message(id)).attempts[0]?.ended_at, patience).toBeTypeOf('string');
    const shown = await scenario.message(id);
    expect(shown).toMatchObject({ status: 'delivered', channel_message_id: arrived.id, attempts: [{}] });
    expect([arrived.times, fake.ledger.acceptedFor(numberOf(ana))]).toEqual([1, [arrived.id]]);
  });

  test('a number that is not on WhatsApp is rejected without a message', async () => {
    const id = await send(phones.nextNumber(), { type: 'text', text: { body: 'Anybody?' } });
    await isStatus(id, 'failed');
    expect(await scenario.message(id)).toMatchObject({ error: { code: 'not_on_whatsapp', who: 'recipient' } });
  });

  test('a link that is too new is told with its date, and is not tried again', async () => {
    const bo = someone('Bo');
    fake.next({ to: numberOf(bo), ack: 463 });
    const id = await send(numberOf(bo), { type: 'text', text: { body: 'Buy!' } });
    await isStatus(id, 'failed');
    const { error, attempts } = await scenario.message(id);
    expect(error.code).toBe('463');
    expect(error.title).toMatch(
      /^This link is too new for people who never wrote\. It was linked on \d{4}-\d\d-\d\d\.$/,
    );
    expect(attempts).toHaveLength(1);
    // The account begins no other conversation for a while.
    const paused = async () =>
      (await scenario.sql('select 1 from account where new_paused_until > clock_timestamp()')).length;
    await expect.poll(paused, patience).toBe(1);
    await scenario.sql('update account set new_paused_until = null');
  });

  test('who wrote is answered by LID, and a refusal of both addresses pauses nobody', async () => {
    const cleo = someone('Cleo');
    cleo.migrate();
    await cleo.write(account.phone, 'Are you there?', { addressing: 'lid' });
    await expect.poll(async () => (await threadWith(cleo)).length, patience).toBe(1);
    const id = await send(numberOf(cleo), { type: 'text', text: { body: 'Yes, Cleo' } });
    expect(await cleo.waitFor('Yes, Cleo')).toMatchObject({ addressing: 'lid' });
    await isStatus(id, 'delivered');
    fake.next({ to: numberOf(cleo), ack: 463 });
    const refused = await send(numberOf(cleo), { type: 'text', text: { body: 'Refused' } });
    await isStatus(refused, 'failed');
    const { error } = await scenario.message(refused);
    expect(error).toMatchObject({ code: '463', title: expect.stringMatching(/although they wrote before/) });
    expect(await scenario.sql('select 1 from account where new_paused_until > clock_timestamp()')).toEqual([]);
  });

  test('a picture says its size, and shows a preview before it is downloaded', async () => {
    const ana = someone();
    const bytes = await png(800, 400);
    const uploaded = await upload(bytes, 'menu.png');
    const id = await send(numberOf(ana), { type: 'image', image: { id: uploaded.id, caption: 'The menu' } });
    const arrived = await ana.waitFor(message => message.content?.imageMessage?.caption === 'The menu');
    expect(ana.fileOf(arrived).equals(bytes)).toBe(true);
    const { width, height, jpegThumbnail } = arrived.content?.imageMessage ?? {};
    expect({ width, height }).toEqual({ width: 800, height: 400 });
    const preview = await sharp(Buffer.from(jpegThumbnail ?? [])).metadata();
    expect(preview).toMatchObject({ format: 'jpeg', width: 72, height: 36 });
    expect(jpegThumbnail?.length).toBeLessThan(2_000);
    await isStatus(id, 'delivered');
  });

  test('in a chat whose messages disappear, ours do too, until somebody switches that off', async () => {
    const ana = someone();
    await ana.setTimer(account.phone, 86_400);
    for (const [words, expiration] of [
      ['With a timer', 86_400],
      ['Without', undefined],
    ] as const) {
      await ana.write(account.phone, `Written ${words}`);
      await expect.poll(async () => (await threadWith(ana)).at(-1)?.text?.body, patience).toBe(`Written ${words}`);
      await send(numberOf(ana), { type: 'text', text: { body: words } });
      expect((await ana.waitFor(words)).expiration).toBe(expiration);
      await ana.setTimer(account.phone, 0);
    }
  });

  test('a document arrives byte for byte', async () => {
    const ana = someone();
    const bytes = pdf();
    const uploaded = await upload(bytes, 'menu.pdf');
    const id = await send(numberOf(ana), { type: 'document', document: { id: uploaded.id, caption: 'The menu' } });
    const arrived = await ana.waitFor('The menu');
    expect(Buffer.from(await ana.fileOf(arrived))).toEqual(bytes);
    await isStatus(id, 'delivered');
  });

  test('a quote and a reaction name their message', async () => {
    const ana = someone();
    await ana.write(account.phone, 'Are you open?');
    await expect.poll(async () => (await threadWith(ana)).length, patience).toBe(1);
    const [question] = await threadWith(ana);
    await send(numberOf(ana), { type: 'text', text: { body: 'Yes' }, context: { message_id: question.id } });
    const reply = await ana.waitFor('Yes');
    expect(reply.quotes).toBe(question.channel_message_id);
    await send(numberOf(ana), { type: 'reaction', reaction: { message_id: question.id, emoji: '👍' } });
    await ana.until(() => ana.outbox.some(message => message.reactions.size > 0), 'the reaction');
  });
});

describe('receiving', () => {
  test('texts, edits, deletions, reactions and votes', async () => {
    const ana = someone();
    const first = await ana.write(account.phone, 'Helo');
    await expect.poll(async () => (await threadWith(ana))[0]?.text?.body, patience).toBe('Helo');
    await ana.edit(first, 'Hello');
    await expect.poll(async () => (await threadWith(ana))[0]?.text?.body, patience).toBe('Hello');
    await ana.react(first, '👍');
    await ana.delete(first);
    await expect.poll(async () => (await threadWith(ana))[0]?.revoked_at, patience).toBeTypeOf('string');
    const poll = await ana.poll(account.phone, 'Lunch?', ['Rice', 'Soup']);
    await ana.vote(poll, ['Soup']);
    await expect
      .poll(async () => (await threadWith(ana)).map(({ type }) => type), patience)
      .toEqual(expect.arrayContaining(['text', 'interactive']));
    const vote = (await threadWith(ana)).find(({ type }) => type === 'interactive');
    expect(vote.interactive.list_reply.title).toBe('Soup');
  });

  test('edits that are sealed change the message, and what it said before is kept', async () => {
    const ana = someone();
    const first = await ana.write(account.phone, 'Helo');
    await expect.poll(async () => (await threadWith(ana)).length, patience).toBe(1);
    const before = await conversationWith(ana);
    let at = first.at + 1;
    for (const text of ['Hello', 'Hello!']) {
      await ana.editSealed(first, text, { at: at++ });
      await expect.poll(async () => (await threadWith(ana))[0]?.text?.body, patience).toBe(text);
    }
    const [message, ...others] = await threadWith(ana);
    expect(others).toEqual([]);
    expect(message.edit_unknown).toBe(false);
    expect(message.versions.map(({ text }: { text: string }) => text)).toEqual(['Helo', 'Hello']);
    expect(message.versions[0].at).toBe(message.sent_at);
    expect(await conversationWith(ana)).toEqual(before);
  });

  test('an edit that nobody can read is no new message: the text is known as an earlier one', async () => {
    const ana = someone();
    const first = await ana.write(account.phone, 'At five', { at: Math.floor(Date.now() / 1000) - 60 });
    await expect.poll(async () => (await threadWith(ana)).length, patience).toBe(1);
    const before = await conversationWith(ana);
    await ana.editSealed(first, 'At six', { isOpenable: false, at: Math.floor(Date.now() / 1000) - 30 });
    await expect.poll(async () => (await threadWith(ana))[0]?.edit_unknown, patience).toBe(true);
    expect(await threadWith(ana)).toMatchObject([{ text: { body: 'At five' }, versions: [] }]);
    expect(await conversationWith(ana)).toEqual(before);
    await ana.editSealed(first, 'At seven');
    await expect.poll(async () => (await threadWith(ana))[0]?.text?.body, patience).toBe('At seven');
    expect(await threadWith(ana)).toMatchObject([{ edit_unknown: false, versions: [{ text: 'At five' }] }]);
  });

  test('what is written in a group of the phone is in no thread', async () => {
    const [ana, bo] = [someone(), someone('Bo')];
    const group = fake.group('Family', [ana, bo, account.phone]);
    const inGroup = await ana.write(group, 'Dinner?');
    await bo.write(group, 'Yes');
    await ana.receipt(inGroup, 'inactive', account.phone);
    await ana.write(account.phone, 'Are you open?');
    await expect
      .poll(async () => (await threadWith(ana)).map(({ text }) => text.body), patience)
      .toEqual(['Are you open?']);
    expect(await threadWith(bo)).toEqual([]);
    const contacts = await scenario.api('GET', `/api/v1/contacts?search=${encodeURIComponent(numberOf(bo))}`);
    expect(contacts.body.data).toEqual([]);
    const raw = `select 1 from inbound_payload where convert_from(body, 'UTF8') like '%Dinner?%'`;
    expect(await scenario.sql(raw)).toEqual([]);
  });

  test('nothing is shown as read until somebody asks for it', async () => {
    const ana = someone();
    const [first, second] = [await ana.write(account.phone, 'One'), await ana.write(account.phone, 'Two')];
    await expect.poll(async () => (await threadWith(ana)).length, patience).toBe(2);
    expect([first, second].flatMap(({ receipts }) => receipts).some(({ type }) => type === 'read')).toBe(false);
    const [, newest] = await threadWith(ana);
    expect((await scenario.api('PUT', `/api/v1/messages/${newest.id}/read`)).status).toBe(200);
    await ana.receipt(second, 'read');
    await ana.receipt(first, 'read');
  });

  test('a file is downloaded and stored', async () => {
    const ana = someone();
    const bytes = pdf(20_000);
    await ana.sendFile(account.phone, 'document', bytes, { mimeType: 'application/pdf', fileName: 'a.pdf' });
    await expect.poll(async () => (await threadWith(ana))[0]?.document?.media?.status, patience).toBe('stored');
  });

  test('what could not be decrypted is replaced by the real message', async () => {
    const ana = someone();
    const broken = await ana.write(account.phone, 'Secret', { isBroken: true });
    await expect.poll(async () => (await threadWith(ana))[0]?.error?.code, patience).toBe('undecryptable');
    await ana.repair(broken);
    await expect.poll(async () => (await threadWith(ana))[0]?.text?.body, patience).toBe('Secret');
    expect(await threadWith(ana)).toHaveLength(1);
  });

  test('a person who writes by their LID is the same contact, and is answered', async () => {
    const ana = someone();
    await ana.write(account.phone, 'From my LID', { addressing: 'lid' });
    await expect.poll(async () => (await threadWith(ana)).length, patience).toBe(1);
    const [message] = await threadWith(ana);
    const sent = await scenario.api('POST', '/api/v1/messages', {
      account_id: account.id,
      conversation_id: message.conversation_id,
      type: 'text',
      text: { body: 'Hello LID' },
    });
    expect(sent.status).toBe(202);
    await ana.waitFor('Hello LID');
    expect(await threadWith(ana)).toHaveLength(2);
  });

  test('what is written on the phone is in the thread as sent from there', async () => {
    const ana = someone();
    await account.phone.write(ana, 'From my pocket');
    await expect
      .poll(async () => (await threadWith(ana))[0], patience)
      .toMatchObject({
        direction: 'outbound',
        source: 'phone',
        text: { body: 'From my pocket' },
      });
  });

  test('the history of a new link is imported, and nobody has to read it', async () => {
    const [id, number] = [await phones.makeAccount(), phones.nextNumber()];
    const phone = fake.phone(number, { name: 'Owner' });
    const ana = someone();
    const at = Math.floor(Date.now() / 1_000) - 3_600;
    phone.history([
      { with: ana, text: 'Long ago', id: 'HIST1', at },
      { with: ana, text: 'And we said', id: 'HIST2', at: at + 1, isOwn: true },
    ]);
    await phones.startLink(id);
    await phone.scan((await phones.codeOf(id)).value);
    await phones.isState(id, 'connected');
    await expect.poll(async () => (await threadWith(ana)).length, patience).toBe(2);
    expect(await threadWith(ana)).toMatchObject([
      { text: { body: 'Long ago' }, status: 'read', created_at: new Date(at * 1_000).toISOString() },
      { text: { body: 'And we said' }, source: 'phone' },
    ]);
  }, 60_000);
});

describe('an erasure', () => {
  /** Keys of the library, which stay until the link ends: its sessions with the person, and its names for them. */
  const ofTheLibrary = ['session', 'device-list', 'identity-key', 'lid-mapping', 'sender-key', 'sender-key-memory'];
  const ownKeys = async () =>
    (
      await scenario.sql<{ name: string }>(
        `select type || ' ' || key_id as name from web_session_key where type in ('known-number', 'chat-timer', 'sent-message', 'poll', 'retry')`,
      )
    ).map(({ name }) => name);

  test('reaches what the session keeps of the person', async () => {
    const [ana, bo] = [someone('Zuleika Quartermain'), someone('Bo')];
    const kept = await send(numberOf(bo), { type: 'text', text: { body: 'To somebody else' } });
    await isStatus(kept, 'delivered');
    const before = await ownKeys();
    const id = await send(numberOf(ana), { type: 'text', text: { body: 'Zuleika-secret' } });
    await isStatus(id, 'delivered');
    await ana.setTimer(account.phone, 86_400);
    const broken = await ana.write(account.phone, 'Zuleika-answer', { isBroken: true });
    await expect.poll(async () => (await threadWith(ana)).at(-1)?.error?.code, patience).toBe('undecryptable');
    await ana.repair(broken);
    const poll = await ana.poll(account.phone, 'Zuleika-lunch?', ['Rice', 'Soup']);
    await ana.vote(poll, ['Soup']);
    await expect.poll(async () => (await threadWith(ana)).at(-1)?.type, patience).toBe('interactive');
    await expect
      .poll(async () => (await threadWith(ana)).map(({ text }) => text?.body), patience)
      .toContain('Zuleika-answer');
    const types = (await ownKeys()).filter(name => !before.includes(name)).map(name => name.split(' ')[0]);
    expect([...new Set(types)].sort()).toEqual(['chat-timer', 'known-number', 'poll', 'retry', 'sent-message']);
    const number = numberOf(ana).slice(1);
    for (const name of await ownKeys()) expect(name).not.toContain(number);

    const [{ contact_id: contact }] = await threadWith(ana);
    await expect
      .poll(async () => (await scenario.api('POST', `/api/v1/contacts/${contact}/erase`)).status, patience)
      .toBe(200);
    expect(await ownKeys()).toEqual(before);
    for (const word of ['Zuleika', 'Quartermain']) expect(await placesIn(scenario, word)).toEqual([]);
    const left = await scenario.sql<{ type: string }>(
      `select distinct type from web_session_key where position($1 in key_id) > 0`,
      [number],
    );
    for (const { type } of left) expect(ofTheLibrary).toContain(type);
    const places = (await placesIn(scenario, number)).filter(place => !place.startsWith('web_session_key.key_id '));
    expect(places).toEqual([]);

    // Recado asks WhatsApp again about a number that it writes to again.
    await isStatus(await send(numberOf(ana), { type: 'text', text: { body: 'Anew' } }), 'delivered');
    await isStatus(await send(numberOf(bo), { type: 'text', text: { body: 'Still there' } }), 'delivered');
  });
});
