// Campaigns: lists, one with its recipients and its result, what a draft would do, and what can be done with them.
import type {
  Campaign,
  CreateCampaignBody,
  ListCampaignRecipientsQuery,
  ListCampaignsQuery,
  RecadoEvent,
  TestCampaignBody,
  UpdateCampaignBody,
  UpdateCampaignRulesBody,
} from '@recado/client';
import type { CampaignState } from '@recado/contract';
import { infiniteQueryOptions, keepPreviousData, type QueryKey, queryOptions } from '@tanstack/react-query';
import { recado } from '../kit/client.ts';
import { change } from '../kit/use-action.ts';
import { listQuery, readWhole } from './list.ts';

export type RecipientFilter = Omit<ListCampaignRecipientsQuery, 'limit' | 'cursor' | 'offset'>;

const one = (id: string) => ['campaigns', 'one', id] as const;

const keys = {
  all: ['campaigns'] as const,
  /** The lists of all states, and how long they are. */
  lists: ['campaigns', 'list'] as const,
  list: (states: readonly CampaignState[] | undefined) => ['campaigns', 'list', states ?? 'all'] as const,
  count: (states: readonly CampaignState[] | undefined) => ['campaigns', 'list', 'count', states ?? 'all'] as const,
  whole: ['campaigns', 'list', 'whole'] as const,
  /** All of a campaign. */
  one,
  itself: (id: string) => [...one(id), 'itself'] as const,
  result: (id: string) => [...one(id), 'result'] as const,
  approval: (id: string, revision: number) => [...one(id), 'approval', revision] as const,
  recipients: (id: string, filter: RecipientFilter) => [...one(id), 'recipients', filter] as const,
  rules: ['campaigns', 'rules'] as const,
  check: (id: string, revision: number) => [...one(id), 'check', revision] as const,
  preview: (id: string, revision: number, asked: object) => [...one(id), 'preview', revision, asked] as const,
};

export const staleCampaigns = ({ type, data }: RecadoEvent): QueryKey[] => {
  // Whether a campaign needs an approval stands on the campaign.
  if (type === 'campaign_rules.updated') return [keys.all];
  return type.startsWith('campaign.') && 'campaign_id' in data && data.campaign_id !== null
    ? [keys.lists, keys.one(data.campaign_id)]
    : [];
};

/** The counts of a running campaign change without an event. */
const countsMs = 2_000;
const moving = new Set<CampaignState>(['preparing', 'running']);
const isMoving = ({ state }: Campaign) => moving.has(state);

const ofStates = (states: readonly CampaignState[] | undefined): Pick<ListCampaignsQuery, 'state'> =>
  states === undefined ? {} : { state: [...states] };

/** The campaigns in these states, newest first. While one of them runs, they are read again and again. */
export const campaignsQuery = (states: readonly CampaignState[] | undefined) =>
  infiniteQueryOptions({
    ...listQuery(keys.list(states), (query, options) =>
      recado.campaigns.list({ ...ofStates(states), ...query }, options),
    ),
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(page => page.data.some(isMoving)) === true ? countsMs : false,
    placeholderData: keepPreviousData,
  });

/** How many campaigns are in these states; null if they are too many to count. */
export const campaignCountQuery = (states: readonly CampaignState[] | undefined) =>
  queryOptions({
    queryKey: keys.count(states),
    queryFn: async ({ signal }) =>
      (await recado.campaigns.list({ ...ofStates(states), limit: 1 }, { signal }).page()).page.total,
  });

/** The campaigns that have recipients, to choose one. */
export const startedCampaignsQuery = queryOptions({
  queryKey: keys.whole,
  queryFn: ({ signal }) =>
    readWhole(
      recado.campaigns.list({ state: ['running', 'paused', 'held', 'done', 'cancelled'], limit: 100 }, { signal }),
    ),
});

export const campaignQuery = (id: string) =>
  queryOptions({
    queryKey: keys.itself(id),
    queryFn: ({ signal }) => recado.campaigns.get(id, { signal }),
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? countsMs : false),
  });

/** What came of it. `isRunning`: it is read again and again. */
export const campaignResultQuery = (id: string, isRunning: boolean) =>
  queryOptions({
    queryKey: keys.result(id),
    queryFn: ({ signal }) => recado.campaigns.getResult(id, { signal }),
    refetchInterval: isRunning ? 2 * countsMs : false,
  });

export const recipientsQuery = (id: string, filter: RecipientFilter, isRunning: boolean) =>
  infiniteQueryOptions({
    ...listQuery(keys.recipients(id, filter), (query, options) =>
      recado.campaigns.listRecipients(id, { ...filter, ...query }, options),
    ),
    refetchInterval: isRunning ? 2 * countsMs : false,
    placeholderData: keepPreviousData,
  });

/** The address of the recipients as a CSV file, which the browser asks with its session. */
export function exportOfRecipients(id: string, filter: RecipientFilter): string {
  const query = Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return `/api/v1/campaigns/${id}/recipients/export?${new URLSearchParams(query)}`;
}

/** What a draft of this revision would do. */
export const campaignCheckQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: keys.check(id, revision),
    queryFn: ({ signal }) => recado.campaigns.check(id, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** The message of one person, by this revision of a draft. */
export const campaignPreviewQuery = (
  id: string,
  revision: number,
  asked: { pick: 'first' | 'longest' | 'emptiest'; variant: string },
) =>
  queryOptions({
    queryKey: keys.preview(id, revision, asked),
    queryFn: ({ signal }) => recado.campaigns.preview(id, asked, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** For which people and cost an approval of this revision would be, and who may give it. */
export const campaignApprovalQuery = (id: string, revision: number) =>
  queryOptions({
    queryKey: keys.approval(id, revision),
    queryFn: ({ signal }) => recado.campaigns.getApproval(id, { signal }),
    placeholderData: keepPreviousData,
  });

/** The rules that all campaigns have in common. */
export const campaignRulesQuery = queryOptions({
  queryKey: keys.rules,
  queryFn: ({ signal }) => recado.campaigns.getRules({ signal }),
});

const ofOne = ({ id }: { id: string }) => [keys.lists, keys.one(id)];

export const createCampaign = change(
  (body: CreateCampaignBody) => recado.campaigns.create(body),
  () => [keys.lists],
);

/** Changes a draft, if it still has this revision. */
export const updateCampaign = change(
  ({ id, revision, body }: { id: string; revision: number; body: UpdateCampaignBody }) =>
    recado.campaigns.update(id, body, { headers: { 'if-match': `"${revision}"` } }),
  () => [keys.lists],
);

export const deleteCampaign = change(
  (id: string) => recado.campaigns.delete(id),
  () => [keys.lists],
);

export const startCampaign = change(
  ({ id, now }: { id: string; now: boolean }) => recado.campaigns.start(id, now ? { now } : {}),
  ofOne,
);

export const unscheduleCampaign = change(({ id }: { id: string }) => recado.campaigns.unschedule(id), ofOne);

export const resumeCampaign = change(({ id }: { id: string }) => recado.campaigns.resume(id), ofOne);

const withNote = (note: string) => (note === '' ? {} : { note });

export const pauseCampaign = change(
  ({ id, note }: { id: string; note: string }) => recado.campaigns.pause(id, withNote(note)),
  ofOne,
);

export const cancelCampaign = change(
  ({ id, note }: { id: string; note: string }) => recado.campaigns.cancel(id, withNote(note)),
  ofOne,
);

export const askForApproval = change(({ id }: { id: string }) => recado.campaigns.askForApproval(id), ofOne);

/** Approves this revision for as many people as its page shows. */
export const approveCampaign = change(
  ({ id, revision, people }: { id: string; revision: number; people: number }) =>
    recado.campaigns.approve(id, { people }, { headers: { 'if-match': `"${revision}"` } }),
  ofOne,
);

/** Refuses the approval; the campaign is a draft then. */
export const refuseCampaign = change(
  ({ id, note }: { id: string; note: string }) => recado.campaigns.refuse(id, withNote(note)),
  ofOne,
);

/** Tries the failed messages again where that may help. */
export const retryCampaign = change(({ id }: { id: string }) => recado.campaigns.retry(id), ofOne);

/** Decides what became of all messages of a campaign with an unknown outcome. */
export const decideCampaign = change(
  ({ id, resolution }: { id: string; resolution: 'sent' | 'retry' }) =>
    recado.messages.resolveAll({ campaign_id: id, resolution }),
  ofOne,
);

/** Sends the message to a few people; it does not count. */
export const testCampaign = change(
  ({ id, ...body }: TestCampaignBody & { id: string }) => recado.campaigns.test(id, body),
  () => [],
);

export const updateCampaignRules = change(
  (body: UpdateCampaignRulesBody) => recado.campaigns.updateRules(body),
  () => [keys.all],
);
