// The table alert_delivery: what channels are to tell, and how that went.
import type { AlertChannelKind } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Told } from './texts.ts';

export type News = 'firing' | 'repeat' | 'unstable' | 'cleared' | 'test';
export type DeliveryState = 'waiting' | 'sending' | 'sent' | 'failed';

export interface DeliveryRow {
  id: string;
  workspace_id: string;
  channel_id: string;
  person_id: string | null;
  topic: string;
  news: News;
  alerts: string[];
  critical: boolean;
  instead_of: AlertChannelKind | null;
  state: DeliveryState;
  attempts: number;
  error: string | null;
  duration_ms: number | null;
  created_at: Date;
  ended_at: Date | null;
}

/** To whom an e-mail about a rule goes: its people, else owners and admins. */
const readers = sql`lateral (select m.person_id from membership m join person p on p.id = m.person_id
  where m.workspace_id = a.workspace_id and m.removed_at is null and m.disabled_at is null and p.disabled_at is null
    and case when r.people is null then m.role in ('owner', 'admin') else m.person_id = any (r.people) end)`;

const newIds = (count: number) => Array.from({ length: count }, () => newUuid());

/**
 * Queues what alerts have to tell: news of one kind about some of them. What begins about one account within the time of
 * grouping joins what waits. Returns the channels that have work.
 */
export async function queueNews(
  tx: Queryable,
  news: Exclude<News, 'test'>,
  alerts: readonly string[],
  now: Date,
): Promise<string[]> {
  if (alerts.length === 0) return [];
  const wanted = await tx.query<{
    workspace_id: string;
    channel_id: string;
    person_id: string | null;
    topic: string;
    alerts: string[];
    critical: boolean;
    group_s: number;
  }>(sql`select a.workspace_id, c.id as channel_id, p.person_id, coalesce(a.account_id, a.subject_id) as topic,
      array_agg(a.id order by a.id) as alerts, bool_or(a.severity = 'critical') as critical, coalesce(s.group_s, 30) as group_s
    from alert a left join alert_rule r on r.id = a.rule_id left join alert_setting s on s.workspace_id = a.workspace_id
    join alert_channel c on c.workspace_id = a.workspace_id and c.enabled and c.kind <> 'app'
      and case when ${news} = 'cleared' then 'cleared' else a.severity end = any (c.tells)
      and (c.account_id is null or c.account_id is distinct from a.account_id)
    left join ${readers} p on c.kind = 'email'
    where a.id = any (${alerts}::uuid[]) and (c.kind <> 'email' or p.person_id is not null)
      and (a.muted_until is null or a.muted_until <= ${now})
      and (${news} <> 'cleared' or exists (select 1 from alert_delivery d where d.channel_id = c.id and d.state = 'sent'
        and d.person_id is not distinct from p.person_id and a.id = any (d.alerts)))
    group by 1, 2, 3, 4, 7`);
  if (wanted.length === 0) return [];
  const ids = newIds(wanted.length);
  const rows = wanted.map((row, place) => ({ ...row, id: ids[place] }));
  await tx.query(sql`insert into alert_delivery as d (id, workspace_id, channel_id, person_id, topic, news, alerts, critical,
      state, due_at, created_at)
    select x.id, x.workspace_id, x.channel_id, x.person_id, x.topic, ${news}, x.alerts, x.critical, 'waiting',
      ${now}::timestamptz + make_interval(secs => x.group_s), ${now}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) x(id uuid, workspace_id uuid, channel_id uuid, person_id uuid,
      topic uuid, alerts uuid[], critical boolean, group_s int)
    on conflict (channel_id, news, topic, person_id) where gathers and news <> 'test'
      do update set alerts = d.alerts || excluded.alerts, critical = d.critical or excluded.critical`);
  return [...new Set(wanted.map(row => row.channel_id))];
}

/** A waiting notice of an alert that is over need not be told any more. */
export async function dropWaiting(tx: Queryable, alerts: readonly string[]): Promise<void> {
  if (alerts.length === 0) return;
  await tx.query(sql`update alert_delivery d set alerts = array(select a from unnest(d.alerts) a
      where a <> all (${alerts}::uuid[])) where state = 'waiting' and news <> 'cleared' and alerts && ${alerts}::uuid[]`);
  await tx.query(sql`delete from alert_delivery where state = 'waiting' and news <> 'test' and alerts = '{}'`);
}

/** Open alerts that nobody took and that are due to be told again. */
export async function dueRepeats(tx: Queryable, now: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`update alert a set told_at = ${now}
    from (select o.id from alert o left join alert_setting s on s.workspace_id = o.workspace_id
      where o.cleared_at is null and o.taken_at is null and (o.muted_until is null or o.muted_until <= ${now})
        and o.told_at <= ${now}::timestamptz - case o.severity when 'critical' then interval '30 minutes'
          else make_interval(secs => coalesce(s.repeat_s, 14400)) end) x
    where a.id = x.id returning a.id`);
  return rows.map(({ id }) => id);
}

/** Queues a test of a channel; of e-mail, for the person who asks. */
export async function queueTest(
  tx: Queryable,
  channel: { id: string; workspace_id: string },
  personId: string | null,
  now: Date,
): Promise<string> {
  const id = newUuid();
  await tx.query(sql`insert into alert_delivery (id, workspace_id, channel_id, person_id, topic, news, alerts, critical,
      state, due_at, created_at)
    values (${id}, ${channel.workspace_id}, ${channel.id}, ${personId}, ${id}, 'test', '{}', true, 'waiting', ${now}, ${now})`);
  return id;
}

const columns = sql`id, workspace_id, channel_id, person_id, topic, news, alerts, critical, instead_of, state, attempts, error,
  duration_ms, created_at, ended_at`;

/** Takes due deliveries of a channel, for a minute. */
export const claimDeliveries = (db: Queryable, channelId: string, max: number, now: Date): Promise<DeliveryRow[]> =>
  db.query<DeliveryRow>(sql`update alert_delivery set state = 'sending', attempts = attempts + 1, gathers = false,
      lease_until = ${now}::timestamptz + interval '1 minute'
    where id = any (array(select id from alert_delivery where channel_id = ${channelId} and state = 'waiting'
      and due_at <= ${now} order by due_at limit ${max} for update skip locked)) returning ${columns}`);

/** The channels with due deliveries, or with some whose worker is gone. */
export async function dueChannels(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select distinct channel_id as id from alert_delivery
    where state = 'waiting' and due_at <= ${now}`);
  return rows.map(({ id }) => id);
}

/** The milliseconds until the next delivery of a channel is due. */
export async function msToNext(db: Queryable, channelId: string, now: Date): Promise<number | undefined> {
  const [row] = await db.query<{ ms: number | null }>(sql`select
    greatest(0, extract(epoch from min(due_at) - ${now}::timestamptz) * 1000)::float8 as ms
    from alert_delivery where channel_id = ${channelId} and state = 'waiting'`);
  return row?.ms ?? undefined;
}

/** Deliveries whose worker died in the call: they may have arrived, so only e-mail tells it again. */
export const interrupted = (db: Queryable, now: Date): Promise<DeliveryRow[]> =>
  db.query<DeliveryRow>(sql`select ${columns} from alert_delivery where state = 'sending' and lease_until <= ${now}`);

export type Outcome =
  | { state: 'sent'; ms: number }
  | { state: 'failed'; ms: number; error: string }
  | { state: 'waiting'; ms: number; error: string; dueAt: Date };

/** Records an attempt, unless somebody else did. */
export async function recordDelivery(tx: Queryable, row: DeliveryRow, outcome: Outcome, now: Date): Promise<boolean> {
  const error = outcome.state === 'sent' ? null : outcome.error;
  const rows = await tx.query(sql`update alert_delivery set state = ${outcome.state}, error = ${error},
      duration_ms = ${Math.round(outcome.ms)}, lease_until = null,
      due_at = ${outcome.state === 'waiting' ? outcome.dueAt : now},
      ended_at = ${outcome.state === 'waiting' ? null : now}
    where id = ${row.id} and state = 'sending' and attempts = ${row.attempts} returning 1`);
  return rows.length > 0;
}

/** Puts a delivery back until a time, as if nobody had taken it. */
export async function postpone(tx: Queryable, row: DeliveryRow, until: Date): Promise<void> {
  await tx.query(sql`update alert_delivery set state = 'waiting', attempts = attempts - 1, lease_until = null, due_at = ${until}
    where id = ${row.id} and state = 'sending'`);
}

/** Tells by e-mail what a channel did not take. Returns the channel of e-mail. */
export async function fallBack(
  tx: Queryable,
  row: DeliveryRow,
  kind: AlertChannelKind,
  now: Date,
): Promise<string | undefined> {
  const people = await tx.query<{ channel_id: string; person_id: string }>(sql`select c.id as channel_id, m.person_id
    from alert_channel c join membership m on m.workspace_id = c.workspace_id and m.role in ('owner', 'admin')
      and m.removed_at is null and m.disabled_at is null
    where c.workspace_id = ${row.workspace_id} and c.kind = 'email'
      and not exists (select 1 from alert_delivery d where d.channel_id = c.id and d.person_id = m.person_id
        and d.news = ${row.news} and d.topic = ${row.topic} and d.alerts @> ${row.alerts}::uuid[]
        and d.created_at >= ${row.created_at} and d.state <> 'failed')`);
  for (const { channel_id, person_id } of people)
    await tx.query(sql`insert into alert_delivery as d (id, workspace_id, channel_id, person_id, topic, news, alerts, critical,
        instead_of, state, due_at, created_at)
      values (${newUuid()}, ${row.workspace_id}, ${channel_id}, ${person_id}, ${row.topic}, ${row.news}, ${row.alerts},
        ${row.critical}, ${kind}, 'waiting', ${now}, ${now})
      on conflict (channel_id, news, topic, person_id) where gathers and news <> 'test'
        do update set alerts = d.alerts || excluded.alerts, critical = d.critical or excluded.critical`);
  return people[0]?.channel_id;
}

export interface ShownDelivery extends DeliveryRow {
  kind: AlertChannelKind;
  target: string | null;
  person: string | null;
  /** The first of its alerts; null of a test, and once it is deleted. */
  first: Told | null;
}

const shown = sql`select d.*, c.kind, c.target, p.name as person, (select jsonb_build_object('signal', a.signal,
    'subject', a.subject, 'value', a.value, 'n', a.n, 'detail', a.detail) from alert a where a.id = d.alerts[1]) as first
  from alert_delivery d join alert_channel c on c.id = d.channel_id left join person p on p.id = d.person_id`;

/** A page of deliveries, newest first. */
export async function listDeliveries(
  db: Queryable,
  workspaceId: string,
  page: PageRequest,
): Promise<{ rows: ShownDelivery[]; total: number }> {
  const rows = await db.query<ShownDelivery>(sql`${shown} where d.workspace_id = ${workspaceId}
    ${page.after ? sql`and d.id < ${page.after[0]}` : sql``} order by d.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(sql`select count(*) as total from
    (select 1 from alert_delivery where workspace_id = ${workspaceId} limit ${countedTo + 1}) x`);
  return { rows, total: count?.total ?? 0 };
}

export async function findDelivery(db: Queryable, workspaceId: string, id: string): Promise<ShownDelivery | undefined> {
  const [row] = await db.query<ShownDelivery>(sql`${shown} where d.workspace_id = ${workspaceId} and d.id = ${id}`);
  return row;
}

/** Deletes deliveries that were over before a time. */
export async function deleteOldDeliveries(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from alert_delivery where ended_at < ${before}`);
}

/** The e-mail address and the quiet hours of a person who is to be told. */
export async function findReader(
  db: Queryable,
  workspaceId: string,
  personId: string,
): Promise<
  { email: string; quiet_from: string | null; quiet_until: string | null; time_zone: string | null } | undefined
> {
  const [row] = await db.query<{
    email: string;
    quiet_from: string | null;
    quiet_until: string | null;
    time_zone: string | null;
  }>(sql`select p.email, to_char(q.quiet_from, 'HH24:MI') as quiet_from, to_char(q.quiet_until, 'HH24:MI') as quiet_until,
      q.time_zone
    from membership m join person p on p.id = m.person_id
    left join alert_quiet q on q.workspace_id = m.workspace_id and q.person_id = m.person_id
    where m.workspace_id = ${workspaceId} and m.person_id = ${personId} and m.removed_at is null and m.disabled_at is null`);
  return row;
}
