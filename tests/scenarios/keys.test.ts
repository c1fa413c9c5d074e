// API keys: shown once, kept as a hash, and good for no more than they were made for.
import { createHash } from 'node:crypto';
import { keyScopes } from '@recado/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessTokens } from '../../server/features/auth/index.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { realClock } from '../../server/kit/time.ts';
import { type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());

const make = (more: object = {}) =>
  scenario.api('POST', '/api/v1/keys', { name: 'a program', scopes: ['accounts.read'], ...more });
const use = (key: string, path = '/api/v1/accounts', headers: Record<string, string> = {}) =>
  scenario.as(key)('GET', path, undefined, headers);

/** A member with this role, limited to these accounts, and what it calls with. */
async function member(role: string, accounts: string[] | null = null) {
  const [personId, sessionId] = [newUuid(), newUuid()];
  const [row] = await scenario.sql<{ id: string }>('select id from workspace order by created_at limit 1');
  const workspaceId = row?.id ?? '';
  await scenario.sql(`insert into person (id, email, name, password_hash) values ($1, $2, 'P', 'none')`, [
    personId,
    `${personId}@example.com`,
  ]);
  await scenario.sql('insert into membership (workspace_id, person_id, role, accounts) values ($1, $2, $3, $4)', [
    workspaceId,
    personId,
    role,
    accounts,
  ]);
  await scenario.sql(
    `insert into session (id, workspace_id, person_id, created_at, renewed_at, expires_at)
     values ($1, $2, $3, now(), now(), now() + interval '10 years')`,
    [sessionId, workspaceId, personId],
  );
  const tokens = accessTokens(secretKey, { ...realClock, now: () => scenario.clock.now() });
  return scenario.as(await tokens.sign({ personId, workspaceId, sessionId }));
}

test('a key is shown once, and only its hash is kept', async () => {
  const made = await make();
  expect(made.status).toBe(201);
  expect(made.headers.get('cache-control')).toBe('no-store');
  const { key, id, hint } = made.body;
  expect(key).toMatch(/^rcd_live_[0-9A-Za-z]{38}$/);
  expect(hint).toBe(key.slice(0, 13));
  for (const path of ['/api/v1/keys', `/api/v1/keys/${id}`]) {
    const { text } = await scenario.api('GET', path);
    expect(text).toContain(hint);
    expect(text).not.toContain(key.slice(14));
  }
  const renamed = await scenario.api('PATCH', `/api/v1/keys/${id}`, { name: 'another name' });
  expect(renamed.body.name).toBe('another name');
  expect(renamed.text).not.toContain(key.slice(14));
  const [row] = await scenario.sql<{ hash: Buffer; text: string }>(
    'select hash, k::text as text from api_key k where id = $1',
    [toUuid(id)],
  );
  expect(row?.hash).toEqual(createHash('sha256').update(key).digest());
  const tables = await scenario.sql<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'recado'::regnamespace and relkind = 'r'`,
  );
  for (const { name } of tables) {
    const found = await scenario.sql(`select 1 from ${name} t where strpos(t::text, $1) > 0`, [key.slice(14)]);
    expect([name, found.length]).toEqual([name, 0]);
  }
});

test('a key does what its scopes say, and nothing else', async () => {
  const { key } = (await make({ scopes: ['contacts.read'] })).body;
  expect((await use(key, '/api/v1/contacts')).status).toBe(200);
  const refused = await use(key, '/api/v1/accounts');
  expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  expect(refused.body.detail).toContain('accounts.read');
  expect((await use(key, '/api/v1/me/permissions')).body).toEqual({
    permissions: expect.arrayContaining(['contacts.read', 'me.read']),
    role: null,
    account_ids: null,
    conversations: 'all',
    sees_numbers: true,
  });
  expect((await use(key, '/api/v1/me')).body).toMatchObject({ kind: 'api_key', person: null, role: null });
  for (const [method, path, body] of [
    ['POST', '/api/v1/keys', { name: 'more', scopes: ['contacts.read'] }],
    ['GET', '/api/v1/keys', undefined],
    ['POST', '/api/v1/contacts', { name: 'x' }],
    ['POST', '/api/v1/me/password', { current_password: 'x', new_password: 'a long enough password' }],
  ] as const)
    expect([path, (await scenario.as(key)(method, path, body)).status]).toEqual([path, 403]);
});

test('a key with every scope makes no keys and manages no people', async () => {
  const { key } = (await make({ scopes: keyScopes })).body;
  for (const path of ['/api/v1/keys', '/api/v1/me/sessions'])
    expect([path, (await use(key, path)).status]).toEqual([path, 403]);
  for (const scopes of [['keys.manage'], ['people.manage'], ['workspace.manage'], ['me.manage'], ['*'], []])
    expect([scopes, (await make({ scopes })).status]).toEqual([scopes, 400]);
});

test('a key ends by the clock', async () => {
  const expires_at = new Date(scenario.clock.now() + 60_000).toISOString();
  const { key, id } = (await make({ expires_at })).body;
  expect((await use(key)).status).toBe(200);
  scenario.clock.advance(59_000);
  expect((await use(key)).status).toBe(200);
  scenario.clock.advance(1_001);
  expect((await use(key)).status).toBe(401);
  expect((await scenario.api('GET', `/api/v1/keys/${id}`)).body).toMatchObject({ expires_at, revoked_at: null });
  for (const never of ['2090-01-01T00:00:00+16:00', `2090-01-01T00:00:00.${'0'.repeat(300)}Z`])
    expect((await make({ expires_at: never })).body).toMatchObject({ status: 400, errors: [{ field: 'expires_at' }] });
  expect((await make({ expires_at: '2090-01-01T00:00:00+14:00' })).status).toBe(201);
  const past = await make({ expires_at: new Date(scenario.clock.now() - 1).toISOString() });
  expect(past.body).toMatchObject({ status: 400, errors: [{ field: 'expires_at' }] });
});

test('a key works from its addresses only, with any forwarding header', async () => {
  const from = async (addresses: string[]) => (await use((await make({ addresses })).body.key)).status;
  expect(await from(['127.0.0.0/8', '::1'])).toBe(200);
  expect(await from(['127.0.0.1', '::1'])).toBe(200);
  expect(await from(['::ffff:127.0.0.0/104', '::1'])).toBe(200);
  expect(await from(['203.0.113.0/24', '2001:db8::/32'])).toBe(401);
  const { key } = (await make({ addresses: ['203.0.113.7'] })).body;
  for (const name of ['x-forwarded-for', 'x-real-ip', 'forwarded', 'client-ip'])
    expect([name, (await use(key, '/api/v1/accounts', { [name]: '203.0.113.7' })).status]).toEqual([name, 401]);
  for (const address of ['localhost', '10.0.0.0/33', '1.2.3', '*', ''])
    expect([address, (await make({ addresses: [address] })).status]).toEqual([address, 400]);
});

describe('accounts', () => {
  test('a key of one account sees nothing of another', async () => {
    const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' })).body;
    const scopes = ['accounts.read', 'messages.create', 'messages.read'];
    const { key } = (await make({ scopes, account_ids: [other.id] })).body;
    expect((await use(key)).body.data.map((each: { id: string }) => each.id)).toEqual([other.id]);
    expect((await use(key, `/api/v1/accounts/${scenario.account.id}`)).status).toBe(404);
    const send = (account_id: string) =>
      scenario.as(key)('POST', '/api/v1/messages', {
        account_id,
        to: '+33612999000',
        type: 'text',
        text: { body: 'x' },
      });
    expect((await send(scenario.account.id)).body).toMatchObject({ status: 404, code: 'account_not_found' });
    expect((await send(other.id)).status).toBe(202);
  });

  test('no key is made for an account that is not there', async () => {
    const stranger = await scenario.stranger();
    for (const [account_ids, field] of [
      [[stranger.account.id], 'account_ids[0]'],
      [[toId('account', newUuid())], 'account_ids[0]'],
      [[scenario.account.id, stranger.account.id], 'account_ids[1]'],
    ]) {
      const answer = await make({ account_ids });
      expect(answer.body).toMatchObject({ status: 400, errors: [{ field, message: 'This account does not exist.' }] });
    }
  });

  test('a limit names accounts, each once', async () => {
    const { id } = scenario.account;
    for (const [account_ids, message] of [
      [[], 'Must have at least one account.'],
      [[id, id], 'Must not repeat an account.'],
    ] as const) {
      const errors = [{ field: 'account_ids', message }];
      expect((await make({ account_ids })).body.errors).toEqual(errors);
      const invited = { email: 'limited@example.com', role: 'agent', account_ids };
      expect((await scenario.api('POST', '/api/v1/invitations', invited)).body.errors).toEqual(errors);
    }
  });

  test('a test key reaches the Sandbox only, also what becomes of its accounts later', async () => {
    const { key } = (await make({ test: true })).body;
    expect(key).toMatch(/^rcd_test_/);
    const before = (await use(key)).body.data.length;
    const made = (await scenario.api('POST', '/api/v1/accounts', { name: 'New', channel: 'sandbox' })).body;
    expect((await use(key)).body.data).toHaveLength(before + 1);
    await scenario.sql('update account set simulated = false where id = $1', [toUuid(made.id)]);
    expect((await use(key)).body.data).toHaveLength(before);
    expect((await use(key, `/api/v1/accounts/${made.id}`)).status).toBe(404);
    await scenario.sql('update account set simulated = true where id = $1', [toUuid(made.id)]);
  });
});

test('nobody makes a key that may do more than they', async () => {
  const agent = await member('agent');
  expect((await agent('POST', '/api/v1/keys', { name: 'x', scopes: ['messages.read'] })).status).toBe(403);
  const admin = await member('admin', [toUuid(scenario.account.id)]);
  const other = (await scenario.api('POST', '/api/v1/accounts', { name: 'Not theirs', channel: 'sandbox' })).body;
  const limited = await admin('POST', '/api/v1/keys', { name: 'x', scopes: ['accounts.read'] });
  expect(limited.body.account_ids).toEqual([scenario.account.id]);
  expect((await use(limited.body.key, `/api/v1/accounts/${other.id}`)).status).toBe(404);
  const beyond = await admin('POST', '/api/v1/keys', { name: 'x', scopes: ['accounts.read'], account_ids: [other.id] });
  expect(beyond.status).toBe(400);
  const unknown = await scenario.api('POST', '/api/v1/keys', {
    name: 'x',
    scopes: ['accounts.read'],
    workspace_id: 'x',
    hash: 'x',
  });
  expect(unknown.status).toBe(400);
});

test('a caller who may not list keys may not read one either', async () => {
  const { id } = (await make()).body;
  const viewer = await member('viewer');
  for (const [method, body] of [['GET'], ['PATCH', { name: 'x' }], ['DELETE']] as const)
    expect([method, (await viewer(method, `/api/v1/keys/${id}`, body)).status]).toEqual([method, 403]);
});

test('the last use of a key is shown to the minute', async () => {
  const { key, id } = (await make()).body;
  const used = async () => {
    const [row] = await scenario.sql<{ at: Date | null }>('select last_used_at as at from api_key where id = $1', [
      toUuid(id),
    ]);
    return row?.at?.getTime() ?? null;
  };
  expect(await used()).toBeNull();
  const first = scenario.clock.now();
  await use(key);
  // Nobody waits for the note of it.
  await expect.poll(used).toBe(first);
  scenario.clock.advance(30_000);
  await use(key);
  expect(await used()).toBe(first);
  scenario.clock.advance(31_000);
  await use(key);
  await expect.poll(used).toBe(first + 61_000);
});

test('the audit log has each change of a key, without the key', async () => {
  const { key, id } = (await make()).body;
  await scenario.api('PATCH', `/api/v1/keys/${id}`, { name: 'renamed' });
  expect((await scenario.api('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
  expect((await use(key)).status).toBe(401);
  const { revoked_at: at } = (await scenario.api('GET', `/api/v1/keys/${id}`)).body;
  expect(at).not.toBeNull();
  // A key that has ended already does not end once more.
  scenario.clock.advance(1_000);
  expect((await scenario.api('DELETE', `/api/v1/keys/${id}`)).status).toBe(204);
  expect((await scenario.api('GET', `/api/v1/keys/${id}`)).body.revoked_at).toBe(at);
  const nobodys = toId('api_key', newUuid());
  expect((await scenario.api('DELETE', `/api/v1/keys/${nobodys}`)).body.code).toBe('key_not_found');
  const rows = await scenario.sql<{ action: string; actor_kind: string; address: string; text: string }>(
    'select action, actor_kind, address, e::text as text from audit_entry e where target_id = $1 order by id',
    [toUuid(id)],
  );
  expect(rows.map(({ action }) => action)).toEqual(['api_key.created', 'api_key.renamed', 'api_key.revoked']);
  for (const { actor_kind, address, text } of rows) {
    expect([actor_kind, address]).toEqual(['person', '127.0.0.1']);
    expect(text).not.toContain(key);
  }
});

test('a key limited to some accounts sees only their messages of a batch, and never done too early', async () => {
  const made: string[] = [];
  for (const name of ['Seen', 'Unseen', 'Other'])
    made.push((await scenario.api('POST', '/api/v1/accounts', { name, channel: 'sandbox' })).body.id);
  const [seen, unseen, other] = made;
  const scopes = ['messages.read', 'messages.create'];
  const limited = async (ids: unknown[]) => scenario.as((await make({ scopes, account_ids: ids })).body.key);
  const item = (account_id: string | undefined, to: string) => ({ account_id, to, type: 'text', text: { body: 'x' } });
  await scenario.api('POST', `/api/v1/accounts/${unseen}/pause`);
  const items = [item(seen, '+33612000701'), item(unseen, '+33612000702'), item(unseen, '+33612000703'), {}];
  const { body: batch } = await scenario.api('POST', '/api/v1/messages/batch', { messages: items });
  expect(batch).toMatchObject({ total: 4, accepted: 3 });
  await scenario.settle();
  const path = `/api/v1/batches/${batch.id}`;
  const someone = await limited([seen]);
  const part = { total: 1, accepted: 1, rejected: 0, by_status: { read: 1 } };
  expect((await someone('GET', path)).body).toMatchObject({ ...part, done: false });
  expect((await (await limited([other]))('GET', path)).body.code).toBe('batch_not_found');
  expect((await scenario.api('GET', path)).body).toMatchObject({ total: 4, accepted: 3, rejected: 1, done: false });
  await scenario.api('POST', `/api/v1/accounts/${unseen}/resume`);
  await scenario.settle();
  expect((await someone('GET', path)).body).toMatchObject({ ...part, done: true });
  // The creator of the batch sees all of it.
  const own = await someone('POST', '/api/v1/messages/batch', { messages: [items[1], items[3]] });
  expect((await someone('GET', `/api/v1/batches/${own.body.id}`)).body).toMatchObject({
    ...{ total: 2, accepted: 0, rejected: 2, by_status: {}, done: true },
  });
  expect((await (await limited([seen]))('GET', `/api/v1/batches/${own.body.id}`)).status).toBe(404);
});
