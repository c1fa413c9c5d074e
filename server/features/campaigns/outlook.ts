// The outlook of a campaign that starts now: its people, the people left out, and when the last message leaves.
import type { CampaignOutlook } from '@recado/contract';
import type { Queryable } from '../../kit/db/database.ts';
import { toId } from '../../kit/ids.ts';
import { countryOf } from '../../kit/text/country.ts';
import type { Clock } from '../../kit/time.ts';
import { presentNewChats } from '../accounts/index.ts';
import { type Audience, estimateCost } from '../cost/index.ts';
import { type AccountRow, accountsOf, categoriesOf, sendingAccounts } from './accounts-store.ts';
import { audienceOf } from './audience-store.ts';
import type { CampaignRow } from './campaign.ts';
import { limitsOf } from './feed-store.ts';
import { type ListRules, listed } from './list-rules.ts';
import { listedPeople, readPage } from './list-store.ts';
import { shortcomings, withKnownSources } from './readiness-store.ts';
import { deliveredShareOf } from './result-store.ts';

export interface OutlookNeeds {
  db: Queryable;
  clock: Clock;
  /** Whether free content on a channel needs an open window. */
  hasWindow: (channel: string) => boolean;
}

const pageSize = 2_000;
/** How long Recado looks at contacts for one answer, in milliseconds. */
const longestMs = 5_000;

function tallies() {
  const counts = new Map<string, number>();
  return {
    add: (value: string) => counts.set(value, (counts.get(value) ?? 0) + 1),
    of: (value: string) => counts.get(value) ?? 0,
    list: () =>
      [...counts].map(([value, people]) => ({ value, people })).sort((left, right) => right.people - left.people),
  };
}

/** The rules of a campaign's list now; undefined if none of its accounts exists, or it has no message. */
export async function listRules(needs: OutlookNeeds, campaign: CampaignRow) {
  const rows = await accountsOf(needs.db, campaign);
  if (rows.length === 0 || campaign.settings.variants.length === 0) return undefined;
  const { accounts, isMarketing } = await sendingAccounts(needs.db, campaign, rows, needs.hasWindow);
  const rules: ListRules = {
    campaignId: campaign.id,
    settings: campaign.settings,
    isMarketing,
    accounts,
    now: needs.clock.now(),
  };
  return { rules, rows, isMarketing };
}

export async function outlookOf(
  needs: OutlookNeeds,
  campaign: CampaignRow,
  scope: readonly string[] | null,
): Promise<CampaignOutlook> {
  const { db, clock } = needs;
  const problems = await shortcomings(db, campaign);
  const found = await listRules(needs, campaign);
  const audienceIs = await audienceOf(db, await withKnownSources(db, campaign), scope, new Date(clock.now()));
  const byPrice = tallies();
  const [reasons, byAccount, byCountry, byLanguage, byVariant, strangers] = [
    tallies(),
    tallies(),
    tallies(),
    tallies(),
    tallies(),
    tallies(),
  ];
  let [lookedAt, audience, people] = [0, 0, 0];
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  let complete = found === undefined || campaign.settings.include.length === 0;
  let after: string | null = null;
  const end = clock.elapsed() + longestMs;
  while (found && !complete && clock.elapsed() < end) {
    const from = { ...campaign, frozen_to: after };
    const reading = { most: pageSize, isMarketing: found.isMarketing, now: clock.sqlNow() };
    const page = await readPage(db, from, audienceIs, reading);
    lookedAt += page.lookedAt;
    for (const facts of page.people) {
      const row = listed(facts, found.rules);
      audience++;
      if (row.reason !== null) {
        reasons.add(row.reason);
        continue;
      }
      people++;
      first = Math.min(first, row.dueAt);
      last = Math.max(last, row.dueAt);
      byAccount.add(row.accountId ?? '');
      if (!facts.hasWritten) strangers.add(row.accountId ?? '');
      byCountry.add((facts.phone === null ? null : countryOf(facts.phone)) ?? '');
      byLanguage.add(row.language ?? '');
      byVariant.add(String(row.variant ?? 0));
      const country = (facts.phone === null ? null : countryOf(facts.phone)) ?? '';
      byPrice.add(JSON.stringify([row.accountId, row.variant ?? 0, country]));
    }
    complete = page.last === null;
    after = page.last;
  }
  const limits = found ? await limitsOf(db, campaign.account_ids, campaign.settings.daily_share, clock.sqlNow()) : [];
  const minutes = found ? Math.max(...found.rows.map(row => minutesFor(row, byAccount.of(row.id), campaign)), 0) : 0;
  return {
    complete,
    looked_at: lookedAt,
    audience,
    people,
    left_out: reasons.list(),
    by_account: byAccount.list().map(({ value, people: n }) => ({ value: value && toId('account', value), people: n })),
    by_country: byCountry.list(),
    by_language: byLanguage.list(),
    by_variant: byVariant.list(),
    first_at: people === 0 ? null : new Date(first).toISOString(),
    last_at: people === 0 ? null : new Date(last + Math.ceil(minutes) * 60_000).toISOString(),
    new_conversations: limits.map(({ account_id: id, left_today, new_chats }) => ({
      account_id: toId('account', id),
      people: byAccount.of(id),
      left_today,
      strangers: strangers.of(id),
      new_chats: presentNewChats(new_chats),
    })),
    cost: await costOf(db, campaign, byPrice.list(), clock.sqlNow()),
    problems,
  };
}

/** What a campaign will cost, and what it costs if as few are delivered as of earlier campaigns. */
async function costOf(
  db: Queryable,
  campaign: CampaignRow,
  prices: readonly { value: string; people: number }[],
  now: Date | null,
): Promise<CampaignOutlook['cost']> {
  const categories = await categoriesOf(db, campaign);
  const audience = prices.map(({ value, people }): Audience => {
    const [accountId, variant, country] = JSON.parse(value) as [string, number, string];
    return { accountId, country, people, category: categories.get(`${accountId} ${variant}`) ?? 'marketing' };
  });
  const estimate = await estimateCost(db, campaign.workspace_id, audience, now);
  if (!estimate) return null;
  const { currency, high, people, without } = estimate;
  const low = await deliveredShareOf(db, campaign.workspace_id, high, now);
  return {
    currency,
    low,
    high,
    people,
    without_rate: without.map(each => ({ value: each.country, people: each.people })),
  };
}

/** How long an account takes to send so many messages of a campaign, in minutes. */
function minutesFor(
  { rate_messages: messages, rate_seconds: seconds }: AccountRow,
  people: number,
  { settings }: CampaignRow,
): number {
  const own = (messages / seconds) * 60;
  return people / Math.min(own, settings.rate_per_minute ?? own);
}

/** What the people on a complete list will cost. */
export async function costOfList(
  db: Queryable,
  campaign: CampaignRow,
  now: Date | null,
): Promise<CampaignOutlook['cost']> {
  const byPrice = tallies();
  for (let after = 0; ; ) {
    const rows = await listedPeople(db, campaign.id, after);
    for (const { account_id: account, variant, phone } of rows)
      byPrice.add(JSON.stringify([account, variant, (phone === null ? null : countryOf(phone)) ?? '']));
    const last = rows.at(-1);
    if (!last) return costOf(db, campaign, byPrice.list(), now);
    after = last.number;
  }
}
