// The table campaign_recipient, as a campaign feeds the queue.
import type { LeftOutReason } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { wroteIn } from './wrote-store.ts';

/** A recipient whose turn it is, with what messages say of the person. A merged contact is the one that remains. */
export interface Candidate {
  contact_id: string;
  /** The contact that has the history of the person now. */
  now_id: string;
  account_id: string;
  variant: number;
  language: string | null;
  zone: string;
  name: string | null;
  reference: string | null;
  own_language: string | null;
  fields: Record<string, unknown> | null;
  kept: Record<string, string> | null;
  phone: string | null;
}

/** The next recipients of an account in the waves up to this one, in their order. */
export const nextRecipients = (
  db: Queryable,
  { campaignId, accountId, wave, most }: { campaignId: string; accountId: string; wave: number; most: number },
  now: Date | null,
): Promise<Candidate[]> =>
  db.query<Candidate>(sql`select r.contact_id, c.id as now_id, r.account_id, coalesce(r.variant, 0) as variant, r.language,
      r.zone, c.name, c.reference, c.language as own_language, c.fields, r.kept, (select x.value from contact_address x
        where x.contact_id = c.id and x.kind = 'phone' order by x.number desc limit 1) as phone
    from (select * from campaign_recipient where campaign_id = ${campaignId} and account_id = ${accountId}
        and state = 'pending' and wave <= ${wave} and due_at <= clock(${now})
      order by wave, due_at, number limit ${most}) r
    join contact o on o.id = r.contact_id join contact c on c.id = coalesce(o.merged_into, o.id)
    order by r.wave, r.due_at, r.number`);

/** When the next recipient of the waves up to this one is due; null if nobody is pending in them. */
export async function nextDue(db: Queryable, campaignId: string, wave: number): Promise<Date | null> {
  const [row] = await db.query<{ due_at: Date | null }>(sql`select min(due_at) as due_at from campaign_recipient
    where campaign_id = ${campaignId} and state = 'pending' and wave <= ${wave}`);
  return row?.due_at ?? null;
}

/** Gives the recipients of deleted accounts to the accounts that are left, by turns, in pieces. */
export async function passOnRecipients(
  db: Queryable,
  campaignId: string,
  gone: string[],
  left: string[],
): Promise<void> {
  for (;;) {
    const rows = await db.query(sql`update campaign_recipient
      set account_id = (${left}::uuid[])[1 + number % ${left.length}::int] where campaign_id = ${campaignId}
      and contact_id = any (array(select contact_id from campaign_recipient where campaign_id = ${campaignId}
        and account_id = any (${gone}::uuid[]) and state = 'pending' limit 10000)) and state = 'pending' returning 1`);
    if (rows.length < 10_000) return;
  }
}

/** A recipient as a transaction that holds it sees it. */
export interface Held {
  contact_id: string;
  now_id: string;
  is_gone: boolean;
  /** Whether another row of the campaign stands for the same person, and comes first. */
  is_duplicate: boolean;
  opted_out: 'marketing' | 'all' | null;
  /** Whether the person never wrote to the account. */
  is_stranger: boolean;
  day: number;
  week: number;
  month: number;
}

/**
 * Locks those of these recipients that are still pending. Nobody else feeds, merges or erases them until the end of the
 * transaction, which holds the lanes.
 */
export const holdRecipients = (
  tx: Queryable,
  campaignId: string,
  contactIds: string[],
  now: Date | null,
): Promise<Held[]> =>
  tx.query<Held>(sql`with r as materialized (
      select * from campaign_recipient where campaign_id = ${campaignId} and contact_id = any (${contactIds}::uuid[])
        and state = 'pending' order by number for update skip locked)
    select r.contact_id, c.id as now_id, c.deleted_at is not null as is_gone, exists (
        select 1 from campaign_recipient s join contact k on k.id = s.contact_id
        where s.campaign_id = r.campaign_id and s.contact_id <> r.contact_id and coalesce(k.merged_into, k.id) = c.id
          and s.contact_id in (select c.id union all select m.id from contact m where m.merged_into = c.id)
          and (s.state = 'accepted' or s.state = 'pending' and s.number < r.number)) as is_duplicate,
      (select x.category from opt_out x where x.contact_id = c.id order by x.category limit 1) as opted_out,
      not exists (select 1 from conversation v where v.account_id = r.account_id and v.contact_id = c.id
        and ${wroteIn}) as is_stranger,
      k.day, k.week, k.month
    from r join contact o on o.id = r.contact_id join contact c on c.id = coalesce(o.merged_into, o.id)
    cross join (select clock(${now}) as t) clock
    cross join lateral (select count(*) filter (where m.created_at > t - interval '1 day') as day,
        count(*) filter (where m.created_at > t - interval '7 days') as week, count(*) as month
      from message m where m.contact_id = c.id and m.category = 'marketing' and m.created_at > t - interval '30 days'
        and m.status not in ('cancelled', 'expired')) k`);

/** The fate of a recipient whose turn it was. */
export type Fed =
  | { contactId: string; state: 'accepted'; messageId: string }
  | { contactId: string; state: 'left_out'; reason: LeftOutReason }
  | { contactId: string; state: 'rejected'; reason: string }
  | { contactId: string; state: 'pending'; dueAt: Date };

/** Records what became of locked recipients. */
export async function recordFed(tx: Queryable, campaignId: string, fed: readonly Fed[], at: Date): Promise<void> {
  const column = <Value>(pick: (each: Fed) => Value) => fed.map(pick);
  await tx.query(sql`update campaign_recipient r set state = x.state, reason = x.reason, message_id = x.message,
      accepted_at = case when x.state = 'accepted' then ${at}::timestamptz end, due_at = coalesce(x.due_at, r.due_at),
      kept = case when x.state = 'pending' then r.kept end
    from unnest(${column(f => f.contactId)}::uuid[], ${column(f => f.state)}::text[],
      ${column(f => ('reason' in f ? f.reason : null))}::text[],
      ${column(f => ('messageId' in f ? f.messageId : null))}::uuid[],
      ${column(f => ('dueAt' in f ? f.dueAt : null))}::timestamptz[]) x(contact, state, reason, message, due_at)
    where r.campaign_id = ${campaignId} and r.contact_id = x.contact`);
}

/** Moves recipients whose hours are over to the next ones. */
export async function deferRecipients(
  db: Queryable,
  campaignId: string,
  deferred: readonly { contactId: string; dueAt: Date }[],
): Promise<void> {
  if (deferred.length === 0) return;
  await db.query(sql`update campaign_recipient r set due_at = x.due_at
    from unnest(${deferred.map(d => d.contactId)}::uuid[], ${deferred.map(d => d.dueAt)}::timestamptz[]) x(contact, due_at)
    where r.campaign_id = ${campaignId} and r.contact_id = x.contact and r.state = 'pending'`);
}

/** How much of a daily limit campaigns leave to others: all but their share, which is one at least. */
const kept = (limit: Fragment, share: number): Fragment =>
  sql`least((1 - ${share}::float8 / 100) * ${limit}, greatest(${limit} - 1, 0))`;

/** How many messages of the campaign an account has in its queue, and how many of all campaigns it may begin today. */
export interface Room {
  account_id: string;
  queued: number;
  /** Of the shares of the day's limits; null without a limit. */
  left_today: number | null;
  left_new: number | null;
  /** Of WhatsApp's own quota: how many people who never wrote, and until when. Null without one, or without an end. */
  new_chats_left: number | null;
  new_chats_until: Date | null;
  tomorrow: Date;
  accepted_lately: number;
}

/**
 * Locks the lanes of accounts, in order, and says what room a campaign has in each. Every transaction that writes the
 * queue locks the lanes first.
 */
export const lockRooms = (
  tx: Queryable,
  { campaignId, accountIds, share }: { campaignId: string; accountIds: string[]; share: number },
  now: Date | null,
): Promise<Room[]> =>
  tx.query<Room>(sql`with l as materialized (select * from lock_lanes(${accountIds}::uuid[], ${now}))
    select l.account_id, l.tomorrow, q.n as queued,
      case when l.left_today < 2147483647 then
        floor(l.left_today - l.queued - ${kept(sql`coalesce(day_limit(a, l.today), 0)`, share)})::int end as left_today,
      case when l.left_new is not null then
        floor(l.left_new - q.n - ${kept(sql`a.new_per_day`, share)})::int end as left_new,
      case when a.new_chats_until is null or a.new_chats_until > l.now then a.new_chats_left end as new_chats_left,
      a.new_chats_until,
      (select count(*)::int from campaign_recipient r where r.campaign_id = ${campaignId}
        and r.accepted_at > l.now - interval '1 minute') as accepted_lately
    from l join account a on a.id = l.account_id
    cross join lateral (select count(*)::int as n from open_message o
      where o.campaign_id = ${campaignId} and o.account_id = l.account_id and o.state <> 'unknown') q`);

/**
 * Whether anything of a campaign is still pending, open in a queue, or unknown until Recado itself decides. What only a
 * person can decide is tried.
 */
export async function isUnfinished(db: Queryable, campaignId: string): Promise<boolean> {
  const rows =
    await db.query(sql`(select 1 from campaign_recipient where campaign_id = ${campaignId} and state = 'pending' limit 1)
    union all (select 1 from open_message o join account a on a.id = o.account_id where o.campaign_id = ${campaignId}
      and (o.state <> 'unknown' or o.resolve_by is not null and coalesce(o.on_unknown, a.on_unknown) <> 'hold') limit 1)
    limit 1`);
  return rows.length > 0;
}

/** Whether messages of a campaign are in a queue and its state does not hold them, or are called. */
export async function isUnderWay(db: Queryable, campaignId: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from open_message where campaign_id = ${campaignId} and state <> 'unknown'
    and (state <> 'held' or wait_reason is distinct from 'campaign_paused') limit 1`);
  return rows.length > 0;
}

/** Whether a campaign holds messages in a queue. */
export async function hasHeld(db: Queryable, campaignId: string): Promise<boolean> {
  const rows = await db.query(sql`select 1 from open_message where campaign_id = ${campaignId} and state = 'held'
    and wait_reason = 'campaign_paused' limit 1`);
  return rows.length > 0;
}

/** Of a wave: its people, those with a receipt or an end, and those not accepted yet. */
export async function waveProgress(
  db: Queryable,
  campaignId: string,
  wave: number,
): Promise<{ people: number; pending: number; heard: number; lastAt: Date | null }> {
  const [row] = await db.query<{ people: number; pending: number; heard: number; last_at: Date | null }>(sql`
    select count(*)::int as people, count(*) filter (where r.state = 'pending')::int as pending,
      count(*) filter (where m.status in ('delivered', 'read', 'played', 'failed', 'cancelled', 'expired'))::int as heard,
      max(r.accepted_at) as last_at
    from campaign_recipient r left join message m on m.id = r.message_id
    where r.campaign_id = ${campaignId} and r.wave = ${wave} and r.state in ('pending', 'accepted')`);
  return { people: row?.people ?? 0, pending: row?.pending ?? 0, heard: row?.heard ?? 0, lastAt: row?.last_at ?? null };
}

/** Opens the next wave, and notes the time of the first message. */
export async function openWave(db: Queryable, id: string, wave: number, at: Date): Promise<void> {
  await db.query(sql`update campaign set wave = ${wave}, wave_at = ${at} where id = ${id} and wave < ${wave}`);
}

export async function noteStarted(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.query(sql`update campaign set started_at = ${at} where id = ${id} and started_at is null`);
}

/** The messages that an account may still begin for campaigns. */
export interface Allowance {
  account_id: string;
  /** Messages today; null without a daily limit. */
  left_today: number | null;
  /** WhatsApp's own quota of people who never wrote; null without one. */
  new_chats: { left: number; until: string | null } | null;
}

export const limitsOf = (db: Queryable, accountIds: string[], share: number, now: Date | null): Promise<Allowance[]> =>
  db.query<Allowance>(sql`
    select a.id as account_id, greatest(0, floor(day_limit(a, d.today) - ${kept(sql`day_limit(a, d.today)`, share)}
      - case when l.day = d.today then l.sent else 0 end - l.queued))::int as left_today,
      case when a.new_chats_left is not null and (a.new_chats_until is null or a.new_chats_until > d.t)
        then jsonb_build_object('left', a.new_chats_left, 'until', a.new_chats_until) end as new_chats
    from account a join lane l on l.account_id = a.id
    cross join lateral (select clock(${now}) as t, (clock(${now}) at time zone a.time_zone)::date as today) d
    where a.id = any (${accountIds}::uuid[]) and a.deleted_at is null order by a.id`);
