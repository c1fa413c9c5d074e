// The tables alert_channel, alert_setting and alert_quiet.
import type { AlertChannelKind, AlertSeverity } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { newUuid } from '../../kit/ids.ts';

export type Tells = AlertSeverity | 'cleared';

export interface ChannelRow {
  id: string;
  workspace_id: string;
  kind: AlertChannelKind;
  name: string;
  target: string | null;
  /** Encrypted. */
  settings: string | null;
  account_id: string | null;
  tells: Tells[];
  enabled: boolean;
  last_at: Date | null;
  failing_since: Date | null;
  error: string | null;
  created_by_kind: 'person' | 'api_key' | 'system';
  created_by: string;
  created_at: Date;
}

const columns = sql`id, workspace_id, kind, name, target, settings, account_id, tells, enabled, last_at, failing_since, error,
  created_by_kind, created_by, created_at`;

/** The channels of a workspace; the built-in ones first. */
export const listChannels = (db: Queryable, workspaceId: string): Promise<ChannelRow[]> =>
  db.query<ChannelRow>(sql`select ${columns} from alert_channel where workspace_id = ${workspaceId}
    order by array_position('{app,email}', kind) nulls last, id`);

export async function findChannel(db: Queryable, workspaceId: string, id: string): Promise<ChannelRow | undefined> {
  const [row] = await db.query<ChannelRow>(
    sql`select ${columns} from alert_channel where workspace_id = ${workspaceId} and id = ${id}`,
  );
  return row;
}

/** A channel of any workspace, for its lane. */
export async function findAnyChannel(db: Queryable, id: string): Promise<ChannelRow | undefined> {
  const [row] = await db.query<ChannelRow>(sql`select ${columns} from alert_channel where id = ${id}`);
  return row;
}

/** How many channels a workspace has. Waits for others that are being created. */
export async function countChannels(tx: Queryable, workspaceId: string): Promise<number> {
  await tx.query(sql`select 1 from workspace where id = ${workspaceId} for no key update`);
  const [row] = await tx.query<{ n: number }>(
    sql`select count(*) as n from alert_channel where workspace_id = ${workspaceId}`,
  );
  return row?.n ?? 0;
}

export type NewChannel = Pick<
  ChannelRow,
  'id' | 'workspace_id' | 'kind' | 'name' | 'target' | 'settings' | 'account_id' | 'tells' | 'enabled'
> & { by: { kind: 'person' | 'api_key' | 'system'; id: string } };

export async function insertChannel(tx: Queryable, row: NewChannel): Promise<void> {
  await tx.query(sql`insert into alert_channel (id, workspace_id, kind, name, target, settings, account_id, tells, enabled,
      created_by_kind, created_by, created_at)
    values (${row.id}, ${row.workspace_id}, ${row.kind}, ${row.name}, ${row.target}, ${row.settings}, ${row.account_id},
      ${row.tells}, ${row.enabled}, ${row.by.kind}, ${row.by.id}, now())`);
}

export async function updateChannel(tx: Queryable, row: ChannelRow): Promise<void> {
  await tx.query(sql`update alert_channel set name = ${row.name}, target = ${row.target}, settings = ${row.settings},
      account_id = ${row.account_id}, tells = ${row.tells}, enabled = ${row.enabled}
    where id = ${row.id}`);
}

export async function deleteChannel(tx: Queryable, workspaceId: string, id: string): Promise<boolean> {
  const rows = await tx.query(sql`delete from alert_channel where workspace_id = ${workspaceId} and id = ${id}
    and kind not in ('app', 'email') returning 1`);
  return rows.length > 0;
}

/** Gives a new workspace the channels that are always there. */
export async function seedChannels(tx: Queryable, workspaceId: string): Promise<void> {
  const usual: [AlertChannelKind, string, Tells[]][] = [
    ['app', 'App', ['critical', 'warning', 'notice', 'cleared']],
    ['email', 'E-mail', ['critical', 'warning', 'cleared']],
  ];
  for (const [kind, name, tells] of usual) {
    const by = { kind: 'system', id: workspaceId } as const;
    const rest = { target: null, settings: null, account_id: null, enabled: true, by };
    await insertChannel(tx, { id: newUuid(), workspace_id: workspaceId, kind, name, tells, ...rest });
  }
}

/** How the last delivery of a channel went. */
export async function noteOutcome(tx: Queryable, id: string, error: string | null, now: Date): Promise<void> {
  await tx.query(
    error === null
      ? sql`update alert_channel set last_at = ${now}, failing_since = null, error = null where id = ${id}`
      : sql`update alert_channel set failing_since = coalesce(failing_since, ${now}), error = ${error} where id = ${id}`,
  );
}

export interface SettingRow {
  workspace_id: string;
  group_s: number;
  repeat_s: number;
  /** Encrypted. */
  ping_url: string | null;
  ping_host: string | null;
  pinged_at: Date | null;
  ping_status: number | null;
  ping_error: string | null;
  ping_ms: number | null;
}

const settingColumns = sql`workspace_id, group_s, repeat_s, ping_url, ping_host, pinged_at, ping_status, ping_error, ping_ms`;

export async function findSetting(db: Queryable, workspaceId: string): Promise<SettingRow | undefined> {
  const [row] = await db.query<SettingRow>(
    sql`select ${settingColumns} from alert_setting where workspace_id = ${workspaceId}`,
  );
  return row;
}

/** Changes what is given. */
export async function changeSetting(
  tx: Queryable,
  workspaceId: string,
  change: {
    group?: number | undefined;
    repeat?: number | undefined;
    ping?: { url: string; host: string } | null | undefined;
  },
): Promise<void> {
  await tx.query(sql`insert into alert_setting (workspace_id) values (${workspaceId}) on conflict do nothing`);
  await tx.query(sql`update alert_setting set group_s = coalesce(${change.group ?? null}::int, group_s),
    repeat_s = coalesce(${change.repeat ?? null}::int, repeat_s) where workspace_id = ${workspaceId}`);
  if (change.ping === undefined) return;
  const { url, host } = change.ping ?? { url: null, host: null };
  await tx.query(sql`update alert_setting set ping_url = ${url}, ping_host = ${host}, pinged_at = null, ping_status = null,
    ping_error = null, ping_ms = null where workspace_id = ${workspaceId}`);
}

/** Takes the addresses whose minute has come, so that no other worker calls them in this minute. */
export const takePings = (db: Queryable, now: Date): Promise<SettingRow[]> =>
  db.query<SettingRow>(sql`update alert_setting set pinged_at = ${now} where ping_url is not null
    and (pinged_at is null or pinged_at <= ${now}::timestamptz - interval '58 seconds') returning ${settingColumns}`);

export async function notePing(
  db: Queryable,
  workspaceId: string,
  { status, error, ms }: { status: number | null; error: string | null; ms: number },
  now: Date,
): Promise<void> {
  await db.query(sql`update alert_setting set pinged_at = ${now}, ping_status = ${status}, ping_error = ${error},
    ping_ms = ${ms} where workspace_id = ${workspaceId}`);
}

export interface QuietRow {
  person_id: string;
  quiet_from: string;
  quiet_until: string;
  time_zone: string;
}

export async function findQuiet(db: Queryable, workspaceId: string, personId: string): Promise<QuietRow | undefined> {
  const [row] = await db.query<QuietRow>(sql`select person_id, to_char(quiet_from, 'HH24:MI') as quiet_from,
      to_char(quiet_until, 'HH24:MI') as quiet_until, time_zone from alert_quiet
    where workspace_id = ${workspaceId} and person_id = ${personId}`);
  return row;
}

export async function setQuiet(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  quiet: { from: string; until: string; time_zone: string } | null,
): Promise<void> {
  if (quiet === null)
    await tx.query(sql`delete from alert_quiet where workspace_id = ${workspaceId} and person_id = ${personId}`);
  else
    await tx.query(sql`insert into alert_quiet (workspace_id, person_id, quiet_from, quiet_until, time_zone)
      values (${workspaceId}, ${personId}, ${quiet.from}, ${quiet.until}, ${quiet.time_zone})
      on conflict (workspace_id, person_id) do update set quiet_from = excluded.quiet_from,
        quiet_until = excluded.quiet_until, time_zone = excluded.time_zone`);
}
