// The accounts that send a campaign, as far as it depends on them.
import type { CampaignSettings } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { sql } from '../../kit/db/sql.ts';
import { templatesNamed } from '../templates/index.ts';
import type { CampaignRow } from './campaign.ts';
import type { SendingAccount } from './list-rules.ts';

export interface AccountRow {
  id: string;
  name: string;
  channel: string;
  status: string;
  quality: string | null;
  time_zone: string;
  rate_messages: number;
  rate_seconds: number;
  /** The messages of the campaign in the queue of the account. */
  queued: number;
}

/** The accounts of a campaign that still exist. */
export const accountsOf = (db: Queryable, campaign: Pick<CampaignRow, 'id' | 'account_ids'>): Promise<AccountRow[]> =>
  db.query<AccountRow>(sql`select a.id, a.name, a.channel, a.status, a.quality, a.time_zone, a.rate_messages,
      a.rate_seconds, (select count(*)::int from open_message o
        where o.campaign_id = ${campaign.id} and o.account_id = a.id and o.state <> 'unknown') as queued
    from account a where a.id = any (${campaign.account_ids}::uuid[]) and a.deleted_at is null order by a.id`);

const sendable = new Set(['APPROVED', 'FLAGGED']);

/** The accounts with the languages of each variant's template, and whether any variant is marketing. */
export async function sendingAccounts(
  db: Queryable,
  { workspace_id: workspaceId, settings }: Pick<CampaignRow, 'workspace_id' | 'settings'>,
  accounts: readonly AccountRow[],
  hasWindow: (channel: string) => boolean,
): Promise<{ accounts: SendingAccount[]; isMarketing: boolean }> {
  let isMarketing = false;
  const found: SendingAccount[] = [];
  for (const account of accounts) {
    const languages: string[][] = [];
    for (const { message } of settings.variants) {
      const rows = message.template ? await templatesNamed(db, workspaceId, account.id, message.template.name) : [];
      isMarketing ||= isMarketingMessage(
        message,
        rows.map(({ category }) => category),
      );
      languages.push(rows.filter(({ status }) => sendable.has(status)).map(({ language }) => language));
    }
    const { id, name, time_zone: timeZone } = account;
    found.push({ id, name, timeZone, hasWindow: hasWindow(account.channel), languages });
  }
  return { accounts: found, isMarketing };
}

/** The category by which each variant is billed from each account, by `<account> <variant>`. */
export async function categoriesOf(
  db: Queryable,
  { workspace_id: workspaceId, account_ids: accountIds, settings }: CampaignRow,
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const accountId of accountIds)
    for (const [place, { message }] of settings.variants.entries()) {
      const rows = message.template ? await templatesNamed(db, workspaceId, accountId, message.template.name) : [];
      const own = rows.find(({ language }) => language === message.template?.language.code) ?? rows[0];
      found.set(`${accountId} ${place}`, message.template ? (own?.category.toLowerCase() ?? 'marketing') : 'service');
    }
  return found;
}

/** Free content to many is marketing, and so is a template that WhatsApp classes so, or does not know. */
const isMarketingMessage = (
  { type }: CampaignSettings['variants'][number]['message'],
  categories: readonly string[],
): boolean =>
  type !== 'template' || categories.length === 0 || categories.some(category => category.toUpperCase() === 'MARKETING');
