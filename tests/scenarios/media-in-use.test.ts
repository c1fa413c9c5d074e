// A file that a message needs stays: also where it is deleted, or grows too old, at the moment at which the message is accepted.
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requeueAll } from '../../server/features/outcomes/retry-store.ts';
import { queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { until } from '../faults/processes.ts';
import { becomes, fileOf, makers, sendFile, upload, write } from '../setup/media-files.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { workerPostgres } from '../setup/worker-postgres.ts';

const day = 86_400_000;
let scenario: Scenario;
let client: pg.Client;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
  const [database] = await scenario.sql<{ name: string }>('select current_database() as name');
  const { host, port, user } = workerPostgres();
  const options = `-c search_path=${searchPath} -c idle_in_transaction_session_timeout=0`;
  client = new pg.Client({ host, port, user, database: database?.name, options });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await scenario.close();
});

const image = async () =>
  (await upload(scenario, { bytes: makers.image.make(), type: 'image/jpeg', name: 'a.jpg' })).body.id as string;
const mediaStatus = async (id: string) => (await scenario.api('GET', `/api/v1/media/${id}`)).status;

/** How many of Recado's sessions wait for a lock. */
const waiting = async () =>
  (
    await scenario.sql<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    )
  )[0]?.n ?? 0;

test('a file is not deleted under a message that is being accepted with it', async () => {
  const id = await image();
  await client.query('begin');
  await client.query('select 1 from account where id = $1 for update', [toUuid(scenario.account.id)]);
  const accepted = sendFile(scenario, 'image', { id });
  await until('the message waits', 20, async () => (await waiting()) === 1);
  let answered = false;
  const deleted = scenario.api('DELETE', `/api/v1/media/${id}`).finally(() => {
    answered = true;
  });
  await until('the deletion waits or is over', 20, async () => answered || (await waiting()) === 2);
  await client.query('commit');
  expect((await accepted).status).toBe(202);
  expect(await deleted).toMatchObject({ status: 409, body: { code: 'media_in_use' } });
  await becomes(scenario, (await accepted).body.id, 'read');
});

test('a message is not accepted with a file that is being deleted', async () => {
  const id = await image();
  await client.query('begin');
  // The last write of a deletion has to wait.
  await client.query('lock table audit_entry in share mode');
  const deleted = scenario.api('DELETE', `/api/v1/media/${id}`);
  await until('the deletion waits', 20, async () => (await waiting()) === 1);
  let answered = false;
  const refused = sendFile(scenario, 'image', { id }).finally(() => {
    answered = true;
  });
  await until('the message waits or is over', 20, async () => answered || (await waiting()) === 2);
  await client.query('commit');
  expect((await deleted).status).toBe(204);
  expect(await refused).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', errors: [{ field: 'image.id' }] },
  });
});

test('a failed message is not sent again with a file that was deleted, and keeps one that is just being deleted', async () => {
  const failed = async (id: string) => {
    const { body } = await sendFile(scenario, 'image', { id }, { to: '+12025550131' });
    await becomes(scenario, body.id, 'failed');
    return body.id as string;
  };
  const [goneId, keptId] = [await image(), await image()];
  const gone = await failed(goneId);
  await failed(keptId);
  expect((await scenario.api('DELETE', `/api/v1/media/${goneId}`)).status).toBe(204);
  expect(await scenario.api('POST', `/api/v1/messages/${gone}/retry`)).toMatchObject({
    status: 409,
    body: { code: 'message_file_gone' },
  });
  await client.query('begin');
  await client.query('select 1 from lane where account_id = $1 for update', [toUuid(scenario.account.id)]);
  const retried = scenario.api('POST', '/api/v1/messages/retry', { account_id: scenario.account.id });
  await until('the retry waits', 20, async () => (await waiting()) === 1);
  let answered = false;
  const deleted = scenario.api('DELETE', `/api/v1/media/${keptId}`).finally(() => {
    answered = true;
  });
  await until('the deletion waits or is over', 20, async () => answered || (await waiting()) === 2);
  await client.query('commit');
  expect(await retried).toMatchObject({ status: 202, body: { count: 1, left: 0 } });
  expect(await deleted).toMatchObject({ status: 409, body: { code: 'media_in_use' } });
});

test('of very many failed messages with files, only the files of those that are sent again are looked for', async () => {
  const ids = [await image(), await image(), await image(), await image()];
  scenario.simulator.setFault(() => 'window-closed');
  for (const id of ids) await becomes(scenario, (await sendFile(scenario, 'image', { id })).body.id, 'failed');
  scenario.simulator.setFault(null);
  expect((await scenario.api('DELETE', `/api/v1/media/${ids[0]}`)).status).toBe(204);
  const [account] = await scenario.sql<{ workspace_id: string; id: string }>('select workspace_id, id from account');
  const filter = { accountId: account?.id ?? '' };
  const retry = (max: number) =>
    requeueAll(queryable(client), account?.workspace_id ?? '', filter, 'per_x', scenario.clock.sqlNow(), max);
  const free = async () =>
    (
      await scenario.sql('select id from media where id = any ($1) for update skip locked', [
        ids.map(id => toUuid(String(id))),
      ])
    ).length;
  await client.query('begin');
  expect(await retry(1)).toMatchObject({ messages: 1, left: 2 });
  expect(await free()).toBe(2);
  await client.query('commit');
  await client.query('begin');
  expect(await retry(10)).toMatchObject({ messages: 2, left: 0 });
  expect(await free()).toBe(1);
  await client.query('commit');
});

test('a received file that a message is to be sent with outlives its own message, and goes with that one', async () => {
  await scenario.api('PATCH', '/api/v1/workspace', { retention: { messages_days: 7 } });
  const [kept, other] = [
    await write(scenario, 'image', makers.image.make()),
    await write(scenario, 'image', makers.image.make()),
  ];
  const [received, forgotten] = [await kept(), await other()];
  const [id, otherId] = [String(fileOf(received)?.id), String(fileOf(forgotten)?.id)];
  const later = { send_at: new Date(scenario.clock.now() + 20 * day).toISOString() };
  const sent = await sendFile(scenario, 'image', { id }, later);
  expect(sent.status).toBe(202);
  await scenario.advance(8 * day);
  for (const message of [received, forgotten])
    expect((await scenario.api('GET', `/api/v1/messages/${message.id}`)).status).toBe(404);
  expect(await mediaStatus(otherId)).toBe(404);
  expect((await scenario.api('GET', `/api/v1/media/${id}`)).body).toMatchObject({ status: 'stored', message_id: null });

  await scenario.advance(12 * day);
  await becomes(scenario, sent.body.id, 'read');
  while ((await mediaStatus(id)) !== 404) await scenario.advance(601_000);
});
