// The audience of a campaign, as a condition on the contact `c`.
import type { CampaignFate, CampaignSource } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { type Fragment, sql } from '../../kit/db/sql.ts';
import { toUuid } from '../../kit/ids.ts';
import { compileSegment, type Realm } from '../segments/index.ts';
import type { CampaignRow } from './campaign.ts';
import { type KeptColumns, keptColumnsOf } from './kept-store.ts';

const sentStatuses = ['sent', 'delivered', 'read', 'played'];

const statusesOf: Record<Exclude<CampaignFate, 'replied' | 'not_replied'>, string[]> = {
  sent: sentStatuses,
  delivered: ['delivered', 'read', 'played'],
  read: ['read', 'played'],
  not_read: ['delivered'],
  failed: ['failed'],
};

function byFate(campaignId: string, fate: CampaignFate): Fragment {
  if (fate === 'replied')
    return sql`exists (select 1 from campaign_recipient r where r.campaign_id = ${campaignId} and r.contact_id = c.id
      and r.replied_at is not null)`;
  const statuses = fate === 'not_replied' ? sentStatuses : statusesOf[fate];
  const unreplied = fate === 'not_replied' ? sql`and r.replied_at is null` : sql``;
  return sql`exists (select 1 from campaign_recipient r join message m on m.id = r.message_id
    where r.campaign_id = ${campaignId} and r.contact_id = c.id and m.status = any (${statuses}) ${unreplied})`;
}

/** The condition of one source. @throws AppError where its segment is gone */
async function conditionOf(db: Queryable, realm: Realm, source: CampaignSource): Promise<Fragment> {
  if (source.contact_ids !== undefined) return sql`c.id = any (${source.contact_ids.map(toUuid)}::uuid[])`;
  if (source.campaign_id !== undefined && source.fate !== undefined)
    return byFate(toUuid(source.campaign_id), source.fate);
  if (source.import_id !== undefined)
    return sql`exists (select 1 from contact_import_row i where i.contact_id = c.id and i.import_id = ${toUuid(source.import_id)}
      and i.fate in ('created', 'updated', 'unchanged'))`;
  if (source.segment_id !== undefined) return (await compileSegment(db, realm, toUuid(source.segment_id))).whole.test;
  throw new Error('a source without a kind');
}

/** Whether the contact `c` is in one of these sources; false without any. */
async function inOneOf(db: Queryable, realm: Realm, sources: readonly CampaignSource[]): Promise<Fragment> {
  let found = sql`false`;
  for (const source of sources) found = sql`${found} or ${await conditionOf(db, realm, source)}`;
  return found;
}

/** The audience of a campaign, and its excluded people, as conditions on the contact `c`. */
export interface Audience {
  included: Fragment;
  excluded: Fragment;
  /** Undefined where the message takes nothing from columns. */
  kept: KeptColumns | undefined;
}

/** The audience, as somebody limited to `scope` (UUIDs of accounts; null for all) sees it. @throws AppError */
export async function audienceOf(
  db: Queryable,
  campaign: Pick<CampaignRow, 'id' | 'workspace_id' | 'settings'>,
  scope: readonly string[] | null,
  now: Date,
): Promise<Audience> {
  const realm = { workspaceId: campaign.workspace_id, accounts: scope ?? undefined, now };
  const { include, exclude } = campaign.settings;
  return {
    included: await inOneOf(db, realm, include),
    excluded: await inOneOf(db, realm, exclude),
    kept: keptColumnsOf(campaign),
  };
}

/** How many contacts are in the audience of a campaign before any is left out, counted up to `most`. */
export async function countAudience(
  db: Queryable,
  workspaceId: string,
  { included }: Pick<Audience, 'included'>,
  most: number,
): Promise<number> {
  const [row] = await db.query<{ n: number }>(sql`select count(*) as n from (select 1 from contact c
    where c.workspace_id = ${workspaceId} and c.deleted_at is null and (${included}) limit ${most}) x`);
  return row?.n ?? 0;
}
