// What happens beside a transaction that is not committed yet: who has to wait for it does, holding nothing that it wants.
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { deleteAccount } from '../../server/features/accounts/store.ts';
import { acceptBatch } from '../../server/features/messages/accept-store.ts';
import { cancelWaiting } from '../../server/features/sending/queue-store.ts';
import { queryable } from '../../server/kit/db/database.ts';
import { newUuid, toId, toUuid } from '../../server/kit/ids.ts';
import { type Story, startStory } from '../setup/scenario.ts';

const hour = 3_600_000;
const patience = { timeout: 20_000 };
let story: Story;
let numbers = 0;

// The tests are its workers.
beforeAll(async () => {
  story = await startStory({ roles: 'api', clock: 'manual' });
});
afterAll(() => story.close());

/** An account with so many queued messages, each to a person of its own. */
async function makeQueue(count: number, limits: object = {}, more: object = {}) {
  const made = await story.api('POST', '/api/v1/accounts', {
    name: 'Beside',
    channel: 'sandbox',
    limits: { per_day: null, ...limits },
  });
  const account = toUuid(made.body.id);
  for (let n = 0; n < count; n++) {
    const to = `+33619${100_000 + ++numbers}`;
    const text = { type: 'text', text: { body: 'hello' } };
    const answer = await story.api('POST', '/api/v1/messages', { account_id: made.body.id, to, ...text, ...more });
    expect(answer.status).toBe(202);
  }
  return account;
}

/** A session with a transaction of its own. */
async function openSession() {
  const client = new pg.Client(story.databaseUrl);
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('set idle_in_transaction_session_timeout = 0; set search_path = recado, public');
  await client.query('begin');
  const [self] = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  return {
    tx: queryable(client),
    query: async <Row extends object>(text: string, values: unknown[] = []) =>
      (await client.query<Row>(text, values)).rows,
    commit: () => client.query('commit'),
    /** Resolves when this work waits for the session, or is over without. */
    async blocks(work: Promise<unknown>): Promise<void> {
      let over = false;
      void work.finally(() => {
        over = true;
      });
      const waiting = 'select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
      await expect.poll(async () => over || (await story.sql(waiting, [self?.pid])).length > 0, patience).toBe(true);
    },
  };
}

const claim = `select token, message_id from claim_messages($1, array(select gen_random_uuid() from generate_series(1, 5)), '{sandbox}',
  'test', interval '1 minute', interval '0', 0.5, $2) where token is not null`;

async function claimAll(account: string, now: Date): Promise<{ token: string; message_id: string }> {
  const [claimed] = await story.sql<{ token: string; message_id: string }>(claim, [account, now]);
  if (!claimed) throw new Error('nothing was claimed');
  return claimed;
}

const record = `select record_attempts($2, array[$1]::uuid[], array[$3], '{null}', '{1}', '{null}', '{5000}', '{0}')`;

test('what is to be tried again while its account is being deleted is cancelled with it', async () => {
  const account = await makeQueue(1);
  const now = new Date(story.clock.now());
  const { token, message_id: id } = await claimAll(account, now);
  const [row] = await story.sql<{ workspace_id: string }>('select workspace_id from account where id = $1', [account]);
  const workspace = row?.workspace_id ?? '';
  const recording = await openSession();
  await recording.query(record, [token, now, 'not_sent']);
  const deleting = async () => {
    const deletion = await openSession();
    expect(await deleteAccount(deletion.tx, workspace, account)).toBe(true);
    await cancelWaiting(deletion.tx, workspace, { accountId: account }, 'account_deleted', now);
    await deletion.commit();
  };
  const deleted = deleting();
  await recording.blocks(deleted);
  await recording.commit();
  await deleted;
  expect(await story.sql('select status from message where id = $1', [id])).toEqual([{ status: 'cancelled' }]);
});

/** Deletes the contact of the only message of an account, through the API. */
async function deleteContactOf(account: string): Promise<void> {
  const [row] = await story.sql<{ contact_id: string }>('select contact_id from message where account_id = $1', [
    account,
  ]);
  const answer = await story.api('DELETE', `/api/v1/contacts/${toId('contact', row?.contact_id ?? '')}`);
  expect(answer.status).toBe(204);
}

const statusesOf = async (account: string) =>
  (await story.sql<{ status: string }>('select status from message where account_id = $1 order by seq', [account])).map(
    ({ status }) => status,
  );

test('what is to be tried again after its contact was deleted, or just then, is cancelled', async () => {
  const now = new Date(story.clock.now());
  const [before, beside] = [await makeQueue(1), await makeQueue(1)];
  const calls = [await claimAll(before, now), await claimAll(beside, now)];
  await deleteContactOf(before);
  await story.sql(record, [calls[0]?.token, now, 'not_sent']);
  expect(await statusesOf(before)).toEqual(['cancelled']);
  const recording = await openSession();
  await recording.query(record, [calls[1]?.token, now, 'not_sent']);
  const deleted = deleteContactOf(beside);
  await recording.blocks(deleted);
  await recording.commit();
  await deleted;
  expect(await statusesOf(beside)).toEqual(['cancelled']);
});

test('what is just being accepted while its contact is deleted is cancelled with it', async () => {
  const account = await makeQueue(1);
  const [first] = await story.sql<{ workspace_id: string; address: string; created_by: string }>(
    'select workspace_id, address, created_by from message where account_id = $1',
    [account],
  );
  if (!first) throw new Error('there is no message');
  const now = new Date(story.clock.now());
  await claimAll(account, now);
  const accepting = await openSession();
  const request = {
    id: newUuid(),
    workspaceId: first.workspace_id,
    accountId: account,
    key: undefined,
    hash: Buffer.from(''),
    address: first.address,
    priority: 1,
    type: 'text',
    content: { body: 'hello' },
    createdBy: first.created_by,
    sendAt: undefined,
    expiresAt: undefined,
    validForS: undefined,
    onUnknown: undefined,
    batchId: undefined,
    mediaId: undefined,
  } as const;
  expect(await acceptBatch(accepting.tx, [request], false, now)).toMatchObject([{ outcome: 'accepted' }]);
  const deleted = deleteContactOf(account);
  await accepting.blocks(deleted);
  await accepting.commit();
  await deleted;
  expect(await statusesOf(account)).toEqual(['sending', 'cancelled']);
});

test('the outcome of a call that waits for whoever counts in the day keeps no conversation from them', async () => {
  const account = await makeQueue(1, { recipient: { burst: 5, seconds: 6 } });
  const now = new Date(story.clock.now());
  const { token, message_id: id } = await claimAll(account, now);
  const accepting = await openSession();
  await accepting.query('select 1 from account_day where account_id = $1 for update', [account]);
  const recorded = story.sql(record, [token, now, 'media']);
  await accepting.blocks(recorded);
  await accepting.query(
    'select 1 from conversation where id = (select conversation_id from message where id = $1) for update nowait',
    [id],
  );
  await accepting.commit();
  await recorded;
  expect(await story.sql('select status, wait_reason from message where id = $1', [id])).toEqual([
    { status: 'queued', wait_reason: 'file_pending' },
  ]);
});

test('what expires while the first claim of a day counts the queue is not counted in it', async () => {
  const day = 24 * hour;
  // Not the next one, by which so many could not leave at this pace, so that they are not accepted shortly before it.
  const midnight = (Math.ceil(story.clock.now() / day) + 1) * day;
  const limits = { rate: { messages: 1, seconds: 60 } };
  const account = await makeQueue(5, limits, { expires_at: new Date(midnight).toISOString() });
  // One that goes on, so that the claim has something to take.
  await story.sql(
    `update message set expires_at = null where id = (select id from message where account_id = $1 order by seq desc limit 1)`,
    [account],
  );
  const now = new Date(midnight + 1_000);
  const claiming = await openSession();
  expect(await claiming.query(claim, [account, now])).toHaveLength(1);
  const expired = story.sql('select expire_messages($1)', [now]);
  await claiming.blocks(expired);
  await claiming.commit();
  await expired;
  // Where it did not wait for the claim, a later sweep has them.
  await story.sql('select expire_messages($1)', [now]);
  const [counted] = await story.sql(
    `select d.queued, (select count(*)::int from message where account_id = $1 and status = 'expired') as expired
     from account_day d where d.account_id = $1 and d.day = $2::date`,
    [account, now.toISOString()],
  );
  expect(counted).toEqual({ queued: 0, expired: 4 });
});

test('what has its place of the day is not held by a claim that was just finding the day full', async () => {
  const account = await makeQueue(2, { per_day: 1, on_limit: 'hold' });
  const now = new Date(story.clock.now());
  const { token } = await claimAll(account, now);
  const claiming = await openSession();
  expect(await claiming.query(claim, [account, now])).toEqual([]);
  const recorded = story.sql(record, [token, now, 'not_sent']);
  await claiming.blocks(recorded);
  await claiming.commit();
  await recorded;
  const later = new Date(now.getTime() + 6_000);
  expect(await story.sql(claim, [account, later])).toHaveLength(1);
});

test('an outcome that waits past midnight counts in the day that it is by then', async () => {
  const day = 24 * hour;
  const midnight = Math.ceil(story.clock.now() / day) * day;
  const account = await makeQueue(2);
  // What the database takes for the time where nobody gives one.
  await story.sql('create table time_of_day as select $1::timestamptz as now', [new Date(midnight - 1_000)]);
  await story.sql(`create or replace function present(p_now timestamptz) returns timestamptz language sql volatile parallel safe
    as $$ select coalesce(p_now, (select now from recado.time_of_day)) $$`);
  const [claimed] = await story.sql<{ token: string }>(claim.replace('from generate_series(1, 5)', ''), [
    account,
    null,
  ]);
  const claiming = await openSession();
  await claiming.query('select 1 from account_day where account_id = $1 for update', [account]);
  const recorded = story.sql(record, [claimed?.token, null, 'not_sent']);
  await claiming.blocks(recorded);
  await story.sql('update time_of_day set now = $1', [new Date(midnight + 1_000)]);
  await claiming.query('select open_day($1, (clock(null) at time zone time_zone)::date) from account where id = $1', [
    account,
  ]);
  await claiming.commit();
  await recorded;
  expect(
    await story.sql(
      `select d.queued from account_day d where d.account_id = $1 and d.day = $2::timestamptz::date and not exists (
         select 1 from message m where m.account_id = $1 and m.status <> 'queued')`,
      [account, new Date(midnight + 1_000)],
    ),
  ).toEqual([{ queued: 2 }]);
});
