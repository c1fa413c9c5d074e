// The recipients of a campaign, for its readers.
import type { RecipientState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { countsOf } from './counts-store.ts';

export interface RecipientRow {
  contact_id: string;
  number: number;
  name: string | null;
  phone: string | null;
  state: RecipientState;
  reason: string | null;
  account_id: string | null;
  variant: number | null;
  wave: number;
  due_at: Date;
  message_id: string | null;
  reply_kind: 'sure' | 'likely' | null;
  reply_message_id: string | null;
  replied_at: Date | null;
  opted_out_at: Date | null;
  changed_at: Date | null;
}

export interface RecipientFilter {
  states?: readonly RecipientState[] | undefined;
  reason?: string | undefined;
  accountId?: string | undefined;
  replied?: 'sure' | 'likely' | 'any' | undefined;
}

/** The state of a recipient: that of its message, once there is one. */
const state = sql`case when r.state = 'left_out' then 'left_out' when r.state = 'rejected' then 'failed'
  when r.state = 'cancelled' then 'cancelled' when r.state = 'pending' then 'waiting'
  when m.id is null then 'deleted' when m.status in ('scheduled', 'queued') then 'waiting'
  when m.status = 'played' then 'read' else m.status end`;

const columns = sql`r.contact_id, r.number,
  (select c.name from contact c where c.id = r.contact_id) as name, (select x.value from contact_address x
    where x.contact_id = r.contact_id and x.kind = 'phone' order by x.number desc limit 1) as phone,
  ${state} as state, coalesce(r.reason, m.error_code) as reason, r.account_id, r.variant, r.wave, r.due_at, r.message_id,
  r.reply_kind, r.reply_message_id, r.replied_at, r.opted_out_at,
  greatest(m.failed_at, m.read_at, m.delivered_at, m.sent_at, r.accepted_at, r.replied_at) as changed_at`;

const stateOfRecipient: Readonly<Record<string, RecipientState>> = {
  left_out: 'left_out',
  rejected: 'failed',
  cancelled: 'cancelled',
  pending: 'waiting',
};
const stateOfMessage: Readonly<Record<string, string>> = { scheduled: 'waiting', queued: 'waiting', played: 'read' };

/** The conditions on a recipient `r` alone, and on one with its message `m`. */
interface Conditions {
  alone: Fragment | undefined;
  joined: Fragment | undefined;
}

/**
 * The conditions of some states; undefined where the counts say that nobody has one. Without messages in these states the
 * recipients alone decide: else the messages are looked at, one by one.
 */
async function inStates(
  db: Queryable,
  campaignId: string,
  states: readonly RecipientState[],
): Promise<Conditions | undefined> {
  const wanted = new Set<string | undefined>(states);
  const counts = await countsOf(db, [campaignId]);
  const found = counts
    .filter(({ of, value }) => of === 'recipient' && wanted.has(stateOfRecipient[value]))
    .map(({ value }) => value);
  const isOfMessages = counts.some(({ of, value }) => of === 'message' && wanted.has(stateOfMessage[value] ?? value));
  // Nothing counts the messages that are deleted.
  if (isOfMessages || wanted.has('deleted'))
    return {
      alone: sql`r.state = any (${[...found, 'accepted']}::text[])`,
      joined: sql`${state} = any (${[...states]}::text[])`,
    };
  return found.length > 0 ? { alone: sql`r.state = any (${found}::text[])`, joined: undefined } : undefined;
}

/**
 * The recipients that fit, in the order of the list; undefined where nobody fits. The order of the inner query keeps
 * PostgreSQL from sorting a new list, of which it has no statistics yet.
 */
async function matching(
  db: Queryable,
  campaignId: string,
  { states, reason, accountId, replied }: RecipientFilter,
  after?: Fragment,
): Promise<Fragment | undefined> {
  const ofStates =
    states === undefined ? { alone: undefined, joined: undefined } : await inStates(db, campaignId, states);
  if (!ofStates) return undefined;
  const alone = all([
    sql`r.campaign_id = ${campaignId}`,
    ofStates.alone,
    accountId !== undefined && sql`r.account_id = ${accountId}`,
    replied === 'any' && sql`r.replied_at is not null`,
    replied !== undefined && replied !== 'any' && sql`r.reply_kind = ${replied}`,
    after,
  ]);
  const joined = all([ofStates.joined, reason !== undefined && sql`coalesce(r.reason, m.error_code) = ${reason}`]);
  return sql`(select * from campaign_recipient r where ${alone} order by r.number offset 0) r
    left join message m on m.id = r.message_id where ${joined}`;
}

/** A page of recipients, in the order of the list. */
export async function listRecipients(
  db: Queryable,
  campaignId: string,
  filter: RecipientFilter,
  page: Pick<PageRequest, 'after' | 'limit' | 'offset'>,
): Promise<RecipientRow[]> {
  const fitting = await matching(db, campaignId, filter, page.after && sql`r.number > ${page.after[0]}::int`);
  if (!fitting) return [];
  return db.query<RecipientRow>(sql`select ${columns} from ${fitting}
    order by r.number limit ${page.limit + 1} offset ${page.offset}`);
}

/** How many recipients fit a filter, counted up to 10,001. */
export async function countRecipients(db: Queryable, campaignId: string, filter: RecipientFilter): Promise<number> {
  const fitting = await matching(db, campaignId, filter);
  if (!fitting) return 0;
  const [row] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from ${fitting} limit ${countedTo + 1}) x`,
  );
  return row?.total ?? 0;
}

/** A campaign that a person was on the list of, and what became of it. */
export interface CampaignOfPerson {
  campaign_id: string;
  name: string;
  at: Date;
  state: RecipientState;
  reason: string | null;
  message_id: string | null;
  replied_at: Date | null;
  opted_out_at: Date | null;
}

/** The campaigns of a person, oldest first, under any of the contacts that were merged. */
export const campaignsOf = (db: Queryable, contactIds: string[]): Promise<CampaignOfPerson[]> =>
  db.query<CampaignOfPerson>(sql`select k.id as campaign_id, k.name, coalesce(r.accepted_at, r.due_at) as at,
      ${state} as state, coalesce(r.reason, m.error_code) as reason, r.message_id, r.replied_at, r.opted_out_at
    from campaign_recipient r join campaign k on k.id = r.campaign_id left join message m on m.id = r.message_id
    where r.contact_id = any (${contactIds}::uuid[]) order by 3, 1`);

/** The values that lists of campaigns keep of these contacts until their turn. */
export const keptInLists = (
  db: Queryable,
  contacts: string[],
): Promise<{ campaign_id: string; kept: Record<string, string> }[]> =>
  db.query(sql`select campaign_id, kept from campaign_recipient
    where contact_id = any (${contacts}::uuid[]) and kept is not null order by campaign_id`);
