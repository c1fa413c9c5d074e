// 200 conversations, five people with room for ten each, and two workers that are killed while they give out: nobody ever
// has more than ten, no conversation two people, and who waits longest comes first.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Actor, end, freePort, launchNode, until } from '../faults/processes.ts';
import { join, type Somebody } from '../setup/people.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

vi.setConfig({ testTimeout: 300_000 });

const conversations = 200;
const room = 10;
const people = 5;
/** How many each person closes at once. */
const closedOfEach = 4;

let scenario: Scenario;
const workers: Actor[] = [];

beforeAll(async () => {
  // The work is done by the processes that are killed, and by this one after a request.
  scenario = await startScenario({ roles: 'api' });
});
afterAll(async () => {
  await Promise.all(workers.map(worker => end(worker)));
  await scenario.close();
});

async function startWorker(place: number): Promise<void> {
  const env = { ...scenario.env, ROLES: 'worker', PORT: String(await freePort()), LOG_LEVEL: 'warn' };
  workers[place] = launchNode('scripts/start.mjs', scenario.dataDir, env);
}

const write = (n: number) =>
  fetch(`${scenario.simulator.url}/phones/+5511955${String(n).padStart(6, '0')}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text: { body: 'Is it ready?' } }),
  });

/** How many open conversations each person has, as one statement sees it. */
const loads = async (): Promise<number[]> =>
  (
    await scenario.sql<{ n: number }>(
      `select count(*)::int as n from conversation where state = 'open' and assignee_id is not null group by assignee_id`,
    )
  ).map(({ n }) => n);

test('nobody gets more than ten, no conversation goes to two people, and the order of the wait holds', async () => {
  const members: Somebody[] = [];
  while (members.length < people) members.push(await join(scenario, 'agent'));
  const made = await scenario.api('POST', '/api/v1/teams', {
    ...{ name: 'Shop', mode: 'balanced', account_ids: [scenario.account.id] },
    members: members.map(({ id }) => ({ person_id: id, capacity: room })),
  });
  const team = async () => (await scenario.api('GET', `/api/v1/teams/${made.body.id}`)).body;
  // A second assignment of what somebody has would leave its mark.
  await scenario.sql(`create table recado.seen_twice (id uuid)`);
  await scenario.sql(`create function recado.see() returns trigger language plpgsql security definer as $$
    begin insert into recado.seen_twice values (new.id); return new; end $$`);
  await scenario.sql(`create trigger see before update on recado.conversation for each row
    when (old.assignee_id is not null and new.assignee_id is distinct from old.assignee_id)
    execute function recado.see()`);

  await startWorker(0);
  await startWorker(1);
  for (let n = 0; n < conversations; n++) await write(n);
  await until('all wait in the queue of the team', 120, async () => (await team()).unassigned === conversations);

  const samples: number[] = [];
  const sample = async () => samples.push(...(await loads()));
  await Promise.all(members.map(({ api }) => api('PUT', '/api/v1/me/availability', { status: 'online' })));
  await until('all are full', 60, async () => {
    await sample();
    return (await team()).unassigned === conversations - people * room;
  });

  for (let round = 0, closed = 0; closed < conversations; round++) {
    // Workers die in turn, at any moment of their sweep; for a while both are gone.
    const dying = workers[round % 2];
    if (round < 6) await end(dying);
    const given: string[] = [];
    for (const { id } of members) {
      const path = `/api/v1/conversations?state=open&assignee=${id}&limit=${closedOfEach}`;
      for (const row of (await scenario.api('GET', path)).body.data) given.push(row.id);
    }
    await Promise.all([...given.map(id => scenario.api('POST', `/api/v1/conversations/${id}/close`, {})), sample()]);
    closed += given.length;
    if (round < 6 && round % 2 === 1) for (const place of [0, 1]) await startWorker(place);
    const left = Math.max(0, conversations - closed - people * room);
    await until(`${left} wait`, 60, async () => {
      await sample();
      return (await team()).unassigned === left;
    });
  }

  // A deadline that passes while no worker runs is met once by those that start.
  await Promise.all(workers.map(worker => end(worker)));
  const [late] = (await scenario.api('GET', `/api/v1/conversations?limit=1&team_id=${made.body.id}`)).body.data;
  await scenario.api('POST', `/api/v1/conversations/${late.id}/reopen`);
  await scenario.sql(
    `update conversation set waiting_since = now(), answered_at = null, assigned_at = now(), reassign_due_at = now() where state = 'open'`,
  );
  await Promise.all(members.map(({ api }) => api('PUT', '/api/v1/me/availability', { status: 'away' })));
  await startWorker(0);
  await startWorker(1);
  const lapsed = () =>
    scenario.sql<{ id: string }>(`select conversation_id as id from conversation_change where reason = 'no_answer'`);
  await until('the deadline is met', 60, async () => (await lapsed()).length > 0);
  await until('nobody has it', 20, async () => (await team()).unassigned === 1);
  expect(await lapsed()).toHaveLength(1);

  expect(Math.max(...samples)).toBe(room);
  expect(await scenario.sql('select id from recado.seen_twice')).toHaveLength(1);
  const given = await scenario.sql<{ id: string; at: Date }>(
    `select c.conversation_id as id, e.opened_at as at from conversation_change c join episode e on e.id = c.episode_id
     where c.reason = 'given' order by c.id`,
  );
  expect(given).toHaveLength(conversations);
  expect(new Set(given.map(({ id }) => id)).size).toBe(conversations);
  const times = given.map(({ at }) => at.getTime());
  expect(times).toEqual([...times].sort((one, other) => one - other));
});
