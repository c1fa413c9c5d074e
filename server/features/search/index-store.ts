// The tables search_setting, message_text, note_text and search_stale: which messages and notes are indexed.
import { contentTypes } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, join, sql } from '../../kit/db/sql.ts';

/** Of each type of content the words that say most about it. */
const gists = Object.entries(contentTypes)
  .filter(([, { gist }]) => gist.length > 0)
  .map(([type, { gist }]) => {
    const found = gist.map(path => sql`m.content #>> ${path.split('.')}::text[]`);
    return sql`when ${type} then concat_ws(' ', ${join(found)})`;
  })
  .reduce((all, next) => sql`${all} ${next}`);

/** The text of a message `m`. */
export const textOfMessage: Fragment = sql`(case m.type ${gists} end)`;

const atOnce = 5_000;

export interface Setting {
  enabled_at: Date;
  ready_at: Date | null;
}

/** How a workspace keeps texts; undefined where it keeps none. */
export async function findSetting(db: Queryable, workspaceId: string): Promise<Setting | undefined> {
  const [row] = await db.query<Setting>(sql`
    select enabled_at, ready_at from search_setting where workspace_id = ${workspaceId} and enabled_at is not null`);
  return row;
}

/** Returns whether it was off. */
export async function turnOn(tx: Queryable, workspaceId: string, now: Date): Promise<boolean> {
  const rows =
    await tx.query(sql`insert into search_setting as s (workspace_id, enabled_at) values (${workspaceId}, ${now})
    on conflict (workspace_id) do update set enabled_at = ${now}, done_seq = 0, ready_at = null
    where s.enabled_at is null returning workspace_id`);
  return rows.length > 0;
}

/** The sweep removes what is indexed. Returns whether it was on. */
export async function turnOff(tx: Queryable, workspaceId: string): Promise<boolean> {
  const rows = await tx.query(sql`update search_setting set enabled_at = null
    where workspace_id = ${workspaceId} and enabled_at is not null returning workspace_id`);
  return rows.length > 0;
}

/** Up to which text all are committed once no transaction of before `xid` is open. */
export interface Edge {
  seq: number;
  xid: bigint;
}

export async function readEdge(db: Queryable): Promise<Edge> {
  // One after the other: who has taken a number before is in the snapshot.
  const [taken] = await db.query<{ seq: number }>(sql`select last_value as seq from message_seq`);
  const [next] = await db.query<{ xid: string }>(sql`select pg_snapshot_xmax(pg_current_snapshot())::text as xid`);
  return { seq: taken?.seq ?? 0, xid: BigInt(next?.xid ?? 0) };
}

export async function oldestOpen(db: Queryable): Promise<bigint> {
  const [row] = await db.query<{ xid: string }>(sql`select pg_snapshot_xmin(pg_current_snapshot())::text as xid`);
  return BigInt(row?.xid ?? 0);
}

export const settings = (db: Queryable): Promise<{ workspace_id: string; is_on: boolean; done_seq: number }[]> =>
  db.query(
    sql`select workspace_id, enabled_at is not null as is_on, done_seq from search_setting order by workspace_id`,
  );

/**
 * Indexes the next texts of a workspace, and returns up to which one. None after `safe` counts as done, as one
 * before it may still be on its way.
 */
export async function indexNext(
  db: Queryable,
  workspaceId: string,
  { after, safe }: { after: number; safe: number },
  now: Date | null,
): Promise<{ last: number; isWhole: boolean }> {
  const [row] = await db.query<{ last: number | null; n: number }>(sql`
    with next as materialized (
      select * from (
        (select m.id, m.seq, false as is_note, case when m.type <> 'reaction' then ${textOfMessage} end as text
          from message m where m.workspace_id = ${workspaceId} and m.seq > ${after} order by m.seq limit ${atOnce})
        union all
        (select n.id, n.seq, true, n.body from note n
          where n.workspace_id = ${workspaceId} and n.seq > ${after} order by n.seq limit ${atOnce})) x
      order by seq limit ${atOnce}),
    messages as (
      insert into message_text (message_id, words) select id, text_words(text, ${workspaceId}) from next
      where not is_note and text <> '' on conflict do nothing),
    notes as (
      insert into note_text (note_id, words) select id, text_words(text, ${workspaceId}) from next
      where is_note and text <> '' on conflict do nothing)
    select max(seq) as last, count(*) as n from next`);
  const last = row?.last ?? after;
  const isWhole = row?.n === atOnce;
  const done = isWhole ? Math.min(last, safe) : safe;
  await db.query(sql`update search_setting set done_seq = greatest(done_seq, ${done}),
      ready_at = case when ${!isWhole} then coalesce(ready_at, clock(${now})) else ready_at end
    where workspace_id = ${workspaceId} and (done_seq < ${done} or ready_at is null)`);
  return { last, isWhole };
}

/** Indexes some changed texts again. Returns how many. */
export async function indexChanged(db: Queryable): Promise<number> {
  const rows = await db.query(sql`
    with stale as (delete from search_stale where message_id = any (array(
      select message_id from search_stale limit ${atOnce} for update skip locked)) returning message_id)
    update message_text x set words = text_words(${textOfMessage}, m.workspace_id) from message m
    where m.id = x.message_id and m.id in (select message_id from stale) and ${textOfMessage} is not null
    returning x.message_id`);
  return rows.length;
}

/** Removes some texts of a workspace that has turned it off, and in the end what says so. */
export async function dropTexts(db: Queryable, workspaceId: string): Promise<void> {
  const query = sql`quote_literal('w:' || ${workspaceId}::text)::tsquery`;
  const [row] = await db.query<{ n: number }>(sql`
    with messages as (
      delete from message_text where message_id = any (array(select message_id from message_text
        where words @@ ${query} limit ${atOnce})) returning 1),
    notes as (
      delete from note_text where note_id = any (array(select note_id from note_text
        where words @@ ${query} limit ${atOnce})) returning 1)
    select (select count(*) from messages) + (select count(*) from notes) as n`);
  if (row?.n === 0)
    await db.query(sql`delete from search_setting where workspace_id = ${workspaceId} and enabled_at is null`);
}
