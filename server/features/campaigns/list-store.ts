// The table campaign_recipient, as the list of a campaign is prepared.
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import type { Audience } from './audience-store.ts';
import type { CampaignRow } from './campaign.ts';
import { keptValues } from './kept-store.ts';
import type { Facts, Listed } from './list-rules.ts';
import { wroteIn } from './wrote-store.ts';

interface FactRow {
  id: string;
  name: string | null;
  reference: string | null;
  language: string | null;
  fields: Record<string, unknown> | null;
  kept: Record<string, string> | null;
  phone: string | null;
  has_address: boolean;
  is_excluded: boolean;
  opted_out: 'marketing' | 'all' | null;
  lacks_consent: boolean;
  is_unreachable: boolean;
  window_open: boolean;
  has_written: boolean;
  talked_to: string | null;
  day: number;
  week: number;
  month: number;
  unanswered: number;
  recently_limited: boolean;
}

export interface Page {
  people: Facts[];
  /** How many contacts were looked at, and the last of them; null at the end of all contacts. */
  lookedAt: number;
  last: string | null;
}

/**
 * The people of the audience among the next contacts of the workspace, in the order of their ids. The statement reads
 * their counts of marketing messages only where the campaign is marketing.
 */
export async function readPage(
  db: Queryable,
  campaign: Pick<CampaignRow, 'workspace_id' | 'frozen_to' | 'account_ids'>,
  audience: Audience,
  { most, isMarketing, now }: { most: number; isMarketing: boolean; now: Date | null },
): Promise<Page> {
  const after = campaign.frozen_to === null ? sql`` : sql`and x.id > ${campaign.frozen_to}`;
  const [bounds] = await db.query<{ n: number; last: string | null }>(sql`
    select count(*) as n, max(id::text) as last from (select x.id from contact x
      where x.workspace_id = ${campaign.workspace_id} and x.deleted_at is null ${after} order by x.id limit ${most}) p`);
  const { n = 0, last = null } = bounds ?? {};
  if (last === null) return { people: [], lookedAt: 0, last: null };
  const within = (id: Fragment) =>
    sql`${campaign.frozen_to === null ? sql`` : sql`${id} > ${campaign.frozen_to} and`} ${id} <= ${last}::uuid`;
  const ofPage = sql`c.workspace_id = ${campaign.workspace_id} and c.deleted_at is null and ${within(sql`c.id`)}
    and (${audience.included})`;
  const kept = audience.kept && (await keptValues(db, audience.kept, within(sql`r.contact_id`)));
  const rows = await readFacts(db, campaign, audience, ofPage, { isMarketing, now });
  return { people: rows.map(row => factsOf(row, kept?.get(row.id))), lookedAt: n, last };
}

/** The facts of one contact, whether in the audience or not; none if there is no such contact. */
export async function readPerson(
  db: Queryable,
  campaign: Pick<CampaignRow, 'workspace_id' | 'account_ids'>,
  audience: Pick<Audience, 'excluded' | 'kept'>,
  contactId: string,
  reading: { isMarketing: boolean; now: Date | null },
): Promise<Facts[]> {
  const which = sql`c.workspace_id = ${campaign.workspace_id} and c.deleted_at is null and c.id = ${contactId}`;
  const kept = audience.kept && (await keptValues(db, audience.kept, sql`r.contact_id = ${contactId}`));
  return (await readFacts(db, campaign, audience, which, reading)).map(row => factsOf(row, kept?.get(row.id)));
}

function readFacts(
  db: Queryable,
  campaign: Pick<CampaignRow, 'workspace_id' | 'account_ids'>,
  audience: Pick<Audience, 'excluded' | 'kept'>,
  which: Fragment,
  { isMarketing, now }: { isMarketing: boolean; now: Date | null },
): Promise<FactRow[]> {
  const sent = (days: number) => sql`count(*) filter (where m.created_at > t - ${`${days} days`}::interval)`;
  const counts = isMarketing
    ? sql`left join lateral (select ${sent(1)} as day, ${sent(7)} as week, count(*) as month,
          coalesce(bool_or(m.error_code = '131049' and m.failed_at > t - interval '1 day'), false) as limited
        from message m where m.contact_id = c.id and m.category = 'marketing' and m.created_at > t - interval '30 days'
          and m.status not in ('cancelled', 'expired')) k on true
      left join lateral (select count(*) as n from (select 1 from message m where m.contact_id = c.id
          and m.category = 'marketing' and m.status in ('sent', 'delivered', 'read') and m.created_at > coalesce((
            select max(v.last_received_at) from conversation v where v.contact_id = c.id), '-infinity')
        limit 100) x) u on true`
    : sql`cross join (select 0 as day, 0 as week, 0 as month, false as limited) k cross join (select 0 as n) u`;
  const frozen = audience.kept
    ? sql`(select r.kept from campaign_recipient r where r.campaign_id = ${audience.kept.campaignId} and r.contact_id = c.id)`
    : sql`null::jsonb`;
  return db.query<FactRow>(sql`
    with page as materialized (select c.* from contact c where ${which})
    select c.id, c.name, c.reference, c.language, c.fields, ${frozen} as kept,
      (select x.value from contact_address x where x.contact_id = c.id and x.kind = 'phone'
        order by x.number desc limit 1) as phone,
      exists (select 1 from contact_address x where x.contact_id = c.id and x.kind in ('phone', 'bsuid', 'lid'))
        as has_address,
      (${audience.excluded}) as is_excluded,
      (select o.category from opt_out o where o.contact_id = c.id order by o.category limit 1) as opted_out,
      -- The setting once, not for each contact.
      case when ${isMarketing}::boolean and (select o.needs_consent from opt_out_setting o
          where o.workspace_id = ${campaign.workspace_id}) then lacks_consent(c.workspace_id, c.id) else false end
        as lacks_consent,
      c.unreachable_at is not null as is_unreachable, v.account_id as talked_to,
      coalesce(window_open(v.last_received_at, v.last_called_at, t), false) as window_open,
      ${wroteIn} as has_written,
      k.day, k.week, k.month, u.n as unanswered, k.limited as recently_limited
    from page c cross join (select clock(${now}) as t) clock
    left join lateral (select v.id, v.account_id, v.last_received_at, v.last_called_at from conversation v
      where v.contact_id = c.id and v.account_id = any (${campaign.account_ids}::uuid[])
      order by v.last_message_at desc limit 1) v on true
    ${counts} order by c.id`);
}

const factsOf = (row: FactRow, kept: Facts['kept'] = null): Facts => ({
  contactId: row.id,
  name: row.name,
  phone: row.phone,
  reference: row.reference,
  language: row.language,
  fields: row.fields,
  // Those of a person on the list are frozen.
  kept: row.kept ?? kept,
  hasAddress: row.has_address,
  isExcluded: row.is_excluded,
  optedOut: row.opted_out,
  lacksConsent: row.lacks_consent,
  isUnreachable: row.is_unreachable,
  windowOpen: row.window_open,
  hasWritten: row.has_written,
  talkedTo: row.talked_to,
  day: row.day,
  week: row.week,
  month: row.month,
  unanswered: row.unanswered,
  recentlyLimited: row.recently_limited,
});

export interface NewRecipient extends Listed {
  contactId: string;
  number: number;
  wave: number;
  kept: Facts['kept'];
}

/** Adds people to the list of a locked campaign. */
export async function addRecipients(tx: Queryable, campaignId: string, people: readonly NewRecipient[]): Promise<void> {
  const column = <Value>(pick: (person: NewRecipient) => Value) => people.map(pick);
  await tx.query(sql`insert into campaign_recipient (campaign_id, contact_id, number, account_id, variant, language, zone,
      wave, due_at, state, reason, kept)
    select ${campaignId}, x.contact, x.number, x.account, x.variant, x.language, x.zone, x.wave, x.due_at,
      case when x.reason is null then 'pending' else 'left_out' end, x.reason, x.kept::jsonb
    from unnest(${column(p => p.contactId)}::uuid[], ${column(p => p.number)}::int[], ${column(p => p.accountId)}::uuid[],
      ${column(p => p.variant)}::smallint[], ${column(p => p.language)}::text[], ${column(p => p.zone)}::text[],
      ${column(p => p.wave)}::smallint[], ${column(p => new Date(p.dueAt))}::timestamptz[],
      ${column(p => p.reason)}::text[], ${column(p => p.kept && JSON.stringify(p.kept))}::text[])
      x(contact, number, account, variant, language, zone, wave, due_at, reason, kept)
    on conflict do nothing`);
}

export interface ListProgress {
  last: string | null;
  lookedAt: number;
  listed: number;
  people: number;
  isComplete: boolean;
}

/** Records how far the list of a locked campaign is. */
export async function recordPage(
  tx: Queryable,
  id: string,
  { last, lookedAt, listed, people, isComplete }: ListProgress,
  at: Date,
): Promise<void> {
  await tx.query(sql`update campaign set frozen_to = coalesce(${last}::uuid, frozen_to), looked_at = looked_at + ${lookedAt},
      listed = listed + ${listed}, people = people + ${people}, frozen_at = case when ${isComplete}::boolean then ${at}::timestamptz end
    where id = ${id}`);
}

/** Forgets the list of a locked campaign, so that it can be prepared again. */
export async function forgetList(tx: Queryable, id: string): Promise<void> {
  await tx.query(sql`delete from campaign_recipient where campaign_id = ${id}`);
  await tx.query(sql`delete from campaign_count where campaign_id = ${id}`);
  await tx.query(sql`delete from campaign_delta where campaign_id = ${id}`);
  await tx.query(sql`update campaign set frozen_to = null, frozen_at = null, looked_at = 0, listed = 0, people = 0, wave = 1,
    wave_at = null where id = ${id}`);
}

const listedAtOnce = 10_000;

/** The next people on a list who are to get the campaign, with what their message costs by. */
export const listedPeople = (db: Queryable, campaignId: string, after: number) =>
  db.query<{ number: number; account_id: string; variant: number; phone: string | null }>(sql`
    select r.number, r.account_id, coalesce(r.variant, 0) as variant, (select x.value from contact_address x
      where x.contact_id = r.contact_id and x.kind = 'phone' order by x.number desc limit 1) as phone
    from campaign_recipient r where r.campaign_id = ${campaignId} and r.number > ${after} and r.state <> 'left_out'
    order by r.number limit ${listedAtOnce}`);
