// The readers of signals: for all rules of a signal at once, the subjects that are not simply fine, with their values.
import type { AlertSignal } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';

/** A value of a subject for a rule. */
export interface Reading {
  rule_id: string;
  subject_id: string;
  account_id: string | null;
  /** Null: there is no data. */
  value: number | null;
  n: number | null;
  detail: Record<string, unknown>;
}

/** What the process measures itself, for the signals of the installation. */
export interface Measures {
  /** How much of the disk of the data folder is used, in percent. */
  disk: number;
  /** How far the clock of the process is from that of the database, in seconds. */
  clock: number;
}

/** How many service messages of a number are free in a month. */
const freeInMonth = 1_000;

/** `now`: the present as an SQL expression. */
type Reader = (now: Fragment, measures: Measures) => Fragment;

const rules = (signal: AlertSignal) =>
  sql`(select id, workspace_id, accounts, minimum, fire_above, make_interval(secs => window_s) as span
    from alert_rule where signal = ${signal} and enabled) r`;
const ofRule = sql`a.workspace_id = r.workspace_id and a.deleted_at is null and (r.accounts is null or a.id = any (r.accounts))`;

/** The longest that a message of a priority is due on an account that nothing holds. Campaigns are of low priority. */
const oldest = (signal: AlertSignal, priority: number, now: Fragment) => sql`
  select r.id as rule_id, a.id as subject_id, a.id as account_id, extract(epoch from ${now} - o.ready_at)::float8 as value,
    null::bigint as n, jsonb_build_object('waiting', l.queued) as detail
  from ${rules(signal)} join account a on ${ofRule} join lane l on l.account_id = a.id
  cross join lateral (select m.ready_at from open_message m where m.account_id = a.id and m.priority = ${priority}::smallint
    and m.head and m.state = 'queued' and m.ready_at <= ${now} order by m.ready_at, m.seq limit 1) o
  where l.queued > 0 and l.held_until <= ${now} and (${priority}::int = 0 or l.quiet_until <= ${now})`;

/** What is counted of a workspace by quarters of an hour, folded or not. */
const counted = (direction: string, which: Fragment) => sql`(
  select d.account_id, d.quarter, d.status, d.messages from message_count d
    where d.workspace_id = r.workspace_id and d.direction = ${direction} and ${which}
  union all select d.account_id, d.quarter, d.status, d.messages from message_delta d
    where d.workspace_id = r.workspace_id and d.direction = ${direction} and ${which}) x`;

/** The quarters of this hour in the last four weeks. */
const sameHours = (
  now: Fragment,
) => sql`select date_trunc('hour', ${now}) - w * interval '7 days' + q * interval '15 minutes'
  from generate_series(1, 4) w, generate_series(0, 3) q`;

const installation = (signal: AlertSignal, value: Fragment, detail = sql`'{}'::jsonb`) => sql`
  select r.id as rule_id, r.workspace_id as subject_id, null::uuid as account_id, ${value} as value, null::bigint as n,
    ${detail} as detail from ${rules(signal)}`;

const readers: Readonly<Record<AlertSignal, Reader>> = {
  account_attention: () => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, 1 as value, null::bigint as n,
      jsonb_build_object('reason', coalesce(a.status_reason, s.reason), 'waiting', l.queued) as detail
    from ${rules('account_attention')} join account a on ${ofRule} join lane l on l.account_id = a.id
    left join web_session s on s.account_id = a.id
    where a.status = 'needs_attention' or a.ended_at is not null or s.state in ('logged_out', 'banned', 'outdated', 'failed')`,

  token_expiry: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id,
      case when e.days <= 1 then 3 when e.days <= 3 then 2 else 1 end as value, null::bigint as n,
      jsonb_build_object('days', ceil(e.days), 'expires_at', e.at) as detail
    from ${rules('token_expiry')} join account a on ${ofRule}
    cross join lateral (select (a.number_facts ->> 'token_expires_at')::timestamptz) t(at)
    cross join lateral (select t.at, extract(epoch from t.at - ${now})::float8 / 86400) e(at, days)
    where e.days <= 14`,

  webhook_routing: () => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, 1 as value, null::bigint as n,
      jsonb_build_object('reason', a.webhooks ->> 'message') as detail
    from ${rules('webhook_routing')} join account a on ${ofRule} where a.webhooks ->> 'ok' = 'false'`,

  limit_lowered: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, 1 as value, null::bigint as n,
      a.limit_lowered - 'at' as detail
    from ${rules('limit_lowered')} join account a on ${ofRule}
    where (a.limit_lowered ->> 'at')::timestamptz > ${now} - interval '1 day'`,

  // How often the usual pause of this hour of the week fits into the silence, from 20 minutes on.
  silence_in: now => sql`
    with usual as (select r.id, x.account_id, sum(x.messages) as n from ${rules('silence_in')} cross join lateral
        ${counted('inbound', sql`d.quarter = any (array(${sameHours(now)}))`)} group by 1, 2),
      last as (select r.id, x.account_id, max(x.quarter) as quarter from ${rules('silence_in')} cross join lateral
        ${counted('inbound', sql`d.quarter >= ${now} - interval '6 hours' and d.messages > 0`)} group by 1, 2)
    select r.id as rule_id, a.id as subject_id, a.id as account_id, case when s.minutes < 20 then 0
        else s.minutes * u.n / 240 end::float8 as value, null::bigint as n,
      jsonb_build_object('minutes', round(s.minutes), 'usual_minutes', round(240.0 / u.n)) as detail
    from ${rules('silence_in')} join account a on ${ofRule} and a.created_at <= ${now} - interval '28 days'
    join usual u on u.id = r.id and u.account_id = a.id and u.n >= 4
    left join last l on l.id = r.id and l.account_id = a.id
    cross join lateral (select coalesce(extract(epoch from ${now} - l.quarter)::float8 / 60 - 15, 360)) s(minutes)`,

  stall_out: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, l.queued as value, null::bigint as n,
      jsonb_build_object('waiting', l.queued) as detail
    from ${rules('stall_out')} join account a on ${ofRule} join lane l on l.account_id = a.id
    where a.status = 'connected' and l.queued > 0 and l.held_until <= ${now} and l.claimed_at <= ${now} - r.span
      and exists (select 1 from (values (0::smallint), (1::smallint), (2::smallint)) p(priority), lateral (
        select m.ready_at from open_message m where m.account_id = a.id and m.priority = p.priority and m.head
          and m.state = 'queued' order by m.ready_at, m.seq limit 1) o
        where o.ready_at <= ${now} - r.span and (p.priority = 0 or l.quiet_until <= ${now}))`,

  no_receipts: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, m.n as value, null::bigint as n,
      jsonb_build_object('last_receipt_at', a.last_receipt_at) as detail
    from ${rules('no_receipts')} join account a on ${ofRule}
    cross join lateral (select count(*) as n from (
      select 1 from attempt k join message m on m.id = k.message_id and m.status = 'sent' and m.reported_at is null
        and m.sent_at < ${now} - r.span and m.sent_at > greatest(a.last_receipt_at, ${now} - interval '1 day')
      -- No call takes so long.
      where k.account_id = a.id and k.started_at > greatest(a.last_receipt_at, ${now} - interval '1 day') - interval '5 minutes' limit 1000) x) m
    where m.n > 0`,

  failed_share: now => sql`
    select c.rule_id, a.id as subject_id, a.id as account_id,
      case when c.tried >= greatest(1, c.minimum) then 100.0 * c.failed / c.tried end::float8 as value, c.tried as n,
      jsonb_build_object('failed', c.failed) as detail
    from (select r.id as rule_id, r.accounts, r.minimum, x.account_id, sum(x.messages) as tried,
        coalesce(sum(x.messages) filter (where x.status = 'failed'), 0) as failed
      from ${rules('failed_share')} cross join lateral ${counted(
        'outbound',
        sql`d.quarter >= counted_quarter(${now} - r.span)
        and d.status in ('sent', 'delivered', 'read', 'played', 'failed')`,
      )} group by 1, 2, 3, 4) c
    join account a on a.id = c.account_id and a.deleted_at is null and (c.accounts is null or a.id = any (c.accounts))
    where c.tried > 0`,

  quality: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, 1 as value, null::bigint as n,
      jsonb_build_object('quality', upper(a.quality), 'flagged', l.held_reason = 'flagged' and l.held_until > ${now},
        'paused_until', a.new_paused_until) as detail
    from ${rules('quality')} join account a on ${ofRule} join lane l on l.account_id = a.id
    where upper(a.quality) in ('YELLOW', 'RED') or l.held_reason = 'flagged' and l.held_until > ${now}
      or a.new_paused_until > ${now}`,

  template_trouble: now => sql`
    select r.id as rule_id, t.id as subject_id, null::uuid as account_id, 1 as value, null::bigint as n,
      jsonb_build_object('status', lower(t.status), 'category', t.category, 'former_category', c.old_value) as detail
    from ${rules('template_trouble')} join template t on t.workspace_id = r.workspace_id and t.deleted_at is null
    left join lateral (select c.old_value from template_change c where c.template_id = t.id and c.change = 'category'
      and c.at > ${now} - interval '1 day' order by c.number desc limit 1) c on true
    where lower(t.status) in ('paused', 'rejected', 'disabled') or c.old_value is not null`,

  unknown_age: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, extract(epoch from ${now} - o.since)::float8 / 60 as value,
      null::bigint as n, jsonb_build_object('messages', o.n) as detail
    from (select account_id, min(started_at) as since, count(*) as n from open_message where state = 'unknown' group by 1) o
    join account a on a.id = o.account_id join ${rules('unknown_age')} on ${ofRule}`,

  oldest_high: now => oldest('oldest_high', 0, now),
  oldest_normal: now => oldest('oldest_normal', 1, now),

  daily_limit: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, 100.0 * l.sent / d.most as value, d.most as n,
      jsonb_build_object('sent', l.sent) as detail
    from ${rules('daily_limit')} join account a on ${ofRule} join lane l on l.account_id = a.id
    cross join lateral (select day_limit(a, l.day) as most) d
    where l.sent > 0 and d.most > 0 and l.day = (${now} at time zone a.time_zone)::date`,

  // The worst of the caps of the workspace and of its accounts: 80 percent of it, or all of it.
  spend_cap: now => sql`
    select r.id as rule_id, r.workspace_id as subject_id, null::uuid as account_id, w.value, null::bigint as n,
      jsonb_build_object('account', w.account) as detail
    from ${rules('spend_cap')} cross join lateral (select case when c.reached then 100 else 80 end as value, c.account
      from (select s.reached, s.warned, s.month, null::text as account from cost_setting s where s.workspace_id = r.workspace_id
        union all select o.reached, o.warned, o.month, a.name from cost_account o join account a on a.id = o.account_id
          where o.workspace_id = r.workspace_id and a.deleted_at is null and (r.accounts is null or a.id = any (r.accounts))) c
      where (c.warned or c.reached) and c.month >= date_trunc('month', ${now} - interval '14 hours')::date
      order by c.reached desc, c.account nulls first limit 1) w`,

  free_messages: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, c.used / ${freeInMonth / 100}::float8 as value,
      null::bigint as n, jsonb_build_object('used', c.used) as detail
    from ${rules('free_messages')} join account a on ${ofRule}
    cross join lateral (select date_trunc('month', ${now} at time zone a.time_zone)::date as month) m
    cross join lateral (select coalesce(sum(t.messages), 0)::float8 as used from cost t where t.workspace_id = a.workspace_id
      and t.account_id = a.id and t.category = 'service' and t.kind = 'free' and t.day >= m.month
      and t.day < (m.month + interval '1 month')::date) c
    where c.used > 0`,

  // Of a team with hours only the time in these counts.
  unanswered: now => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id, w.seconds / 60 as value, null::bigint as n,
      jsonb_build_object('conversations', w.n) as detail
    from ${rules('unanswered')} cross join lateral (select c.account_id, sum(c.n)::int as n,
        max(coalesce(business_seconds(g.hours, c.since, ${now}), extract(epoch from ${now} - c.since)::float8)) as seconds
      from (select account_id, team_id, min(waiting_since) as since, count(*) as n from conversation
        where workspace_id = r.workspace_id and state = 'open' and waiting_since is not null group by 1, 2) c
      left join team g on g.id = c.team_id and g.deleted_at is null group by 1) w
    join account a on a.id = w.account_id and ${ofRule}`,

  // Of a team with hours in these only.
  nobody_online: now => sql`
    select r.id as rule_id, g.id as subject_id, null::uuid as account_id, 1 as value, null::bigint as n,
      jsonb_build_object('waiting', w.n) as detail
    from ${rules('nobody_online')} join team g on g.workspace_id = r.workspace_id and g.deleted_at is null
    cross join lateral (select count(*) as n from conversation c where c.team_id = g.id and c.state = 'open'
      and c.assignee_id is null and c.waiting_since is not null and (r.accounts is null or c.account_id = any (r.accounts))) w
    where w.n > 0 and coalesce(business_seconds(g.hours, ${now} - interval '1 second', ${now}) > 0, true)
      and not exists (select 1 from team_member m join availability a on a.workspace_id = m.workspace_id
        and a.person_id = m.person_id and a.status = 'online' where m.team_id = g.id)`,

  no_gateway: () => sql`
    select r.id as rule_id, a.id as subject_id, a.id as account_id,
      least(86400, extract(epoch from clock_timestamp() - s.lease_until))::float8 as value, null::bigint as n,
      jsonb_build_object('waiting', l.queued) as detail
    from ${rules('no_gateway')} join account a on ${ofRule} join lane l on l.account_id = a.id
    join web_session s on s.account_id = a.id
    where s.wants = 'on' and s.lease_until < clock_timestamp()`,

  endpoint_failing: now => sql`
    select r.id as rule_id, e.id as subject_id, null::uuid as account_id,
      greatest(extract(epoch from ${now} - l.failing_since) / 60, case when e.status = 'disabled' then r.fire_above + 1 end,
        0)::float8 as value, null::bigint as n,
      jsonb_build_object('disabled', e.disabled_reason, 'failures', l.consecutive_failures) as detail
    from ${rules('endpoint_failing')} join endpoint e on e.workspace_id = r.workspace_id
    join delivery_lane l on l.endpoint_id = e.id
    where l.failing_since is not null and e.status <> 'paused'
      or e.status = 'disabled' and e.disabled_reason in ('gone', 'failing')`,

  dead_letters: () => sql`
    select r.id as rule_id, r.workspace_id as subject_id, null::uuid as account_id, d.n as value, null::bigint as n,
      '{}'::jsonb as detail
    from ${rules('dead_letters')} join (select workspace_id, count(*) as n from dead_letter
      where workspace_id is not null and discarded_at is null group by 1) d on d.workspace_id = r.workspace_id`,

  disk: (_, { disk }) => installation('disk', sql`${disk}::float8`),
  clock: (_, { clock }) => installation('clock', sql`${clock}::float8`),

  // Where nobody ever made a backup, nobody misses one.
  backup_age: now => sql`
    select r.id as rule_id, r.workspace_id as subject_id, null::uuid as account_id,
      greatest(0, extract(epoch from ${now} - b.at))::float8 as value, null::bigint as n, '{}'::jsonb as detail
    from ${rules('backup_age')} cross join lateral (select max(coalesce(taken_at, ended_at)) as at from backup_run
      where kind = 'backup' and state = 'done') b where b.at is not null`,

  web_version: now => sql`
    select r.id as rule_id, r.workspace_id as subject_id, null::uuid as account_id,
      greatest(0, extract(epoch from ${now} - coalesce((v.value ->> 'read_at')::timestamptz, v.changed_at)) / 86400)::float8
        as value, null::bigint as n, jsonb_build_object('version', v.value ->> 'version') as detail
    from ${rules('web_version')} join installation_setting v on v.name = 'whatsapp_web_version'
    where exists (select 1 from web_session s where s.workspace_id = r.workspace_id and s.wants <> 'off')`,
};

/** The readings of all rules of a signal. */
export const readSignal = (db: Queryable, signal: AlertSignal, now: Date, measures: Measures): Promise<Reading[]> =>
  db.query<Reading>(readers[signal](sql`${now}::timestamptz`, measures));

/** The most frequent code of what failed of an account since a time. */
export async function mostFrequentCode(
  db: Queryable,
  workspaceId: string,
  accountId: string,
  since: Date,
): Promise<{ code: string; n: number } | undefined> {
  const mine = sql`d.workspace_id = ${workspaceId} and d.account_id = ${accountId} and d.status = 'failed'
    and d.direction = 'outbound' and d.code <> '' and d.quarter >= counted_quarter(${since})`;
  const [row] = await db.query<{ code: string; n: number }>(sql`select code, sum(messages) as n from (
      select d.code, d.messages from message_count d where ${mine}
      union all select d.code, d.messages from message_delta d where ${mine}) x
    group by 1 having sum(messages) > 0 order by 2 desc, 1 limit 1`);
  return row;
}
