// The tables campaign_count and campaign_delta: how many recipients and messages are in each state.
import type { CampaignCounts } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface CountRow {
  campaign_id: string;
  of: 'recipient' | 'message' | 'reply' | 'opted_out';
  value: string;
  code: string;
  n: number;
}

/** The counts of some campaigns, folded ones and others, exact at the moment of the statement. */
export const countsOf = (db: Queryable, campaignIds: string[]): Promise<CountRow[]> =>
  db.query<CountRow>(sql`select campaign_id, of, value, code, sum(n) as n from (
      select campaign_id, of, value, code, n from campaign_count where campaign_id = any (${campaignIds}::uuid[])
      union all
      select campaign_id, of, value, code, n from campaign_delta where campaign_id = any (${campaignIds}::uuid[])) x
    group by 1, 2, 3, 4 having sum(n) <> 0`);

/** Folds what has changed, a bounded piece at a time. Returns whether there may be more. */
export async function foldCounts(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ n: number }>(sql`
    with gone as (
      delete from campaign_delta where id = any (array(
        select id from campaign_delta order by id limit 20000 for update skip locked))
      returning campaign_id, of, value, code, n),
    folded as (
      insert into campaign_count as c (campaign_id, of, value, code, n)
      select g.campaign_id, g.of, g.value, g.code, sum(g.n) from gone g join campaign k on k.id = g.campaign_id
      group by 1, 2, 3, 4 having sum(g.n) <> 0 order by 1, 2, 3, 4
      on conflict (campaign_id, of, value, code) do update set n = c.n + excluded.n)
    select count(*) as n from gone`);
  return (row?.n ?? 0) === 20_000;
}

const waiting = new Set(['scheduled', 'queued']);
const taken = new Set(['sent', 'delivered', 'read', 'played']);
const arrived = new Set(['delivered', 'read', 'played']);
const seen = new Set(['read', 'played']);

/** The figures of a campaign out of its counts. */
export function figuresOf(rows: readonly CountRow[]): CampaignCounts {
  const sum = (keep: (row: CountRow) => boolean) => rows.filter(keep).reduce((total, { n }) => total + n, 0);
  const messages = (statuses: ReadonlySet<string>) => sum(({ of, value }) => of === 'message' && statuses.has(value));
  const recipients = (state: string) => sum(({ of, value }) => of === 'recipient' && value === state);
  return {
    people: ['pending', 'accepted', 'rejected', 'cancelled'].reduce((total, state) => total + recipients(state), 0),
    left_out: recipients('left_out'),
    waiting: recipients('pending') + messages(waiting),
    sending: messages(new Set(['sending'])),
    unknown: messages(new Set(['unknown'])),
    sent: messages(taken),
    delivered: messages(arrived),
    read: messages(seen),
    failed: recipients('rejected') + messages(new Set(['failed'])),
    cancelled: recipients('cancelled') + messages(new Set(['cancelled', 'expired'])),
    replied: sum(({ of }) => of === 'reply'),
    opted_out: sum(({ of }) => of === 'opted_out'),
  };
}
