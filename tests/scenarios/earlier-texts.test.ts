// about: inbound, privacy
// The texts before edits: who sees them, and that they go with their message. And messages of groups, which say so.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { incoming, metaPosts } from '../setup/meta-posts.ts';
import { join } from '../setup/people.ts';
import { placesIn } from '../setup/places.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());

const { envelope, inboundOf, post } = metaPosts(() => scenario);
const day = 86_400_000;
let people = 0;
const nextPhone = () => `336004${String(++people).padStart(5, '0')}`;
const second = () => Math.floor(scenario.clock.now() / 1_000);

/** A person writes a text and edits it once. Returns the message, as the owner sees it. */
async function edited(phone: string, first: string, last: string, more: object = {}) {
  const id = `wamid.${phone}`;
  const edit = { original_message_id: id, message: { type: 'text', text: { body: last } } };
  const at = (moment: number) => ({ timestamp: String(moment) });
  await post(envelope({ messages: [incoming(phone, id, { text: { body: first }, ...at(second()), ...more })] }));
  const changed = { text: undefined, type: 'edit', edit, ...at(second() + 1) };
  await post(envelope({ messages: [incoming(phone, `${id}.edit`, changed)] }));
  const { messages } = await inboundOf(phone);
  expect(messages).toMatchObject([{ text: { body: last }, versions: [{ text: first }] }]);
  // What opens an edit that is sealed: messages of linked phones come with it.
  await scenario.sql(`insert into message_secret (message_id, secret, at) values ($1, '\\x01', now())`, [
    toUuid(messages[0].id),
  ]);
  return messages[0];
}
/** How many earlier texts and secrets are kept of a message. */
const keptOf = async ({ id }: { id: string }) => {
  const [row] = await scenario.sql<{ versions: number; secrets: number }>(
    `select (select count(*)::int from message_version where message_id = $1) as versions,
      (select count(*)::int from message_secret where message_id = $1) as secrets`,
    [toUuid(id)],
  );
  return row;
};

test('an erasure takes the earlier texts and the secrets of a person, and leaves those of others', async () => {
  const [hers, other] = [
    await edited(nextPhone(), 'Zuleika-first', 'Zuleika-last'),
    await edited(nextPhone(), 'Other first', 'Other last'),
  ];
  expect(await placesIn(scenario, 'Zuleika-first')).toContain('message_version.content 1');
  const erased = async () => (await scenario.api('POST', `/api/v1/contacts/${hers.contact_id}/erase`)).status;
  await expect.poll(erased).toBe(200);
  expect(await placesIn(scenario, 'Zuleika')).toEqual([]);
  expect(await keptOf(hers)).toEqual({ versions: 0, secrets: 0 });
  expect(await keptOf(other)).toEqual({ versions: 1, secrets: 1 });
});

test('an export of a person has the earlier texts', async () => {
  const hers = await edited(nextPhone(), 'Exported first', 'Exported last');
  const file = await scenario.api('GET', `/api/v1/contacts/${hers.contact_id}/export`);
  expect(file.status).toBe(200);
  expect(file.text).toContain('Exported first');
});

test('who reads only their own conversations finds the earlier texts of these, and of no other', async () => {
  const [mine, other] = [
    await edited(nextPhone(), 'Mine first', 'Mine last'),
    await edited(nextPhone(), 'Foreign first', 'Foreign last'),
  ];
  const ana = await join(scenario, 'agent');
  const limited = await scenario.api('PATCH', `/api/v1/people/${ana.id}`, { conversations: 'own' });
  expect(limited.status).toBe(200);
  const assigned = await scenario.api('POST', `/api/v1/conversations/${mine.conversation_id}/assign`, {
    person_id: ana.id,
  });
  expect(assigned.status).toBe(200);
  expect((await ana.api('GET', `/api/v1/messages/${mine.id}`)).body.versions).toMatchObject([{ text: 'Mine first' }]);
  for (const path of [`messages/${other.id}`, `conversations/${other.conversation_id}/messages`])
    expect([path, (await ana.api('GET', `/api/v1/${path}`)).status]).toEqual([path, 404]);
  const lists = ['messages', 'events?limit=100', 'messages/search?q=Foreign', 'messages/search?q=first'];
  for (const path of lists) {
    const { status, text } = await ana.api('GET', `/api/v1/${path}`);
    expect([path, status, text.includes('Foreign')]).toEqual([path, 200, false]);
  }
});

test('who sees no numbers reads the earlier texts, and no number beside them', async () => {
  const phone = nextPhone();
  const hers = await edited(phone, 'Masked first', 'Masked last');
  const ana = await join(scenario, 'agent');
  expect((await scenario.api('PATCH', `/api/v1/people/${ana.id}`, { sees_numbers: false })).status).toBe(200);
  const { text, body } = await ana.api('GET', `/api/v1/messages/${hers.id}`);
  expect(body.versions).toMatchObject([{ text: 'Masked first' }]);
  expect(text).not.toContain(phone);
});

test('a message of a group that is stored already stays, and says of which group it is', async () => {
  const group = '120363000000000001@g.us';
  const hers = await edited(nextPhone(), 'Group first', 'Group last', { group_id: group });
  expect(hers.group).toEqual({ id: group });
  const thread = await scenario.api('GET', `/api/v1/conversations/${hers.conversation_id}/messages`);
  expect(thread.body.data).toMatchObject([{ id: hers.id, group: { id: group } }]);
  // It opens no window between the person and us.
  const { data } = (await scenario.api('GET', `/api/v1/conversations?contact_id=${hers.contact_id}`)).body;
  expect(data[0].window.open).toBe(false);
});

test('retention clears the earlier texts and the secrets with their message', async () => {
  const hers = await edited(nextPhone(), 'Retained first', 'Retained last');
  await scenario.api('PATCH', '/api/v1/workspace', { retention: { messages_days: 7 } });
  await scenario.advance(6 * day);
  expect(await keptOf(hers)).toEqual({ versions: 1, secrets: 1 });
  await scenario.advance(2 * day);
  expect((await scenario.api('GET', `/api/v1/messages/${hers.id}`)).status).toBe(404);
  expect(await keptOf(hers)).toEqual({ versions: 0, secrets: 0 });
});
