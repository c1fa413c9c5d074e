// Cases that broke an earlier engine: each stands for an interleaving or an input that nobody thinks of.
import { createHmac } from 'node:crypto';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { reconcile } from '../../server/features/sending/index.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { join } from '../setup/people.ts';
import { loseCall } from '../setup/queue.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
// One that fails on the way leaves no fault to the next.
afterEach(() => scenario.simulator.setFault(null));
afterAll(() => scenario.close());

const limits = (messages: number, seconds: number) => ({ limits: { rate: { messages, seconds }, per_day: null } });

async function post(messages: object[], statuses: object[] = [], contacts: object[] = []) {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '1', phone_number_id: scenario.account.phone_number_id },
    messages,
    statuses,
    contacts,
  };
  const raw = JSON.stringify({
    object: 'whatsapp_business_account',
    entry: [{ id: '1', changes: [{ field: 'messages', value }] }],
  });
  const signature = `sha256=${createHmac('sha256', scenario.secrets.appSecret).update(raw).digest('hex')}`;
  return scenario.as(undefined)('POST', '/webhooks/whatsapp/sandbox', raw, { 'x-hub-signature-256': signature });
}

const text = (from: string, id: string, more: object = {}) => ({
  from,
  id,
  timestamp: '1764000000',
  type: 'text',
  text: { body: 'hi' },
  ...more,
});

/** A connection of the test's own to the scenario's database, in a transaction that is open. */
async function beginTransaction(): Promise<pg.Client> {
  const [row] = await scenario.sql<{ database: string }>('select current_database() as database');
  const { host, port, user } = workerPostgres();
  const client = new pg.Client({ host, port, user, database: row?.database, options: `-c search_path=${searchPath}` });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  return client;
}

async function attemptTo(address: string) {
  const [row] = await scenario.sql<{ token: string; account_id: string }>(
    'select a.token, a.account_id from attempt a join message m on m.id = a.message_id where m.address = $1 order by a.number desc limit 1',
    [address],
  );
  return row;
}

/** Resolves when a statement of the engine waits for a lock that we hold. */
async function somebodyWaits(): Promise<void> {
  for (;;) {
    const rows = await scenario.sql(
      `select 1 from pg_stat_activity where wait_event_type = 'Lock' and application_name like 'recado%' and datname = current_database()`,
    );
    if (rows.length > 0) return;
    await new Promise(resolve => setImmediate(resolve));
  }
}

test('a person writes in the moment in which their contact is deleted: the message is there, with a new contact', async () => {
  const { contact_id } = await scenario.send('+33612777001');
  await scenario.settle();
  const [old] = await scenario.sql<{ id: string }>(
    `select contact_id as id from contact_address where value = '+33612777001'`,
  );
  const deletion = await beginTransaction();
  await deletion.query('update contact set deleted_at = now() where id = $1', [old?.id]);
  await deletion.query('delete from contact_address where contact_id = $1', [old?.id]);
  // The name that comes along makes the receive lane wait for the contact, whose address it has already seen.
  const person = { wa_id: '33612777001', profile: { name: 'Zoë' } };
  const posted = await post([text('33612777001', 'wamid.deleted-meanwhile')], [], [person]);
  expect(posted.status).toBe(200);
  await somebodyWaits();
  await deletion.query('commit');
  await deletion.end();
  await scenario.settle();
  const list = (await scenario.api('GET', '/api/v1/contacts?phone=%2B33612777001')).body.data;
  expect(list).toMatchObject([{ name: 'Zoë', message_counts: { inbound: 1 } }]);
  expect(list[0].id).not.toBe(contact_id);
});

test('every connection to the database is cut in the middle of a transaction: the program lives and goes on', async () => {
  const holder = await beginTransaction();
  await holder.query(`select 1 from lane for update`);
  const sending = scenario.send('+33612777002');
  await somebodyWaits();
  await holder.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where application_name like 'recado%' and datname = current_database() and pid <> pg_backend_pid()`,
  );
  await holder.query('commit');
  await holder.end();
  const { id } = await sending;
  // By its clock it tries again; a sweep may still meet a connection that was cut.
  const status = async () => {
    scenario.clock.advance(1_000);
    await scenario.recado.sweeper?.sweep().catch(() => {});
    return (await scenario.message(id)).status;
  };
  await expect.poll(status).toBe('read');
});

test('a person who loses the permission while creating a key creates none', async () => {
  const admin = await join(scenario, 'admin');
  const demotion = await beginTransaction();
  await demotion.query(`update membership set role = 'viewer' where person_id = $1`, [toUuid(admin.id)]);
  const making = admin.api('POST', '/api/v1/keys', { name: 'late', scopes: ['messages.read'] });
  await somebodyWaits();
  await demotion.query('commit');
  expect(await making).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const names = (await scenario.api('GET', '/api/v1/keys')).body.data.map((key: { name: string }) => key.name);
  expect(names).not.toContain('late');
});

test('logins that wait for their count hold no connections that others need', async () => {
  const holder = await beginTransaction();
  await holder.query(`select pg_advisory_xact_lock(hashtextextended('address 127.0.0.1', 1))`);
  const statuses: number[] = [];
  const logins = Array.from({ length: 30 }, async () => {
    const wrong = { email: 'owner@example.com', password: 'wrong' };
    statuses.push((await scenario.as(undefined)('POST', '/api/v1/auth/login', wrong)).status);
  });
  await somebodyWaits();
  await expect.poll(() => statuses.length, { interval: 5 }).toBe(10);
  expect((await scenario.api('GET', '/api/v1/me')).status).toBe(200);
  await holder.query('commit');
  await Promise.all(logins);
  expect(statuses.filter(status => status === 401)).toHaveLength(5);
  expect(statuses.filter(status => status === 429)).toHaveLength(25);
});

test('what cannot be stored in an inbound item spoils neither its neighbours nor the lane', async () => {
  const long = Array.from({ length: 900 }, (_, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20_000))).join('');
  await post([text('33612777003', 'wamid.fine-1'), text('33612777003', long), text('33612777003', 'wamid.fine-2')]);
  await post([
    { from_user_id: long, id: 'wamid.long-user', timestamp: '1764000000', type: 'text', text: { body: 'x' } },
  ]);
  await post([text('33612777003', 'wamid.fine-3')]);
  await scenario.settle();
  const contact = (await scenario.api('GET', '/api/v1/contacts?phone=%2B33612777003')).body.data[0];
  expect(contact.message_counts.inbound).toBe(3);
  expect(await scenario.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
});

test('a value that only the database finds unstorable is rejected, and in a batch its item only', async () => {
  await scenario.sql(`create function refuse_value() returns trigger language plpgsql as $$
    begin raise exception 'unsupported Unicode escape sequence' using errcode = '22P05'; end $$`);
  await scenario.sql(`create trigger refuse_value before insert on message for each row
    when (new.content ->> 'body' = 'unstorable') execute function refuse_value()`);
  onTestFinished(async () => {
    await scenario.sql('drop function refuse_value cascade');
  });
  const message = (body: string) => ({
    account_id: scenario.account.id,
    to: '+33612777044',
    type: 'text',
    text: { body },
  });
  const alone = await scenario.api('POST', '/api/v1/messages', message('unstorable'));
  expect(alone).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  expect(alone.text).not.toContain('Unicode');
  const { status, body } = await scenario.api('POST', '/api/v1/messages/batch', {
    messages: ['before', 'unstorable', 'behind'].map(message),
  });
  expect([status, body.accepted, body.rejected]).toEqual([202, 2, 1]);
  expect(body.results[1]).toMatchObject({ status: 400, error: { code: 'invalid_request' } });
});

test('a conflict that does not end is a matter of later, not a failure', async () => {
  await scenario.sql(`create function refuse_contact() returns trigger language plpgsql as $$
    begin raise exception 'could not serialize access' using errcode = '40001'; end $$`);
  await scenario.sql(`create trigger refuse_contact before insert on contact for each row
    when (new.name = 'in conflict') execute function refuse_contact()`);
  onTestFinished(async () => {
    await scenario.sql('drop function refuse_contact cascade');
  });
  const answer = await scenario.api('POST', '/api/v1/contacts', { name: 'in conflict' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(answer.text).not.toContain('reached');
  expect(answer.headers.get('retry-after')).toBe('1');
});

test('a time zone that the database does not know is rejected, and nothing is stored', async () => {
  for (const zone of ['SST', 'US/Pacific-New', 'AET']) {
    const answer = await scenario.api('POST', '/api/v1/accounts', {
      name: 'Zone',
      channel: 'sandbox',
      time_zone: zone,
    });
    expect([zone, answer.status, answer.body.errors?.[0]?.field]).toEqual([zone, 400, 'time_zone']);
  }
  expect((await scenario.api('GET', '/api/v1/accounts')).status).toBe(200);
});

test('from a slow rate to a fast one the lane goes on at once', async () => {
  const made = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Slow', channel: 'sandbox', ...limits(1, 86_400) })
  ).body;
  const send = async (n: number) =>
    (
      await scenario.api('POST', '/api/v1/messages', {
        account_id: made.id,
        to: `+3361277710${n}`,
        type: 'text',
        text: { body: 'x' },
      })
    ).body;
  const sent = [await send(1), await send(2), await send(3)];
  await scenario.settle();
  await scenario.api('PATCH', `/api/v1/accounts/${made.id}`, limits(2, 1));
  await scenario.advance(2_000);
  await scenario.advance(2_000);
  for (const { id } of sent) expect((await scenario.message(id)).status).toBe('read');
});

test('ten calls that run into one limit side by side are one strike', async () => {
  const made = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Ten', channel: 'sandbox', ...limits(1_000, 1) })
  ).body;
  scenario.simulator.setFault(() => 'rate-limited');
  const items = Array.from({ length: 10 }, (_, n) => ({
    account_id: made.id,
    to: `+3361277720${n}`,
    type: 'text',
    text: { body: 'x' },
  }));
  await scenario.api('POST', '/api/v1/messages/batch', { messages: items });
  await scenario.settle();
  scenario.simulator.setFault(null);
  const { hold } = (await scenario.api('GET', `/api/v1/accounts/${made.id}/queue`)).body;
  expect(hold.reason).toBe('throttled');
  expect(new Date(hold.until).getTime() - scenario.clock.now()).toBeLessThanOrEqual(1_000);
  await scenario.advance(1_100);
  await scenario.settle();
});

test('a failure reported by a receipt keeps its reason, with any outcome of our call', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const { id } = await scenario.send('+33612777301');
  await scenario.settle();
  scenario.simulator.setFault(null);
  const attempt = await attemptTo('+33612777301');
  const failed = {
    id: 'wamid.order',
    status: 'failed',
    timestamp: '1764000000',
    biz_opaque_callback_data: attempt?.token,
    errors: [{ code: 131026, title: 'Undeliverable' }],
  };
  await post([], [failed]);
  await scenario.settle();
  await scenario.sql(
    `select * from record_outcomes($1, array[$2]::uuid[], array['unknown'], array[null]::text[], array['timeout'], array['Too late'], array[0], array[0])`,
    [new Date(scenario.clock.now()), attempt?.token],
  );
  expect((await scenario.message(id)).error).toMatchObject({ code: '131026', title: 'Undeliverable' });
});

test('dates that no database knows are rejected by the name of their field', async () => {
  const path = '/api/v1/messages?from=0000-01-01T00:00:00Z';
  expect((await scenario.api('GET', path)).body.errors).toMatchObject([{ field: 'from' }]);
  const start = { limits: { warm_up: { start: '0000-01-01', first_day: 1, days: 1 } } };
  expect(await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, start)).toMatchObject({
    status: 400,
    body: { errors: [{ field: 'limits.warm_up.start' }] },
  });
});

test('a retry by hand that has arrived after all is not counted as queued', async () => {
  const made = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Late', channel: 'sandbox', ...limits(1_000, 1) })
  ).body;
  scenario.simulator.setFault(() => 'window-closed');
  const { id } = (
    await scenario.api('POST', '/api/v1/messages', {
      account_id: made.id,
      to: '+33612777401',
      type: 'text',
      text: { body: 'x' },
    })
  ).body;
  await scenario.settle();
  scenario.simulator.setFault(null);
  await scenario.api('POST', `/api/v1/accounts/${made.id}/pause`);
  await scenario.api('POST', `/api/v1/messages/${id}/retry`);
  const attempt = await attemptTo('+33612777401');
  await scenario.sql(
    `select * from apply_receipts($1, array[$2]::uuid[], array[$3]::uuid[], array['wamid.after-all'], array['delivered'], array[$1]::timestamptz[], array[''], array[''])`,
    [new Date(scenario.clock.now()), attempt?.account_id, attempt?.token],
  );
  expect((await scenario.message(id)).status).toBe('delivered');
  expect(
    await scenario.sql('select queued from lane where account_id = $1 and queued <> 0', [attempt?.account_id]),
  ).toEqual([]);
});

test('of what a killed process had claimed, only what it had begun may have been sent', async () => {
  const cut = [];
  for (const to of ['+33612777501', '+33612777502']) {
    const { id } = await scenario.send(to);
    await scenario.settle();
    const lost = await loseCall(scenario, to, '-infinity');
    cut.push({ id, token: lost?.token ?? '' });
  }
  const begun = [cut[0]?.token ?? ''];
  const released = await reconcile(scenario.engineDb, 'gone', begun, new Date(scenario.clock.now()));
  expect(released).toMatchObject([{ done: 1 }]);
  expect((await scenario.message(cut[0]?.id ?? '')).status).toBe('sending');
  expect(await scenario.message(cut[1]?.id ?? '')).toMatchObject({
    status: 'queued',
    attempts: [{ class: 'released' }],
  });
  await scenario.advance(1_000);
  expect((await scenario.message(cut[0]?.id ?? '')).status).toBe('unknown');
  expect((await scenario.message(cut[1]?.id ?? '')).status).toBe('read');
});
