// What is deferred, and everything that makes it ready again; and that it is in nobody's way.
import { messageDetailsSchema } from '@recado/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { claimAsAnother } from '../setup/another-worker.ts';
import { loseCall } from '../setup/queue.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
const hour = 60 * minute;

let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const path = () => `/api/v1/accounts/${account.id}`;
const patch = (body: object) => scenario.api('PATCH', path(), body);
const number = () => `+33618${String(100_000 + ++numbers)}`;
const details = async ({ id }: { id: string }) => messageDetailsSchema.parse(await scenario.message(id));
const statusOf = async (message: { id: string }) => (await details(message)).status;
const reasonOf = async (message: { id: string }) => (await details(message)).waiting?.reason;
const statuses = async (messages: { id: string }[]) => Promise.all(messages.map(statusOf));

async function send(more: object = {}): Promise<{ id: string; to: string }> {
  const to = number();
  const body = { account_id: account.id, to, type: 'text', text: { body: 'hello' }, ...more };
  const answer = await scenario.api('POST', '/api/v1/messages', body);
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return { to, ...more, id: answer.body.id };
}

async function sendMany(count: number, more: () => object = () => ({})): Promise<{ id: string }[]> {
  const messages = Array.from({ length: count }, () => {
    const to = number();
    return { account_id: account.id, to, type: 'text', text: { body: 'hello' }, ...more() };
  });
  const answer = await scenario.api('POST', '/api/v1/messages/batch', { messages });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body.results.map((result: { message: { id: string } }) => result.message);
}

/** Two calls that are under way. */
async function twoCalls(): Promise<{ token: string }[]> {
  const messages = [await send(), await send()];
  await scenario.settle();
  const calls = [];
  for (const { to } of messages) calls.push(await loseCall(scenario, to, 'infinity'));
  return calls.map(call => ({ token: call?.token ?? '' }));
}

/** A person writes to us. */
async function receiveFrom(phone: string): Promise<void> {
  await scenario.sql(
    `select m.* from account a cross join lateral receive_messages($2, jsonb_build_array(jsonb_build_object('n', 0,
      'workspace_id', a.workspace_id, 'account_id', a.id, 'kind', 'phone', 'address', $3::text, 'type', 'text',
      'channel_message_id', 'wamid.' || gen_random_uuid(), 'content', '{"body": "hi"}'::jsonb, 'at', $2::timestamptz,
      'unread', true, 'outbound', false, 'imported', false, 'id', gen_random_uuid(), 'contact_id', gen_random_uuid(),
      'conversation_id', gen_random_uuid()))) m where a.id = $1`,
    [toUuid(account.id), new Date(scenario.clock.now()), phone],
  );
}

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

test('a reply to an inbound message is sent at once, though an older message waits for the new-conversation limit', async () => {
  await patch({ limits: { new_conversations_per_day: 1 } });
  await send();
  const waits = await send();
  await scenario.settle();
  const { waiting } = await details(waits);
  expect(waiting?.reason).toBe('new_conversation_limit');
  const behind = await send({ to: waits.to });
  expect((await details(behind)).waiting).toMatchObject({ reason: 'conversation_order', until: waiting?.until });
  await receiveFrom(waits.to);
  const reply = await send({ to: waits.to });
  await scenario.advance(1_000);
  expect(await statuses([waits, behind, reply])).toEqual(['read', 'read', 'read']);
});

test('a cancelled message frees its place in the new-conversation limit for the next', async () => {
  await patch({ limits: { new_conversations_per_day: 2, rate: { messages: 1, seconds: 60 } } });
  await scenario.api('POST', `${path()}/pause`);
  const [first, second, third] = [await send(), await send(), await send()];
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  // The rate lets one leave; of the two places of the day the other is the second's.
  expect(await statuses([first, second, third])).toEqual(['read', 'queued', 'queued']);
  await scenario.api('POST', `/api/v1/messages/${second.id}/cancel`);
  await scenario.advance(2 * minute);
  expect(await statusOf(third)).toBe('read');
});

test('each cancelled message frees its place, and the next one by priority takes it', async () => {
  await patch({ limits: { new_conversations_per_day: 2, rate: { messages: 1, seconds: 60 } } });
  await scenario.api('POST', `${path()}/pause`);
  const [first, second, third, fourth] = [await send(), await send(), await send(), await send()];
  const last = await send({ priority: 'high' });
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(await statuses([first, second, third, fourth, last])).toEqual([
    'queued',
    'queued',
    'queued',
    'queued',
    'read',
  ]);
  for (const { id } of [first, second]) await scenario.api('POST', `/api/v1/messages/${id}/cancel`);
  await scenario.advance(2 * minute);
  expect(await statuses([third, fourth])).toEqual(['read', 'queued']);
});

test('a cancelled message of many deferred ones changes nothing for the others', async () => {
  await patch({ limits: { new_conversations_per_day: 1 } });
  await send();
  const waiting = await sendMany(20);
  await scenario.settle();
  await scenario.api('POST', `${path()}/pause`);
  await scenario.api('POST', `/api/v1/messages/${waiting[3]?.id}/cancel`);
  const rows = await scenario.sql<{ n: number }>(
    `select count(*)::int as n from open_message where account_id = $1 and wait_reason = 'new_conversation_limit' and ready_at > $2`,
    [toUuid(account.id), new Date(scenario.clock.now())],
  );
  expect(rows).toEqual([{ n: 19 }]);
});

test('many new contacts that wait for another day delay no other contact', async () => {
  const known = await send();
  await scenario.settle();
  await receiveFrom(known.to);
  await patch({ limits: { new_conversations_per_day: 5 } });
  await scenario.api('POST', `${path()}/pause`);
  for (let n = 0; n < 2; n++) await sendMany(900);
  const reply = await send({ to: known.to });
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(await statusOf(reply)).toBe('read');
  const [left] = await scenario.sql<{ n: number }>(
    `select count(*)::int as n from open_message where account_id = $1 and wait_reason = 'new_conversation_limit'`,
    [toUuid(account.id)],
  );
  expect(left?.n).toBe(1_800 - 5);
  // The next day opens five more, and again nobody waits behind them.
  await scenario.advance(25 * hour);
  await receiveFrom(known.to);
  const other = await send({ to: known.to });
  await scenario.settle();
  expect(await statusOf(other)).toBe('read');
  const [after] = await scenario.sql<{ n: number }>(
    `select count(*)::int as n from message where account_id = $1 and status = 'queued'`,
    [toUuid(account.id)],
  );
  expect(after?.n).toBe(1_800 - 10);
  // And who has waited longest goes first.
  const [oldest] = await scenario.sql<{ places: number[] }>(
    `select array_agg(x.place order by x.place) as places from (select status, row_number() over (order by seq)::int as place
       from message where account_id = $1 and address <> $2) x where x.status = 'read'`,
    [toUuid(account.id), known.to],
  );
  expect(oldest?.places).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('many new contacts with two messages each delay no other contact', async () => {
  const known = await send();
  await scenario.settle();
  await receiveFrom(known.to);
  await patch({ limits: { new_conversations_per_day: 5 } });
  await scenario.api('POST', `${path()}/pause`);
  const people = Array.from({ length: 450 }, number);
  const twice = people.flatMap(to => [to, to]);
  const campaign = await sendMany(900, () => ({ to: twice.shift() }));
  const replies = [await send({ to: known.to }), await send({ to: known.to })];
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(await statuses(replies)).toEqual(['read', 'read']);
  const [firstOfLast, secondOfLast] = campaign.slice(-2) as [{ id: string }, { id: string }];
  const { waiting } = await details(firstOfLast);
  expect(waiting?.reason).toBe('new_conversation_limit');
  expect((await details(secondOfLast)).waiting).toMatchObject({ reason: 'conversation_order', until: waiting?.until });
  // The one behind is the first now, and waits for a reason of its own.
  await scenario.api('POST', `/api/v1/messages/${firstOfLast.id}/cancel`);
  await scenario.advance(1_000);
  expect(await reasonOf(secondOfLast)).toBe('new_conversation_limit');
  // A contact that writes gets both messages.
  const writer = people.at(-2) ?? '';
  await receiveFrom(writer);
  await scenario.advance(1_000);
  expect(await statuses(campaign.slice(-4, -2))).toEqual(['read', 'read']);
  // The next day opens five more, and still nobody waits behind the others.
  await scenario.advance(25 * hour);
  await receiveFrom(known.to);
  const other = [await send({ to: known.to }), await send({ to: known.to })];
  await scenario.settle();
  expect(await statuses(other)).toEqual(['read', 'read']);
});

test('a raised new-conversation limit sends as many messages as it allows', async () => {
  await patch({ limits: { new_conversations_per_day: 1 } });
  const people = await sendMany(6);
  await scenario.settle();
  const read = async () => (await statuses(people)).filter(status => status === 'read').length;
  expect(await read()).toBe(1);
  expect((await patch({ limits: { new_conversations_per_day: 3 } })).status).toBe(200);
  await scenario.settle();
  expect(await read()).toBe(3);
  expect((await patch({ limits: { new_conversations_per_day: null } })).status).toBe(200);
  await scenario.settle();
  expect(await read()).toBe(6);
});

test('many messages behind an unknown one delay no other conversation', async () => {
  await scenario.api('POST', `${path()}/pause`);
  const { id } = await send();
  // Two messages each: what became of the first is unknown for two minutes.
  await scenario.sql(
    `with person as (
       insert into contact (id, workspace_id, name) select gen_random_uuid(), workspace_id, 'Person ' || n
       from account, generate_series(1, 600) n where id = $1 returning id, workspace_id),
     place as (
       insert into conversation (id, workspace_id, account_id, contact_id, last_message_at, unread_count)
       select gen_random_uuid(), workspace_id, $1, id, now(), 0 from person returning id, contact_id),
     stored as (
       insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
         status, priority, event_count, created_at)
       select token_of(gen_random_uuid(), 0), m.workspace_id, m.account_id, p.id, p.contact_id, m.direction, m.address, m.type,
         m.content, s.status, m.priority, 1, m.created_at
       from place p, message m, (values ('unknown'), ('queued')) s(status) where m.id = $2 returning *),
     counted as (update lane set queued = queued + 600 where account_id = $1)
     insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at)
     select id, seq, workspace_id, account_id, conversation_id, priority, status, status = 'unknown',
       $3::timestamptz + case status when 'unknown' then interval '1 minute' else interval '0' end from stored`,
    [toUuid(account.id), toUuid(id), new Date(scenario.clock.now())],
  );
  const other = await send();
  await scenario.api('POST', `/api/v1/messages/${id}/cancel`);
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(await statusOf(other)).toBe('read');
  await scenario.api('DELETE', path());
});

test('a message behind an expired one is sent', async () => {
  await patch({ limits: { recipient: { burst: 1, seconds: 3_600 } } });
  const first = await send();
  await scenario.settle();
  const dies = await send({ to: first.to, valid_for_seconds: 600 });
  const behind = await send({ to: first.to });
  await scenario.settle();
  await scenario.advance(1_000);
  expect(await reasonOf(behind)).toBe('conversation_order');
  await scenario.advance(11 * minute);
  expect(await statusOf(dies)).toBe('expired');
  await scenario.advance(1_000);
  expect(await reasonOf(behind)).toBe('recipient_limit');
  await scenario.advance(hour);
  expect(await statusOf(behind)).toBe('read');
});

test('a message with a place of the day is sent after its own wait, even on a full day', async () => {
  // Not shortly before midnight, when the day would end on the way.
  const left = 24 * hour - (scenario.clock.now() % (24 * hour));
  if (left < hour) await scenario.advance(left + minute);
  await patch({ limits: { per_day: 2, on_limit: 'hold' } });
  await scenario.api('POST', `${path()}/pause`);
  const [spared, second, third] = [await send(), await send(), await send()];
  scenario.simulator.setFault(({ to }) => (`+${to}` === spared.to ? 'pair-rate-limited' : null));
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  scenario.simulator.setFault(null);
  await scenario.advance(1_000);
  expect(await statuses([spared, second, third])).toEqual(['queued', 'read', 'queued']);
  const { waiting } = await details(spared);
  expect(waiting?.reason).toBe('recipient_throttled');
  const midnight = expect.stringMatching(/T00:00:00.000Z$/);
  expect((await details(third)).waiting).toMatchObject({ reason: 'daily_limit', until: midnight });
  expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toEqual({ reason: 'daily_limit', until: midnight });
  await scenario.advance(new Date(waiting?.until ?? '').getTime() - scenario.clock.now() + 1_000);
  expect(await statuses([spared, third])).toEqual(['read', 'queued']);
  expect(await reasonOf(third)).toBe('daily_limit');
});

test.each([
  ['before', ['flagged', 'pause']],
  ['during', ['pause', 'flagged']],
])('a flag that arrives %s a pause survives the outcome of a call under way', async (_when, steps) => {
  const now = new Date(scenario.clock.now());
  const tokens = await twoCalls();
  const record = (place: number, klass: string, code: string | null, title: string | null) =>
    scenario.sql(
      `select record_outcomes($2, array[$1]::uuid[], array[$3], '{null}', array[$4], array[$5], '{0}', '{0}')`,
      [tokens[place]?.token, now, klass, code, title],
    );
  for (const step of steps)
    if (step === 'pause') await scenario.api('POST', `${path()}/pause`);
    else await record(0, 'flagged', '131048', 'Spam rate limit hit');
  await record(1, 'accepted', null, null);
  expect((await scenario.api('GET', path())).body).toMatchObject({
    status: 'needs_attention',
    status_reason: 'Spam rate limit hit',
  });
  await scenario.api('POST', `${path()}/resume`);
  const after = await send();
  await scenario.settle();
  expect(await statusOf(after)).toBe('read');
  expect((await scenario.api('GET', path())).body.status).toBe('connected');
});

test('a flood to one contact does not delay the others, before and after it drains', {
  timeout: 180_000,
}, async () => {
  const to = number();
  const flood = (count: number) => sendMany(count, () => ({ to }));
  await patch({ limits: { recipient: null, rate: { messages: 100_000, seconds: 1 } } });
  await scenario.api('POST', `${path()}/pause`);
  await flood(450);
  const other = await send();
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(await statusOf(other)).toBe('read');
  expect((await scenario.api('GET', `${path()}/queue`)).body.queued.normal).toBe(0);
  await scenario.api('POST', `${path()}/pause`);
  await flood(100);
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect((await scenario.api('GET', `${path()}/queue`)).body.queued.normal).toBe(0);
});

test('many failed messages to one contact, retried together, do not delay the others', async () => {
  const to = number();
  await patch({ limits: { recipient: null } });
  await scenario.api('POST', `${path()}/pause`);
  await sendMany(900, () => ({ to }));
  await scenario.sql(
    `with gone as (delete from open_message where account_id = $1),
       counted as (update lane set queued = 0 where account_id = $1)
     update message set status = 'failed', error_code = '131047', failed_at = now() where account_id = $1`,
    [toUuid(account.id)],
  );
  await patch({ limits: { recipient: { burst: 1, seconds: 3_600 } } });
  const answer = await scenario.api('POST', '/api/v1/messages/retry', { account_id: account.id });
  expect(answer.body).toMatchObject({ count: 900, left: 0 });
  const others = await sendMany(20);
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(new Set(await statuses(others))).toEqual(new Set(['read']));
});

test('a pause that ended before the clock was set back still gives a reason', async () => {
  const until = new Date(scenario.clock.now() + 5_000);
  await scenario.sql('update lane set held_until = $2, held_reason = null where account_id = $1', [
    toUuid(account.id),
    until,
  ]);
  const message = await send();
  expect((await details(message)).waiting).toMatchObject({ reason: 'rate_limit', until: until.toISOString() });
  await scenario.advance(6_000);
  expect(await statusOf(message)).toBe('read');
});

test('a call that was released takes no place of its recipient’s budget', async () => {
  await patch({ limits: { recipient: { burst: 1, seconds: 86_400 } } });
  await scenario.api('POST', `${path()}/pause`);
  const message = await send();
  // By a process that stops before it calls.
  const token = await claimAsAnother(scenario, account.id);
  const record = `select record_outcomes($2, $1::uuid[], '{released}', '{null}', '{null}', '{null}', '{0}', '{0}')`;
  // Twice, as after a COMMIT that nobody heard of.
  for (let n = 0; n < 2; n++) await scenario.sql(record, [[token], new Date(scenario.clock.now())]);
  await scenario.advance(3_000);
  expect(await statusOf(message)).toBe('read');
  const next = await send({ to: message.to });
  await scenario.settle();
  expect(await reasonOf(next)).toBe('recipient_limit');
});

test('a released message takes the last place of the day, and the next message waits', async () => {
  await scenario.api('POST', `${path()}/pause`);
  const [first, next] = [await send(), await send()];
  await patch({ limits: { per_day: 1 } });
  const token = await claimAsAnother(scenario, account.id);
  const record = `select record_outcomes($2, $1::uuid[], '{released}', '{null}', '{null}', '{null}', '{0}', '{0}')`;
  await scenario.sql(record, [[token], new Date(scenario.clock.now())]);
  await scenario.advance(2_000);
  const leaving = await statuses([first, next]);
  expect(leaving.toSorted()).toEqual(['queued', 'read']);
  expect(await reasonOf(leaving[0] === 'queued' ? first : next)).toBe('daily_limit');
});

test('a message that expires before its first call takes no place of the day', async () => {
  await patch({ limits: { per_day: 1 } });
  await scenario.api('POST', `${path()}/pause`);
  const message = await send({ valid_for_seconds: 60 });
  const token = await claimAsAnother(scenario, account.id);
  const record = `select record_outcomes($2, $1::uuid[], '{expired}', '{null}', '{null}', '{null}', '{0}', '{0}')`;
  // Twice, as after a COMMIT that nobody heard of.
  for (let n = 0; n < 2; n++) await scenario.sql(record, [[token], new Date(scenario.clock.now())]);
  expect(await statusOf(message)).toBe('expired');
  const next = await send();
  await scenario.settle();
  expect(await statusOf(next)).toBe('read');
  await expect(send()).rejects.toThrow('daily_limit_reached');
});

test('a message that expires before a retry keeps the place of its first call', async () => {
  await patch({ limits: { per_day: 1 } });
  await scenario.api('POST', `${path()}/pause`);
  const message = await send({ valid_for_seconds: 60 });
  const record = `select record_outcomes($2, $1::uuid[], $3, '{null}', '{1}', '{null}', '{0}', '{0}')`;
  for (const outcome of ['{not_sent}', '{expired}']) {
    const token = await claimAsAnother(scenario, account.id);
    await scenario.sql(record, [[token], new Date(scenario.clock.now()), outcome]);
  }
  expect(await statusOf(message)).toBe('expired');
  await expect(send()).rejects.toThrow('daily_limit_reached');
});

test('of parallel failures, the most severe one decides the hold', async () => {
  const now = new Date(scenario.clock.now());
  const tokens = await twoCalls();
  await scenario.sql(
    `select record_outcomes($2, $1::uuid[], '{account_error,flagged}', '{null,null}', '{190,131048}', '{The token has expired.,Spam rate limit hit}', '{0,0}', '{0,0}')`,
    [tokens.map(({ token }) => token), now],
  );
  expect((await scenario.api('GET', path())).body).toMatchObject({
    status: 'needs_attention',
    status_reason: 'Spam rate limit hit',
  });
  expect((await scenario.api('GET', `${path()}/queue`)).body.hold).toEqual({ reason: 'flagged', until: null });
});

test('a change of the time zone moves the counts of today, in both directions', async () => {
  const counted = async () => {
    const [row] = await scenario.sql<{ sent: number; opened: number }>(
      `select l.sent, l.conversations_opened as opened from account a join lane l on l.account_id = a.id
         and l.day = ($2::timestamptz at time zone a.time_zone)::date where a.id = $1`,
      [toUuid(account.id), new Date(scenario.clock.now())],
    );
    return row;
  };
  await patch({ limits: { per_day: 3, on_limit: 'hold', new_conversations_per_day: 2 } });
  const opened = [await send(), await send()];
  await scenario.settle();
  expect(await counted()).toEqual({ sent: 2, opened: 2 });
  for (const zone of ['Pacific/Kiritimati', 'Pacific/Pago_Pago', 'Pacific/Kiritimati']) {
    expect((await patch({ time_zone: zone })).status).toBe(200);
    expect(await counted()).toEqual({ sent: 2, opened: 2 });
  }
  const other = await send();
  const again = await send({ to: opened[0]?.to });
  const full = await send({ to: opened[1]?.to });
  await scenario.settle();
  expect(await Promise.all([other, full].map(reasonOf))).toEqual(['daily_limit', 'daily_limit']);
  expect(await statusOf(again)).toBe('read');
});

test('the longest warm-up of the largest day has a limit on each of its days', async () => {
  const changed = await patch({
    limits: { per_day: 10_000_000, warm_up: { start: '2026-01-01', first_day: 1, days: 365 } },
  });
  expect(changed.status).toBe(200);
  const rows = await scenario.sql<{ least: number; most: number }>(
    `select min(day_limit(a, a.warm_up_start + n)) as least, max(day_limit(a, a.warm_up_start + n)) as most
     from account a, generate_series(0, 400) n where a.id = $1`,
    [toUuid(account.id)],
  );
  expect(rows).toEqual([{ least: 1, most: 10_000_000 }]);
});

test('a message that becomes due behind those of many contacts delays none of them', async () => {
  await patch({ limits: { rate: { messages: 20, seconds: 60 } } });
  await scenario.api('POST', `${path()}/pause`);
  const people = Array.from({ length: 420 }, number);
  const toEach = (more: object) => {
    const left = [...people];
    return sendMany(people.length, () => ({ to: left.shift(), ...more }));
  };
  // A message that was accepted behind another one has a later turn, also once that is gone.
  await toEach({ priority: 'low' });
  const first = await toEach({});
  await scenario.api('POST', '/api/v1/messages/cancel', { account_id: account.id, priority: 'low' });
  await toEach({ send_at: new Date(scenario.clock.now() + minute).toISOString() });
  await scenario.advance(2 * minute);
  await scenario.api('POST', `${path()}/resume`);
  await scenario.settle();
  expect(await statuses(first.slice(0, 2))).toEqual(['read', 'read']);
  const [left] = await scenario.sql<{ n: number }>(
    `select count(*)::int as n from message where account_id = $1 and status = 'read'`,
    [toUuid(account.id)],
  );
  expect(left?.n).toBe(20);
});
