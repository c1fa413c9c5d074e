// What somebody has locked for long: only what wants it waits, and others that come with it do not.
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Story, startStory } from '../setup/scenario.ts';

let story: Story;
beforeAll(async () => {
  // Slow enough to lock something meanwhile, and far from what a call may take.
  story = await startStory({ delays: { slow: 10_000 }, channelDeadlineMs: 60_000 });
});
afterAll(() => story.close());

test('a list that takes too long is ended, says what helps, and does not end what is asked for next', async () => {
  const impatient = await startStory({ listMs: 200 });
  onTestFinished(() => impatient.close());
  const { id } = await impatient.send();
  const locker = await openLocker(impatient);
  await locker.client.query('lock table message in access exclusive mode');
  const refused = await impatient.api('GET', '/api/v1/messages');
  expect(refused).toMatchObject({ status: 503, body: { code: 'list_too_slow' } });
  expect(refused.headers.get('retry-after')).toBe('5');
  const single = impatient.message(id);
  await locker.release();
  expect((await single).id).toBe(id);
  expect((await impatient.api('GET', '/api/v1/messages')).status).toBe(200);
});

const patience = { timeout: 20_000 };
let last = 33_613_009_000;
const phone = () => `+${++last}`;

const send = (account: string) =>
  story.api('POST', '/api/v1/messages', { account_id: account, to: phone(), type: 'text', text: { body: 'hello' } });

async function makeAccount(name: string): Promise<string> {
  const made = await story.api('POST', '/api/v1/accounts', { name, channel: 'sandbox' });
  expect(made.status).toBe(201);
  return made.body.id;
}

/** A session in whose transaction a test locks what it likes. */
async function openLocker(within = story) {
  const [database] = await within.sql<{ name: string }>('select current_database() as name');
  const { host, port, user } = inject('postgres');
  const options = `-c search_path=${searchPath} -c idle_in_transaction_session_timeout=0`;
  const client = new pg.Client({ host, port, user, database: database?.name, options });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin');
  return {
    client,
    lock: (query: string, values: unknown[]) => client.query(`${query} for update`, values),
    release: () => client.query('commit'),
  };
}

/** How many statements like this one wait for a lock. */
async function waiting(like: string): Promise<number> {
  const rows = await story.sql<{ n: number }>(
    `select count(*)::int as n from pg_stat_activity 
     where datname = current_database() and wait_event_type = 'Lock' and query ~ $1 and pid <> pg_backend_pid()`,
    [like],
  );
  return rows[0]?.n ?? 0;
}

/** What is recorded of the call for a message. */
const classOf = async (id: string) =>
  (await story.sql('select class from attempt where message_id = $1', [toUuid(id)])).at(0);

const isRead = (id: string) => expect.poll(async () => (await story.message(id)).status, patience).toBe('read');

test('while one account is locked, the others accept and send, also what comes together with requests to it', async () => {
  const [locked, other] = [await makeAccount('Locked'), await makeAccount('Other')];
  expect((await send(locked)).status).toBe(202);
  await story.settle();

  // In the order of the engine's locks: a claim waits for the lane, then accepts wait for the day.
  const locker = await openLocker();
  await locker.lock(`select 1 from lane where kind = 'send' and key = $1`, [toUuid(locked)]);
  const queued = await send(locked);
  expect(queued.status).toBe(202);
  await locker.lock('select 1 from account_day where account_id = $1', [toUuid(locked)]);

  const held = [];
  for (let round = 1; round <= 6; round++) {
    const others = [send(other), send(other), send(other)];
    held.push(send(locked), send(locked));
    others.push(send(other), send(other));
    const passing = await Promise.all(others);
    expect(passing.map(answer => answer.status)).toEqual([202, 202, 202, 202, 202]);
    for (const { body } of passing) await isRead(body.id);
    // What comes later for the locked one waits behind what came before, and takes no connection; but for the moment in
    // which those that came with it are parted from it.
    await expect.poll(() => waiting('accept_messages'), patience).toBeLessThanOrEqual(1);
  }
  await expect.poll(() => waiting('accept_messages'), patience).toBe(1);
  await locker.release();

  for (const { status, body } of [queued, ...(await Promise.all(held))]) {
    expect(status).toBe(202);
    await isRead(body.id);
  }
});

test('bulk operations of one workspace that wait for a lock leave connections to others, and are told to come again', async () => {
  const [locked, theirs] = [await makeAccount('Locked'), await story.stranger()];
  await story.api('POST', `/api/v1/accounts/${locked}/pause`);
  for (let n = 1; n <= 3; n++) expect((await send(locked)).status).toBe(202);
  const locker = await openLocker();
  await locker.lock('select 1 from account_day where account_id = $1', [toUuid(locked)]);
  const cancel = () => story.api('POST', '/api/v1/messages/cancel', { account_id: locked });
  const held = Array.from({ length: 12 }, cancel);
  await expect.poll(() => waiting('lock_days'), patience).toBe(5);
  const theirAccount = theirs.account.id;
  expect((await theirs.api('PATCH', `/api/v1/accounts/${theirAccount}`, { name: 'At work' })).status).toBe(200);
  expect((await theirs.api('POST', '/api/v1/messages/cancel', { account_id: theirAccount })).status).toBe(200);
  for (const answer of await Promise.all(held)) {
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  await locker.release();
  expect(await cancel()).toMatchObject({ status: 200, body: { count: 3 } });
}, 60_000);

test('while claims of more accounts than a process claims for at once are held up, others send', async () => {
  const other = await makeAccount('Beside');
  const locker = await openLocker();
  const held: string[] = [];
  for (let n = 1; n <= 6; n++) {
    const account = await makeAccount(`Held ${n}`);
    await locker.lock(`select 1 from lane where kind = 'send' and key = $1`, [toUuid(account)]);
    const { status, body } = await send(account);
    expect(status).toBe(202);
    held.push(body.id);
  }
  for (let round = 1; round <= 3; round++) {
    const { body } = await send(other);
    await isRead(body.id);
  }
  for (const id of held) expect((await story.message(id)).status).toBe('queued');
  await locker.release();
  for (const id of held) await isRead(id);
});

test('while the outcomes of two accounts wait for locks, those of others are recorded', async () => {
  const [first, second, other] = [await makeAccount('First'), await makeAccount('Second'), await makeAccount('Third')];
  const locker = await openLocker();
  const slow: string[] = [];
  onTestFinished(() => story.simulator.setFault(null));
  story.simulator.setFault(({ to }) => (slow.includes(`+${to}`) ? 'slow-answer' : null));
  const messages = [];
  for (const account of [first, second]) {
    // What was accepted ends the trouble of its lane.
    await story.sql(`update lane set strikes = 1 where kind = 'send' and key = $1`, [toUuid(account)]);
    slow.push(`+${last + 1}`);
    const { body } = await send(account);
    messages.push(body.id);
    await expect.poll(() => classOf(body.id), patience).toEqual({ class: null });
    await locker.lock(`select 1 from lane where kind = 'send' and key = $1`, [toUuid(account)]);
  }
  // Their answers take their time.
  await expect.poll(() => waiting('record_attempts'), { timeout: 40_000 }).toBe(1);
  const passing = await Promise.all([send(other), send(other), send(other)]);
  for (const { body } of passing) await expect.poll(() => classOf(body.id), patience).toEqual({ class: 'accepted' });
  await locker.release();
  for (const id of messages) await expect.poll(() => classOf(id), patience).toEqual({ class: 'accepted' });
});

test('while the only account with something to expire is locked, a sweep goes on without it', async () => {
  const locked = await makeAccount('Locked');
  await story.api('POST', `/api/v1/accounts/${locked}/pause`);
  const message = await send(locked);
  const locker = await openLocker();
  await locker.lock('select 1 from account_day where account_id = $1', [toUuid(locked)]);
  await story.sql(`update message set expires_at = now() - interval '1 second' where id = $1`, [
    toUuid(message.body.id),
  ]);
  await expect(story.recado.sweeper?.sweep()).rejects.toThrow('parts of a sweep failed');
  await locker.release();
  await expect.poll(async () => (await story.message(message.body.id)).status, patience).toBe('expired');
});

test('while a conversation of one account is locked, the calls of others whose worker is gone are given up', async () => {
  const messages: string[] = [];
  for (const name of ['Locked', 'Free']) {
    const account = await makeAccount(name);
    const limits = { recipient: { burst: 10, seconds: 60 } };
    expect((await story.api('PATCH', `/api/v1/accounts/${account}`, { limits })).status).toBe(200);
    const { body } = await send(account);
    await isRead(body.id);
    messages.push(toUuid(body.id));
  }
  const [locked, free] = messages;
  const locker = await openLocker();
  await locker.lock('select 1 from conversation where id = (select conversation_id from message where id = $1)', [
    locked,
  ]);
  // As a worker leaves them that is killed during the calls; the one of the locked account first.
  await story.sql(
    `with lost as (update attempt set status = 'sending' where message_id = any ($1))
     update message set status = 'sending', lease_until = now() - (case id when $2 then 2 else 1 end) * interval '1 second' where id = any ($1)`,
    [messages, locked],
  );
  const codeOf = async (id: string | undefined) =>
    (await story.sql('select code from attempt where message_id = $1', [id])).at(0);
  await expect.poll(() => codeOf(free), patience).toEqual({ code: 'worker_lost' });
  expect(await codeOf(locked)).toEqual({ code: null });
  await locker.release();
  await expect.poll(() => codeOf(locked), patience).toEqual({ code: 'worker_lost' });
});

test('while an account with more to expire than a sweep takes at once is locked, what others have expires', async () => {
  const messages: string[] = [];
  for (const name of ['Locked', 'Free']) {
    const account = await makeAccount(name);
    await story.api('POST', `/api/v1/accounts/${account}/pause`);
    const { body } = await send(account);
    messages.push(body.id);
  }
  const [locked, free] = messages as [string, string];
  const locker = await openLocker();
  await locker.lock('select 1 from account_day where account_id = (select account_id from message where id = $1)', [
    toUuid(locked),
  ]);
  await story.sql(
    `insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
       status, priority, due_at, expires_at, event_count, created_at)
     select gen_random_uuid(), workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
       'scheduled', 2, due_at, now() - interval '1 hour', 1, created_at from message, generate_series(1, 1000) where id = $1`,
    [toUuid(locked)],
  );
  await story.sql(`update message set expires_at = now() - interval '1 second' where id = $1`, [toUuid(free)]);
  await expect.poll(async () => (await story.message(free)).status, patience).toBe('expired');
  await locker.release();
  const left = `select count(*)::int as n from message where status = 'scheduled' and account_id = (select account_id from message where id = $1)`;
  await expect.poll(() => story.sql(left, [toUuid(locked)]), patience).toEqual([{ n: 0 }]);
});

test('while more accounts are locked than a process receives for at once, others hear of their messages', async () => {
  const other = await makeAccount('Beside');
  const written: { from: string; to: string }[] = [];
  for (let n = 1; n <= 21; n++) {
    const account = await makeAccount(`Held ${n}`);
    const { body } = await send(account);
    await isRead(body.id);
    const [row] = await story.sql<{ number: string }>('select phone_number_id as number from account where id = $1', [
      toUuid(account),
    ]);
    written.push({ from: `+${last}`, to: row?.number ?? '' });
  }
  const locker = await openLocker();
  const phones = written.map(({ from }) => from);
  await locker.lock(
    'select 1 from conversation where id in (select conversation_id from message where address = any ($1))',
    [phones],
  );
  const open = () =>
    story.sql('select count(distinct lane_key)::int as n from inbound_payload where processed_at is null');
  let posted = 0;
  for (const { from, to } of written) {
    const answer = await fetch(`${story.simulator.url}/phones/${from}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to, raw: { type: 'text', text: { body: 'hello' } } }),
    });
    expect(answer.status).toBe(202);
    // One by one, so that each comes in a webhook, and has a lane, of its own.
    await expect.poll(open, patience).toEqual([{ n: ++posted }]);
  }
  const received = () =>
    story.sql<{ n: number }>(
      `select count(*)::int as n from message where direction = 'inbound' and address = any ($1)`,
      [phones],
    );
  await expect.poll(() => waiting('receive_messages'), patience).toBeGreaterThan(0);
  for (let round = 1; round <= 3; round++) await isRead((await send(other)).body.id);
  expect(await received()).toEqual([{ n: 0 }]);
  await locker.release();
  await expect.poll(received, patience).toEqual([{ n: 21 }]);
});
