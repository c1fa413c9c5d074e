// People who read only some conversations: in lists, counts, messages, events and streams, and where they write.
import type { Conversation } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Connected, openStream } from '../setup/event-clients.ts';
import { pdf, upload } from '../setup/media-files.ts';
import { join, type Somebody } from '../setup/people.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let people = 0;
const streams: Connected[] = [];
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(async () => {
  for (const stream of streams) stream.drop();
  await scenario?.close();
});

const newPhone = () => `+55119866${String(++people).padStart(5, '0')}`;

/** A person writes. Returns their conversation as the owner sees it. */
async function written(phone = newPhone()): Promise<Conversation> {
  await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body: 'Is it ready?' } }),
  });
  await scenario.settle();
  return (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data[0];
}

/** An agent who reads their own conversations, or those of their teams. */
async function reader(conversations: 'own' | 'team'): Promise<Somebody> {
  const joined = await join(scenario, 'agent');
  const changed = await scenario.api('PATCH', `/api/v1/people/${joined.id}`, { conversations });
  expect(changed).toMatchObject({ status: 200, body: { conversations } });
  return joined;
}

const assign = (id: string, body: object, call = scenario.api) =>
  call('POST', `/api/v1/conversations/${id}/assign`, body);
const idsOf = async (by: Somebody, path: string): Promise<string[]> =>
  (await by.api('GET', path)).body.data.map(({ id }: { id: string }) => id);

test('an agent of their own conversations finds these, with exact totals, and no other', async () => {
  const [mine, other] = [await written(), await written()];
  const ana = await reader('own');
  expect((await ana.api('GET', '/api/v1/conversations')).body.page.total).toBe(0);
  expect((await ana.api('GET', '/api/v1/me/permissions')).body).toMatchObject({ conversations: 'own' });
  await assign(mine.id, { person_id: ana.id });
  const list = (await ana.api('GET', '/api/v1/conversations')).body;
  expect(list).toMatchObject({ data: [{ id: mine.id }], page: { total: 1 } });
  expect((await ana.api('GET', '/api/v1/messages')).body).toMatchObject({
    data: [{ conversation_id: mine.id }],
    page: { total: 1 },
  });
  expect((await ana.api('GET', '/api/v1/conversations/counts')).body).toMatchObject({ all: 1, mine: 1, unassigned: 0 });
  for (const path of ['', '/messages', '/episodes', '/changes'])
    expect([path, (await ana.api('GET', `/api/v1/conversations/${other.id}${path}`)).status]).toEqual([path, 404]);
  const { data } = (await ana.api('GET', '/api/v1/events?limit=100')).body;
  expect(JSON.stringify(data)).toContain(mine.id);
  expect(JSON.stringify(data)).not.toContain(other.id);
});

test('a stream shows what becomes theirs, and tells of what was given away', async () => {
  const [mine, other] = [await written(), await written()];
  const ana = await reader('own');
  const { access_token: token } = (
    await scenario.as(undefined)('POST', '/api/v1/auth/refresh', { refresh_token: ana.refreshToken })
  ).body;
  const stream = await openStream(scenario.recado.url ?? '', { token });
  streams.push(stream);
  await assign(mine.id, { person_id: ana.id });
  await assign(other.id, { reason: 'Nobody yet.' });
  await expect.poll(() => JSON.stringify(stream.events)).toContain(`"to_person_id":"${ana.id}"`);
  await assign(mine.id, {}, scenario.api);
  await expect.poll(() => stream.events.filter(({ type }) => type === 'conversation.assigned')).toHaveLength(2);
  // A person whom she reads no more writes, and so does one whom she never read.
  await written(mine.contact.phone ?? '');
  await written(other.contact.phone ?? '');
  const last = await written();
  await assign(last.id, { person_id: ana.id });
  await expect.poll(() => JSON.stringify(stream.events)).toContain(last.id);
  expect(JSON.stringify(stream.events)).not.toContain(other.id);
  const texts = stream.events.filter(({ type }) => type === 'message.received');
  // The stream may read the last text when she reads its conversation already.
  expect(JSON.stringify(texts)).not.toContain(mine.id);
  expect(await idsOf(ana, '/api/v1/conversations')).toEqual([last.id]);
});

test('they write where they read and to new people, who are theirs, and hand over', async () => {
  const other = await written();
  const ana = await reader('own');
  const write = (to: object) =>
    ana.api('POST', '/api/v1/messages', {
      ...{ account_id: scenario.account.id, type: 'text', text: { body: 'Hello.' }, ...to },
    });
  expect(await write({ to: other.contact.phone })).toMatchObject({
    status: 403,
    body: { code: 'conversation_not_readable' },
  });
  expect(await write({ conversation_id: other.id })).toMatchObject({ status: 400 });
  const open = { account_id: scenario.account.id, to: other.contact.phone };
  expect(await ana.api('POST', '/api/v1/conversations', open)).toMatchObject({
    status: 403,
    body: { code: 'conversation_not_readable' },
  });
  const sent = await write({ to: newPhone() });
  expect(sent.status).toBe(202);
  const made = await ana.api('POST', '/api/v1/conversations', { account_id: scenario.account.id, to: newPhone() });
  expect(made).toMatchObject({ status: 201, body: { assignee: { id: ana.id } } });
  expect((await idsOf(ana, '/api/v1/conversations')).sort()).toEqual([sent.body.conversation_id, made.body.id].sort());
  const leo = await reader('own');
  expect(await assign(made.body.id, { person_id: leo.id, reason: 'Off until noon.' }, ana.api)).toMatchObject({
    status: 200,
    body: { assignee: { id: leo.id } },
  });
  expect(await idsOf(leo, '/api/v1/conversations')).toEqual([made.body.id]);
});

test('a team shows its queue to its members, and all of it to people who read for teams', async () => {
  const [ana, leo, eva] = [await reader('own'), await reader('team'), await reader('team')];
  const members = [ana, leo].map(({ id }) => ({ person_id: id, capacity: 5 }));
  const { body: team } = await scenario.api('POST', '/api/v1/teams', { name: 'Lisbon', members });
  const [queued, given, free] = [await written(), await written(), await written()];
  await assign(queued.id, { team_id: team.id });
  await assign(given.id, { team_id: team.id, person_id: leo.id });
  const of = [queued.id, given.id, free.id];
  const read = async (by: Somebody) =>
    (await idsOf(by, '/api/v1/conversations?limit=100')).filter(id => of.includes(id)).sort();
  expect(await read(ana)).toEqual([queued.id]);
  expect(await read(leo)).toEqual(of.toSorted());
  expect(await read(eva)).toEqual([free.id]);
  // Events follow the same rule, which is written twice.
  const told = async (by: Somebody) => {
    const events = JSON.stringify((await by.api('GET', '/api/v1/events?limit=100')).body.data);
    return of.filter(id => events.includes(id)).sort();
  };
  expect([await told(ana), await told(leo), await told(eva)]).toEqual([[queued.id], of.toSorted(), [free.id]]);
  await scenario.api('DELETE', `/api/v1/teams/${team.id}`);
});

test('a mention in a note lets them read the conversation, while it is there', async () => {
  const { id } = await written();
  const [ana, leo] = [await reader('own'), await reader('own')];
  const { body: file } = await upload(scenario, { bytes: pdf() });
  const { body: note } = await scenario.api('POST', `/api/v1/conversations/${id}/notes`, {
    ...{ body: 'Can you look at this?', mentions: [ana.id], media_ids: [file.id] },
  });
  expect(await idsOf(ana, '/api/v1/conversations')).toEqual([id]);
  expect(await idsOf(ana, `/api/v1/conversations/${id}/notes`)).toEqual([note.id]);
  // Readers of the note reach its files.
  const seen = async (by: Somebody) => (await by.api('GET', `/api/v1/media/${file.id}`)).status;
  expect([await seen(ana), await seen(leo)]).toEqual([200, 404]);
  await scenario.api('DELETE', `/api/v1/notes/${note.id}`);
  expect(await idsOf(ana, '/api/v1/conversations')).toEqual([]);
});

test('only agents and viewers are limited, and an invitation can say so', async () => {
  const admin = await join(scenario, 'admin');
  expect(await scenario.api('PATCH', `/api/v1/people/${admin.id}`, { conversations: 'own' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'conversations' }] },
  });
  const body = { email: 'limited@example.com', role: 'viewer', conversations: 'team' };
  expect(await scenario.api('POST', '/api/v1/invitations', body)).toMatchObject({
    status: 201,
    body: { conversations: 'team' },
  });
});
