// Demo data: there in one request, made by the real path, and gone in one.
import { demoSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { holdTransaction } from '../setup/open-transaction.ts';
import { audited, join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ window: true });
});
afterAll(() => scenario.close());

const get = async (path: string) => (await scenario.api('GET', `/api/v1/${path}`)).body;
const messagesOf = async (account: string, query = '') =>
  (await get(`messages?account_id=${account}&limit=100${query}`)).data;
const demo = async () => (await get('demo')).account_id;
const full = 12;
const lucia = '+34600555103';

test('it has people in four languages, all kinds of content, failures, and what waits', async () => {
  expect(await demo()).toBeNull();
  const made = await scenario.api('POST', '/api/v1/demo');
  expect([made.status, made.body]).toMatchObject([202, { account_id: await demo() }]);
  const account = made.body.account_id;
  expect(await get(`accounts/${account}`)).toMatchObject({ name: 'Farol Books (demo)', channel: 'sandbox' });
  await expect
    .poll(async () => (await get(`conversations?account_id=${account}`)).page.total, { timeout: 30_000 })
    .toBe(full);
  await expect
    .poll(
      async () => {
        const types: string[] = (await messagesOf(account)).map(({ type }: { type: string }) => type);
        return [...new Set(types)].sort();
      },
      { timeout: 40_000 },
    )
    .toEqual([
      'audio',
      'contacts',
      'document',
      'image',
      'interactive',
      'location',
      'reaction',
      'sticker',
      'template',
      'text',
    ]);
  for (const status of ['scheduled', 'queued', 'failed', 'unknown', 'read', 'received'])
    await expect
      .poll(async () => (await messagesOf(account, `&status=${status}`)).length, { timeout: 30_000 })
      .toBeGreaterThan(0);
  expect((await scenario.api('POST', '/api/v1/demo')).body).toMatchObject({ account_id: account, others: [] });
  expect(await audited(scenario, 'demo.created')).toHaveLength(1);
});

test('two clicks make one: the slower gets what the faster made', async () => {
  const { api, account } = await scenario.another();
  const faster = await holdTransaction(scenario, `update account set demo = 'present' where id = $1`, [
    toUuid(account.id),
  ]);
  const slower = api('POST', '/api/v1/demo');
  await expect.poll(faster.waiting).toBe(1);
  await faster.commit();
  const { status, body } = await slower;
  expect([status, body]).toMatchObject([202, { account_id: account.id }]);
  expect((await api('GET', '/api/v1/accounts')).body.data).toHaveLength(1);
});

test('only an owner or admin may make and remove it', async () => {
  const agent = await join(scenario, 'agent');
  expect((await agent.api('POST', '/api/v1/demo')).status).toBe(403);
  expect((await agent.api('DELETE', '/api/v1/demo')).status).toBe(403);
});

test('nothing of it stays but the audit log and the records of the erasures', async () => {
  const account = await demo();
  const removed = await scenario.api('DELETE', '/api/v1/demo');
  expect([removed.status, removed.text]).toEqual([204, '']);
  expect(await demo()).toBeNull();
  expect((await get('conversations')).data).toEqual([]);
  expect((await get('contacts')).data).toEqual([]);
  expect((await get('messages')).data).toEqual([]);
  expect((await get('media')).data).toEqual([]);
  expect((await get('accounts?deleted=true')).data).toEqual([]);
  expect((await get(`accounts/${account}`)).code).toBe('account_not_found');
  const id = toUuid(account);
  for (const table of [
    'message',
    'event',
    'conversation',
    'message_count',
    'outbound_count',
    'grouped_count',
    'message_gauge',
    'message_delta',
    'open_message',
  ])
    expect([table, await scenario.sql(`select 1 from ${table} where account_id = $1`, [id])]).toEqual([table, []]);
  expect((await scenario.api('DELETE', '/api/v1/demo')).status).toBe(204);
  expect(await audited(scenario, 'demo.removed')).toHaveLength(1);
});

test('it can be made again, and removed while it is being filled', async () => {
  expect((await scenario.api('POST', '/api/v1/demo')).status).toBe(202);
  expect((await scenario.api('DELETE', '/api/v1/demo')).status).toBe(204);
  expect((await get('conversations')).data).toEqual([]);
  expect(await demo()).toBeNull();
});

test('it names who is not of the demo alone, keeps them, and erases them only when told so', async () => {
  const account = (await scenario.api('POST', '/api/v1/demo')).body.account_id;
  const listed = () => get(`conversations?account_id=${account}`);
  await expect.poll(async () => (await listed()).page.total, { timeout: 30_000 }).toBe(full);
  const contactOf = async (phone: string) => (await get(`contacts?phone=${encodeURIComponent(phone)}`)).data[0];
  // A person of my own writes to the account of the demo, and one of the demo hears from another account.
  const zoe = '+33612345678';
  const write = await scenario.api('POST', `/api/v1/accounts/${account}/phones/${zoe}/messages`, {
    type: 'text',
    text: { body: 'Hello, it is Zoe' },
  });
  expect(write.status, write.text).toBeLessThan(300);
  await expect.poll(async () => (await listed()).page.total, { timeout: 30_000 }).toBe(full + 1);
  const template = { name: 'hello_world', language: { code: 'en_US' } };
  const elsewhere = { account_id: scenario.account.id, to: lucia, type: 'template', template };
  expect((await scenario.api('POST', '/api/v1/messages', elsewhere)).status).toBe(202);
  await scenario.api('PATCH', `/api/v1/contacts/${(await contactOf(zoe)).id}`, { name: 'Zoe Adams' });
  const ids = { zoe: (await contactOf(zoe)).id, lucia: (await contactOf(lucia)).id };

  const before = demoSchema.parse(await get('demo'));
  expect(before).toMatchObject({ account_id: account, people: full - 1, others_total: 2 });
  expect(before.messages).toBeGreaterThanOrEqual(full - 1);
  expect(before.others).toEqual(
    expect.arrayContaining([
      { contact_id: ids.zoe, name: 'Zoe Adams', phone: zoe, messages: 1, elsewhere: false },
      expect.objectContaining({ contact_id: ids.lucia, phone: lucia, elsewhere: true }),
    ]),
  );

  const { key } = (await scenario.api('POST', '/api/v1/keys', { name: 'accounts', scopes: ['accounts.read'] })).body;
  expect((await scenario.as(key)('GET', '/api/v1/demo')).body).toMatchObject({
    account_id: account,
    others: [],
    others_total: 2,
  });

  expect((await scenario.api('DELETE', '/api/v1/demo')).status).toBe(204);
  expect(await get('demo')).toEqual({ account_id: null, people: 0, messages: 0, others: [], others_total: 0 });
  const stay = (await get('conversations')).data.map((each: { contact: { id: string } }) => each.contact.id);
  expect(stay.sort()).toEqual([ids.zoe, ids.lucia, ids.lucia].sort());
  expect((await get('accounts?deleted=true')).data).toMatchObject([{ id: account, name: 'Farol Books (demo)' }]);

  const again = (await scenario.api('POST', '/api/v1/demo')).body.account_id;
  await expect
    .poll(async () => (await get(`conversations?account_id=${again}`)).page.total, { timeout: 30_000 })
    .toBe(full);
  expect(await get('demo')).toMatchObject({ people: full - 1, others: [{ contact_id: ids.lucia, elsewhere: true }] });
  expect((await scenario.api('DELETE', '/api/v1/demo?others=erase')).status).toBe(204);
  expect((await get('contacts')).data).toMatchObject([{ id: ids.zoe }]);
});
