// The lists of recipients by state say what a recount says, whether few or many have a state.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recipientStates } from '../../contract/index.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let campaign: string;

beforeAll(async () => {
  scenario = await startScenario({});
  await scenario.api('POST', `/api/v1/accounts/${scenario.account.id}/pause`, {});
  // No background task may change the messages while we compare.
  await scenario.recado.sweeper?.stop();
  campaign = (await scenario.api('POST', '/api/v1/campaigns', { name: 'Signed copies' })).body.id;
  await scenario.send('+351910000001');
});
afterAll(() => scenario.close());

const statuses = [
  ...['scheduled', 'queued', 'sending', 'unknown', 'sent', 'delivered', 'read', 'played'],
  ...['failed', 'cancelled', 'expired'],
];

/** Adds recipients behind those that are there, each with a message; the statuses take turns. */
const addAccepted = (count: number, ofStatuses: readonly string[]) =>
  scenario.sql(
    `with made as materialized (
        select n, uuidv7() as id, ($3::text[])[1 + n % cardinality($3::text[])] as status, c.workspace_id, c.account_id,
          c.id as conversation_id, c.contact_id
        from generate_series(1, $2::int) n, conversation c),
      written as (
        insert into message (id, workspace_id, account_id, conversation_id, contact_id, direction, address, type, content,
          status, campaign_id, event_count, created_at, error_code)
        select id, workspace_id, account_id, conversation_id, contact_id, 'outbound', '351910000001', 'text',
          '{"body":"Hello"}', status, $1, 1, now(), case when status = 'failed' then 'not_on_whatsapp' end
        from made returning id, seq),
      open as (
        insert into open_message (id, seq, workspace_id, account_id, conversation_id, priority, state, head, ready_at, campaign_id)
        select id, seq, workspace_id, account_id, conversation_id, 2, 'queued', false, now() + interval '1 day', $1
        from made join written using (id) where status in ('queued', 'sending'))
    insert into campaign_recipient (campaign_id, contact_id, number, account_id, due_at, state, message_id, accepted_at)
      select $1, gen_random_uuid(), (select count(*) from campaign_recipient) + n, account_id, now(), 'accepted', id, now()
      from made`,
    [toUuid(campaign), count, ofStatuses],
  );

/** Adds recipients without a message. */
const addOthers = (count: number, state: string, reason: string | null = null) =>
  scenario.sql(
    `insert into campaign_recipient (campaign_id, contact_id, number, due_at, state, reason)
      select $1, gen_random_uuid(), (select count(*) from campaign_recipient) + n, now(), $3, $4
      from generate_series(1, $2::int) n`,
    [toUuid(campaign), count, state, reason],
  );

/** The first numbers of the list that a recount has in some states, and how many there are. */
async function recount(states: readonly string[], reason: string | null) {
  const rows = await scenario.sql<{ contact_id: string; total: number | null }>(
    `select r.contact_id, case when count(*) over () <= 10000 then count(*) over ()::int end as total
      from campaign_recipient r left join message m on m.id = r.message_id
      where case r.state when 'left_out' then 'left_out' when 'rejected' then 'failed' when 'cancelled' then 'cancelled'
          when 'pending' then 'waiting' else case coalesce(m.status, 'deleted') when 'scheduled' then 'waiting'
          when 'queued' then 'waiting' when 'played' then 'read' else coalesce(m.status, 'deleted') end end = any ($1)
        and ($2::text is null or coalesce(r.reason, m.error_code) = $2)
      order by r.number limit 40`,
    [states, reason],
  );
  return { people: rows.map(({ contact_id }) => contact_id), total: rows[0] ? rows[0].total : 0 };
}

async function listed(states: readonly string[], reason: string | null) {
  const query = `state=${states.join(',')}${reason ? `&reason=${reason}` : ''}&limit=20`;
  const people: string[] = [];
  let after = '';
  let total: number | null | undefined;
  for (let page = 0; page < 2; page++) {
    const { status, body } = await scenario.api('GET', `/api/v1/campaigns/${campaign}/recipients?${query}${after}`);
    expect([status, body]).toEqual([200, body]);
    people.push(...body.data.map(({ contact_id }: { contact_id: string }) => toUuid(contact_id)));
    if (page === 0) total = body.page.total;
    if (!body.page.next_cursor) break;
    after = `&cursor=${body.page.next_cursor}`;
  }
  return { people, total };
}

async function demandRecount(): Promise<void> {
  const some: string[][] = [
    ...recipientStates.map(state => [state]),
    ['failed', 'cancelled', 'deleted'],
    ['waiting', 'sent', 'left_out'],
    [...recipientStates],
  ];
  for (const states of some)
    for (const reason of [null, 'not_on_whatsapp', 'opted_out'])
      expect([states, reason, await listed(states, reason)]).toEqual([states, reason, await recount(states, reason)]);
}

test('of a campaign that few got', async () => {
  await addOthers(3, 'left_out', 'opted_out');
  await addAccepted(66, statuses);
  await addOthers(4, 'rejected', 'not_on_whatsapp');
  await addOthers(5, 'cancelled');
  await addOthers(45, 'pending');
  await demandRecount();
});

test('of one with deleted messages', async () => {
  await scenario.sql(
    `delete from message where id in (select message_id from campaign_recipient where state = 'accepted' and number % 7 = 0)
      and status not in ('queued', 'sending')`,
  );
  await demandRecount();
});

test('of one that more got than are sorted', async () => {
  await addAccepted(20_300, ['sent', 'failed']);
  await addOthers(10_100, 'pending');
  await addAccepted(22, statuses);
  await demandRecount();
});
