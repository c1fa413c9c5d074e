// Views of conversations: who waits, whose window closes, in which order, saved under a name, and counted in one request.
import { type Conversation, conversationCountsSchema, savedViewList, savedViewSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { join } from '../setup/people.ts';
import type { Call, Scenario } from '../setup/scenario.ts';
import { openWorkspace } from '../setup/shared-program.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await openWorkspace();
  // Ana waits for 40 minutes, and her window closes in 50; Bruno wrote just now; Carla got an answer.
  for (const [phone, name] of Object.entries(people)) {
    const path = `${scenario.simulator.url}/phones/${phone}/messages`;
    const text = { type: 'text', text: { body: 'Is it ready?' } };
    const message = { to: scenario.account.phone_number_id, profile_name: name, ...text };
    await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(message),
    });
    await scenario.settle();
  }
  await scenario.sql(
    `update conversation set waiting_since = now() - interval '40 minutes',
      last_received_at = now() - interval '23 hours 10 minutes' where id = $1`,
    [await uuidOf('Ana')],
  );
  await scenario.sql(
    `update conversation set waiting_since = null, last_received_at = now() - interval '23 hours' where id = $1`,
    [await uuidOf('Carla')],
  );
});
afterAll(() => scenario?.close());

const people = { '+5511988880001': 'Ana', '+5511988880002': 'Bruno', '+5511988880003': 'Carla' };

async function uuidOf(name: string): Promise<string> {
  const [row] = await scenario.sql(
    `select v.id from conversation v join contact c on c.id = v.contact_id
      where c.name = $1 and v.account_id = $2`,
    [name, toUuid(scenario.account.id)],
  );
  return (row as { id: string }).id;
}
const namesOf = async (query: string, call: Call = scenario.api): Promise<(string | null)[]> =>
  (await call('GET', `/api/v1/conversations${query}`)).body.data.map((row: Conversation) => row.contact.name);
const counts = async (call: Call = scenario.api) =>
  conversationCountsSchema.parse((await call('GET', '/api/v1/conversations/counts')).body);

test('who waits, for how long, and whose window closes', async () => {
  expect(await namesOf('?unanswered_minutes=0')).toEqual(['Bruno', 'Ana']);
  expect(await namesOf('?unanswered_minutes=30')).toEqual(['Ana']);
  expect(await namesOf('?unanswered_minutes=60')).toEqual([]);
  expect(await namesOf('?closes_within_minutes=120')).toEqual(['Carla', 'Ana']);
  expect(await namesOf('?closes_within_minutes=55')).toEqual(['Ana']);
  expect(await namesOf('?unanswered_minutes=0&closes_within_minutes=120')).toEqual(['Ana']);
  expect(await counts()).toMatchObject({ open: 3, unanswered: 2, closing: 1 });
});

test('each order goes through all of them, page by page', async () => {
  const orders = {
    newest: ['Carla', 'Bruno', 'Ana'],
    longest_waiting: ['Ana', 'Bruno', 'Carla'],
    window_closing: ['Ana', 'Carla', 'Bruno'],
  };
  for (const [sort, names] of Object.entries(orders)) {
    const seen: (string | null)[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const next: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await scenario.api('GET', `/api/v1/conversations?sort=${sort}&limit=1${next}`);
      seen.push(...body.data.map((row: Conversation) => row.contact.name));
      cursor = body.page.next_cursor;
    }
    expect([sort, seen]).toEqual([sort, names]);
  }
});

test('a view is of one person, or of all, who see how many it has', async () => {
  const leo = await join(scenario, 'agent');
  const filter = { state: 'open', unanswered_minutes: 30, sort: 'longest_waiting' };
  const save = (call: Call, body: object) => call('POST', '/api/v1/saved-views', { name: 'Too long', filter, ...body });
  const own = savedViewSchema.parse((await save(leo.api, {})).body);
  expect(own).toMatchObject({ scope: 'personal', filter, created_by: leo.id });
  expect((await save(leo.api, { scope: 'workspace' })).status).toBe(403);
  const shared = savedViewSchema.parse((await save(scenario.api, { scope: 'workspace', name: 'All of us' })).body);
  const seen = async (call: Call) =>
    savedViewList.parse((await call('GET', '/api/v1/saved-views')).body).data.map(({ id }) => id);
  expect(await seen(leo.api)).toEqual([shared.id, own.id]);
  expect(await seen(scenario.api)).toEqual([shared.id]);
  expect((await counts(leo.api)).saved_views).toEqual([
    { id: shared.id, conversations: 1 },
    { id: own.id, conversations: 1 },
  ]);
  // Somebody else's view is not there; one of all takes a right.
  expect((await scenario.api('PATCH', `/api/v1/saved-views/${own.id}`, { name: 'Mine' })).status).toBe(404);
  expect((await leo.api('DELETE', `/api/v1/saved-views/${shared.id}`)).status).toBe(403);
  const changed = await leo.api('PATCH', `/api/v1/saved-views/${own.id}`, { filter: { unread: true } });
  expect(changed).toMatchObject({ status: 200, body: { name: 'Too long', filter: { unread: true } } });
  expect((await scenario.api('PATCH', `/api/v1/saved-views/${shared.id}`, { name: 'Ours' })).status).toBe(200);
  expect((await scenario.api('DELETE', `/api/v1/saved-views/${shared.id}`)).status).toBe(204);
  expect(await seen(leo.api)).toEqual([own.id]);
  // The log tells of the view of all, and of no personal one.
  const { data } = (await scenario.api('GET', '/api/v1/events?types=saved_view.*&limit=100')).body;
  expect(data.map((event: { type: string; data: object }) => [event.type, event.data])).toEqual([
    ['saved_view.created', { saved_view_id: shared.id, name: 'All of us' }],
    ['saved_view.updated', { saved_view_id: shared.id, name: 'Ours' }],
    ['saved_view.deleted', { saved_view_id: shared.id, name: 'Ours' }],
  ]);
  const bad = await save(leo.api, { filter: { state: 'asleep' } });
  expect(bad).toMatchObject({ status: 400, body: { errors: [{ field: 'filter.state' }] } });
});
