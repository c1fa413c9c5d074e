// What operators decide of messages whose outcome is unknown.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { lockLaneOf, lockLaneWithLimits, matching, type Skipped, type WaitingFilter } from '../queue/index.ts';

export type Resolution = 'sent' | 'failed' | 'retry';

export type ResolveOutcome = 'resolved' | 'not_unknown' | 'account_deleted' | 'contact_deleted' | 'opted_out';

/**
 * What an operator knows of a message whose outcome is unknown, or that has failed for that. `by`: an API id, for the
 * timeline.
 */
export async function resolveUnknown(
  tx: Queryable,
  workspaceId: string,
  id: string,
  resolution: Resolution,
  by: string,
  now: Date | null,
): Promise<ResolveOutcome> {
  const lane = await lockLaneOf(tx, workspaceId, id, now);
  if (!lane) return 'not_unknown';
  const [message] = await tx.query<{ gone: boolean; unwanted: boolean; barred: boolean }>(sql`
    select a.deleted_at is not null as gone, c.deleted_at is not null as unwanted,
      is_opted_out(m.contact_id, m.category) as barred
    from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
    where m.id = ${id} and m.workspace_id = ${workspaceId}
      and (m.status = 'unknown' or (m.status = 'failed' and m.error_code = 'unknown_outcome')) for update of m`);
  if (!message) return 'not_unknown';
  if (resolution === 'retry' && message.gone) return 'account_deleted';
  if (resolution === 'retry' && message.unwanted) return 'contact_deleted';
  if (resolution === 'retry' && message.barred) return 'opted_out';
  await decide(tx, [id], resolution, by, lane.now);
  return 'resolved';
}

/** Writes what an operator has decided of messages of a locked lane. */
async function decide(tx: Queryable, ids: string[], resolution: Resolution, by: string, now: Date): Promise<void> {
  await tx.query(sql`
    with decided as (
      update message set event_count = event_count + 1 where id = any (${ids}::uuid[])
      returning id, workspace_id, account_id, event_count)
    insert into event (workspace_id, type, account_id, message_id, number, data, at)
    select workspace_id, 'message.resolved', account_id, id, event_count,
      jsonb_build_object('resolution', ${resolution}::text, 'by', ${by}::text), ${now} from decided`);
  if (resolution === 'retry') await tx.query(sql`select requeue_messages(${now}, ${ids}::uuid[], null)`);
  else if (resolution === 'failed')
    await tx.query(sql`select fail_unknown(${now}, ${ids}::uuid[], 'Decided by an operator.', '{}')`);
  else await tx.query(sql`select decide_sent(${now}, id) from unnest(${ids}::uuid[]) id`);
}

/** What is unknown; where it is named by id, also what has failed for that. */
const isUnknown = ({ ids }: WaitingFilter): Fragment =>
  ids === undefined
    ? sql`m.listed_status = 'unknown'`
    : sql`(m.listed_status = 'unknown' or m.listed_status = 'failed' and m.error_code = 'unknown_outcome')`;

/** The accounts that have messages with an unknown outcome which a filter means. */
export async function unknownAccounts(db: Queryable, workspaceId: string, filter: WaitingFilter): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select a.id from account a
    where a.workspace_id = ${workspaceId} and ${filter.accountId === undefined ? sql`true` : sql`a.id = ${filter.accountId}`}
      and exists (select 1 from message m where m.workspace_id = ${workspaceId} and m.account_id = a.id
        and m.direction = 'outbound' and ${isUnknown(filter)} and ${matching(filter)}) order by a.id`);
  return rows.map(row => row.id);
}

/** What a resolution by filter has resolved, how many more fit, and what cannot be sent again. */
export interface Resolved {
  messages: number;
  left: number;
  skipped: Skipped[];
}

/** Resolves messages of an account that fit the filter, the oldest first, at most `max`. `by`: an API id, for the timeline. */
export async function resolveAll(
  tx: Queryable,
  workspaceId: string,
  filter: WaitingFilter & { accountId: string },
  { resolution, by }: { resolution: Resolution; by: string },
  now: Date | null,
  max: number,
): Promise<Resolved> {
  const lane = await lockLaneWithLimits(tx, filter.accountId, now);
  if (!lane) return { messages: 0, left: 0, skipped: [] };
  const obstacle =
    resolution === 'retry'
      ? sql`case when a.deleted_at is not null then 'account_deleted' when c.deleted_at is not null then 'contact_deleted'
          when is_opted_out(m.contact_id, m.category) then 'opted_out' end`
      : sql`null::text`;
  const [found] = await tx.query<{ ids: string[]; fits: number; skipped: Skipped[] }>(sql`
    with seen as materialized (
      select m.id, m.seq, ${obstacle} as obstacle
      from message m join account a on a.id = m.account_id join contact c on c.id = m.contact_id
      where m.workspace_id = ${workspaceId} and m.account_id = ${filter.accountId} and m.direction = 'outbound'
        and ${isUnknown(filter)} and ${matching(filter)})
    select array(select id from seen where obstacle is null order by seq limit ${max}) as ids,
      (select count(*) from seen where obstacle is null)::int as fits,
      (select coalesce(jsonb_agg(x), '[]') from (select obstacle as code, count(*)::int as count from seen
        where obstacle is not null group by 1 order by 2 desc, 1) x) as skipped`);
  const { ids = [], fits = 0, skipped = [] } = found ?? {};
  const locked = await tx.query<{ id: string }>(
    sql`select m.id from message m where m.id = any (${ids}::uuid[]) and ${isUnknown(filter)} order by m.id for update`,
  );
  if (locked.length > 0)
    await decide(
      tx,
      locked.map(({ id }) => id),
      resolution,
      by,
      lane.now,
    );
  return { messages: locked.length, left: fits - ids.length, skipped };
}
