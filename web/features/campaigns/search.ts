// The filters in the addresses of campaigns.
import type { CampaignState, RecipientState } from '@recado/contract';

/** The tabs of the list, and the states in each. */
export const tabStates = {
  active: ['preparing', 'running', 'paused', 'held', 'missed'],
  scheduled: ['scheduled'],
  drafts: ['draft'],
  ended: ['done', 'cancelled'],
} as const satisfies Record<string, readonly CampaignState[]>;
export type ListTab = keyof typeof tabStates;
export const listTabs = Object.keys(tabStates) as ListTab[];

export interface CampaignsSearch {
  tab?: ListTab | undefined;
}

/** Keeps the tab. */
export const campaignsSearch = (given: Record<string, unknown>): CampaignsSearch => ({
  tab: listTabs.find(tab => tab === given.tab),
});

/** The people of a campaign by what became of them. */
export const peopleStates = {
  waiting: ['waiting'],
  sending: ['sending'],
  unknown: ['unknown'],
  sent: ['sent', 'delivered', 'read'],
  delivered: ['delivered', 'read'],
  read: ['read'],
  failed: ['failed'],
  left: ['cancelled', 'expired', 'deleted'],
  left_out: ['left_out'],
} as const satisfies Record<string, readonly RecipientState[]>;
export type PeopleState = keyof typeof peopleStates;
const peopleNames = Object.keys(peopleStates) as PeopleState[];

export const campaignTabs = ['people', 'replies', 'result', 'settings'] as const;
export type CampaignTab = (typeof campaignTabs)[number];

export const replyKinds = ['any', 'sure', 'likely'] as const;
export type ReplyKind = (typeof replyKinds)[number];

export interface CampaignSearch {
  tab?: CampaignTab | undefined;
  state?: PeopleState | undefined;
  /** A reason, or the code of an error. */
  reason?: string | undefined;
  account?: string | undefined;
  replied?: ReplyKind | undefined;
}

const text = (given: unknown) => (typeof given === 'string' && given !== '' ? given : undefined);

/** Keeps the tab and the filters of the people. */
export const campaignSearch = (given: Record<string, unknown>): CampaignSearch => ({
  tab: campaignTabs.find(tab => tab === given.tab),
  state: peopleNames.find(state => state === given.state),
  // A code in the address comes as a number.
  reason: text(given.reason) ?? (typeof given.reason === 'number' ? String(given.reason) : undefined),
  account: text(given.account),
  replied: replyKinds.find(kind => kind === given.replied),
});
