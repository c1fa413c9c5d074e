// What is refused, locked or in the hands of another worker, of what Meta posts: it holds up nothing that comes with it.
import { createHmac, randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { closePayloads } from '../../server/features/inbound/inbound-store.ts';
import { queryable } from '../../server/kit/db/database.ts';
import { searchPath } from '../../server/kit/db/function-set.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { incoming, metaPosts, status } from '../setup/meta-posts.ts';
import { type Story, startStory } from '../setup/scenario.ts';

let story: Story;
let numberId: string;
const logged: string[] = [];
beforeAll(async () => {
  // Nothing arrives by itself: each test posts what it wants to see.
  story = await startStory({ log: openLog('warn', undefined, { write: line => void logged.push(line) }) });
  story.simulator.setFault(() => 'answer-and-receipts-lost');
  numberId = story.account.phone_number_id;
});
afterAll(() => story.close());

const { envelope, inboundOf, path, post, sentIntoTheDark, sign } = metaPosts(() => story);

/** What the metrics have counted until now. */
async function counted(): Promise<{ received: number; dead: number }> {
  const { text } = await story.as(undefined)('GET', '/metrics');
  const of = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return { received: of('recado_messages_received_total'), dead: of('recado_dead_inbound_total') };
}

describe('messages from people', () => {
  test('one bad item is kept aside with its reason; the rest of the batch proceeds', async () => {
    const known = await sentIntoTheDark();
    await post(
      envelope({
        messages: [
          incoming('33600000012', 'wamid.good-1'),
          incoming('not a number', 'wamid.bad-1'),
          { id: 'wamid.bad-2' },
          'nonsense',
          incoming('33600000012', 'wamid.bad-3', { timestamp: 'yesterday' }),
          incoming('33600000012', 'wamid.good-2', { text: { body: 'with \u0000 inside' } }),
        ],
        statuses: [
          status({ token: randomUUID(), wamid: 'wamid.nobody-knows' }, 'delivered'),
          status(known, 'delivered'),
          { id: 'wamid.x', status: 'warning', timestamp: '1764000000' },
        ],
      }),
    );
    expect(
      (await inboundOf('33600000012')).messages.map(
        (message: { channel_message_id: string }) => message.channel_message_id,
      ),
    ).toEqual(['wamid.good-2', 'wamid.good-1']);
    expect((await story.message(known.id)).status).toBe('delivered');
    const dead = await story.sql<{ reason: string }>('select reason from dead_inbound order by id desc limit 5');
    expect(dead.map(row => row.reason)).toEqual(
      expect.arrayContaining([
        'from is not a number',
        'not an object',
        'timestamp is not a time',
        'this status is not known: warning',
      ]),
    );
  });

  test('what the database refuses of one number is kept aside, and keeps no other number that comes with it', async () => {
    await story.sql(`create function recado.refuse() returns trigger language plpgsql as $$
      begin raise exception 'refused by the story' using errcode = 'data_exception'; end $$`);
    await story.sql(`create trigger refuse before insert on recado.message for each row
      when (new.content->>'body' = 'refuse me') execute function recado.refuse()`);
    onTestFinished(async () => {
      await story.sql('drop trigger refuse on recado.message');
    });
    const numbers = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const made = await story.api('POST', '/api/v1/accounts', { name: `Number ${n}`, channel: 'sandbox' });
        return made.body.phone_number_id as string;
      }),
    );
    const posts = numbers.map((id, n) =>
      envelope({
        metadata: { display_phone_number: '1', phone_number_id: id },
        messages: [
          incoming(`3360000067${n}`, `wamid.beside-${n}`, n === 3 ? { text: { body: 'refuse me' } } : {}),
          incoming(`3360000068${n}`, `wamid.good-${n}`),
        ],
      }),
    );
    const before = await counted();
    for (const answer of await Promise.all(posts.map(body => post(body)))) expect(answer.status).toBe(200);
    await story.settle();
    const after = await counted();
    expect([after.received - before.received, after.dead - before.dead]).toEqual([11, 1]);
    const ids = await story.sql<{ id: string }>(
      `select channel_message_id as id from message where channel_message_id ~ '^wamid[.](beside|good)-[0-5]$'
         and account_id in (select id from account where name ~ '^Number ') order by 1`,
    );
    const good = numbers.map((_, n) => `wamid.good-${n}`);
    const beside = numbers.map((_, n) => `wamid.beside-${n}`).filter((_, n) => n !== 3);
    expect(ids.map(({ id }) => id)).toEqual([...beside, ...good]);
    const dead = await story.sql<{ reason: string }>(`select reason from dead_inbound where reason ~ 'by the story'`);
    expect(dead).toHaveLength(1);
  });

  test('what cannot even be kept aside as it is, is kept aside without what it says', async () => {
    await story.sql(`create function recado.refuse_aside() returns trigger language plpgsql as $$
      begin raise exception 'refused by the story' using errcode = 'data_exception'; end $$`);
    await story.sql(`create trigger refuse_aside before insert on recado.dead_inbound for each row
      when (new.reason = 'from is not a number') execute function recado.refuse_aside()`);
    onTestFinished(async () => {
      await story.sql('drop trigger refuse_aside on recado.dead_inbound');
    });
    await post(
      envelope({ messages: [incoming('not a number', 'wamid.bad-4'), incoming('33600000008', 'wamid.good-4')] }),
    );
    expect((await inboundOf('33600000008')).messages).toHaveLength(1);
    const dead = await story.sql('select item, reason from dead_inbound order by id desc limit 1');
    expect(dead).toEqual([{ item: null, reason: 'it cannot be applied, nor kept here as it is' }]);
    expect(await story.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
  });

  test('what waits for a lock keeps nothing of another number that comes with it', async () => {
    const numbers = await Promise.all(
      Array.from({ length: 6 }, async (_, n) => {
        const made = await story.api('POST', '/api/v1/accounts', { name: `Lane ${n}`, channel: 'sandbox' });
        return made.body as { id: string; phone_number_id: string };
      }),
    );
    const bodies = (name: string) =>
      numbers.map(({ phone_number_id: id }, n) =>
        envelope({
          metadata: { display_phone_number: '1', phone_number_id: id },
          messages: [incoming(`3360000077${n}`, `wamid.${name}-${n}`)],
        }),
      );
    for (const body of bodies('before')) await post(body);
    const locked = numbers[3];
    const other = new pg.Client(story.databaseUrl);
    await other.connect();
    onTestFinished(() => other.end());
    await other.query('set idle_in_transaction_session_timeout = 0');
    await other.query('begin');
    await other.query('select 1 from recado.conversation where account_id = $1 for update', [toUuid(locked?.id ?? '')]);
    const answers = bodies('after').map(async body => {
      const raw = JSON.stringify(body);
      return story.as(undefined)('POST', path, raw, { 'x-hub-signature-256': sign(raw) });
    });
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    const arrived = async () =>
      (
        await story.sql<{ id: string }>(
          `select channel_message_id as id from message where channel_message_id ~ '^wamid.after-[0-5]$' order by 1`,
        )
      ).map(({ id }) => id.at(-1));
    await expect.poll(arrived, { timeout: 20_000 }).toEqual(['0', '1', '2', '4', '5']);
    await other.query('commit');
    await expect.poll(arrived, { timeout: 20_000 }).toEqual(['0', '1', '2', '3', '4', '5']);
  });

  test('where the database reads and does not write, a lane tries again after a pause, and not at once', async () => {
    const own = await startStory({ clock: 'manual' });
    onTestFinished(() => own.close());
    // A sequence counts on in transactions that fail.
    await own.sql('create sequence recado.tries');
    await own.sql(`create function recado.take_nothing() returns trigger language plpgsql security definer as $$
      begin perform nextval('recado.tries'); raise exception 'no room' using errcode = 'disk_full'; end $$`);
    await own.sql(`create trigger take_nothing before update on recado.inbound_payload
      for each row execute function recado.take_nothing()`);
    const value = { metadata: { display_phone_number: '1', phone_number_id: own.account.phone_number_id } };
    const raw = JSON.stringify(envelope({ ...value, messages: [incoming('33600000791', 'wamid.no-room')] }));
    const signature = `sha256=${createHmac('sha256', own.secrets.appSecret).update(raw).digest('hex')}`;
    const headers = { 'x-hub-signature-256': signature };
    expect((await own.as(undefined)('POST', path, raw, headers)).status).toBe(200);
    const tries = async () => {
      const [row] = await own.sql<{ n: number }>(
        'select case when is_called then last_value else 0 end::int as n from recado.tries',
      );
      return row?.n;
    };
    // Once with others, once by itself.
    await expect.poll(tries).toBe(2);
    const sent = await own.send();
    await expect.poll(async () => (await own.message(sent.id)).status).toBe('sent');
    expect(await tries()).toBe(2);
    await own.sql('drop trigger take_nothing on recado.inbound_payload');
    const arrived = async () => {
      own.clock.advance(1_000);
      return (await own.api('GET', '/api/v1/contacts?phone=%2B33600000791')).body.data.length;
    };
    await expect.poll(arrived).toBe(1);
    await own.settle();
  });

  test('a payload at which another worker is, is left to it', async () => {
    // Nothing is read before the clock goes on.
    const own = await startStory({ clock: 'manual' });
    onTestFinished(() => own.close());
    const value = { metadata: { display_phone_number: '1', phone_number_id: own.account.phone_number_id } };
    const body = envelope({ ...value, messages: [incoming('33600000790', 'wamid.race'), { id: 'wamid.bad' }] });
    const other = new pg.Client(own.databaseUrl);
    await other.connect();
    onTestFinished(() => other.end());
    await other.query(`set idle_in_transaction_session_timeout = 0; set search_path = ${searchPath}`);
    const { rows } = await other.query<{ id: number }>(
      `insert into inbound_payload (app, lane_key, body, received_at) values ('sandbox', $1, $2, now()) returning id`,
      [toUuid(own.account.id), Buffer.from(JSON.stringify(body))],
    );
    await other.query('begin');
    expect(await closePayloads(queryable(other), [rows[0]?.id ?? 0], null)).toEqual(new Set([rows[0]?.id]));
    const advanced = own.advance(2_000);
    const [self] = (await other.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
    const waiting = 'select 1 from pg_stat_activity where $1 = any (pg_blocking_pids(pid))';
    await expect.poll(async () => (await own.sql(waiting, [self?.pid])).length, { timeout: 20_000 }).toBe(1);
    await other.query('commit');
    await advanced;
    expect(await own.sql('select 1 from dead_inbound union all select 1 from message')).toEqual([]);
    expect(await own.sql('select 1 from inbound_payload where processed_at is null')).toEqual([]);
  });

  test('receipts do not wait for who has just stored something of the account', async () => {
    const known = await sentIntoTheDark();
    const other = new pg.Client(story.databaseUrl);
    await other.connect();
    onTestFinished(() => other.end());
    await other.query('set idle_in_transaction_session_timeout = 0');
    await other.query('begin');
    // What the key of a new message does to the row of its account.
    await other.query('select 1 from recado.account where id = $1 for key share', [toUuid(story.account.id)]);
    await story.sql(`update account set last_receipt_at = null where id = $1`, [toUuid(story.account.id)]);
    await post(envelope({ statuses: [status(known, 'delivered')] }));
    expect((await story.message(known.id)).status).toBe('delivered');
  });

  test('what is told of a number that no account has is reported without the number', async () => {
    logged.length = 0;
    const value = { display_phone_number: '1 555-010-0199', event: 'FLAGGED' };
    const told = { entry: [{ id: '1', changes: [{ field: 'phone_number_quality_update', value }] }] };
    expect((await post(told)).status).toBe(200);
    expect(logged.join('')).toContain('"reason":"no account has the number"');
    expect(logged.join('')).not.toContain('15550100199');
  });

  test('messages for a number that no account has are kept and reported', async () => {
    const body = JSON.parse(
      JSON.stringify(envelope({ messages: [incoming('33600000014', 'wamid.elsewhere')] })).replaceAll(numberId, '999'),
    );
    expect((await post(body)).status).toBe(200);
    const dead = await story.sql<{ reason: string }>('select reason from dead_inbound order by id desc limit 1');
    expect(dead[0]?.reason).toBe('no account has the number: 999');
    expect((await inboundOf('33600000014')).contact).toBeUndefined();
  });
});
