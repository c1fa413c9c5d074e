// Notifications: the people who are told, once for a conversation, and no longer once it is read anywhere.
import type { Conversation, Notification } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { join } from '../setup/people.ts';
import type { Call, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let me: string;
let people = 0;
beforeAll(async () => {
  scenario = await openWorkspace();
  me = (await scenario.api('GET', '/api/v1/me')).body.person.id;
});
afterAll(() => scenario?.close());

const newPhone = () => `+55119866600${String(++people).padStart(2, '0')}`;
const write = (phone: string, body: string) =>
  fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body } }),
  });
async function written(phone: string, body: string): Promise<Conversation> {
  await write(phone, body);
  await scenario.settle();
  return (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data[0];
}
const unread = async (call: Call, of: string): Promise<Notification | undefined> => {
  const { data } = (await call('GET', '/api/v1/me/notifications?unread=true')).body;
  return data.find(({ conversation }: Notification) => conversation?.id === of);
};
/** Waits until what somebody has not read about a conversation is this; undefined: nothing. */
const told = (call: Call, of: string) => expect.poll(() => unread(call, of), { timeout: 20_000 });
const assign = (id: string, body: object, call = scenario.api) =>
  call('POST', `/api/v1/conversations/${id}/assign`, body);

test('who works alone is told of each conversation once, until somebody reads it', async () => {
  const phone = newPhone();
  const { id } = await written(phone, 'Is it ready?');
  await told(scenario.api, id).toMatchObject({ kind: 'message', count: 1, text: 'Is it ready?', by: null });
  await write(phone, 'Hello?');
  await told(scenario.api, id).toMatchObject({ count: 2, text: 'Hello?', channels: ['app', 'browser', 'sound'] });
  const { last_message: last } = (await scenario.api('GET', `/api/v1/conversations/${id}`)).body;
  await scenario.api('PUT', `/api/v1/messages/${last.id}/read`);
  await told(scenario.api, id).toBeUndefined();
  // The next one begins anew.
  await write(phone, 'Thanks, I wait.');
  await told(scenario.api, id).toMatchObject({ count: 1 });
  const answer = await scenario.api('POST', '/api/v1/me/notifications/read', { conversation_id: id });
  expect(answer).toMatchObject({ status: 200, body: { read: 1 } });
  expect(await unread(scenario.api, id)).toBeUndefined();
  const { data } = (await scenario.api('GET', '/api/v1/events?types=notification.read')).body;
  expect(data).toMatchObject([{ account_id: scenario.account.id, data: { person_id: me } }]);
  expect((await scenario.api('GET', '/api/v1/me/notifications?unread=false')).body.data[0].read_at).not.toBeNull();
});

test('in a team all hear of what is nobody’s, and then only whose it is', async () => {
  const leo = await join(scenario, 'agent');
  const phone = newPhone();
  const { id } = await written(phone, 'Good morning');
  for (const { api } of [leo, scenario])
    await told(api, id).toMatchObject({ kind: 'queue', count: 1, channels: ['app'] });
  await write(phone, 'Anybody there?');
  await assign(id, { person_id: leo.id });
  await told(scenario.api, id).toBeUndefined();
  await told(leo.api, id).toMatchObject({ kind: 'assigned', by: { id: me }, channels: ['app', 'browser'] });
  await write(phone, 'Hello?');
  // The more pressing kind stays.
  await told(leo.api, id).toMatchObject({ kind: 'assigned', text: 'Hello?' });
  expect(await unread(scenario.api, id)).toBeUndefined();
  // To be given one that they were told of is no second piece of news.
  const { id: another } = await written(newPhone(), 'Good evening');
  await told(leo.api, another).toMatchObject({ kind: 'queue', count: 1 });
  await assign(another, { person_id: leo.id });
  await told(leo.api, another).toMatchObject({ kind: 'assigned', count: 1 });
  // One who gives it to themselves is not told.
  await assign(id, { person_id: me });
  await told(leo.api, id).toBeUndefined();
  expect(await unread(scenario.api, id)).toBeUndefined();
});

test('a hand-over of a program, an end of a snooze and a message that failed are told to whose they are', async () => {
  const leo = await join(scenario, 'agent');
  const scopes = ['messages.create', 'messages.update', 'contacts.read'];
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'assistant', scopes });
  const { id } = await written(newPhone(), 'I want a person');
  await assign(id, { api_key_id: key.id });
  await assign(id, { person_id: leo.id, reason: 'They ask for a person.' }, scenario.as(key.key));
  await told(leo.api, id).toMatchObject({ kind: 'handed_over', by: { id: key.id, name: 'assistant' } });
  await leo.api('POST', '/api/v1/me/notifications/read', {});
  const soon = new Date(Date.now() + 600).toISOString();
  await leo.api('POST', `/api/v1/conversations/${id}/snooze`, { until: soon });
  await told(leo.api, id).toMatchObject({ kind: 'snooze_over', by: null });
  await leo.api('POST', '/api/v1/me/notifications/read', {});
  scenario.simulator.setFault(() => 'error-131026');
  await leo.api('POST', '/api/v1/messages', {
    ...{ account_id: scenario.account.id, conversation_id: id, type: 'text', text: { body: 'Here I am' } },
  });
  await told(leo.api, id).toMatchObject({ kind: 'not_sent' });
  scenario.simulator.setFault(null);
});

test('a note tells whom it mentions, viewers too, until they read it themselves', async () => {
  const [leo, eva] = [await join(scenario, 'agent'), await join(scenario, 'viewer')];
  const phone = newPhone();
  const { id } = await written(phone, 'Where is my ring?');
  await assign(id, { person_id: me });
  const body = { body: 'Who has it?', mentions: [me, leo.id, eva.id] };
  expect((await leo.api('POST', `/api/v1/conversations/${id}/notes`, body)).status).toBe(201);
  for (const { api } of [eva, scenario])
    await told(api, id).toMatchObject({
      kind: 'mention',
      by: { id: leo.id },
      channels: ['app', 'browser', 'sound', 'email'],
    });
  // An edit tells whom it adds.
  await eva.api('POST', '/api/v1/me/notifications/read', { conversation_id: id });
  const { body: note } = await leo.api('POST', `/api/v1/conversations/${id}/notes`, { body: 'Anybody?' });
  await leo.api('PATCH', `/api/v1/notes/${note.id}`, { body: 'Eva?', mentions: [eva.id] });
  await told(eva.api, id).toMatchObject({ kind: 'mention', count: 1 });
  // Nobody mentions themselves.
  expect(await unread(leo.api, id)).toBeUndefined();
  await write(phone, 'Hello?');
  await told(scenario.api, id).toMatchObject({ kind: 'mention', text: 'Hello?' });
  const { last_message: last } = (await scenario.api('GET', `/api/v1/conversations/${id}`)).body;
  await scenario.api('PUT', `/api/v1/messages/${last.id}/read`);
  await eva.api('POST', '/api/v1/me/notifications/read', { conversation_id: id });
  expect(await unread(eva.api, id)).toBeUndefined();
  expect(await unread(scenario.api, id)).toMatchObject({ kind: 'mention' });
});

test('who follows a conversation hears of its messages until they stop, and while they may read it', async () => {
  const [leo, eva, kim] = [
    await join(scenario, 'agent'),
    await join(scenario, 'viewer'),
    await join(scenario, 'agent'),
  ];
  const phone = newPhone();
  const { id, contact } = await written(phone, 'Where is my parcel?');
  await assign(id, { person_id: me });
  const at = `/api/v1/conversations/${id}/follow`;
  const names = async () =>
    (await scenario.api('GET', `${at}ers`)).body.data.map(({ person_id }: { person_id: string }) => person_id).sort();
  expect((await eva.api('PUT', at)).body.data).toMatchObject([{ person_id: eva.id, name: 'viewer' }]);
  expect((await eva.api('PUT', at)).status).toBe(200);
  // The author of a note follows, and so do the people whom it names.
  const noted = { body: 'Who knows?', mentions: [kim.id] };
  await leo.api('POST', `/api/v1/conversations/${id}/notes`, noted);
  expect(await names()).toEqual([eva.id, kim.id, leo.id].sort());
  await kim.api('DELETE', at);
  await told(kim.api, id).toMatchObject({ kind: 'mention' });
  await kim.api('POST', '/api/v1/me/notifications/read', {});
  // Whose it is reads the message at once: the others have not seen it.
  await write(phone, 'Hello?');
  await told(scenario.api, id).toMatchObject({ kind: 'message', text: 'Hello?' });
  const { last_message: last } = (await scenario.api('GET', `/api/v1/conversations/${id}`)).body;
  await scenario.api('PUT', `/api/v1/messages/${last.id}/read`);
  for (const { api } of [leo, eva])
    await told(api, id).toMatchObject({ kind: 'followed', text: 'Hello?', channels: ['app'] });
  expect(await unread(kim.api, id)).toBeUndefined();
  const { data } = (await scenario.api('GET', `/api/v1/events?conversation_id=${id}&types=conversation.*`)).body;
  const followed = { conversation_id: id, contact_id: contact.id, person_id: kim.id };
  expect(data).toContainEqual(expect.objectContaining({ type: 'conversation.followed', data: followed }));
  expect(data).toContainEqual(expect.objectContaining({ type: 'conversation.unfollowed', data: followed }));
  // Who reads only their own hears of it no longer.
  await scenario.api('PATCH', `/api/v1/people/${leo.id}`, { conversations: 'own' });
  await leo.api('POST', '/api/v1/me/notifications/read', {});
  await write(phone, 'Anybody?');
  await told(eva.api, id).toMatchObject({ count: 2, text: 'Anybody?' });
  expect(await unread(leo.api, id)).toBeUndefined();
  expect((await leo.api('PUT', at)).body.code).toBe('conversation_not_found');
  await scenario.api('PATCH', `/api/v1/people/${eva.id}`, { disabled: true });
  expect(await names()).toEqual([leo.id]);
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'reader', scopes: ['contacts.read'] });
  expect((await scenario.as(key.key)('PUT', at)).status).toBe(403);
});

test('the queue of a team tells its members, and that of no team nobody who reads only their own', async () => {
  const [ana, leo] = [await join(scenario, 'agent'), await join(scenario, 'agent')];
  const limit = await scenario.api('PATCH', `/api/v1/people/${ana.id}`, { conversations: 'own' });
  expect(limit.status).toBe(200);
  const { id: ofNoTeam } = await written(newPhone(), 'Good morning');
  await told(leo.api, ofNoTeam).toMatchObject({ kind: 'queue' });
  const { body: team } = await scenario.api('POST', '/api/v1/teams', {
    ...{ name: 'Repairs', members: [{ person_id: ana.id }], account_ids: [scenario.account.id] },
  });
  const { id } = await written(newPhone(), 'My ring broke');
  await told(ana.api, id).toMatchObject({ kind: 'queue' });
  for (const { api } of [leo, scenario]) expect(await unread(api, id)).toBeUndefined();
  const { body: other } = await scenario.api('POST', '/api/v1/teams', {
    name: 'Sales',
    members: [{ person_id: leo.id }],
  });
  await assign(id, { team_id: other.id });
  await told(leo.api, id).toMatchObject({ kind: 'queue', by: { id: me } });
  await told(ana.api, id).toBeUndefined();
  for (const each of [team, other]) await scenario.api('DELETE', `/api/v1/teams/${each.id}`);
  const toldOfNoTeam = await scenario.sql('select 1 from notification where person_id = $1 and conversation_id = $2', [
    ...[toUuid(ana.id), toUuid(ofNoTeam)],
  ]);
  expect(toldOfNoTeam).toEqual([]);
});

test('each person says where they hear of what, and who is limited to accounts hears of no other', async () => {
  const leo = await join(scenario, 'agent');
  const elsewhere = (await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' })).body;
  const eva = await join(scenario, 'agent', { account_ids: [elsewhere.id] });
  const at = '/api/v1/me/notification-settings';
  expect((await leo.api('GET', at)).body).toMatchObject({
    ...{
      content: 'name',
      sound: 'page',
      volume: 60,
      counts: true,
      kinds: { queue: ['app'], assigned: ['app', 'browser'] },
    },
  });
  const change = { kinds: { queue: [] }, content: 'nothing', volume: 100 };
  expect((await leo.api('PATCH', at, change)).body).toMatchObject({ ...change, sound: 'page' });
  const wrong = { kinds: { queue: ['app', 'app'] } };
  expect((await leo.api('PATCH', at, wrong)).body.errors).toMatchObject([{ field: 'kinds.queue' }]);
  const { id } = await written(newPhone(), 'Good evening');
  await told(scenario.api, id).toMatchObject({ kind: 'queue' });
  expect(await unread(leo.api, id)).toBeUndefined();
  expect(await unread(eva.api, id)).toBeUndefined();
  expect((await leo.api('PATCH', at, { kinds: null })).body).toMatchObject({ kinds: { queue: ['app'] } });
  // Who leaves is told of nothing any more.
  await told(leo.api, (await written(newPhone(), 'Good night')).id).toMatchObject({ kind: 'queue' });
  const ofLeo = () =>
    scenario.sql('select 1 from notification where person_id = $1', [toUuid(leo.id)]).then(rows => rows.length);
  expect(await ofLeo()).toBe(1);
  await scenario.api('DELETE', `/api/v1/people/${leo.id}`);
  expect(await ofLeo()).toBe(0);
});

test('an alert tells owners and admins, until somebody takes it', async () => {
  const leo = await join(scenario, 'agent');
  const id = newUuid();
  await scenario.sql(
    `insert into alert (id, workspace_id, signal, severity, subject_kind, subject_id, subject, account_id, value, began_at, told_at)
     select $1, workspace_id, 'account_attention', 'critical', 'account', id, 'Farol', id, 1, now(), now() from account where id = $2`,
    [id, toUuid(scenario.account.id)],
  );
  const alertFor = async (call: Call) =>
    (await call('GET', '/api/v1/me/notifications?unread=true')).body.data.find(({ alert }: Notification) => alert);
  await expect
    .poll(() => alertFor(scenario.api), { timeout: 20_000 })
    .toMatchObject({
      kind: 'alert',
      alert: { title: 'Farol needs attention', severity: 'critical' },
      conversation: null,
    });
  expect(await alertFor(leo.api)).toBeUndefined();
  await scenario.api('POST', `/api/v1/alerts/${toId('alert', id)}/take`, {});
  await expect.poll(() => alertFor(scenario.api), { timeout: 20_000 }).toBeUndefined();
});
