// The tables notification and notification_setting, as their person sees them.
import type { NotificationKind } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { defaultSetting, type NotificationRow, type SettingRow } from './notification.ts';

const actor = sql`coalesce(
  (select jsonb_build_object('kind', 'person', 'id', p.id, 'name', p.name) from person p where p.id = n.by),
  (select jsonb_build_object('kind', 'api_key', 'id', k.id, 'name', k.name) from api_key k where k.id = n.by))`;

/** The name of a contact, or else its number or its username. */
export const nameOfContact = sql`(select coalesce(nullif(c.name, ''), (select x.value from contact_address x where x.contact_id = c.id
    and x.kind in ('phone', 'username') order by x.kind, x.number desc limit 1))
  from conversation v join contact c on c.id = v.contact_id where v.id = n.conversation_id)`;

/** Of a notification n. */
export const notificationColumns = sql`n.id, n.kind, n.count, n.at, n.read_at, n.account_id, n.conversation_id, ${nameOfContact} as name, ${actor} as by,
  to_char(n.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sorted_by,
  (select jsonb_build_object('type', m.type, 'content', m.content) from message m where m.id = n.message_id
    and m.revoked_at is null) as message,
  (select jsonb_build_object('id', a.id, 'severity', a.severity, 'signal', a.signal, 'subject', a.subject, 'value', a.value,
    'n', a.n, 'detail', a.detail) from alert a where a.id = n.alert_id) as alert,
  (select jsonb_build_object('id', c.id, 'name', c.name) from campaign c where c.id = n.campaign_id) as campaign`;

export interface NotificationFilter {
  /** The kinds that the person sees in the app. */
  kinds: readonly NotificationKind[];
  unread?: boolean | undefined;
}

const mine = (workspaceId: string, personId: string): Fragment =>
  sql`n.workspace_id = ${workspaceId} and n.person_id = ${personId}`;

/** A page of what a person was told, newest first. */
export async function listNotifications(
  db: Queryable,
  workspaceId: string,
  personId: string,
  { kinds, unread }: NotificationFilter,
  page: PageRequest,
): Promise<{ rows: NotificationRow[]; total: number }> {
  const where = all([
    mine(workspaceId, personId),
    sql`n.kind = any (${[...kinds]}::text[])`,
    unread === true && sql`n.read_at is null`,
    unread === false && sql`n.read_at is not null`,
  ]);
  const rows = await db.query<NotificationRow>(sql`select ${notificationColumns} from notification n where ${where}
    ${page.after ? sql`and (n.at, n.id) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)` : sql``}
    order by n.at desc, n.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from notification n where ${where} limit ${countedTo + 1}) x`,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Marks what a person was told as read: all, or what is about one thing. Returns the accounts of what became read. */
export async function readNotifications(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  which: { conversationId?: string | undefined; id?: string | undefined },
  now: Date,
): Promise<(string | null)[]> {
  const where = all([
    mine(workspaceId, personId),
    sql`n.read_at is null`,
    which.conversationId !== undefined && sql`n.conversation_id = ${which.conversationId}`,
    which.id !== undefined && sql`n.id = ${which.id}`,
  ]);
  const rows = await tx.query<{ account_id: string | null }>(sql`
    update notification set read_at = ${now}, seq = nextval('notification_seq')
    where id = any (array(select n.id from notification n where ${where} order by n.id for update)) returning account_id`);
  return rows.map(row => row.account_id);
}

/** Tells the other devices of a person, for each account, that something is read. */
export async function tellRead(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  accounts: readonly (string | null)[],
  now: Date,
): Promise<void> {
  for (const account of new Set(accounts))
    await tx.query(sql`select append_event(${workspaceId}, 'notification.read', ${account},
      jsonb_build_object('person_id', ${personId}::uuid), ${now})`);
}

/** How a person hears of things. */
export async function findSetting(db: Queryable, workspaceId: string, personId: string): Promise<SettingRow> {
  const [row] = await db.query<SettingRow>(sql`select kinds, content, sound, volume, counts from notification_setting
    where workspace_id = ${workspaceId} and person_id = ${personId}`);
  return row ?? defaultSetting;
}

export async function keepSetting(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  { kinds, content, sound, volume, counts }: SettingRow,
): Promise<void> {
  await tx.query(sql`insert into notification_setting (workspace_id, person_id, kinds, content, sound, volume, counts)
    values (${workspaceId}, ${personId}, ${JSON.stringify(kinds)}::jsonb, ${content}, ${sound}, ${volume}, ${counts})
    on conflict (workspace_id, person_id) do update set kinds = excluded.kinds, content = excluded.content,
      sound = excluded.sound, volume = excluded.volume, counts = excluded.counts`);
}

/** Nobody is told any more of the conversations of these contacts. */
export async function forgetAbout(tx: Queryable, workspaceId: string, contacts: readonly string[]): Promise<void> {
  await tx.query(sql`delete from notification where workspace_id = ${workspaceId} and conversation_id = any (array(
    select id from conversation where contact_id = any (${[...contacts]}::uuid[])))`);
}

const most = 5_000;

/** Deletes some old notifications. Returns whether there may be more. */
export async function deleteOldNotifications(db: Queryable, before: Date): Promise<boolean> {
  const rows = await db.query(sql`delete from notification where id = any (array(
    select id from notification where at < ${before} order by at limit ${most})) returning id`);
  return rows.length === most;
}
