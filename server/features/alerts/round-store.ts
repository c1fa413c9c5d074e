// The rounds read rules and states here, and write what became of them.
import type { AlertSeverity, AlertSignal } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { WatchState } from './machine.ts';

export interface RoundRule {
  id: string;
  workspace_id: string;
  signal: AlertSignal;
  fire_above: number;
  clear_below: number;
  for_s: number;
  keep_s: number;
  severity: AlertSeverity;
  window_s: number;
  seen: Seen;
}

/** What the last round saw of a rule: the subject with the highest value, and how many have data. */
export interface Seen {
  subject_id?: string | null;
  value?: number | null;
  n?: number | null;
}

export interface WatchRow {
  rule_id: string;
  subject_id: string;
  state: WatchState;
  since: Date;
  changes: Date[];
  /** The alert of the subject that is open. */
  alert_id: string | null;
  unstable: boolean | null;
}

/** Takes the place of the next round, for the rest of the transaction; false where another worker has it or had it. */
export async function takeRound(tx: Queryable, now: Date, pauseMs: number): Promise<boolean> {
  const rows = await tx.query(sql`insert into alert_round as r (id, at) values (1, ${now}) on conflict (id) do update
    set at = excluded.at where r.at <= ${now}::timestamptz - make_interval(secs => ${pauseMs / 1_000}) or r.at > ${now}
    returning 1`);
  return rows.length > 0;
}

export const readRules = (tx: Queryable): Promise<RoundRule[]> =>
  tx.query<RoundRule>(sql`select id, workspace_id, signal, fire_above, clear_below, for_s, keep_s, severity, window_s, seen
    from alert_rule where enabled order by id`);

export const readWatches = (tx: Queryable): Promise<WatchRow[]> =>
  tx.query<WatchRow>(sql`select coalesce(w.rule_id, a.rule_id) as rule_id, coalesce(w.subject_id, a.subject_id) as subject_id,
      coalesce(w.state, 'ok') as state, coalesce(w.since, a.began_at) as since, coalesce(w.changes, '{}') as changes,
      a.id as alert_id, a.unstable
    from alert_watch w full join (select * from alert where cleared_at is null and rule_id is not null) a
      on a.rule_id = w.rule_id and a.subject_id = w.subject_id`);

export interface WatchChange {
  rule_id: string;
  subject_id: string;
  workspace_id: string;
  state: WatchState;
  since: Date;
  changes: Date[];
}

/** Keeps the states; a subject that is fine and did not change lately has no row. */
export async function keepWatches(tx: Queryable, changes: readonly WatchChange[]): Promise<void> {
  const gone = changes.filter(({ state, changes: times }) => state === 'ok' && times.length === 0);
  const kept = changes.filter(change => !gone.includes(change));
  if (kept.length > 0)
    await tx.query(sql`insert into alert_watch as w (rule_id, subject_id, workspace_id, state, since, changes)
      select rule_id, subject_id, workspace_id, state, since, changes
      from jsonb_to_recordset(${JSON.stringify(kept)}::jsonb) x(rule_id uuid, subject_id uuid, workspace_id uuid, state text,
        since timestamptz, changes timestamptz[])
      on conflict (rule_id, subject_id) do update set state = excluded.state, since = excluded.since, changes = excluded.changes`);
  if (gone.length > 0)
    await tx.query(sql`delete from alert_watch w
      using jsonb_to_recordset(${JSON.stringify(gone)}::jsonb) x(rule_id uuid, subject_id uuid)
      where w.rule_id = x.rule_id and w.subject_id = x.subject_id`);
}

export interface NewAlert {
  id: string;
  rule_id: string;
  subject_id: string;
  subject_kind: string;
  account_id: string | null;
  value: number;
  n: number | null;
  detail: Record<string, unknown>;
  unstable: boolean;
}

/** Opens alerts with the names that their subjects have now. */
export async function openAlerts(tx: Queryable, alerts: readonly NewAlert[], now: Date): Promise<void> {
  if (alerts.length === 0) return;
  await tx.query(sql`insert into alert (id, workspace_id, rule_id, signal, severity, subject_kind, subject_id, subject,
      account_id, value, n, detail, unstable, began_at, told_at, muted_until)
    select x.id, r.workspace_id, r.id, r.signal, r.severity, x.subject_kind, x.subject_id, case x.subject_kind
        when 'account' then (select name from account where id = x.subject_id)
        when 'endpoint' then (select split_part(split_part(url, '://', 2), '/', 1) from endpoint where id = x.subject_id)
        when 'template' then (select name || ' (' || language || ')' from template where id = x.subject_id)
        when 'team' then (select name from team where id = x.subject_id)
        else (select name from workspace where id = x.subject_id) end,
      x.account_id, x.value, x.n, x.detail, x.unstable, ${now}, ${now}, r.muted_until
    from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) x(id uuid, rule_id uuid, subject_id uuid, subject_kind text,
      account_id uuid, value float8, n bigint, detail jsonb, unstable boolean)
    join alert_rule r on r.id = x.rule_id order by x.id`);
}

/** Says what the last round saw of alerts that go on. */
export async function updateAlerts(
  tx: Queryable,
  alerts: readonly { id: string; value: number; n: number | null; detail: object; unstable: boolean }[],
): Promise<void> {
  if (alerts.length === 0) return;
  await tx.query(sql`update alert a set value = x.value, n = x.n, detail = a.detail || x.detail, unstable = x.unstable
    from jsonb_to_recordset(${JSON.stringify(alerts)}::jsonb) x(id uuid, value float8, n bigint, detail jsonb,
      unstable boolean) where a.id = x.id and (a.value, a.n, a.detail, a.unstable)
        is distinct from (x.value, x.n, a.detail || x.detail, x.unstable)`);
}

export async function clearAlerts(tx: Queryable, ids: readonly string[], now: Date): Promise<void> {
  if (ids.length > 0)
    await tx.query(sql`update alert set cleared_at = ${now} where id = any (${ids}::uuid[]) and cleared_at is null`);
}

/** Clears what no rule watches any more: it was switched off, or deleted. */
export async function clearUnwatched(tx: Queryable, now: Date): Promise<string[]> {
  const rows = await tx.query<{ id: string }>(sql`update alert a set cleared_at = ${now} where cleared_at is null
    and not exists (select 1 from alert_rule r where r.id = a.rule_id and r.enabled) returning id`);
  await tx.query(sql`delete from alert_watch w using alert_rule r where r.id = w.rule_id and not r.enabled`);
  return rows.map(({ id }) => id);
}

/** Keeps what a round saw of the rules, for their lines in the list. */
export async function keepSeen(tx: Queryable, seen: readonly (Seen & { id: string })[]): Promise<void> {
  if (seen.length === 0) return;
  await tx.query(sql`update alert_rule r set seen = x.seen - 'id'
    from (select (e ->> 'id')::uuid as id, e as seen from jsonb_array_elements(${JSON.stringify(seen)}::jsonb) e) x
    where r.id = x.id`);
}

/** Deletes alerts that were over before a time. */
export async function deleteOldAlerts(db: Queryable, before: Date): Promise<void> {
  await db.query(sql`delete from alert where cleared_at < ${before}`);
}

/** How far the clock of this process is from that of the database, in seconds; half of the way there and back is taken off. */
export async function clockOffset(db: Queryable): Promise<number> {
  const before = Date.now();
  const [row] = await db.query<{ now: number }>(
    sql`select extract(epoch from clock_timestamp())::float8 * 1000 as now`,
  );
  const after = Date.now();
  return row ? Math.abs(row.now - (before + after) / 2) / 1_000 : 0;
}
