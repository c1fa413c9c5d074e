// The result of a campaign, read from its recipients and messages.
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';

export interface VariantRow {
  /** Null for the control group. */
  variant: number | null;
  people: number;
  delivered: number;
  read: number;
  replied: number;
  opted_out: number;
}

/** The people of each variant; of the control group, replied are those who wrote in the time for replies. */
export const variantsOf = (db: Queryable, campaignId: string, replyHours: number): Promise<VariantRow[]> =>
  db.query<VariantRow>(sql`
    select r.variant, count(*)::int as people,
      count(*) filter (where m.status in ('delivered', 'read', 'played'))::int as delivered,
      count(*) filter (where m.status in ('read', 'played'))::int as read,
      count(*) filter (where r.replied_at is not null)::int as replied,
      count(*) filter (where r.opted_out_at is not null)::int as opted_out
    from campaign_recipient r left join message m on m.id = r.message_id
    where r.campaign_id = ${campaignId} and r.state in ('accepted', 'pending', 'rejected', 'cancelled') group by 1
    union all
    select null, count(*)::int, 0, 0, count(*) filter (where exists (select 1 from message m
      where m.contact_id = r.contact_id and m.direction = 'inbound' and m.created_at >= k.started_at
        and m.created_at < k.started_at + ${replyHours} * interval '1 hour'))::int, 0
    from campaign_recipient r join campaign k on k.id = r.campaign_id
    where r.campaign_id = ${campaignId} and r.state = 'left_out' and r.reason = 'control_group'
    having count(*) > 0
    order by 1 nulls last`);

/** Half of the replies came within this many minutes of their message; null without any. */
export async function medianReply(db: Queryable, campaignId: string): Promise<number | null> {
  const [row] = await db.query<{ minutes: number | null }>(sql`
    select percentile_cont(0.5) within group (order by extract(epoch from replied_at - accepted_at) / 60) as minutes
    from campaign_recipient where campaign_id = ${campaignId} and replied_at is not null`);
  return row?.minutes ?? null;
}

/** The messages of the last 120 minutes that have any, by the minute in which WhatsApp took them. */
export const minutesOf = (db: Queryable, campaignId: string): Promise<{ at: Date; sent: number }[]> =>
  db.query<{ at: Date; sent: number }>(sql`select * from (
      select date_trunc('minute', m.sent_at) as at, count(*)::int as sent from message m
      where m.campaign_id = ${campaignId} and m.sent_at is not null group by 1 order by 1 desc limit 120) x order by at`);

export interface WaveRow {
  wave: number;
  people: number;
  begun: number;
  receipts: number;
  first_at: Date | null;
  last_at: Date | null;
}

export const wavesOf = (db: Queryable, campaignId: string): Promise<WaveRow[]> =>
  db.query<WaveRow>(sql`
    select r.wave, count(*)::int as people, count(r.message_id)::int as begun,
      count(*) filter (where m.status in ('delivered', 'read', 'played', 'failed', 'cancelled', 'expired'))::int as receipts,
      min(r.accepted_at) as first_at, max(r.accepted_at) as last_at
    from campaign_recipient r left join message m on m.id = r.message_id
    where r.campaign_id = ${campaignId} and r.state <> 'left_out' group by 1 order by 1`);

/** An amount by the share that was delivered of the campaigns of the last 90 days; as it is where there are too few. */
export async function deliveredShareOf(
  db: Queryable,
  workspaceId: string,
  amount: string,
  now: Date | null,
): Promise<string> {
  const [row] = await db.query<{ amount: string }>(sql`
    select trim_scale(round(${amount}::numeric * case when x.ended < 50 then 1 else x.delivered / x.ended end, 6))::text as amount
    from (select coalesce(sum(c.n) filter (where c.value in ('delivered', 'read', 'played')), 0)::numeric as delivered,
        coalesce(sum(c.n) filter (where c.value in ('sent', 'failed', 'delivered', 'read', 'played')), 0)::numeric as ended
      from campaign k join campaign_count c on c.campaign_id = k.id and c.of = 'message'
      where k.workspace_id = ${workspaceId} and k.started_at > clock(${now}) - interval '90 days') x`);
  return row?.amount ?? amount;
}
