// Search in the text of messages and notes: on in new workspaces, kept by a sweep, with operators, and gone when it is turned off.
import { type FoundMessage, foundMessagePage } from '@recado/contract';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { searchTexts } from '../../server/features/search/search-store.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { type Fragment, toQuery } from '../../server/kit/db/sql.ts';
import { newUuid } from '../../server/kit/ids.ts';
import { join } from '../setup/people.ts';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
  await write('+33613000001', 'Ana Souza', 'One of the books has a torn cover.');
  await write('+33613000002', 'Bruno', 'The Café was torn down, São João is open.');
  await scenario.send('+33613000001', 'We swap the torn book for you.');
  await scenario.settle();
});
afterAll(() => scenario?.close());

async function write(phone: string, name: string, body: string): Promise<void> {
  const at = `${scenario.simulator.url}/phones/${encodeURIComponent(phone)}`;
  const call = (method: string, path: string, given: object) =>
    fetch(at + path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(given) });
  await call('PATCH', '', { name });
  const text = { to: scenario.account.phone_number_id, type: 'text', text: { body } };
  expect((await call('POST', '/messages', text)).ok).toBe(true);
  await scenario.settle();
}
const search = async (q: string, call: Call = scenario.api): Promise<FoundMessage[]> => {
  const answer = await call('GET', `/api/v1/messages/search?q=${encodeURIComponent(q)}`);
  expect(answer.status, answer.text).toBe(200);
  return foundMessagePage.parse(answer.body).data;
};
const textsOf = async (q: string, call?: Call) => (await search(q, call)).map(({ text }) => text);
const swept = async (check: () => Promise<unknown>) =>
  expect
    .poll(
      async () => {
        await scenario.advance(1_000);
        return check();
      },
      { timeout: 8_000 },
    )
    .toBe(true);
const isReady = async () => (await scenario.api('GET', '/api/v1/workspace/search')).body.ready;

const setting = async (call: Call) => (await call('GET', '/api/v1/workspace/search')).body;

test('the index is on in new workspaces, and those of before stay as they are', async () => {
  expect(await setting(scenario.api)).toMatchObject({ enabled: true });
  const made = await scenario.api('POST', '/api/v1/workspaces', { name: 'Second shop' });
  expect(made.status, made.text).toBe(201);
  const on = await scenario.sql<{ workspaces: number }>(
    'select count(*)::int as workspaces from search_setting where enabled_at is not null',
  );
  expect(on).toEqual([{ workspaces: 2 }]);
  // A workspace of an earlier version.
  const { api } = await scenario.another();
  expect(await setting(api)).toEqual({ enabled: false, enabled_at: null, ready: false });
});

test('words are found once the index is on, without case and accents, the last one by its beginning', async () => {
  const path = '/api/v1/messages/search?q=torn';
  await scenario.api('PUT', '/api/v1/workspace/search', { enabled: false });
  expect((await scenario.api('GET', path)).body.code).toBe('text_search_off');
  // Operators alone need no index.
  expect(await textsOf('has:image')).toEqual([]);
  const on = await scenario.api('PUT', '/api/v1/workspace/search', { enabled: true });
  expect(on.body).toMatchObject({ enabled: true, ready: false });
  await swept(isReady);
  expect(await textsOf('torn')).toEqual([
    'We swap the torn book for you.',
    'The Café was torn down, São João is open.',
    'One of the books has a torn cover.',
  ]);
  expect(await textsOf('torn cov')).toEqual(['One of the books has a torn cover.']);
  expect(await textsOf('cafe SAO')).toEqual(['The Café was torn down, São João is open.']);
  expect(await textsOf('tor cover')).toEqual([]);
  expect(await textsOf('%')).toEqual([]);
  // The next sweeps find later ones.
  await write('+33613000002', 'Bruno', 'And a torn ticket.');
  await swept(async () => (await search('ticket')).length === 1);
});

test('operators narrow it down, and a conversation is searched by itself', async () => {
  expect(await textsOf('torn from:me')).toEqual(['We swap the torn book for you.']);
  expect(await textsOf('torn from:souza')).toEqual(['One of the books has a torn cover.']);
  expect(await textsOf('torn before:2020-01-01')).toEqual([]);
  expect(await textsOf('torn is:closed')).toEqual([]);
  expect(await textsOf('torn account:nobody')).toEqual([]);
  const [hit] = await search('cover');
  const { body } = await scenario.api(
    'GET',
    `/api/v1/messages/search?q=torn&limit=1&conversation_id=${hit?.conversation_id}`,
  );
  expect(body.page).toMatchObject({ total: 2, has_more: true });
  const next = encodeURIComponent(body.page.next_cursor);
  const { body: last } = await scenario.api(
    'GET',
    `/api/v1/messages/search?q=torn&limit=1&conversation_id=${hit?.conversation_id}&cursor=${next}`,
  );
  expect(last.data).toMatchObject([{ text: 'One of the books has a torn cover.', contact: { name: 'Ana Souza' } }]);
  const label = { name: 'Big return', color: 'teal', on: 'conversation' };
  const { body: made } = await scenario.api('POST', '/api/v1/labels', label);
  await scenario.api('PUT', `/api/v1/conversations/${hit?.conversation_id}/labels/${made.id}`);
  expect(await textsOf('torn label:"big return"')).toHaveLength(2);
  expect(await textsOf('torn team:lisbon')).toEqual([]);
  const { body: team } = await scenario.api('POST', '/api/v1/teams', { name: 'Lisbon shop' });
  await scenario.api('POST', `/api/v1/conversations/${hit?.conversation_id}/assign`, { team_id: team.id });
  expect(await textsOf('torn team:lisbon')).toHaveLength(2);
});

test('texts looked at in steps, by time, by the index and by conversations are the same', async () => {
  const [owner] = await scenario.sql<{ name: string }>('select name from person limit 1');
  await write('+33613000003', owner?.name ?? '', 'My namesake has a torn page.');
  await swept(async () => (await search('namesake')).length === 1);
  // As history of a linked phone.
  await scenario.sql(
    `update message set seq = -7000000000000000 where content ->> 'body' = 'One of the books has a torn cover.'`,
  );
  const [own] = await scenario.sql<{ id: string }>('select workspace_id as id from account limit 1');
  const db = new pg.Client({ connectionString: scenario.databaseUrl, options: `-c search_path=${searchPath}` });
  await db.connect();
  await db.query(`select set_config('recado.workspace', $1, false), set_config('recado.accounts', '*', false)`, [
    own?.id,
  ]);
  await db.query('set role recado_api');
  const query = async <Row extends object>(fragment: Fragment) =>
    (await db.query<Row>(toQuery(fragment) as never)).rows;
  const asked = {
    workspaceId: own?.id ?? '',
    callerId: newUuid(),
    isLimited: false,
    seesNumbers: true,
    conversationId: undefined,
    after: undefined,
    limit: 9,
  };
  const all = { newest: 30_000, few: 0, between: 30_000, conversations: 0 };
  const others = [
    { newest: 30_000, few: 100, between: 100, conversations: 100 },
    { newest: 30_000, few: 1, between: 0, conversations: 0 },
    { newest: 1, few: 100, between: 100, conversations: 0 },
    { newest: 1, few: 0, between: 100, conversations: 100 },
    { newest: 2, few: 0, between: 1, conversations: 0 },
  ];
  for (const text of [
    'torn',
    'torn cov',
    'cover tor',
    '- torn',
    'torn after:2020-01-01',
    'torn before:2090-01-01',
    'after:2020-01-01 before:2090-01-01',
    'torn label:return',
    'torn team:lisbon',
    'torn from:souza',
    'from:bruno',
    `torn from:"${owner?.name}"`,
    `torn from:"${owner?.name}" label:return`,
    'zz',
  ]) {
    const found = await searchTexts({ query }, { ...asked, text }, all);
    expect([text, found.total]).toEqual([text, text === 'zz' ? 0 : expect.toSatisfy((n: number) => n > 0)]);
    for (const [index, bounds] of others.entries()) {
      const again = await searchTexts({ query }, { ...asked, text, isLimited: index % 2 === 1 }, bounds);
      expect([text, bounds, again]).toEqual([text, bounds, found]);
    }
  }
  await db.end();
});

test('an edited text is found by its new words, and who is limited to other accounts finds nothing', async () => {
  const { body: other } = await scenario.api('POST', '/api/v1/accounts', { channel: 'sandbox', name: 'Other' });
  const leo = await join(scenario, 'agent', { account_ids: [other.id] });
  expect(await textsOf('torn', leo.api)).toEqual([]);
  const [hit] = await search('ticket');
  await scenario.sql(
    `update message set content = jsonb_build_object('body', 'And a torn receipt.'), edited_at = now() where id = $1`,
    [
      (await scenario.sql<{ id: string }>(`select id from message where content ->> 'body' = 'And a torn ticket.'`))[0]
        ?.id,
    ],
  );
  await swept(async () => (await search('receipt')).length === 1);
  expect((await search('receipt'))[0]?.message_id).toBe(hit?.message_id);
  expect(await textsOf('ticket')).toEqual([]);
});

test('notes are searched too, as they are now, and only by who reads their conversations', async () => {
  const [hit] = await search('cover');
  const notes = `/api/v1/conversations/${hit?.conversation_id}/notes`;
  const { body: note } = await scenario.api('POST', notes, { body: 'The torn one goes to the printer.' });
  await swept(async () => (await search('printer')).length === 1);
  expect(await search('torn in:notes')).toMatchObject([{ note_id: note.id, message_id: null, type: null }]);
  const one = `/api/v1/notes/${note.id}`;
  expect((await scenario.api('PATCH', one, { body: 'The torn one goes to the binder.' })).status).toBe(200);
  expect(await textsOf('printer')).toEqual([]);
  expect(await textsOf('binder')).toEqual(['The torn one goes to the binder.']);
  const eva = await join(scenario, 'agent');
  await scenario.api('PATCH', `/api/v1/people/${eva.id}`, { conversations: 'own' });
  expect(await textsOf('torn', eva.api)).toEqual([]);
  expect(await textsOf('has:failed', eva.api)).toEqual([]);
  await scenario.api('POST', `/api/v1/conversations/${hit?.conversation_id}/assign`, { person_id: eva.id });
  expect(await textsOf('torn', eva.api)).toHaveLength(3);
  expect((await scenario.api('DELETE', one)).status).toBeLessThan(300);
  expect(await scenario.sql('select 1 from note_text')).toEqual([]);
});

test('of a person who is erased no word stays', async () => {
  const [{ contact, conversation_id } = { contact: { id: '' }, conversation_id: '' }] = await search('cafe');
  await scenario.api('POST', `/api/v1/conversations/${conversation_id}/notes`, { body: 'Call the plumber.' });
  await swept(async () => (await search('plumber')).length === 1);
  const words = () =>
    scenario.sql(`select 1 from (select words from message_text union all select words from note_text) x
    where words @@ 'cafe | receipt | plumber'::tsquery`);
  expect(await words()).toHaveLength(3);
  await scenario.api('POST', `/api/v1/contacts/${contact.id}/erase`, {});
  await swept(async () => (await words()).length === 0);
});

test('turned off, nothing is found and the sweep removes the index', async () => {
  const off = await scenario.api('PUT', '/api/v1/workspace/search', { enabled: false });
  expect(off.body).toEqual({ enabled: false, enabled_at: null, ready: false });
  expect((await scenario.api('GET', '/api/v1/messages/search?q=torn')).status).toBe(409);
  await swept(async () => (await scenario.sql('select 1 from message_text')).length === 0);
  const { data } = (await scenario.api('GET', '/api/v1/audit?action=workspace.search_changed')).body;
  expect(data.map(({ detail }: { detail: object }) => detail)).toEqual([
    { enabled: false },
    { enabled: true },
    { enabled: false },
  ]);
});
