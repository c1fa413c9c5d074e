// The approval of a campaign by a second person: what it is for, and who may give it.
import type { ApprovalBar } from '@recado/contract';
import { approvalNeeded, type CampaignRow, type StoredReason, type Who } from './campaign.ts';

/** How many percent more people than approved a list may have. */
export const approvalTolerance = 5;

/** Whether an approval for so many people is enough for a list of `people`. */
export const covers = (approved: number, people: number): boolean =>
  people * 100 <= approved * (100 + approvalTolerance);

/** What a person or a key did to a campaign, so that they may not approve it. */
export interface Doing {
  did: Exclude<ApprovalBar, 'made_key'>;
  who: Who;
}

/** Who asked, and who changed it last. Where nobody asked, whoever started it did. */
export function doingsOf(campaign: CampaignRow): Doing[] {
  const { asked_by, started_by, changed_by, created_by } = campaign;
  const asker = asked_by ?? (campaign.state === 'held' ? started_by : null);
  return [
    ...(asker ? [{ did: asked_by ? ('asked' as const) : ('started' as const), who: asker }] : []),
    { did: 'changed' as const, who: changed_by ?? created_by },
  ];
}

/** Why a person may not approve, by what they and their keys did. `makers`: the people who made these keys. */
export function barsOf(personId: string, doings: readonly Doing[], makers: ReadonlyMap<string, string>): ApprovalBar[] {
  const own = doings.filter(({ who }) => who.kind === 'person' && who.id === personId).map(({ did }) => did);
  const isMaker = doings.some(({ who }) => who.kind === 'api_key' && makers.get(who.id) === personId);
  return isMaker ? [...own, 'made_key'] : own;
}

const bars: Record<ApprovalBar, string> = {
  asked: 'You asked for it.',
  started: 'You started the campaign.',
  changed: 'You changed the campaign last.',
  made_key: 'You made the API key that asked for it, started it, or changed it last.',
};

/** Why the caller may not approve. */
export const barsInWords = (own: readonly ApprovalBar[]): string =>
  own.length === 0 ? 'Your account in this workspace does not allow it.' : own.map(bar => bars[bar]).join(' ');

const count = (people: number) => `${people} ${people === 1 ? 'person' : 'people'}`;

const remedy =
  'Another owner or admin approves it, logged in. Or take it back to a draft with `unschedule`, or cancel it. Nobody has been written to.';

/** The reason to hold a campaign whose list is complete and lacks its approval. */
export function heldForApproval(
  people: number,
  above: number,
  approved: { people: number; isOtherText: boolean } | undefined,
): StoredReason {
  const why = !approved
    ? `Its list has ${count(people)}. Above ${above} a second person must approve.`
    : approved.isOtherText
      ? 'The text of a template was changed after the approval.'
      : `Its list has ${count(people)}, and the approval is for ${approved.people}.`;
  return { code: approvalNeeded, detail: `${why} ${remedy}`, until: null };
}
