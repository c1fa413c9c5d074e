// Two people in one conversation: nobody answers twice, and what they write for each other reaches nobody else.
import { type Conversation, type Message, type Note, notePage, noteSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { download, pdf, png, sendFile, upload } from '../setup/media-files.ts';
import { audited, join, type Somebody } from '../setup/people.ts';
import { placesIn } from '../setup/places.ts';
import type { Call, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let leo: Somebody;
let numbers = 0;
beforeAll(async () => {
  scenario = await openWorkspace();
  leo = await join(scenario, 'agent');
});
afterAll(() => scenario?.close());

const number = () => `+55119866600${String(++numbers).padStart(2, '0')}`;

async function write(phone: string, body: string): Promise<void> {
  await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body } }),
  });
  await scenario.settle();
}

/** A conversation with a person who has written, and that message. */
async function written(phone = number()): Promise<{ id: string; contact: string; seen: string }> {
  await write(phone, 'Is half past five all right?');
  const [row] = (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body
    .data as Conversation[];
  if (!row?.last_message) throw new Error('nobody wrote');
  return { id: row.id, contact: row.contact.id, seen: row.last_message.id };
}

const reply = (call: Call, id: string, seen: string | undefined, body = 'Half past five is fine.') =>
  call('POST', '/api/v1/messages', {
    ...{ account_id: scenario.account.id, conversation_id: id, last_seen_id: seen, type: 'text', text: { body } },
  });
const note = (call: Call, id: string, body: object) => call('POST', `/api/v1/conversations/${id}/notes`, body);
const notesOf = async (id: string): Promise<Note[]> =>
  notePage.parse((await scenario.api('GET', `/api/v1/conversations/${id}/notes`)).body).data;
const messagesOf = async (id: string): Promise<Message[]> =>
  (await scenario.api('GET', `/api/v1/conversations/${id}/messages`)).body.data;

test('of 50 replies at once by 50 writers who saw the same, exactly one goes out', async () => {
  const { id, seen } = await written();
  const keys = await Promise.all(
    Array.from({ length: 48 }, (_, n) =>
      scenario.api('POST', '/api/v1/keys', { name: `writer ${n}`, scopes: ['messages.create'] }),
    ),
  );
  const writers = [scenario.api, leo.api, ...keys.map(({ body }) => scenario.as(body.key))];
  const answers = await Promise.all(writers.map(call => reply(call, id, seen)));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(49).fill(409)]);
  const [sent] = answers.filter(({ status }) => status === 202);
  for (const { body } of answers.filter(({ status }) => status === 409))
    expect(body).toMatchObject({ code: 'conversation_changed', came: [{ id: sent?.body.id }] });
  await scenario.settle();
  expect((await messagesOf(id)).filter(({ direction }) => direction === 'outbound')).toHaveLength(1);
});

test('a reply goes out after what others wrote only once its writer has seen it', async () => {
  const { id, seen } = await written();
  const first = await reply(scenario.api, id, seen);
  // The own message before, and what the person writes, refuse nothing.
  await write((await scenario.api('GET', `/api/v1/conversations/${id}`)).body.contact.phone, 'Perfect.');
  expect((await reply(scenario.api, id, seen)).status).toBe(202);
  const { body: memo } = await note(scenario.api, id, { body: 'I took this one.' });
  const refused = await reply(leo.api, id, seen);
  expect(refused).toMatchObject({ status: 409, body: { code: 'conversation_changed' } });
  expect(refused.body.came.map((each: { id: string }) => each.id)).toEqual([
    first.body.id,
    expect.stringMatching(/^msg_/),
    memo.id,
  ]);
  expect(refused.body.came[2]).toMatchObject({ by: { name: expect.any(String) }, at: memo.created_at });
  // With the newest of what came it goes, also with the key of the refused one.
  const key = { 'idempotency-key': 'again' };
  const body = { account_id: scenario.account.id, conversation_id: id, type: 'text', text: { body: 'And a bag.' } };
  const post = (more: object) => leo.api('POST', '/api/v1/messages', { ...body, ...more }, key);
  expect((await post({ last_seen_id: first.body.id })).status).toBe(409);
  expect((await post({ last_seen_id: memo.id })).status).toBe(202);
  expect((await post({ last_seen_id: memo.id })).headers.get('idempotent-replayed')).toBe('true');
  // Who says nothing is not asked, and a reaction or a campaign answers nobody.
  expect((await reply(leo.api, id, undefined)).status).toBe(202);
});

test('a note names people, is edited for 15 minutes and leaves its line, and is never a message', async () => {
  const { id } = await written();
  const before = (await messagesOf(id)).length;
  const me = (await scenario.api('GET', '/api/v1/me')).body.person;
  const made = await note(leo.api, id, { body: `@${me.name} she is a VIP.`, mentions: [me.id, me.id] });
  expect(made.status).toBe(201);
  expect(noteSchema.parse(made.body)).toMatchObject({
    author: { id: leo.id, name: 'agent' },
    mentions: [{ person_id: me.id, name: me.name }],
    episode_id: expect.stringMatching(/^epi_/),
    edited_at: null,
  });
  const at = `/api/v1/notes/${made.body.id}`;
  expect(await scenario.api('PATCH', at, { body: 'No.' })).toMatchObject({
    status: 403,
    body: { code: 'note_of_another' },
  });
  expect(await leo.api('PATCH', at, { body: 'She is a VIP.' })).toMatchObject({
    status: 200,
    body: { body: 'She is a VIP.', mentions: [], edited_at: expect.any(String) },
  });
  await scenario.sql(`update note set created_at = created_at - interval '16 minutes' where id = $1`, [
    toUuid(made.body.id),
  ]);
  expect(await leo.api('PATCH', at, { body: 'Late.' })).toMatchObject({ status: 409, body: { code: 'note_too_old' } });
  expect((await scenario.api('DELETE', at)).status).toBe(403);
  expect(await leo.api('DELETE', at)).toMatchObject({ status: 200, body: { body: null } });
  expect(await leo.api('PATCH', at, { body: 'Again.' })).toMatchObject({ body: { code: 'note_deleted' } });
  expect(await notesOf(id)).toMatchObject([{ body: null, author: { id: leo.id }, deleted_at: expect.any(String) }]);
  expect(await messagesOf(id)).toHaveLength(before);
  const events = (await scenario.api('GET', `/api/v1/events?conversation_id=${id}&types=note.*`)).body.data;
  expect(events).toMatchObject([
    {
      type: 'note.created',
      data: { note_id: made.body.id, person_id: leo.id, mentions: [me.id], new_mentions: [me.id] },
    },
    { type: 'note.updated', data: { mentions: [], new_mentions: [] } },
    { type: 'note.deleted' },
  ]);
});

test('a client reads the messages on both sides of a note', async () => {
  const { id, seen } = await written();
  const { body } = await note(scenario.api, id, { body: 'Between the two.' });
  await reply(scenario.api, id, undefined, 'After the note.');
  const ids = async (query: string) =>
    (await scenario.api('GET', `/api/v1/conversations/${id}/messages?${query}`)).body.data.map(
      (message: Message) => message.text?.body,
    );
  expect(await ids(`before=${body.id}`)).toEqual(['Is half past five all right?']);
  expect(await ids(`after=${body.id}`)).toEqual(['After the note.']);
  // Of another conversation.
  const other = await written();
  const path = `/api/v1/conversations/${other.id}/messages?before=${body.id}`;
  expect((await scenario.api('GET', path)).body.code).toBe('message_not_found');
  expect(await ids(`after=${seen}`)).toEqual(['After the note.']);
});

test('a note names nobody who may not see the account, and a viewer writes none', async () => {
  const { id } = await written();
  const { body: other } = await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' });
  const helene = await join(scenario, 'agent', { account_ids: [other.id] });
  const viewer = await join(scenario, 'viewer');
  expect(await note(leo.api, id, { body: '@agent', mentions: [leo.id, helene.id] })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'mentions.1' }] },
  });
  expect((await note(leo.api, id, { body: '@viewer', mentions: [viewer.id] })).status).toBe(201);
  expect((await note(viewer.api, id, { body: 'Hello' })).status).toBe(403);
  expect((await note(helene.api, id, { body: 'Hello' })).status).toBe(404);
  expect((await viewer.api('GET', `/api/v1/conversations/${id}/notes`)).body.data).toHaveLength(1);
  expect((await helene.api('GET', `/api/v1/conversations/${id}/notes`)).status).toBe(404);
});

test('an export has the notes about a person, and their erasure leaves none', async () => {
  const { id, contact } = await written();
  const canary = 'canaryofanote';
  const { body: file } = await upload(scenario, { bytes: pdf(), name: `${canary}.pdf` });
  await note(scenario.api, id, { media_ids: [file.id] });
  await note(leo.api, id, { body: `She likes ${canary}.` });
  const exported = await scenario.api('GET', `/api/v1/contacts/${contact}/export`);
  expect(JSON.parse(exported.text).notes).toMatchObject([
    { conversation_id: id, body: '', files: [`${canary}.pdf`] },
    { conversation_id: id, author: 'agent', files: [] },
  ]);
  expect(await placesIn(scenario, canary)).not.toEqual([]);
  await expect
    .poll(async () => (await scenario.api('POST', `/api/v1/contacts/${contact}/erase`)).status, { timeout: 20_000 })
    .toBe(200);
  expect(await placesIn(scenario, canary)).toEqual([]);
});

test('a note has files, which nothing sends, and which go with it', async () => {
  const { id } = await written();
  const uploaded = async (name: string, bytes: Uint8Array) => (await upload(scenario, { bytes, name })).body.id;
  const [form, photo, spare] = [
    await uploaded('Return form.pdf', pdf()),
    await uploaded('torn.png', await png()),
    await uploaded('spare.png', await png()),
  ];
  const refused = (answer: { body: { errors: object[] } }, field: string) =>
    expect(answer.body.errors).toMatchObject([{ field }]);
  refused(await note(scenario.api, id, { media_ids: [] }), 'body');
  // A file of somebody else, and one that a saved reply has.
  refused(await note(leo.api, id, { media_ids: [photo] }), 'media_ids[0]');
  const reply = { shortcut: 'spare', title: 'Spare', body: 'Here.', media_ids: [spare] };
  const { body: saved } = await scenario.api('POST', '/api/v1/saved-replies', reply);
  refused(await note(scenario.api, id, { media_ids: [photo, spare] }), 'media_ids[1]');
  expect((await scenario.api('DELETE', `/api/v1/saved-replies/${saved.id}`)).status).toBe(204);
  const made = await note(scenario.api, id, { media_ids: [photo, form] });
  expect(noteSchema.parse(made.body)).toMatchObject({
    body: '',
    files: [
      { id: photo, kind: 'image', filename: 'torn.png', width: 40, status: 'stored' },
      { id: form, kind: 'document', filename: 'Return form.pdf', mime_type: 'application/pdf' },
    ],
  });
  const file = `/api/v1/media/${form}`;
  expect((await leo.api('GET', file)).body).toMatchObject({ note_id: made.body.id, account_id: scenario.account.id });
  expect((await download(scenario, `${file}/content`)).status).toBe(200);
  expect((await scenario.api('DELETE', file)).body.code).toBe('media_in_use');
  // No way out: a message, a template's header, a saved reply, a campaign, another note.
  const campaign = { share: 100, message: { type: 'document', document: { id: form } } };
  for (const [answer, field] of [
    [await sendFile(scenario, 'document', { id: form }), 'document.id'],
    [await scenario.api('POST', '/api/v1/saved-replies', { ...reply, media_ids: [form] }), 'media_ids[0]'],
    [
      await scenario.api('POST', '/api/v1/campaigns', { name: 'Out', variants: [campaign] }),
      'variants[0].message.document.id',
    ],
    [await note(scenario.api, id, { body: 'Again', media_ids: [form] }), 'media_ids[0]'],
  ] as const)
    expect([answer.status, answer.body.errors]).toMatchObject([400, [{ field }]]);
  // An edit keeps some and adds others.
  const at = `/api/v1/notes/${made.body.id}`;
  refused(await scenario.api('PATCH', at, { body: '', media_ids: [] }), 'body');
  const edited = await scenario.api('PATCH', at, { body: '', media_ids: [spare, form] });
  expect(edited.body.files.map((each: { id: string }) => each.id)).toEqual([spare, form]);
  expect((await scenario.api('GET', `/api/v1/media/${photo}`)).status).toBe(404);
  expect((await scenario.api('PATCH', at, { body: 'Both.' })).body).toMatchObject({ body: 'Both.', files: [{}, {}] });
  expect((await leo.api('GET', `/api/v1/conversations/${id}/export`)).text).toContain(
    '"Both.\nspare.png\nReturn form.pdf"',
  );
  expect(await scenario.api('DELETE', at)).toMatchObject({ status: 200, body: { body: null, files: [] } });
  expect((await scenario.api('GET', file)).status).toBe(404);
  const { data } = (await scenario.api('GET', `/api/v1/events?conversation_id=${id}&types=note.*`)).body;
  expect(data.map((event: { data: { media_ids: string[] } }) => event.data.media_ids)).toEqual([
    ...[[photo, form], [spare, form], [spare, form], []],
  ]);
});

test('a message that is being accepted with a file, and a note that takes it: one of the two has it', async () => {
  const { id } = await written();
  for (let round = 0; round < 5; round++) {
    const { body: file } = await upload(scenario, { bytes: pdf(), name: 'race.pdf' });
    const sendAt = new Date(Date.now() + 86_400_000).toISOString();
    const [sent, noted] = await Promise.all([
      sendFile(scenario, 'document', { id: file.id }, { send_at: sendAt }),
      note(scenario.api, id, { media_ids: [file.id] }),
    ]);
    expect([sent.status === 202, noted.status === 201].filter(Boolean)).toHaveLength(1);
  }
});

test('a conversation is exported with its messages and notes, in the order of the thread', async () => {
  const { id } = await written();
  await note(leo.api, id, { body: '=She is a VIP, please.' });
  expect((await reply(leo.api, id, undefined)).status).toBe(202);
  const file = await leo.api('GET', `/api/v1/conversations/${id}/export`);
  expect(file.status).toBe(200);
  expect(file.headers.get('content-type')).toContain('text/csv');
  const [head, ...lines] = file.text.trim().split('\r\n');
  expect(head).toBe('"time","kind","direction","author","type","text","status","id"');
  expect(lines.map(line => line.replaceAll('"', '').split(',').slice(1, 6).join())).toEqual([
    expect.stringMatching(/^message,inbound,.*,text,Is half past five all right\?$/),
    expect.stringMatching(/^note,,agent,,.*She is a VIP$/),
    'message,outbound,agent,text,Half past five is fine.',
  ]);
  expect((await audited(scenario, 'conversation.exported')).at(-1)).toMatchObject({ target_id: toUuid(id) });
  expect((await leo.api('GET', `/api/v1/conversations/${toId('conversation', newUuid())}/export`)).status).toBe(404);
});
