// What channels posted, as it came: looked through for a person, and forgotten when it is old.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';
import { namesOf } from '../../kit/text/phone.ts';
import { isServed } from './served-apps-store.ts';

/** A person as raw webhooks name them, and the workspace that looks. */
export interface Named {
  workspaceId: string;
  addresses: string[];
}

/** Webhooks by their ids: those after one, up to another. */
export interface RawIds {
  after: number;
  until: number;
}

/** The id of the last webhook. */
export async function newestRaw(engine: Queryable): Promise<number> {
  const [row] = await engine.query<{ id: number }>(sql`select coalesce(max(id), 0) as id from inbound_payload`);
  return row?.id ?? 0;
}

const wordsFor = ({ addresses }: Named) => addresses.flatMap(namesOf).map(name => name.replace(/^\+/, ''));
const bytesOf = (named: Named) => wordsFor(named).map(word => Buffer.from(word));
const patternsOf = (named: Named) => wordsFor(named).map(word => `%${word.replaceAll(/[\\%_]/g, '\\$&')}%`);

/**
 * That a webhook `p` names the person: one of the workspace's accounts, of nobody's, or of others that speaks of the
 * workspace's numbers too.
 */
const namesPerson = (named: Named) => sql`
  exists (select 1 from unnest(${bytesOf(named)}::bytea[]) n where position(n in p.body) > 0)
  and (not exists (select 1 from account a where a.id = p.lane_key and a.workspace_id <> ${named.workspaceId})
    or exists (select 1 from account a where a.workspace_id = ${named.workspaceId} and position(convert_to(a.phone_number_id, 'UTF8') in p.body) > 0))`;

/** Whether an unread webhook names the person. Webhooks of other apps are never read. */
export async function isNamedInOpen(engine: Queryable, apps: readonly string[], named: Named): Promise<boolean> {
  const rows = await engine.query(sql`select 1 from inbound_payload p
    where p.processed_at is null and ${isServed(sql`p.app`, apps)} and ${namesPerson(named)} limit 1`);
  return rows.length > 0;
}

export interface Scrubbed {
  payloads: number;
  dead_letters: number;
  /** The id that the next page follows; at the end that up to which was asked. */
  last: number;
}

/**
 * Empties the raw webhooks of a page that name the person, and removes the dead letters about them. One that waits to be
 * read stays; where none of these apps reads it, nobody will, and it is closed.
 */
export async function scrubRaw(
  engine: Queryable,
  apps: readonly string[],
  named: Named,
  { after, until }: RawIds,
  max: number,
  now: Date | null,
): Promise<Scrubbed> {
  const [row] = await engine.query<Scrubbed>(sql`
    with page as materialized (select id, app, lane_key, processed_at, body from inbound_payload
      where id > ${after} and id <= ${until} order by id limit ${max}),
    named as materialized (select p.id, p.app, p.processed_at from page p where ${namesPerson(named)}),
    dead as (
      delete from dead_letter d using named n where d.payload_id = n.id
        and (d.item is null or d.item::text like any (${patternsOf(named)}::text[]) or d.reason like any (${patternsOf(named)}::text[]))
      returning 1),
    -- Not what another request has emptied since the page was read, which it has counted.
    emptied as (
      update inbound_payload p set body = '', processed_at = coalesce(p.processed_at, clock(${now}))
      from named n where p.id = n.id and octet_length(p.body) > 0 and (n.processed_at is not null or not ${isServed(sql`n.app`, apps)})
      returning 1)
    select (select count(*)::int from emptied) as payloads, (select count(*)::int from dead) as dead_letters,
      (select coalesce(max(id), ${until}) from page) as last`);
  return row ?? { payloads: 0, dead_letters: 0, last: until };
}

export interface DeadLetter {
  id: number;
  item: unknown;
  reason: string;
  created_at: Date;
}

/** The id of the last dead letter. */
export async function newestDead(engine: Queryable): Promise<number> {
  const [row] = await engine.query<{ id: number }>(sql`select coalesce(max(id), 0) as id from dead_letter`);
  return row?.id ?? 0;
}

/**
 * The dead letters of a page that are about the person; of the webhooks only those are read that they came of. `last` is
 * the id that the next page follows.
 */
export async function deadLettersOf(
  engine: Queryable,
  named: Named,
  { after, until }: { after: number; until: number },
  max: number,
): Promise<{ letters: DeadLetter[]; last: number }> {
  const rows = await engine.query<DeadLetter & { last: number }>(sql`
    with page as materialized (
      select id, payload_id, item, reason, created_at from dead_letter where id > ${after} and id <= ${until} order by id limit ${max}),
    about as materialized (select * from page
      where item::text like any (${patternsOf(named)}::text[]) or reason like any (${patternsOf(named)}::text[]))
    select d.id, d.item, d.reason, d.created_at, x.last from (select coalesce(max(id), ${until}) as last from page) x
    left join (select o.* from about o join inbound_payload p on p.id = o.payload_id where ${namesPerson(named)}) d on true order by d.id`);
  return { letters: rows.filter(row => row.id !== null), last: rows[0]?.last ?? until };
}

const noticesAbout = (named: Named) => sql`e.workspace_id = ${named.workspaceId} and e.type = 'account.notice_received'
  and e.data::text like any (${patternsOf(named)}::text[])`;

/** The notices about the person. */
export async function noticesOf(db: Queryable, named: Named): Promise<{ data: object; at: Date }[]> {
  return db.query(sql`select e.data, e.at from event e where ${noticesAbout(named)} order by e.id`);
}

/** Deletes the notices about the person. Gives how many there were. */
export async function deleteNotices(tx: Queryable, named: Named): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(sql`delete from event e where ${noticesAbout(named)} returning e.id`);
  return rows.map(({ id }) => id);
}

/** The apps with unread webhooks that are not served: no process reads them. */
export async function unreadApps(engine: Queryable, apps: readonly string[]): Promise<string[]> {
  // The oldest of each lane: read webhooks are deleted, so unread ones become the first.
  const rows = await engine.query<{ app: string }>(sql`select distinct o.app from open_lanes() l(key)
    cross join lateral (select p.app from inbound_payload p
      where p.lane_key between l.key and l.key and p.processed_at is null order by p.lane_key, p.id limit 1) o
    where not ${isServed(sql`o.app`, apps)} order by 1`);
  return rows.map(row => row.app);
}

/** Sets aside some webhooks of apps that are not served, unread for 8 days. Returns their apps. */
export async function moveToDeadLetters(
  engine: Queryable,
  apps: readonly string[],
  max: number,
  now: Date | null,
): Promise<{ app: string; payloads: number }[]> {
  return engine.query<{ app: string; payloads: number }>(sql`
    with old as materialized (select o.id from open_lanes() l(key)
      cross join lateral (select p.id, p.app, p.received_at from inbound_payload p
        where p.lane_key between l.key and l.key and p.processed_at is null order by p.lane_key, p.id limit ${max}) o
      where not ${isServed(sql`o.app`, apps)} and o.received_at < clock(${now}) - interval '8 days' limit ${max}),
    closed as (
      update inbound_payload set processed_at = clock(${now}), workspace_id = coalesce(workspace_id, sole_workspace())
      where id = any (array(select id from inbound_payload where id = any (array(select id from old)) and processed_at is null order by id for update))
      returning id, app, lane_key, received_at),
    dead as (
      insert into dead_letter (public_id, payload_id, workspace_id, account_id, item, code, reason, created_at)
      select (${Array.from({ length: max }, () => newUuid())}::uuid[])[row_number() over (order by c.id)], c.id, coalesce(a.workspace_id, sole_workspace()), a.id, null, 'app_unknown',
        'no app of this name is configured: ' || c.app, c.received_at
      from closed c left join account a on a.id = c.lane_key order by c.id
      on conflict (payload_id, place) do update set item = null, code = excluded.code, reason = excluded.reason, retried_at = null,
        discarded_at = null)
    select app, count(*)::int as payloads from closed group by 1 order by 1`);
}

/** Deletes some notices that are older than their workspace keeps messages. Gives how many. */
async function deleteExpiredNotices(engine: Queryable, max: number, now: Date | null): Promise<number> {
  const [row] = await engine.query<{ n: number }>(sql`
    with gone as (
      delete from event where id = any (array(
        select e.id from workspace w join event e on e.workspace_id = w.id and e.type = 'account.notice_received'
        where e.at < clock(${now}) - w.keep_messages_days * interval '1 day' limit ${max}))
      returning 1)
    select count(*)::int as n from gone`);
  return row?.n ?? 0;
}

/**
 * Forgets some raw webhooks 8 days after they came, and dead letters with theirs after 90; sooner where the workspace keeps
 * its messages for fewer days; and notices as old as messages may be. Gives whether there may be more. `places`: the ids
 * up to which earlier calls have looked, by lane, while there was more; empty at first.
 */
export async function deleteExpiredPayloads(
  engine: Queryable,
  max: number,
  now: Date | null,
  places: Map<string, number>,
): Promise<boolean> {
  const dead = await deleteExpiredDeadLetters(engine, max, now);
  const lanes = await engine.query<{ key: string; days: number }>(sql`select a.id as key, w.keep_messages_days as days
    from account a join workspace w on w.id = a.workspace_id where w.keep_messages_days < 8`);
  const notices = await deleteExpiredNotices(engine, max, now);
  const whole = { key: '', which: sql`true`, days: 8 };
  const own = lanes.map(({ key, days }) => ({
    key,
    which: sql`p.lane_key = ${key} and p.processed_at is not null`,
    days,
  }));
  let more = dead === max || notices === max;
  for (const { key, which, days } of [whole, ...own]) {
    const place = await deleteOlder(engine, which, days, max, now, places.get(key) ?? 0);
    if (place === undefined) places.delete(key);
    else places.set(key, place);
    more ||= place !== undefined;
  }
  return more;
}

async function deleteExpiredDeadLetters(engine: Queryable, max: number, now: Date | null): Promise<number> {
  const age = (days: Fragment) => sql`d.created_at < clock(${now}) - ${days} * interval '1 day'`;
  // The webhook of each by its id, so that no plan reads them all.
  const [row] = await engine.query<{ n: number }>(sql`
    with gone as (
      delete from dead_letter where id = any (array(
        select d.id from dead_letter d
        cross join lateral (select o.lane_key from inbound_payload o where o.id = d.payload_id limit 1) p
        left join account a on a.id = p.lane_key left join workspace w on w.id = a.workspace_id
        where ${age(sql`(select least(90, min(keep_messages_days)) from workspace)`)} and ${age(sql`least(90, w.keep_messages_days)`)}
        order by d.id limit ${max}))
      returning 1)
    select count(*)::int as n from gone`);
  return row?.n ?? 0;
}

/**
 * Goes along webhooks by their ids, which is from the oldest, a page after the other until a young one comes: those behind it
 * are not looked at. Payloads that wait to be read stay, and those with dead letters.
 * Returns the id up to which it has looked; undefined at the end. The next call goes on there, and passes neither rows
 * that stay nor dead index entries.
 */
async function deleteOlder(
  engine: Queryable,
  which: Fragment,
  days: number,
  max: number,
  now: Date | null,
  from: number,
): Promise<number | undefined> {
  let gone = 0;
  let after = from;
  while (gone < max) {
    const [page] = await engine.query<{ gone: number; last: number | null; all_old: boolean }>(sql`
      with page as materialized (
        select p.id, p.received_at < clock(${now}) - ${days} * interval '1 day' as is_old, p.processed_at is not null as is_read
        from inbound_payload p where ${which} and p.id > ${after} order by p.id limit ${max}),
      gone as (
        delete from inbound_payload where id = any (array(select id from page where is_old and is_read
          and not exists (select 1 from dead_letter d where d.payload_id = page.id)))
        returning 1)
      select (select count(*)::int from gone) as gone, max(id) as last, count(*) = ${max} and bool_and(is_old) as all_old from page`);
    if (!page?.all_old || page.last === null) return undefined;
    gone += page.gone;
    after = page.last;
  }
  return after;
}
