// Prepares the list of a campaign: who gets it, and why others do not.
import type { Database } from '../../kit/db/database.ts';
import type { Clock } from '../../kit/time.ts';
import { audienceOf } from './audience-store.ts';
import { type ListRules, listed, waveOf } from './list-rules.ts';
import { addRecipients, type NewRecipient, type Page, readPage, recordPage } from './list-store.ts';
import { listRules } from './outlook.ts';
import { findAnyCampaign } from './store.ts';

export interface PrepareNeeds {
  db: Database;
  clock: Clock;
  /** Whether free content on a channel needs an open window. */
  hasWindow: (channel: string) => boolean;
}

/** How many contacts one transaction looks at: more take more memory, and are no quicker. */
const pageSize = 2_000;

/** The rows of a page, numbered behind those that the list has already. */
function rowsOf(
  page: Page,
  rules: ListRules,
  { listed: before, people: writtenTo }: { listed: number; people: number },
): NewRecipient[] {
  let people = writtenTo;
  return page.people.map((facts, place) => {
    const row = listed(facts, rules);
    if (row.reason === null) people++;
    const wave = row.reason === null ? waveOf(people, rules.settings.waves?.sizes ?? []) : 1;
    const kept = row.reason === null ? facts.kept : null;
    return { ...row, contactId: facts.contactId, number: before + place + 1, wave, kept };
  });
}

/**
 * Looks at the next contacts and adds those of the audience to the list, in one transaction. Returns whether the list is
 * complete; undefined if somebody moved the campaign meanwhile, or it has no account.
 */
export async function prepareStep(needs: PrepareNeeds, id: string): Promise<boolean | undefined> {
  const { db, clock } = needs;
  const campaign = await findAnyCampaign(db, id);
  const found = campaign?.state === 'preparing' ? await listRules(needs, campaign) : undefined;
  if (!campaign || !found) return undefined;
  const { rules, isMarketing } = found;
  const reading = { most: pageSize, isMarketing, now: clock.sqlNow() };
  const audience = await audienceOf(db, campaign, campaign.scope, new Date(clock.now()));
  const page = await readPage(db, campaign, audience, reading);
  const rows = rowsOf(page, rules, campaign);
  return db.transaction(async tx => {
    const now = await findAnyCampaign(tx, id, 'update');
    if (now?.state !== 'preparing' || now.revision !== campaign.revision || now.frozen_to !== campaign.frozen_to)
      return undefined;
    const isComplete = page.last === null;
    if (rows.length > 0) await addRecipients(tx, id, rows);
    const people = rows.filter(({ reason }) => reason === null).length;
    const progress = { last: page.last, lookedAt: page.lookedAt, listed: rows.length, people, isComplete };
    await recordPage(tx, id, progress, new Date(clock.now()));
    return isComplete;
  });
}
