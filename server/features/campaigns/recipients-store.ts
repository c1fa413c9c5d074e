// The recipients of a campaign, for its readers.
import type { RecipientState } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { all, type Fragment, sql } from '../../kit/db/sql.ts';
import { countedTo, type PageRequest } from '../../kit/http/routes.ts';
import { type CountRow, countsOf } from './counts-store.ts';

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
  /** For somebody who reads some conversations only. */
  isOfReader?: true | undefined;
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

/** Of the messages of a campaign in some statuses, the ids. */
const idsBy: readonly {
  statuses: readonly string[];
  ids: (campaignId: string, statuses: readonly string[]) => Fragment;
}[] = [
  {
    statuses: ['queued', 'sending'],
    ids: (campaignId, statuses) => sql`select m.id from open_message o join message m on m.id = o.id
      where o.campaign_id = ${campaignId} and m.status = any (${statuses}::text[])`,
  },
  {
    statuses: ['sent', 'delivered', 'read', 'played'],
    ids: (campaignId, statuses) => sql`select m.id from message m
      where m.campaign_id = ${campaignId} and m.status = any (${statuses}::text[])`,
  },
  {
    statuses: ['scheduled', 'unknown', 'failed', 'cancelled', 'expired'],
    ids: (campaignId, statuses) => sql`select m.id from message m
      where m.campaign_id = ${campaignId} and m.listed_status = any (${statuses}::text[])`,
  },
];

/** The most messages whose recipients are all read and sorted. Of more than these, the list soon has a page. */
const mostSorted = 10_000;

/** A way to some recipients `r`. No two ways lead to the same one. */
interface Way {
  from: Fragment;
  where: Fragment;
  /** Of the recipients in the order of the list, the condition on `r` and its message `m`. */
  joined?: Fragment;
}

const list = sql`campaign_recipient r`;

/** How many recipients of a campaign there are in each state that they or their messages are stored with. */
async function numbersOf(db: Queryable, campaignId: string) {
  const counts = await countsOf(db, [campaignId]);
  const sum = (keep: (row: CountRow) => boolean) => counts.filter(keep).reduce((total, { n }) => total + n, 0);
  return {
    ofRecipients: (stored: string) => sum(({ of, value }) => of === 'recipient' && value === stored),
    ofMessages: (status: string) =>
      sum(({ of, value }) => of === 'message' && value === status) -
      sum(({ of, value, code }) => of === 'message' && value === 'deleted' && code === status),
    deleted: sum(({ of, value }) => of === 'message' && value === 'deleted'),
  };
}

/** The ways to the recipients in some states, and how many these are. */
async function waysByState(
  db: Queryable,
  campaignId: string,
  states: readonly string[],
): Promise<{ ways: Way[]; total: number }> {
  const numbers = await numbersOf(db, campaignId);
  const ways: Way[] = [];
  let total = 0;
  for (const [stored, state] of Object.entries(stateOfRecipient)) {
    const number = numbers.ofRecipients(stored);
    if (!states.includes(state) || number === 0) continue;
    // The index has the others, and cannot know that this is one.
    ways.push({ from: list, where: sql`r.state = ${stored} and r.state <> 'accepted'` });
    total += number;
  }
  for (const { statuses, ids } of idsBy) {
    const wanted = statuses.filter(status => states.includes(stateOfMessage[status] ?? status));
    const number = wanted.reduce((sum, status) => sum + numbers.ofMessages(status), 0);
    total += number;
    if (number > mostSorted)
      ways.push({ from: list, where: sql`r.state = 'accepted'`, joined: sql`m.status = any (${wanted}::text[])` });
    else if (number > 0)
      ways.push({
        // From the messages, not from the list: its order would lead through all of it.
        from: sql`(${ids(campaignId, wanted)}) x
          cross join lateral (select r.* from campaign_recipient r where r.message_id = x.id limit 1) r`,
        where: sql`r.state = 'accepted'`,
      });
  }
  if (states.includes('deleted') && numbers.deleted > 0) {
    ways.push({ from: list, where: sql`r.state = 'accepted'`, joined: sql`m.id is null` });
    total += numbers.deleted;
  }
  return { ways, total };
}

/** All recipients in the order of the list; with states, each is asked for its own. */
const wholeList = (states: readonly RecipientState[] | undefined): Way => ({
  from: list,
  where: sql`true`,
  ...(states && { joined: sql`${state} = any (${[...states]}::text[])` }),
});

/** The recipients that fit a filter. */
export interface FoundRecipients {
  ways: Way[];
  /** How many they are, where that is known. */
  total: number | undefined;
}

/** Finds the ways to the recipients that fit a filter, for listRecipients and countRecipients. */
export async function findRecipients(
  db: Queryable,
  campaignId: string,
  filter: RecipientFilter,
): Promise<FoundRecipients> {
  const { states, reason, accountId, replied, isOfReader } = filter;
  const conditions = all([
    accountId !== undefined && sql`r.account_id = ${accountId}`,
    replied !== undefined && sql`r.replied_at is not null`,
    replied !== undefined && replied !== 'any' && sql`r.reply_kind = ${replied}`,
  ]);
  const ofReason = reason === undefined ? undefined : sql`coalesce(r.reason, m.error_code) = ${reason}`;
  // The counts know the messages that a limited reader may not read, too.
  const isCounted = states !== undefined && replied === undefined && !isOfReader;
  const { ways, total } = isCounted
    ? await waysByState(db, campaignId, states)
    : { ways: [wholeList(states)], total: undefined };
  return {
    ways: ways.map(({ from, where, joined }) => ({
      from,
      where: sql`r.campaign_id = ${campaignId} and ${where} and ${conditions}`,
      ...((joined ?? ofReason) && { joined: all([joined, ofReason]) }),
    })),
    total: reason === undefined && accountId === undefined ? total : undefined,
  };
}

/** The first recipients that the ways lead to. */
function firstOf(ways: readonly Way[], most: number, after = sql`true`): Fragment {
  const first = ({ from, where, joined }: Way): Fragment => {
    const found = sql`select r.* from ${from} where ${where} and ${after} order by r.number`;
    if (!joined) return sql`(${found} limit ${most})`;
    // The order of the inner query keeps PostgreSQL from sorting a new list, of which it has no statistics yet.
    return sql`(select r.* from (${found} offset 0) r left join message m on m.id = r.message_id where ${joined}
      order by r.number limit ${most})`;
  };
  const [head, ...rest] = ways.map(first);
  return rest.reduce(
    (left, right) => sql`${left} union all ${right}`,
    head ?? sql`select * from campaign_recipient where false`,
  );
}

/** A page of recipients, in the order of the list. */
export async function listRecipients(
  db: Queryable,
  { ways }: FoundRecipients,
  page: Pick<PageRequest, 'after' | 'limit' | 'offset'>,
): Promise<RecipientRow[]> {
  const after = page.after && sql`r.number > ${page.after[0]}::int`;
  return db.query<RecipientRow>(sql`select ${columns} from (${firstOf(ways, page.offset + page.limit + 1, after)}) r
    left join message m on m.id = r.message_id order by r.number limit ${page.limit + 1} offset ${page.offset}`);
}

/** How many recipients were found, counted up to 10,001. */
export async function countRecipients(db: Queryable, { ways, total }: FoundRecipients): Promise<number> {
  if (total !== undefined) return Math.min(total, countedTo + 1);
  const [row] = await db.query<{ total: number }>(
    sql`select count(*) as total from (select 1 from (${firstOf(ways, countedTo + 1)}) x limit ${countedTo + 1}) x`,
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
