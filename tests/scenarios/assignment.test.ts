// Whose a conversation is: given by hand, handed over, taken from a program, and freed when somebody leaves.
import type { Conversation } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../setup/people.ts';
import type { Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
let people = 0;
beforeAll(async () => {
  scenario = await openWorkspace();
});
afterAll(() => scenario?.close());

/** A conversation with a person who has written. */
async function written(): Promise<Conversation> {
  const phone = `+55119877700${String(++people).padStart(2, '0')}`;
  await fetch(`${scenario.simulator.url}/phones/${phone}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: scenario.account.phone_number_id, type: 'text', text: { body: 'Is it ready?' } }),
  });
  await scenario.settle();
  return (await scenario.api('GET', `/api/v1/conversations?search=${phone.slice(1)}`)).body.data[0];
}
const show = async (id: string): Promise<Conversation> =>
  (await scenario.api('GET', `/api/v1/conversations/${id}`)).body;
const assign = (id: string, body: object, call = scenario.api) =>
  call('POST', `/api/v1/conversations/${id}/assign`, body);

test('a conversation is given to a person, found among theirs, and nobody’s once they leave', async () => {
  const { id } = await written();
  const leo = await join(scenario, 'agent');
  expect((await show(id)).assignee).toBeNull();
  const given = await assign(id, { person_id: leo.id, reason: 'Off until noon.' });
  expect(given).toMatchObject({ status: 200, body: { assignee: { kind: 'person', id: leo.id, name: 'agent' } } });
  const mine = (await leo.api('GET', '/api/v1/conversations?assignee=me')).body.data;
  expect(mine.map((row: Conversation) => row.id)).toEqual([id]);
  expect((await leo.api('GET', '/api/v1/conversations/counts')).body).toMatchObject({ mine: 1 });
  const [line] = (await scenario.api('GET', `/api/v1/conversations/${id}/changes`)).body.data;
  expect(line).toMatchObject({ change: 'assigned', reason: 'Off until noon.', assignee: { id: leo.id }, episode: 1 });
  const viewer = await join(scenario, 'viewer');
  expect(await assign(id, { person_id: viewer.id })).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'person_id' }] },
  });
  expect((await scenario.api('DELETE', `/api/v1/people/${leo.id}`)).status).toBe(204);
  expect((await show(id)).assignee).toBeNull();
  const { data } = (await scenario.api('GET', `/api/v1/conversations/${id}/changes`)).body;
  // Who has left stays as a name.
  expect(data).toMatchObject([
    { reason: 'left', assignee: null, by: null },
    { reason: 'Off until noon.', assignee: { name: 'agent' } },
  ]);
  const free = (await scenario.api('GET', '/api/v1/conversations?assignee=nobody&state=open')).body.data;
  expect(free.map((row: Conversation) => row.id)).toContain(id);
});

test('a program hands over with a reason, and a person’s message takes a conversation from it', async () => {
  const scopes = ['messages.create', 'messages.update', 'contacts.read'];
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'assistant', scopes });
  const bot = scenario.as(key.key);
  const [first, second] = [await written(), await written()];
  for (const { id } of [first, second]) expect((await assign(id, { api_key_id: key.id })).status).toBe(200);
  expect((await bot('GET', '/api/v1/conversations?assignee=me')).body.data).toHaveLength(2);
  const words = { reason: 'They ask for a person.', note: 'Order 1182 came broken; they want a new ring.' };
  expect(await assign(first.id, words, bot)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect((await show(first.id)).assignee).toMatchObject({ id: key.id });
  const { body: writer } = await scenario.api('POST', '/api/v1/keys', {
    ...{ name: 'writer', scopes: [...scopes, 'notes.write'] },
  });
  const handed = await assign(first.id, words, scenario.as(writer.key));
  expect(handed).toMatchObject({ status: 200, body: { assignee: null, waiting_since: first.waiting_since } });
  const notes = (await scenario.api('GET', `/api/v1/conversations/${first.id}/notes`)).body.data;
  expect(notes).toMatchObject([{ body: words.note, author: { id: writer.id } }]);
  const write = (call: typeof bot) =>
    call('POST', '/api/v1/messages', {
      ...{ account_id: scenario.account.id, conversation_id: second.id, type: 'text', text: { body: 'Yes.' } },
    });
  await write(bot);
  expect((await show(second.id)).assignee).toMatchObject({ kind: 'bot', id: key.id });
  await write(scenario.api);
  expect((await show(second.id)).assignee).toMatchObject({ kind: 'person', name: expect.any(String) });
  const { body } = await scenario.api('GET', '/api/v1/events?types=conversation.assigned&limit=100');
  const ours = body.data.filter(
    ({ data }: { data: { conversation_id: string } }) => data.conversation_id === second.id,
  );
  expect(ours).toMatchObject([
    { data: { to_api_key_id: key.id, from_api_key_id: null } },
    { data: { from_api_key_id: key.id, to_person_id: expect.stringMatching(/^per_/), reason: 'answered' } },
  ]);
  expect(await assign(first.id, { api_key_id: key.id, person_id: ours[1].data.to_person_id })).toMatchObject({
    status: 400,
  });
});

test('a hand-over that is sent twice with one key is one, and a key takes nothing from a person', async () => {
  const scopes = ['messages.create', 'messages.read', 'messages.update', 'contacts.read', 'notes.write'];
  const key = (await scenario.api('POST', '/api/v1/keys', { name: 'Bot', scopes })).body;
  const program = scenario.as(key.key);
  const { id } = await written();
  const leo = await join(scenario, 'agent');
  expect((await assign(id, { api_key_id: key.id }, program)).status).toBe(200);
  const handOver = () =>
    program(
      'POST',
      `/api/v1/conversations/${id}/assign`,
      { person_id: leo.id, reason: 'Wants a person.', note: 'Asked twice for a price.' },
      { 'idempotency-key': 'hand-over 1' },
    );
  const [first, again] = [await handOver(), await handOver()];
  expect([first.status, again.status, again.headers.get('idempotent-replayed')]).toEqual([200, 200, 'true']);
  expect(again.body).toEqual(first.body);
  const notes = (await scenario.api('GET', `/api/v1/conversations/${id}/notes`)).body.data;
  expect(notes).toHaveLength(1);
  expect(await assign(id, { api_key_id: key.id }, program)).toMatchObject({
    status: 409,
    body: { code: 'assigned_to_person' },
  });
  expect((await show(id)).assignee).toMatchObject({ kind: 'person', id: leo.id });
  // A person may.
  expect((await assign(id, { api_key_id: key.id })).status).toBe(200);
});
