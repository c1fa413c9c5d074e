// The counts behind the statistics are kept with every change, and are those of a recount and of what was deleted.
import { seriesSchema } from '@recado/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countMessages } from '../../server/features/statistics/statistics-store.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());

const columns = 'workspace_id, quarter, account_id, direction, type, status, code';

/** What is kept, folded or not, beside what a count of the messages themselves gives. */
async function bothCounts() {
  const kept = await scenario.sql(`
    select ${columns}, sum(messages)::int as messages, sum(accepted)::int as accepted
    from (select ${columns}, messages, accepted from message_count
      union all select ${columns}, messages, accepted from message_delta) x
    group by ${columns} having sum(messages) <> 0 or sum(accepted) <> 0 order by ${columns}`);
  const recounted = await scenario.sql(`
    select workspace_id, counted_quarter(created_at) as quarter, account_id, direction, type, status,
      coalesce(error_code, '') as code, count(*)::int as messages, count(sent_at)::int as accepted
    from message group by ${columns} order by ${columns}`);
  return { kept, recounted };
}

/** What is there at the moment, kept and as a recount gives it. */
async function expectPresentExact(): Promise<void> {
  const of = 'workspace_id, account_id, direction, type, status';
  const kept = await scenario.sql(`
    select ${of}, priority, sum(messages)::int as messages
    from (select ${of}, priority, messages from message_gauge union all select ${of}, priority, present from message_delta) x
    group by ${of}, priority having sum(messages) <> 0 order by ${of}, priority`);
  const recounted = await scenario.sql(`
    select ${of}, case when status in ('scheduled', 'queued', 'sending', 'unknown') then priority else 1 end as priority, count(*)::int as messages
    from message group by ${of}, 6 order by ${of}, 6`);
  expect(kept).toEqual(recounted);
  await expectListsExact();
}

async function expectListsExact(): Promise<void> {
  const kept = await scenario.sql(`
    select workspace_id, account_id, list, sum(entries)::int as entries
    from (select workspace_id, account_id, list, entries from list_count
      union all select workspace_id, account_id, list, entries from list_delta) x
    group by 1, 2, 3 having sum(entries) <> 0 order by 3, 1, 2`);
  const recounted = await scenario.sql(`
    select workspace_id, null as account_id, 'contacts' as list, count(*)::int as entries from contact where deleted_at is null group by 1
    union all
    select workspace_id, account_id, 'conversations', count(*)::int from conversation group by 1, 2
    union all
    select workspace_id, account_id, 'unread', count(*)::int from conversation where unread_count > 0 group by 1, 2 order by 3, 1, 2`);
  expect(kept).toEqual(recounted);
}

async function expectExact(messages: number): Promise<void> {
  const { kept, recounted } = await bothCounts();
  expect(kept).toEqual(recounted);
  await expectPresentExact();
  expect(recounted.reduce((sum, row) => sum + (row as { messages: number }).messages, 0)).toBe(messages);
}

const statistics = async (query = '') => (await scenario.api('GET', `/api/v1/messages/statistics${query}`)).body;

test('after mixed traffic over days the kept counts are those of a recount, folded or not', async () => {
  const day = 86_400_000;
  // The traffic is of two days, at whatever time of day the test runs.
  await scenario.advance(day + day / 2 - (scenario.clock.now() % day));
  await scenario.api('PATCH', `/api/v1/accounts/${scenario.account.id}`, { limits: { per_day: null } });
  // Delivered, rejected, lost, refused by the channel, answered by a person, cancelled, expired, in a batch.
  await scenario.send('+33612000501');
  await scenario.send('+12025550112');
  await scenario.send('+12025550116');
  await scenario.settle();
  await fetch(`${scenario.simulator.url}/phones/+33612000501/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'text', text: { body: 'Thank you!' } }),
  });
  await scenario.settle();
  await expectExact(4);

  await scenario.advance(day);
  await expectExact(4);
  expect(await scenario.sql('select 1 from message_delta')).toEqual([]);

  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`);
  const cancelled = await scenario.send('+33612000502');
  await scenario.api('POST', '/api/v1/messages/batch', {
    messages: ['+33612000503', '+33612000504'].map(to => ({
      ...{ account_id: scenario.account.id, to, type: 'text', text: { body: 'x' } },
      ...(to.endsWith('3') && { valid_for_seconds: 60 }),
    })),
  });
  await scenario.api('POST', `/api/v1/messages/${cancelled.id}/cancel`);
  await expectExact(7);
  await scenario.advance(120_000);
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/resume`);
  await scenario.settle();
  await expectExact(7);
  // The counts are history: what is deleted stays counted.
  const { kept } = await bothCounts();
  await scenario.sql('delete from event where message_id in (select id from message where status = $1)', ['expired']);
  await scenario.sql(`delete from message where status = 'expired'`);
  await scenario.advance(1_000);
  expect((await bothCounts()).kept).toEqual(kept);
  // The totals of lists are of what is there.
  await expectPresentExact();
  for (const [query, total] of [
    ['', 6],
    [`?account_id=${scenario.account.id}&direction=outbound`, 5],
    ['?status=expired', 0],
    ['?status=cancelled', 1],
    ['?type=text&direction=inbound', 1],
  ] as const)
    expect((await scenario.api('GET', `/api/v1/messages${query}`)).body.page.total).toBe(total);

  const all = await statistics();
  expect(all).toMatchObject({
    received: 1,
    by_account: [{ account_id: scenario.account.id, outbound: 6, inbound: 1 }],
  });
  expect(all.by_day).toHaveLength(2);
  expect(all.by_day[0]).toMatchObject({ outbound: 3, inbound: 1 });
  // One conversation or one person, counted from the messages that are there.
  const [{ id: conversation_id, contact }] = (await scenario.api('GET', '/api/v1/conversations?search=33612000501'))
    .body.data;
  for (const of of [`conversation_id=${conversation_id}`, `contact_id=${contact.id}`]) {
    const ofOne = await statistics(`?${of}`);
    expect(ofOne).toMatchObject({ received: 1, by_type: { text: { inbound: 1 } } });
    const { total } = (await scenario.api('GET', `/api/v1/messages?direction=outbound&${of}`)).body.page;
    expect(Object.values<number>(ofOne.by_status).reduce((sum, n) => sum + n, 0)).toBe(total);
  }
  // Quarters of an hour that a stretch cuts are counted from the messages that are left, to the moment.
  const [first] = await scenario.sql<{ at: Date }>('select created_at as at from message order by seq limit 1');
  const at = first?.at.getTime() ?? 0;
  const between = (from: number, until: number) =>
    statistics(`?from=${new Date(from).toISOString()}&until=${new Date(until).toISOString()}`);
  expect((await between(at, scenario.clock.now() + 1)).by_account).toMatchObject([{ outbound: 5, inbound: 1 }]);
  expect((await between(at + 1, scenario.clock.now() + 1)).by_account[0].outbound).toBeLessThan(5);
  expect((await between(at, at + 1)).by_account[0].outbound).toBeGreaterThan(0);
  expect((await between(at - 3 * day, at)).by_account).toEqual([]);
});

test.each([
  ['2026-11-01T00:00:00.000Z', '2026-10-02T00:00:00.000Z'],
  ['2026-11-01T00:00:00.001Z', '2026-10-03T00:00:00.000Z'],
  ['2026-10-31T23:59:59.999Z', '2026-10-02T00:00:00.000Z'],
])('until %s alone means the thirty days before', async (until, from) => {
  expect(await statistics(`?until=${until}`)).toMatchObject({ from, until });
});

test('a range that ends before it begins is rejected', async () => {
  for (const until of ['2026-11-01T00:00:00Z', '2026-10-31T00:00:00Z']) {
    const answer = await scenario.api('GET', `/api/v1/messages/statistics?from=2026-11-01T00:00:00Z&until=${until}`);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'until' }] });
  }
  const ahead = await scenario.api('GET', '/api/v1/messages/statistics?from=2099-01-01T00:00:00Z');
  expect(ahead.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'from' }] });
});

test('what the statistics read of years and many accounts is a row a group', async () => {
  const [days, accounts] = [400, 30];
  await scenario.sql(
    `insert into message_count (workspace_id, quarter, account_id, direction, type, status, code, messages, accepted)
     select a.workspace_id, date '2019-01-01' + d, md5('account ' || n)::uuid, o.direction, y.type, o.status, '', 2, 1
     from account a, generate_series(0, $1::int - 1) d, generate_series(1, $2::int) n,
       (values ('text'), ('image')) y(type), (values ('outbound', 'read'), ('outbound', 'failed'), ('inbound', 'received')) o(direction, status)
     where a.id = $3`,
    [days, accounts, toUuid(scenario.account.id)],
  );
  const [from, until] = [new Date('2019-01-01T00:00:00Z'), new Date('2021-01-01T00:00:00Z')];
  const [mine] = await scenario.sql<{ workspace_id: string }>('select workspace_id from account limit 1');
  const read = await countMessages(scenario.engineDb, mine?.workspace_id ?? '', { from, until });
  expect(read).toHaveLength(3 + 2 * (2 + days + accounts));
  const shown = await statistics(`?from=${from.toISOString()}&until=${until.toISOString()}`);
  const each = days * accounts * 2;
  expect(shown).toMatchObject({
    sent: each * 2,
    received: each * 2,
    by_status: { failed: each * 2, read: each * 2 },
    by_type: { image: { outbound: each * 2, inbound: each }, text: { outbound: each * 2, inbound: each } },
    delivery_rate: 1,
    failure_rate: 0.5,
  });
  expect(shown.by_day).toHaveLength(days);
  expect(shown.by_day[0]).toEqual({
    day: '2019-01-01',
    outbound: 8 * accounts,
    inbound: 4 * accounts,
    failed: 4 * accounts,
  });
  expect(shown.by_account).toHaveLength(accounts);
  await scenario.sql(`delete from message_count where quarter < '2021-01-01'`);
});

test('the totals of contacts and conversations count existing rows, folded or not', async () => {
  const { body: second } = await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' });
  const paths = [
    'contacts',
    'conversations',
    `conversations?account_id=${scenario.account.id}`,
    `conversations?account_id=${second.id}`,
    'conversations?unread=true',
    `conversations?unread=true&account_id=${second.id}`,
  ];
  /** What the lists say of their length, which is that of the list. */
  const totals = async () => {
    const pages = await Promise.all(paths.map(async path => (await scenario.api('GET', `/api/v1/${path}`)).body));
    for (const { data, page } of pages) expect(data).toHaveLength(page.total);
    await expectListsExact();
    return pages.map(({ page }) => page.total);
  };
  const before = await totals();
  /** And folded the same, with nothing left to fold. */
  const expectMore = async (...more: number[]) => {
    const expected = before.map((total, n) => total + (more[n] ?? 0));
    expect(await totals()).toEqual(expected);
    await scenario.advance(60_000);
    expect(await scenario.sql('select 1 from list_delta')).toEqual([]);
    expect(await totals()).toEqual(expected);
  };
  const { body: alone } = await scenario.api('POST', '/api/v1/contacts', { phone: '+33612000601' });
  const written = await scenario.send('+33612000602');
  const { body: other } = await scenario.api('POST', '/api/v1/messages', {
    ...{ account_id: second.id, to: '+33612000603', type: 'text', text: { body: 'hello' } },
  });
  await scenario.settle();
  await expectMore(3, 2, 1, 1, 0, 0);
  const { contact_id: person, conversation_id: conversation } = await scenario.message(other.id);
  for (let n = 0; n < 2; n++)
    await fetch(`${scenario.simulator.url}/phones/+33612000603/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'text', text: { body: 'Are you there?' } }),
    });
  await scenario.settle();
  await expectMore(3, 2, 1, 1, 1, 1);
  const { body: come } = await scenario.api('GET', `/api/v1/conversations/${conversation}/messages`);
  expect((await scenario.api('PUT', `/api/v1/messages/${come.data[0].id}/read`)).status).toBe(200);
  await expectMore(3, 2, 1, 1, 0, 0);
  // Of a deleted one the messages stay, of an erased one nothing does; and nobody is taken off twice.
  const deleted = (await scenario.message(written.id)).contact_id;
  expect((await scenario.api('DELETE', `/api/v1/contacts/${deleted}`)).status).toBe(204);
  await expectMore(2, 2, 1, 1, 0, 0);
  for (const id of [deleted, person])
    expect((await scenario.api('POST', `/api/v1/contacts/${id}/erase`)).status).toBe(200);
  await expectMore(1, 0, 0, 0, 0, 0);
  // Somebody may do by hand a thing that no program does.
  const row = [toUuid(alone.id)];
  await scenario.sql('update contact set deleted_at = now() where id = $1', row);
  await scenario.sql('update contact set deleted_at = null where id = $1', row);
  await expectMore(1, 0, 0, 0, 0, 0);
  await scenario.sql('delete from contact_address where contact_id = $1', row);
  await scenario.sql('delete from contact where id = $1', row);
  await expectMore(0, 0, 0, 0, 0, 0);
});

test('a caller limited to some accounts gets the totals of these', async () => {
  const { body: third } = await scenario.api('POST', '/api/v1/accounts', { name: 'Third', channel: 'sandbox' });
  const scopes = ['contacts.read'];
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'x', scopes, account_ids: [third.id] });
  for (const account_id of [third.id, scenario.account.id])
    await scenario.api('POST', '/api/v1/messages', {
      ...{ account_id, to: '+33612000611', type: 'text', text: { body: 'hello' } },
    });
  const { body: own } = await scenario.as(key.key)('GET', '/api/v1/conversations');
  expect(own).toMatchObject({ data: [{ account_id: third.id }], page: { total: 1 } });
});

test.each([
  ['two', 0],
  ['very many', 30],
])('a caller limited to %s accounts gets one list of them, with pages', async (_, more) => {
  const accounts: string[] = [];
  for (let n = 0; n < 2 + more; n++)
    accounts.push((await scenario.api('POST', '/api/v1/accounts', { name: 'One', channel: 'sandbox' })).body.id);
  for (const n of [0, 1, 0, 1, 2])
    await scenario.api('POST', '/api/v1/messages', {
      ...{
        account_id: accounts[n] ?? scenario.account.id,
        to: `+3361200062${n}`,
        type: 'text',
        text: { body: 'hello' },
      },
    });
  await scenario.settle();
  const scopes = ['messages.read', 'contacts.read'];
  const { body: key } = await scenario.api('POST', '/api/v1/keys', { name: 'x', scopes, account_ids: accounts });
  const mine = (await scenario.api('GET', '/api/v1/messages?limit=5')).body.data
    .filter((message: { account_id: string }) => accounts.includes(message.account_id))
    .map((message: { id: string }) => message.id);
  expect(mine).toHaveLength(more === 0 ? 4 : 5);
  for (const query of ['', 'status=read,failed&', 'type=text&', 'direction=outbound&', 'from=2020-01-01T00:00:00Z&']) {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const path: string = `/api/v1/messages?${query}limit=3${cursor ? `&cursor=${cursor}` : ''}`;
      const { body } = await scenario.as(key.key)('GET', path);
      expect([query, body.page?.total]).toEqual([query, mine.length]);
      seen.push(...body.data.map((message: { id: string }) => message.id));
      cursor = body.page.next_cursor;
    } while (cursor);
    expect([query, ...seen]).toEqual([query, ...mine]);
    const second = await scenario.as(key.key)('GET', `/api/v1/messages?${query}limit=1&offset=2`);
    expect(second.body.data[0].id).toBe(mine[2]);
  }
  const { body: conversations } = await scenario.as(key.key)('GET', '/api/v1/conversations');
  expect(conversations.data).toHaveLength(more === 0 ? 2 : 3);
});

test('a series has every hour and day of a time zone, and failures by their error', async () => {
  const account = (
    await scenario.api('POST', '/api/v1/accounts', { name: 'Kolkata', channel: 'sandbox', time_zone: 'Asia/Kolkata' })
  ).body;
  const send = (to: string) =>
    scenario.api('POST', '/api/v1/messages', { account_id: account.id, to, type: 'text', text: { body: 'x' } });
  await send('+33612000601');
  // Accepted, and then failed by a receipt.
  const { id } = (await send('+12025550112')).body;
  await scenario.settle();
  await scenario.advance(2 * 3_600_000);
  await send('+33612000601');
  await scenario.settle();
  const series = async (query: string) =>
    (await scenario.api('GET', `/api/v1/messages/statistics/series?account_id=${account.id}&${query}`)).body;
  const hours = seriesSchema.parse(await series('interval=hour'));
  expect(hours).toMatchObject({ interval: 'hour', time_zone: 'Asia/Kolkata' });
  // Hours of Kolkata begin at half past.
  for (const { at } of hours.buckets) expect(at).toMatch(/:30:00.000Z$/);
  expect([24, 25]).toContain(hours.buckets.length);
  const filled = hours.buckets.filter(({ outbound }) => outbound > 0);
  expect(filled).toMatchObject([
    { outbound: 2, sent: 2, delivered: 1, read: 1, failed: 1 },
    { outbound: 1, sent: 1, delivered: 1, read: 1, failed: 0 },
  ]);
  expect(Date.parse(filled[1]?.at ?? '') - Date.parse(filled[0]?.at ?? '')).toBe(2 * 3_600_000);
  const { code, title } = (await scenario.message(id)).error;
  expect(hours.by_error).toEqual([{ code, title, failed: 1 }]);
  // The day on which Lisbon turns its clocks back has 25 hours.
  const range = 'from=2026-10-24T00:00:00Z&until=2026-10-27T00:00:00Z&time_zone=Europe/Lisbon';
  expect((await series(range)).buckets.map(({ at }: { at: string }) => at)).toEqual([
    '2026-10-23T23:00:00.000Z',
    '2026-10-24T23:00:00.000Z',
    '2026-10-26T00:00:00.000Z',
  ]);
  // Lord Howe moves by half an hour: an hour of 30 minutes begins with the change.
  const island = await series(
    'interval=hour&from=2026-10-03T12:00:00Z&until=2026-10-03T18:00:00Z&time_zone=Australia/Lord_Howe',
  );
  expect(island.buckets.map(({ at }: { at: string }) => at.slice(11, 16))).toEqual([
    '11:30',
    '12:30',
    '13:30',
    '14:30',
    '15:30',
    '16:00',
    '17:00',
  ]);
  for (const wrong of ['interval=hour&from=2020-01-01T00:00:00Z', 'time_zone=Mars/Base', 'interval=week'])
    expect([wrong, (await scenario.api('GET', `/api/v1/messages/statistics/series?${wrong}`)).status]).toEqual([
      wrong,
      400,
    ]);
});
