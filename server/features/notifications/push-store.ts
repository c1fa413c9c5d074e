// The table push_subscription: the browsers of people that are told while no page of theirs is open.
import type { NotificationKind, PushLanguage } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import type { PageRequest } from '../../kit/http/routes.ts';
import type { NotificationRow } from './notification.ts';
import { notificationColumns } from './store.ts';

export interface SubscriptionRow {
  id: string;
  session_id: string;
  user_agent: string | null;
  created_at: Date;
  last_at: Date | null;
  error: string | null;
}

const columns = sql`p.id, p.session_id, s.user_agent, p.created_at, p.last_at, p.error`;

/** A page of the browsers of a person that are told, newest first. */
export async function listSubscriptions(
  db: Queryable,
  workspaceId: string,
  personId: string,
  page: PageRequest,
): Promise<{ rows: SubscriptionRow[]; total: number }> {
  const where = sql`p.workspace_id = ${workspaceId} and p.person_id = ${personId}`;
  const rows = await db.query<SubscriptionRow>(sql`select ${columns} from push_subscription p
    join session s on s.id = p.session_id where ${where}
    ${page.after ? sql`and p.id < ${page.after[0]}` : sql``} order by p.id desc limit ${page.limit + 1} offset ${page.offset}`);
  const [count] = await db.query<{ total: number }>(
    sql`select count(*) as total from push_subscription p where ${where}`,
  );
  return { rows, total: count?.total ?? 0 };
}

export interface NewSubscription {
  id: string;
  workspaceId: string;
  personId: string;
  sessionId: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  language: PushLanguage;
}

/**
 * Keeps the subscription of a session; the browser may have renewed it, or had another person before. It is told of what
 * happens from now on.
 */
export async function keepSubscription(tx: Queryable, made: NewSubscription, now: Date): Promise<SubscriptionRow> {
  await tx.query(
    sql`delete from push_subscription where session_id = ${made.sessionId} and endpoint <> ${made.endpoint}`,
  );
  const [row] = await tx.query<{ id: string }>(sql`
    insert into push_subscription as p (id, workspace_id, person_id, session_id, endpoint, p256dh, auth, language, created_at,
      told_seq)
    select ${made.id}, ${made.workspaceId}, ${made.personId}, ${made.sessionId}, ${made.endpoint}, ${made.p256dh},
      ${made.auth}, ${made.language}, ${now},
      coalesce((select max(seq) from notification where workspace_id = ${made.workspaceId} and person_id = ${made.personId}), 0)
    on conflict (session_id) do update set p256dh = excluded.p256dh, auth = excluded.auth, language = excluded.language
    returning p.id`);
  const [kept] = await tx.query<SubscriptionRow>(sql`select ${columns} from push_subscription p
    join session s on s.id = p.session_id where p.id = ${row?.id ?? made.id}`);
  if (!kept) throw new Error('the session ended meanwhile');
  return kept;
}

/**
 * Forgets what other sessions subscribed with the same browser: it has another person now. Only the browser has the keys;
 * its address alone may have been read by others. As the engine.
 */
export async function forgetBrowser(
  engineDb: Queryable,
  { endpoint, p256dh, auth }: Pick<NewSubscription, 'endpoint' | 'p256dh' | 'auth'>,
  butOf: string,
): Promise<void> {
  await engineDb.query(
    sql`delete from push_subscription where md5(endpoint) = md5(${endpoint}) and endpoint = ${endpoint}
      and p256dh = ${p256dh} and auth = ${auth} and session_id <> ${butOf}`,
  );
}

export async function deleteSubscription(
  tx: Queryable,
  workspaceId: string,
  personId: string,
  id: string,
): Promise<boolean> {
  const rows = await tx.query(sql`delete from push_subscription
    where workspace_id = ${workspaceId} and person_id = ${personId} and id = ${id} returning id`);
  return rows.length > 0;
}

/** Something became news to the person, or is no news any more. */
const isNews = sql`exists (select 1 from notification n where n.workspace_id = p.workspace_id
  and n.person_id = p.person_id and n.seq > p.told_seq)`;

/** Whether the person is offline. Somebody alone in a workspace cannot change it in the web app, so there it counts for nothing. */
const isOffline = sql`exists (select 1 from availability v where v.workspace_id = p.workspace_id
  and v.person_id = p.person_id and v.status = 'offline' and exists (select 1 from membership o
    where o.workspace_id = v.workspace_id and o.person_id <> v.person_id and o.removed_at is null and o.disabled_at is null))`;

/** The subscriptions that have something to be told. */
export async function dueSubscriptions(db: Queryable, now: Date): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select p.id from push_subscription p
    where p.due_at <= ${now} and ${isNews} and not ${isOffline} order by p.due_at limit 1000`);
  return rows.map(({ id }) => id);
}

export interface ClaimedSubscription {
  id: string;
  workspace_id: string;
  person_id: string;
  endpoint: string;
  p256dh: string;
  auth: string;
  language: PushLanguage;
  attempts: number;
  told_seq: string;
}

/** Takes a subscription until a time, if it has something to be told, its session is open and its person not offline. */
export async function claimSubscription(
  db: Queryable,
  id: string,
  now: Date,
  until: Date,
): Promise<ClaimedSubscription | undefined> {
  const [row] = await db.query<ClaimedSubscription>(sql`update push_subscription p
    set due_at = ${until}, attempts = p.attempts + 1
    from session s join membership m on m.workspace_id = s.workspace_id and m.person_id = s.person_id
    where p.id = ${id} and p.due_at <= ${now} and ${isNews} and not ${isOffline} and s.id = p.session_id
      and s.revoked_at is null and s.expires_at > ${now} and s.workspace_id = p.workspace_id and m.removed_at is null and m.disabled_at is null
    returning p.id, p.workspace_id, p.person_id, p.endpoint, p.p256dh, p.auth, p.language, p.attempts,
      p.told_seq::text as told_seq`);
  return row;
}

export type PushedRow = NotificationRow & { seq: string; account: string | null; sees_numbers: boolean };

const most = 50;

/** What a subscription was not told yet, oldest first: news, and what became read since. */
export const untold = (
  db: Queryable,
  { workspace_id: workspaceId, person_id: personId, told_seq: seq }: ClaimedSubscription,
): Promise<PushedRow[]> =>
  db.query<PushedRow>(sql`select ${notificationColumns}, n.seq::text as seq,
      (select a.name from account a where a.id = n.account_id) as account, m.sees_numbers
    from notification n join membership m on m.workspace_id = n.workspace_id and m.person_id = n.person_id
    where n.workspace_id = ${workspaceId} and n.person_id = ${personId} and n.seq > ${seq}::bigint
      and (m.accounts is null or n.account_id is null or n.account_id = any (m.accounts))
    order by n.seq limit ${most}`);

/** The newest that a person has not read of these kinds. */
export async function unreadIds(
  db: Queryable,
  { workspace_id: workspaceId, person_id: personId }: ClaimedSubscription,
  kinds: readonly NotificationKind[],
): Promise<string[]> {
  const rows = await db.query<{ id: string }>(sql`select id from notification where workspace_id = ${workspaceId}
    and person_id = ${personId} and read_at is null and kind = any (${[...kinds]}::text[])
    order by at desc, id desc limit ${most}`);
  return rows.map(({ id }) => id);
}

/** The hours in which a person is told of nothing but critical alerts. */
export async function quietHours(
  db: Queryable,
  workspaceId: string,
  personId: string,
): Promise<{ from: string; until: string; zone: string } | undefined> {
  const [row] = await db.query<{ from: string; until: string; zone: string }>(sql`
    select to_char(quiet_from, 'HH24:MI') as from, to_char(quiet_until, 'HH24:MI') as until, time_zone as zone
    from alert_quiet where workspace_id = ${workspaceId} and person_id = ${personId}`);
  return row;
}

/** What came of telling a subscription. */
export interface Pushed {
  /** It was told, or need not be, up to here. */
  toldSeq: string | undefined;
  error: string | null;
  dueAt: Date;
  /** Whether the browser was reached now. */
  reached: boolean;
  attempts: number;
}

export async function recordPush(db: Queryable, id: string, outcome: Pushed, now: Date): Promise<void> {
  await db.query(sql`update push_subscription set told_seq = coalesce(${outcome.toldSeq ?? null}::bigint, told_seq),
    error = ${outcome.error}, due_at = ${outcome.dueAt}, attempts = ${outcome.attempts},
    last_at = case when ${outcome.reached} then ${now}::timestamptz else last_at end where id = ${id}`);
}

/** Forgets a subscription that its push service no longer knows. */
export async function forgetSubscription(db: Queryable, id: string): Promise<void> {
  await db.query(sql`delete from push_subscription where id = ${id}`);
}
