// Many conversations changed at once: in pieces that a kill only repeats, stopped, and undone.
import { type Conversation, conversationJobPage, conversationJobSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { runPiece } from '../../server/features/conversation-jobs/store.ts';
import { openDatabase } from '../../server/kit/db/database.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { join } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let made = 0;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario?.close());

/** Open conversations, without messages. */
async function open(count: number): Promise<string[]> {
  made++;
  const rows = await scenario.sql<{ id: string }>(
    `with people as (
       insert into contact (id, workspace_id, name, created_at, updated_at)
       select gen_random_uuid(), a.workspace_id, 'Job ${made} ' || n, now(), now() from account a, generate_series(1, $2::int) n
       where a.id = $1 returning id, workspace_id)
     insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, created_at, state, state_since, episode_id)
     select gen_random_uuid(), workspace_id, $1, id, now(), now(), 'open', now(), gen_random_uuid() from people returning id`,
    [toUuid(scenario.account.id), count],
  );
  return rows.map(({ id }) => id);
}
const typed = async (search: string): Promise<Conversation[]> =>
  (await scenario.api('GET', `/api/v1/conversations?limit=100&search=${encodeURIComponent(search)}`)).body.data;
const start = (body: object, call = scenario.api) => call('POST', '/api/v1/conversation-jobs', body);
const show = async (id: string) =>
  conversationJobSchema.parse((await scenario.api('GET', `/api/v1/conversation-jobs/${id}`)).body);
const stateCounts = () =>
  scenario.sql<{ state: string; n: number }>(
    `select v.state, count(*)::int as n from conversation v join contact c on c.id = v.contact_id
     where c.name like $1 group by 1 order by 1`,
    [`Job ${made} %`],
  );

test('a few are changed in the request, but for those who wrote meanwhile, and undone', async () => {
  await open(3);
  const rows = await typed(`Job ${made}`);
  const ids = rows.map(({ id }) => id);
  // They write while somebody reads the list.
  await scenario.sql(`update conversation set last_received_at = now() + interval '1 day' where id = $1`, [
    toUuid(ids[0] ?? ''),
  ]);
  const { status, body } = await start({ action: 'close', conversation_ids: ids, reason: 'Done' });
  expect(status).toBe(201);
  expect(conversationJobSchema.parse(body)).toMatchObject({ state: 'done', total: 3, done: 2, skipped: 1 });
  expect((await typed(`Job ${made}`)).map(({ state }) => state).sort()).toEqual(['closed', 'closed', 'open']);
  // What somebody changed since stays.
  await scenario.api('POST', `/api/v1/conversations/${ids[1]}/snooze`, {});
  const undone = await scenario.api('POST', `/api/v1/conversation-jobs/${body.id}/undo`);
  expect(undone).toMatchObject({ status: 200, body: { state: 'undone', undone: 1, undo_until: null } });
  expect((await typed(`Job ${made}`)).map(({ state }) => state).sort()).toEqual(['open', 'open', 'snoozed']);
  expect(await scenario.api('POST', `/api/v1/conversation-jobs/${body.id}/undo`)).toMatchObject({
    status: 409,
    body: { code: 'conversation_job_not_undoable' },
  });
  const lines = (await scenario.api('GET', `/api/v1/conversations/${ids[2]}/changes`)).body.data;
  expect(lines).toMatchObject([{ change: 'reopened' }, { change: 'closed', reason: 'Done' }]);
});

test('people and labels are given and taken back', async () => {
  await open(2);
  const ids = (await typed(`Job ${made}`)).map(({ id }) => id);
  const leo = await join(scenario, 'agent');
  const viewer = await join(scenario, 'viewer');
  const given = await start({ action: 'assign', conversation_ids: ids, person_id: leo.id });
  expect(given.body).toMatchObject({ state: 'done', done: 2 });
  expect((await start({ action: 'assign', conversation_ids: ids, person_id: viewer.id })).body).toMatchObject({
    ...{ done: 0, skipped: 2 },
  });
  expect((await leo.api('GET', '/api/v1/conversations?assignee=me')).body.data).toHaveLength(2);
  await scenario.api('POST', `/api/v1/conversation-jobs/${given.body.id}/undo`);
  expect((await leo.api('GET', '/api/v1/conversations?assignee=me')).body.data).toHaveLength(0);
  // To a team, and back to the one before.
  const { body: team } = await scenario.api('POST', '/api/v1/teams', { name: 'Lisbon' });
  await scenario.api('POST', `/api/v1/conversations/${ids[0]}/assign`, { person_id: leo.id });
  const queued = await start({ action: 'assign', conversation_ids: ids, team_id: team.id });
  expect(queued.body).toMatchObject({ done: 2, team_id: team.id });
  const work = async () => (await typed(`Job ${made}`)).map(row => [row.assignee?.id, row.team?.name]);
  expect(await work()).toEqual(ids.map(() => [undefined, 'Lisbon']));
  await scenario.api('POST', `/api/v1/conversation-jobs/${queued.body.id}/undo`);
  expect((await work()).sort()).toEqual(
    [
      [leo.id, undefined],
      [undefined, undefined],
    ].sort(),
  );
  expect((await start({ action: 'close', conversation_ids: ids, team_id: team.id })).status).toBe(400);
  await scenario.api('POST', `/api/v1/conversations/${ids[0]}/assign`, {});
  const label = { name: 'Return', color: 'teal', on: 'conversation' };
  const { id } = (await scenario.api('POST', '/api/v1/labels', label)).body;
  await scenario.api('PUT', `/api/v1/conversations/${ids[0]}/labels/${id}`);
  const labelled = await start({ action: 'label', conversation_ids: ids, label_id: id });
  expect(labelled.body).toMatchObject({ done: 1, skipped: 1 });
  await scenario.api('POST', `/api/v1/conversation-jobs/${labelled.body.id}/undo`);
  const has = (await scenario.api('GET', `/api/v1/conversations?label_id=${id}`)).body.data;
  expect(has.map((row: Conversation) => row.id)).toEqual([ids[0]]);
  // Another person sees no job of mine.
  expect((await leo.api('GET', '/api/v1/conversation-jobs')).body.data).toEqual([]);
  expect((await leo.api('GET', `/api/v1/conversation-jobs/${given.body.id}`)).status).toBe(404);
  expect((await viewer.api('POST', '/api/v1/conversation-jobs', {})).status).toBe(403);
  expect(conversationJobPage.parse((await scenario.api('GET', '/api/v1/conversation-jobs')).body).data[0]?.id).toBe(
    labelled.body.id,
  );
});

test('more than 500 go piece by piece, through a kill, until somebody stops them, and back', async () => {
  await open(1_700);
  const begun = await start({ action: 'close', filter: { search: `Job ${made}` } });
  expect(begun.body).toMatchObject({ state: 'running', total: 1_700, done: 0, undo_until: null });
  const id = begun.body.id;
  // A process dies in the middle of a piece: nothing of the piece is left.
  const connection = { connectionString: scenario.databaseUrl };
  const client = openDatabase({ connection, role: 'recado_engine', name: 'test', max: 2 }, openLog('silent'));
  onTestFinished(() => client.close());
  await expect(
    client.transaction(async tx => {
      expect(await runPiece(tx, toUuid(id), scenario.clock.sqlNow())).toBe(500);
      throw new Error('killed');
    }),
  ).rejects.toThrow('killed');
  expect(await stateCounts()).toEqual([{ state: 'open', n: 1_700 }]);
  // Two at once never do the same.
  const pieces = await Promise.all(
    [1, 2].map(() => client.transaction(tx => runPiece(tx, toUuid(id), scenario.clock.sqlNow()))),
  );
  expect(pieces.filter(count => count === 500).length).toBeGreaterThan(0);
  const at = (await show(id)).done;
  expect(await stateCounts()).toEqual([
    { state: 'closed', n: at },
    { state: 'open', n: 1_700 - at },
  ]);
  const stopped = await scenario.api('POST', `/api/v1/conversation-jobs/${id}/stop`);
  expect(stopped).toMatchObject({ status: 200, body: { state: 'stopped', undo_until: expect.any(String) } });
  expect(await scenario.api('POST', `/api/v1/conversation-jobs/${id}/stop`)).toMatchObject({ status: 409 });
  await scenario.api('POST', `/api/v1/conversation-jobs/${id}/undo`);
  await expect
    .poll(
      async () => {
        await scenario.advance(1_000);
        return (await show(id)).state;
      },
      { timeout: 20_000 },
    )
    .toBe('undone');
  expect(await stateCounts()).toEqual([{ state: 'open', n: 1_700 }]);
});
