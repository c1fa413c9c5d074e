// The slow lists of one workspace and of one caller leave the database to others, and show what they showed.
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Call, type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let others: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
  others = await scenario.another();
});
afterAll(() => scenario.close());

/** Runs `work` while nobody can read why messages wait; the lists of messages alone can be read. */
async function whileLocked<Result>(work: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: scenario.databaseUrl });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('lock table recado.open_message in access exclusive mode');
    return await work();
  } finally {
    await client.query('rollback');
    await client.end();
  }
}

/** Asks so often at once. Tells how many answers have come. */
function askMany(api: Call, path: string, times: number) {
  let answered = 0;
  const answers = Array.from({ length: times }, () =>
    api('GET', path).then(answer => {
      answered++;
      return answer.status;
    }),
  );
  return { answered: () => answered, all: Promise.all(answers) };
}

/** The queries of requests that wait for the lock. */
const blocked = async () =>
  (
    await scenario.sql<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and application_name = 'recado api' and wait_event_type = 'Lock'`,
    )
  )[0]?.n ?? 0;

async function keyOf(name: string): Promise<Call> {
  const { body } = await scenario.api('POST', '/api/v1/keys', { name, scopes: ['messages.read'] });
  return scenario.as(body.key);
}

const slow = '/api/v1/messages?waiting_reason=paused';

describe('while the lists of a workspace wait for a lock', () => {
  test('of many callers, another workspace reads, and so few connections are taken', async () => {
    const callers = await Promise.all(Array.from({ length: 8 }, (_, n) => keyOf(`reader ${n}`)));
    const held = await whileLocked(async () => {
      const held = callers.map(api => askMany(api, slow, 3));
      await vi.waitFor(async () => expect(await blocked()).toBe(4));
      expect((await others.api('GET', '/api/v1/messages?limit=20')).status).toBe(200);
      expect(await blocked()).toBe(4);
      expect(held.map(({ answered }) => answered())).toEqual(held.map(() => 0));
      return held;
    });
    for (const { all } of held) expect(await all).toEqual([200, 200, 200]);
  });

  test('of one caller, one is read at a time, and other requests of the workspace are answered', async () => {
    const viewer = await keyOf('viewer');
    const held = await whileLocked(async () => {
      const held = askMany(viewer, slow, 12);
      await vi.waitFor(async () => expect(await blocked()).toBe(1));
      for (const api of [scenario.api, viewer, others.api])
        expect((await api('GET', '/api/v1/messages?limit=20')).status).toBe(200);
      expect(await blocked()).toBe(1);
      expect(held.answered()).toBe(0);
      return held;
    });
    expect(new Set(await held.all)).toEqual(new Set([200]));
  });
});

describe('lists by reason and by change', () => {
  const idsOf = async (query: string): Promise<string[]> =>
    (await scenario.api('GET', `/api/v1/messages?limit=100&${query}`)).body.data.map(({ id }: { id: string }) => id);
  /** Page by page. */
  async function walk(query: string): Promise<{ ids: string[]; totals: number[] }> {
    const ids: string[] = [];
    const totals: number[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await scenario.api('GET', `/api/v1/messages?limit=2&${query}${cursor && `&cursor=${cursor}`}`);
      ids.push(...body.data.map(({ id }: { id: string }) => id));
      totals.push(body.page.total);
      cursor = body.page.next_cursor;
    }
    return { ids, totals };
  }
  const later = () => new Date(scenario.clock.now() + 3_600_000).toISOString();
  const post = async (to: string, more: object = {}): Promise<{ id: string; contact_id: string }> =>
    (
      await scenario.api('POST', '/api/v1/messages', {
        account_id: scenario.account.id,
        to,
        type: 'text',
        text: { body: 'x' },
        ...more,
      })
    ).body;

  test('show the same messages in both orders, page by page, beside other filters', async () => {
    const before = new Date(scenario.clock.now() - 60_000).toISOString();
    await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`, {});
    const sent: { id: string; contact_id: string; reason: string }[] = [];
    for (let n = 0; n < 5; n++) {
      sent.push({ ...(await post(`+3361277820${n % 2}`, { send_at: later() })), reason: 'scheduled' });
      sent.push({ ...(await post(`+3361277821${n}`)), reason: 'paused' });
    }
    for (const reason of ['scheduled', 'paused']) {
      const expected = sent.filter(message => message.reason === reason).map(({ id }) => id);
      expect(await walk(`waiting_reason=${reason}&order=asc`)).toEqual({ ids: expected, totals: [5, 5, 5] });
      expect(await walk(`waiting_reason=${reason}`)).toEqual({ ids: expected.toReversed(), totals: [5, 5, 5] });
      expect(await idsOf(`waiting_reason=${reason}&account_id=${others.account.id}`)).toEqual([]);
      expect(await idsOf(`waiting_reason=${reason}&status=read`)).toEqual([]);
      expect(await idsOf(`waiting_reason=${reason}&from=${before}&order=asc`)).toEqual(expected);
    }
    const [first] = sent;
    expect(await idsOf(`waiting_reason=scheduled&contact_id=${first?.contact_id}&order=asc`)).toEqual(
      sent.filter(({ contact_id }) => contact_id === first?.contact_id).map(({ id }) => id),
    );
    expect(await idsOf(`waiting_reason=paused&contact_id=${first?.contact_id}`)).toEqual([]);
    expect(await idsOf('waiting_reason=unknown_outcome')).toEqual([]);
    const all = sent.map(({ id }) => id);
    expect((await walk(`updated_since=${before}&order=asc`)).ids).toEqual(all);
    expect((await walk(`updated_since=${before}`)).ids).toEqual(all.toReversed());
  });

  test('by change, where more changed than are counted, show the same as one by one', async () => {
    const [{ id: workspace } = { id: '' }] = await scenario.sql<{ id: string }>(
      `select workspace_id as id from message limit 1`,
    );
    // As many changes of messages that are gone as make the total unknown.
    await scenario.sql(
      `insert into event (workspace_id, type, message_id, number, at)
       select $1, 'message.read', gen_random_uuid(), 1, now() from generate_series(1, 10100)`,
      [workspace],
    );
    const since = encodeURIComponent(new Date(Date.now() - 86_400_000).toISOString());
    const { body } = await scenario.api('GET', `/api/v1/messages?limit=3&updated_since=${since}`);
    const newest = (await idsOf('')).slice(0, 3);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual(newest);
    expect(body.page.has_more).toBe(true);
    expect((await walk(`updated_since=${since}&order=asc`)).ids).toEqual(await idsOf('order=asc'));
  });
});
