// What the sweep finds and reports by itself, where nobody else would.
import { messageDetailsSchema } from '@recado/contract';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { installationStats } from '../../server/features/statistics/queue-store.ts';
import { functions } from '../../server/kit/db/function-set.ts';
import { loseCall } from '../setup/queue.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;

let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const patch = (body: object) => scenario.api('PATCH', `/api/v1/accounts/${account.id}`, body);
const number = () => `+33619${String(100_000 + ++numbers)}`;
const send = async (more: object = {}) => {
  const answer = await scenario.api('POST', '/api/v1/messages', {
    account_id: account.id,
    to: number(),
    type: 'text',
    text: { body: 'hello' },
    ...more,
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};
const statusOf = async (message: { id: string }) => (await scenario.message(message.id)).status;
const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString().slice(11, 16);

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  account = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } })
  ).body;
});

/** Sends a message that stays unknown, and one behind it: nothing but the sweep looks at that one when it may leave. */
async function sendBehindUnknown(to: string) {
  const behind = await send({ to });
  await scenario.settle();
  expect(await statusOf(behind)).toBe('queued');
  await scenario.advance(2 * minute + 1_000);
  return behind;
}

test('quiet hours that were lifted hide a lane from the sweep no longer', async () => {
  await patch({ limits: { quiet_hours: { from: at(-10 * minute), until: at(50 * minute) } } });
  const first = await send();
  await scenario.settle();
  expect((await scenario.message(first.id)).waiting.reason).toBe('quiet_hours');
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  await patch({ limits: { quiet_hours: null } });
  await scenario.settle();
  expect(await statusOf(first)).toBe('unknown');
  scenario.simulator.setFault(null);
  expect(await statusOf(await sendBehindUnknown(first.to))).toBe('read');
  const [lane] = await scenario.sql<{ lifted: boolean }>(
    `select quiet_until = '-infinity' as lifted from lane where account_id = (select account_id from message where address = $1 limit 1)`,
    [first.to],
  );
  expect(lane).toEqual({ lifted: true });
});

test('neither do those that ended earlier than the lane was told', async () => {
  scenario.simulator.setFault(() => 'answer-and-receipts-lost');
  const first = await send();
  await scenario.settle();
  scenario.simulator.setFault(null);
  // As it is where their end falls into the hour that the change to summer time leaves out.
  await scenario.sql(
    `update lane set quiet_until = $1 where account_id = (select account_id from message where address = $2)`,
    [new Date(scenario.clock.now() + 30 * minute), first.to],
  );
  expect(await statusOf(await sendBehindUnknown(first.to))).toBe('read');
});

const iso = (ms: number) => new Date(scenario.clock.now() + ms).toISOString();
const stuck = async (message: { id: string }) =>
  messageDetailsSchema
    .parse(await scenario.message(message.id))
    .events.filter(({ type }) => type === 'message.stuck')
    .map(({ data }) => data);
const gauge = async () => (await installationStats(scenario.engineDb, new Date(scenario.clock.now()))).stuck;

/** Makes a statement of the upkeep fail, as an error in it would, and gives what mends it. */
async function breakMaintenance(name: string): Promise<() => Promise<void>> {
  await scenario.sql(`alter function ${functions.schema}.${name} rename to ${name}_mended`);
  return async () => {
    await scenario.sql(`alter function ${functions.schema}.${name}_mended rename to ${name}`);
  };
}

test('what a sweep finds is more than one piece of it: 2,000 messages expire', async () => {
  const message = await send({ send_at: iso(60 * minute) });
  await scenario.sql(
    `with more as (insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type,
         content, status, priority, expires_at, event_count, created_at)
       select token_of(gen_random_uuid(), 0), workspace_id, account_id, conversation_id, contact_id, direction, address, type,
         content, 'scheduled', 2, $2, 1, created_at from message, generate_series(1, 2000) where address = $1 returning *)
     insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at, expires_at)
     select id, seq, workspace_id, account_id, conversation_id, priority, 'scheduled', false, $2::timestamptz + interval '1 hour', expires_at from more`,
    [message.to, new Date(scenario.clock.now())],
  );
  await scenario.recado.sweeper?.sweep();
  const [left] = await scenario.sql(
    `select count(*) filter (where status = 'expired')::int as expired, count(*)::int as stored from message where address = $1`,
    [message.to],
  );
  expect(left).toEqual({ expired: 2_000, stored: 2_001 });
});

test('all changes are folded into the counts: 45,000 of each kind', async () => {
  const [{ workspace_id: workspace } = {}] = await scenario.sql<{ workspace_id: string }>(
    'select workspace_id from account',
  );
  await scenario.sql(
    `insert into message_delta (workspace_id, quarter, account_id, direction, type, status, priority, code, messages, accepted, present)
     select $1, $2, gen_random_uuid(), 'outbound', 'text', 'read', 1, '', 0, 0, 0 from generate_series(1, 45000)`,
    [workspace, new Date(scenario.clock.now())],
  );
  await scenario.sql(
    `insert into list_delta (workspace_id, list, entries) select $1, 'contacts', 0 from generate_series(1, 45000)`,
    [workspace],
  );
  await scenario.recado.sweeper?.sweep();
  const left = 'select 1 from message_delta union all select 1 from list_delta';
  expect(await scenario.sql(left)).toEqual([]);
});

describe('where a part of the sweep fails', () => {
  test.each([
    'recover_lost_calls',
    'expire_messages',
    'resolve_unknown',
    'report_undelivered',
    'roll_up_counts',
    'roll_up_times',
    'roll_up_lists',
    'report_stuck',
  ])('messages for later leave all the same, and the others are looked after: %s', async name => {
    const later = await send({ send_at: iso(10 * minute) });
    await scenario.settle();
    const mend = await breakMaintenance(name);
    try {
      const swept = scenario.advance(10 * minute + 1_000);
      // A task of once a minute has failed in the sweep before this one already.
      if (name === 'report_stuck') await swept;
      else await expect(swept).rejects.toThrow('parts of a sweep failed');
      await scenario.settle();
      expect(await statusOf(later)).toBe('read');
    } finally {
      await mend();
    }
    await scenario.advance(minute);
  });

  test('a call of a worker that is gone is given up, though the lanes cannot be found', async () => {
    const lost = await send();
    await scenario.settle();
    await loseCall(scenario, lost.to, new Date(scenario.clock.now()));
    const mend = await breakMaintenance('ready_lanes');
    try {
      await expect(scenario.advance(1_000)).rejects.toThrow('parts of a sweep failed');
    } finally {
      await mend();
    }
    expect((await scenario.message(lost.id)).attempts[0]).toMatchObject({ code: 'worker_lost' });
    await scenario.api('POST', `/api/v1/messages/${lost.id}/resolve`, { resolution: 'sent' });
  });

  test('the program starts', async () => {
    const mend = await breakMaintenance('expire_messages');
    try {
      const node = await scenario.node('worker');
      await node.close();
    } finally {
      await mend();
    }
  });
});

/** Keeps the sweep from what it forgets once an hour, until the answer is called. */
async function blockDeletion({ databaseUrl, sql }: Scenario): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query('select pg_advisory_lock(4712)');
  // Not by a lock on the table, which the sweep gives up after two seconds.
  await sql(`create function recado.wait_at_gate() returns trigger language plpgsql as $$ begin
    while exists (select 1 from pg_locks where locktype = 'advisory' and objid = 4712 and granted
      and database = (select oid from pg_database where datname = current_database()))
    loop perform pg_sleep(0.01); end loop;
    return null;
  end $$`);
  await sql(`create trigger wait_at_gate before delete on recado.erased_inbound
    for each statement execute function recado.wait_at_gate()`);
  return async () => {
    await holder.end();
    await sql('drop trigger wait_at_gate on recado.erased_inbound');
    await sql('drop function recado.wait_at_gate()');
  };
}
const isBlocked = async ({ sql }: Scenario) =>
  (await sql(`select 1 from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`)).length >
  0;

describe('expired rows', () => {
  const hour = 60 * minute;
  const keys = async () =>
    (await scenario.sql<{ n: number }>(`select count(*)::int as n from idempotency where operation = 'old'`))[0]?.n;
  const addKeys = (count: number) =>
    scenario.sql(
      `insert into idempotency (workspace_id, operation, key, hash, created_at)
       select id, 'old', n, '', $1 from (select id from workspace limit 1) w, generate_series(1, $2) n`,
      [new Date(scenario.clock.now() - 72 * hour), count],
    );

  test('is forgotten a piece at a time, so that much of it meets no time limit', async () => {
    await addKeys(35_000);
    await scenario.advance(hour);
    expect(await keys()).toBeGreaterThan(0);
    await scenario.advance(1_000);
    await scenario.advance(1_000);
    expect(await keys()).toBe(0);
  });

  test('is forgotten so of what people left as well', async () => {
    const failures = async () =>
      (await scenario.sql<{ n: number }>(`select count(*)::int as n from login_failure where subject = 'old'`))[0]?.n;
    await scenario.sql(
      `insert into login_failure (subject, failed_at) select 'old', $1 from generate_series(1, 35000)`,
      [new Date(scenario.clock.now() - 72 * hour)],
    );
    await scenario.advance(hour);
    expect(await failures()).toBeGreaterThan(0);
    await scenario.advance(1_000);
    await scenario.advance(1_000);
    expect(await failures()).toBe(0);
  });

  test('is forgotten though the clock was set back', async () => {
    await addKeys(1);
    scenario.clock.advance(-24 * hour);
    await scenario.recado.sweeper?.sweep();
    expect(await keys()).toBe(0);
    await scenario.advance(24 * hour);
  });

  test('keeps no worker from giving a heartbeat, however long it takes', async () => {
    const letGo = await blockDeletion(scenario);
    const swept = scenario.advance(hour);
    try {
      await expect.poll(() => isBlocked(scenario)).toBe(true);
      await scenario.sql(`update worker set seen_at = clock_timestamp() - interval '1 minute'`);
      await expect.poll(async () => (await installationStats(scenario.engineDb, null)).workers).toBe(1);
    } finally {
      await letGo();
      await swept;
    }
  });
});

test('a worker that stops during a sweep claims nothing more, and does not sweep to the end', async () => {
  const alone = await startScenario({ roles: 'api', clock: 'manual' });
  const worker = await alone.node('worker');
  const letGo = await blockDeletion(alone);
  // Events are deleted later in the same sweep.
  await alone.sql(`insert into event (workspace_id, type, data, at)
    select id, 'account.updated', '{"old": true}', now() - interval '40 days' from workspace`);
  alone.clock.advance(60 * minute);
  await expect.poll(() => isBlocked(alone)).toBe(true);
  const closed = worker.close();
  try {
    const message = await alone.send();
    const [row] = await alone.sql<{ key: string }>('select account_id as key from message');
    await worker.engine.run('send', row?.key ?? '');
    expect((await alone.message(message.id)).status).toBe('queued');
  } finally {
    await letGo();
    await closed;
  }
  expect(await alone.sql(`select 1 from event where data ->> 'old' = 'true'`)).toHaveLength(1);
  await alone.close();
});

describe('the watchdog says once that a message is past its time', () => {
  test('one for later, where no worker serves its channel', async () => {
    await scenario.sql(`update account set channel = 'elsewhere', route = 'elsewhere' where phone = $1`, [
      account.phone,
    ]);
    const at = iso(10 * minute);
    const later = await send({ send_at: at });
    const before = await gauge();
    await scenario.advance(10 * minute);
    await scenario.advance(59 * minute);
    expect(await stuck(later)).toEqual([]);
    await scenario.advance(2 * minute);
    await scenario.advance(60 * minute);
    expect(await stuck(later)).toEqual([{ reason: 'no_worker', due_at: at }]);
    expect((await gauge()) - before).toBe(1);
  });

  test('and not one for later that a hold keeps back', async () => {
    const later = await send({ send_at: iso(10 * minute) });
    await scenario.api('POST', `/api/v1/accounts/${account.id}/pause`);
    await scenario.advance(120 * minute);
    expect(await stuck(later)).toEqual([]);
  });

  const lost = async (more: object = {}) => {
    scenario.simulator.setFault(() => 'answer-and-receipts-lost');
    const message = await send(more);
    await scenario.settle();
    scenario.simulator.setFault(null);
    return message;
  };

  test('an unknown one, where no receipts come', async () => {
    const before = await gauge();
    const message = await lost();
    await scenario.advance(69 * minute);
    expect(await stuck(message)).toEqual([]);
    await scenario.advance(2 * minute);
    await scenario.advance(60 * minute);
    expect(await stuck(message)).toEqual([{ reason: 'no_receipts', due_at: expect.any(String) }]);
    expect((await gauge()) - before).toBe(1);
    // Receipts come in again: it is settled as the account says, and held for the operator.
    await send();
    await scenario.settle();
    await scenario.advance(minute);
    expect(await gauge()).toBe(before);
  });

  test('an unknown one that is not settled though receipts come', async () => {
    const message = await lost();
    // The channel's history has been looked at twice by then; a look has the message locked, and the watchdog passes over it.
    await scenario.advance(9.5 * minute);
    await send();
    await scenario.settle();
    const mend = await breakMaintenance('resolve_unknown');
    try {
      await expect(scenario.advance(62 * minute)).rejects.toThrow('parts of a sweep failed');
    } finally {
      await mend();
    }
    expect(await stuck(message)).toMatchObject([{ reason: 'not_resolved' }]);
  });
});
