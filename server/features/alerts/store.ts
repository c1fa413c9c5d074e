// The tables alert_rule and alert, for requests.
import { type AlertSignal, alertSignals } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { type Caller, countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import type { AlertRow, RuleRow } from './alert.ts';

/** The name of the person or key that did something, as far as the caller may see it. */
const nameOf = (kind: Fragment, id: Fragment) => sql`case ${kind} when 'person' then (select p.name from person p
  where p.id = ${id}) when 'api_key' then (select k.name from api_key k where k.id = ${id}) end`;

const columns = sql`a.id, a.rule_id, a.signal, a.severity, a.subject_kind, a.subject_id, a.subject, a.value, a.n, a.detail,
  a.began_at, a.cleared_at, a.unstable, a.taken_by_kind, a.taken_by, a.taken_at, a.note, a.muted_until, a.muted_by_kind,
  a.muted_by, ${nameOf(sql`a.taken_by_kind`, sql`a.taken_by`)} as taken_name,
  ${nameOf(sql`a.muted_by_kind`, sql`a.muted_by`)} as muted_name,
  (select r.note from alert_rule r where r.id = a.rule_id) as rule_note`;

/** Whether this release knows the signal of a rule or an alert: a later one may already work beside it. */
const isKnown = (row: Fragment) => sql`${row}.signal = any (${[...alertSignals]}::text[])`;

export interface AlertFilter {
  state: 'firing' | 'cleared' | undefined;
  ruleId: string | undefined;
}

/** A page of alerts, newest first. */
export async function listAlerts(
  db: Queryable,
  workspaceId: string,
  filter: AlertFilter,
  page: PageRequest,
): Promise<{ rows: AlertRow[]; total: number }> {
  const where = all([
    sql`a.workspace_id = ${workspaceId} and ${isKnown(sql`a`)}`,
    filter.state === 'firing' && sql`a.cleared_at is null`,
    filter.state === 'cleared' && sql`a.cleared_at is not null`,
    filter.ruleId !== undefined && sql`a.rule_id = ${filter.ruleId}`,
  ]);
  const rows = await db.query<AlertRow>(sql`select ${columns} from alert a where ${where}
    ${page.after ? sql`and a.id < ${page.after[0]}` : sql``} order by a.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from alert a where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Alerts by their ids, for the channels. */
export const alertsById = (db: Queryable, ids: readonly string[]): Promise<AlertRow[]> =>
  db.query<AlertRow>(sql`select ${columns} from alert a where a.id = any (${ids}::uuid[]) order by a.id`);

export async function findAlert(db: Queryable, workspaceId: string, id: string): Promise<AlertRow | undefined> {
  const [row] = await db.query<AlertRow>(
    sql`select ${columns} from alert a where a.workspace_id = ${workspaceId} and a.id = ${id} and ${isKnown(sql`a`)}`,
  );
  return row;
}

export async function takeAlert(tx: Queryable, id: string, caller: Caller, note: string | null, now: Date) {
  await tx.query(sql`update alert set taken_by_kind = ${caller.kind}, taken_by = ${caller.id}, taken_at = ${now},
    note = ${note} where id = ${id}`);
}

/** Mutes one open alert, or all of a workspace. Returns how many. */
export async function muteAlerts(
  tx: Queryable,
  workspaceId: string,
  caller: Caller,
  until: Date | null,
  id?: string,
): Promise<number> {
  const by = until === null ? { kind: null, id: null } : caller;
  const rows =
    await tx.query(sql`update alert set muted_until = ${until}, muted_by_kind = ${by.kind}, muted_by = ${by.id}
    where workspace_id = ${workspaceId} and cleared_at is null and ${id === undefined ? sql`true` : sql`id = ${id}`}
    returning 1`);
  return rows.length;
}

const ruleColumns = sql`r.id, r.signal, r.enabled, r.accounts, r.fire_above, r.clear_below, r.minimum, r.window_s, r.for_s,
  r.keep_s, r.severity, r.note, r.people, r.muted_until, r.seen, r.created_at,
  coalesce((select name from account where id = (r.seen ->> 'subject_id')::uuid),
    (select split_part(split_part(url, '://', 2), '/', 1) from endpoint where id = (r.seen ->> 'subject_id')::uuid),
    (select name from template where id = (r.seen ->> 'subject_id')::uuid),
    (select name from team where id = (r.seen ->> 'subject_id')::uuid),
    (select name from workspace where id = (r.seen ->> 'subject_id')::uuid)) as subject,
  (select count(*)::int from alert a where a.rule_id = r.id and a.cleared_at is null) as firing,
  (select count(*)::int from alert_watch w where w.rule_id = r.id and w.state = 'pending') as pending`;

/** The rules of a workspace in the order of their making. */
export const listRules = (db: Queryable, workspaceId: string): Promise<RuleRow[]> =>
  db.query<RuleRow>(sql`select ${ruleColumns} from alert_rule r
    where r.workspace_id = ${workspaceId} and ${isKnown(sql`r`)} order by r.id`);

export async function findRule(db: Queryable, workspaceId: string, id: string): Promise<RuleRow | undefined> {
  const [row] = await db.query<RuleRow>(
    sql`select ${ruleColumns} from alert_rule r where r.workspace_id = ${workspaceId} and r.id = ${id} and ${isKnown(sql`r`)}`,
  );
  return row;
}

/** How many rules a workspace has. Waits for others that are being created. */
export async function countRules(tx: Queryable, workspaceId: string): Promise<number> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
  const [row] = await tx.query<{ n: number }>(
    sql`select count(*) as n from alert_rule where workspace_id = ${workspaceId}`,
  );
  return row?.n ?? 0;
}

/** What people set of a rule. */
export interface RuleSettings {
  enabled: boolean;
  accounts: string[] | null;
  fire_above: number;
  clear_below: number;
  minimum: number;
  window_s: number;
  for_s: number;
  keep_s: number;
  severity: string;
  note: string | null;
  people: string[] | null;
  muted_until: Date | null;
}

export async function insertRule(tx: Queryable, workspaceId: string, signal: AlertSignal, rule: RuleSettings) {
  const id = newUuid();
  await tx.query(sql`insert into alert_rule (id, workspace_id, signal, enabled, accounts, fire_above, clear_below, minimum,
      window_s, for_s, keep_s, severity, note, people, muted_until, created_at, updated_at)
    values (${id}, ${workspaceId}, ${signal}, ${rule.enabled}, ${rule.accounts}::uuid[], ${rule.fire_above},
      ${rule.clear_below}, ${rule.minimum}, ${rule.window_s}, ${rule.for_s}, ${rule.keep_s}, ${rule.severity}, ${rule.note},
      ${rule.people}::uuid[], ${rule.muted_until}, now(), now())`);
  return id;
}

export async function updateRule(tx: Queryable, id: string, rule: RuleSettings): Promise<void> {
  await tx.query(sql`update alert_rule set enabled = ${rule.enabled}, accounts = ${rule.accounts}::uuid[],
      fire_above = ${rule.fire_above}, clear_below = ${rule.clear_below}, minimum = ${rule.minimum},
      window_s = ${rule.window_s}, for_s = ${rule.for_s}, keep_s = ${rule.keep_s}, severity = ${rule.severity},
      note = ${rule.note}, people = ${rule.people}::uuid[], muted_until = ${rule.muted_until}, updated_at = now()
    where id = ${id}`);
}

/** Deletes a rule; the next round clears its alerts. */
export async function deleteRule(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(
    sql`delete from alert_rule where workspace_id = ${workspaceId} and id = ${id} returning 1`,
  );
  return rows.length > 0;
}

/** How many of these people are members of the workspace. */
export async function countMembers(tx: Queryable, workspaceId: string, people: readonly string[]): Promise<number> {
  const [row] = await tx.query<{
    n: number;
  }>(sql`select count(*) as n from membership where workspace_id = ${workspaceId}
    and removed_at is null and person_id = any (${people}::uuid[])`);
  return row?.n ?? 0;
}
