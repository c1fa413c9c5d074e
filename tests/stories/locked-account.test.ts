// An account that somebody has locked for long: the others that come later do not wait with it.
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type Story, startStory } from '../setup/story.ts';

const send = (story: Story, account: string, to: string) =>
  story.api('POST', '/api/v1/messages', { account_id: account, to, type: 'text', text: { body: 'hello' } });

test('while one account is locked, the others accept and send', async () => {
  const story = await startStory();
  const [database] = await story.sql<{ name: string }>('select current_database() as name');
  const { host, port, user } = inject('postgres');
  const options = '-c search_path=recado,public -c idle_in_transaction_session_timeout=0';
  const client = new pg.Client({ host, port, user, database: database?.name, options });
  await client.connect();
  try {
    const made = await story.api('POST', '/api/v1/accounts', { name: 'Other', channel: 'sandbox' });
    expect(made.status).toBe(201);
    const [locked, other] = [story.account.id, made.body.id];
    expect((await send(story, locked, '+33613009001')).status).toBe(202);
    await story.settle();

    // In the order of the engine's locks: a claim waits for the lane, then accepts wait for the day.
    await client.query('begin');
    await client.query(`select 1 from lane where kind = 'send' and key = $1 for update`, [toUuid(locked)]);
    const queued = await send(story, locked, '+33613009002');
    expect(queued.status).toBe(202);
    await client.query('select 1 from account_day where account_id = $1 for update', [toUuid(locked)]);
    const held = [queued, send(story, locked, '+33613009003')];
    // Whoever comes in one batch with it waits with it, so the others come when it waits.
    const [self] = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    const blocked = `select count(*)::int as n from pg_stat_activity where $1 = any (pg_blocking_pids(pid)) and query ~ 'accept_messages'`;
    await expect
      .poll(async () => (await story.sql<{ n: number }>(blocked, [self?.pid]))[0]?.n, { timeout: 20_000 })
      .toBe(1);
    const passing = await Promise.all(['+33613009004', '+33613009005'].map(to => send(story, other, to)));
    expect(passing.map(answer => answer.status)).toEqual([202, 202]);
    for (const { body } of passing)
      await expect.poll(async () => (await story.message(body.id)).status, { timeout: 20_000 }).toBe('read');
    await client.query('commit');

    const waited = await Promise.all(held);
    expect(waited.map(answer => answer.status)).toEqual([202, 202]);
    for (const { body } of waited)
      await expect.poll(async () => (await story.message(body.id)).status, { timeout: 20_000 }).toBe('read');
  } finally {
    await client.end();
    await story.close();
  }
});
