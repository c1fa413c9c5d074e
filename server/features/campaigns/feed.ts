// Feeds a campaign to the queue: each recipient gets one message, made in the transaction that says so on their row.
import type { LeftOutReason, SendMessageBody } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db/database.ts';
import { AppError } from '../../kit/errors.ts';
import { type Caller, callerByItself } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { takeNewChats } from '../accounts/index.ts';
import { type Budget, lockBudget, paidFor } from '../cost/index.ts';
import { type AcceptRequest, acceptBatch } from '../messages/index.ts';
import { type AccountRow, accountsOf } from './accounts-store.ts';
import { type CampaignRow, spenderOf } from './campaign.ts';
import {
  type Candidate,
  deferRecipients,
  type Fed,
  type Held,
  holdRecipients,
  lockRooms,
  nextRecipients,
  noteStarted,
  type Room,
  recordFed,
} from './feed-store.ts';
import { nextWithin } from './local-time.ts';
import { findAnyCampaign } from './store.ts';
import { render } from './values.ts';

export interface FeedNeeds {
  db: Database;
  clock: Clock;
  /** Checks a message as the API does. @throws AppError if it cannot be sent */
  check: (caller: Caller, body: SendMessageBody) => Promise<AcceptRequest>;
  /** Wakes the lane of an account. */
  wakeAccount: (accountId: string) => void;
  isMarketing: boolean;
}

export type FeedResult =
  /** How many recipients had their turn. `short`: the budget does not pay for the next one. */
  | { fed: number; waits: boolean; short?: Shortage | undefined }
  /** Nobody can be sent this: the template or the account is not as it was. */
  | { stopped: AppError }
  /** Somebody moved the campaign, or deleted an account, meanwhile. */
  | { moved: true };

/** A budget, and what the next message costs, which is more than it leaves. */
export interface Shortage extends Budget {
  needs: string;
}

/** The most recipients of one transaction. */
const atOnce = 200;
/** How long a recipient waits whose account takes nothing now, in milliseconds. */
const refusedMs = 60_000;
/** How long after the end of WhatsApp's quota of new chats the next one is known, in milliseconds. */
const quotaMs = 60_000;
/** After this time a quota is looked at again: WhatsApp may have raised it. */
const quotaAgainMs = 6 * 3_600_000;

/** How many messages of a campaign may wait in the queue of an account: two minutes of its rate. */
function depthOf({
  rate_messages: messages,
  rate_seconds: seconds,
}: Pick<AccountRow, 'rate_messages' | 'rate_seconds'>): number {
  return Math.min(5_000, Math.max(50, Math.floor((messages / seconds) * 120)));
}

/** A recipient with the request of its message, or with its fate where it has no message. */
type Prepared = { candidate: Candidate } & ({ request: AcceptRequest } | { fed: Fed });

const templateFields = /^template\.(name|language)/;
/** Whether an error is about the message or the account as a whole, and not about this person. */
const isAboutAll = (error: AppError) =>
  ['template_not_found', 'template_not_approved', 'account_not_found', 'type_not_supported'].includes(error.code) ||
  (error.fields ?? []).some(({ field }) => templateFields.test(field));

function callerOf({ workspace_id: workspaceId, started_by: starter, created_by: creator }: CampaignRow): Caller {
  const { kind, id } = starter ?? creator;
  return callerByItself(kind, id, workspaceId);
}

/** Makes the message of each person. @throws AppError if nobody can be sent it */
async function prepare(
  needs: FeedNeeds,
  campaign: CampaignRow,
  accounts: ReadonlyMap<string, AccountRow>,
  candidates: readonly Candidate[],
): Promise<Prepared[]> {
  const caller = callerOf(campaign);
  const prepared: Prepared[] = [];
  for (const candidate of candidates) {
    const contactId = candidate.contact_id;
    const message = campaign.settings.variants[candidate.variant]?.message;
    if (!message) throw new Error('a recipient without a message');
    const person = {
      ...candidate,
      language: candidate.own_language,
      accountName: accounts.get(candidate.account_id)?.name ?? '',
    };
    const rendered = render(message, person, candidate.language, needs.clock.now());
    if ('missing' in rendered) {
      prepared.push({ candidate, fed: { contactId, state: 'left_out', reason: 'value_missing' } });
      continue;
    }
    const body = {
      ...rendered.content,
      account_id: toId('account', candidate.account_id),
      contact_id: toId('contact', candidate.now_id),
      priority: 'low',
    } as SendMessageBody;
    try {
      const request = { ...(await needs.check(caller, body)), campaignId: campaign.id };
      prepared.push({ candidate, request });
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      if (isAboutAll(error)) throw error;
      prepared.push({ candidate, fed: refused(contactId, error) });
    }
  }
  return prepared;
}

/** The fate of a recipient whose message was refused. A person without a contact was erased. */
function refused(contactId: string, error: AppError): Fed {
  const field = error.fields?.[0]?.field;
  if (field === 'contact_id') return { contactId, state: 'left_out', reason: 'no_number' };
  return { contactId, state: 'rejected', reason: field === undefined ? error.code : `${error.code}: ${field}` };
}

/** Why a person may not have it now, seen with all locks. */
function barOf(held: Held, { settings }: CampaignRow, isMarketing: boolean): LeftOutReason | undefined {
  if (held.is_gone) return 'erased';
  if (held.is_duplicate) return 'duplicate';
  if (held.opted_out === 'all' || (held.opted_out !== null && isMarketing)) return 'opted_out';
  const { caps } = settings;
  const beyond = (count: number, cap: number | null) => cap !== null && count >= cap;
  if (isMarketing && (beyond(held.day, caps.day) || beyond(held.week, caps.week) || beyond(held.month, caps.month)))
    return 'frequency_cap';
  return undefined;
}

/** Feeds some of the recipients whose turn it is, as far as the accounts have room and the budget pays for them. */
export async function feedStep(needs: FeedNeeds, campaign: CampaignRow): Promise<FeedResult> {
  const { db, clock } = needs;
  const accounts = await accountsOf(db, campaign);
  const byId = new Map(accounts.map(account => [account.id, account]));
  const candidates: Candidate[] = [];
  let waits = false;
  for (const account of accounts) {
    const taken = Math.min(atOnce - candidates.length, depthOf(account) - account.queued);
    if (taken <= 0) {
      waits = true;
      continue;
    }
    const where = { campaignId: campaign.id, accountId: account.id, wave: campaign.wave, most: taken };
    candidates.push(...(await nextRecipients(db, where, clock.sqlNow())));
  }
  const timely = await withinHours(needs, campaign, candidates);
  if (timely.length === 0) return { fed: candidates.length, waits };
  let prepared: Prepared[];
  try {
    prepared = await prepare(needs, campaign, byId, timely);
  } catch (error) {
    // The next step gives its people to the others.
    if (error instanceof AppError && error.code === 'account_not_found') return { moved: true };
    if (error instanceof AppError && error.status < 500) return { stopped: error };
    throw error;
  }
  const result = await db.transaction(tx => feed(tx, needs, campaign, byId, prepared));
  if (result === undefined) return { moved: true };
  for (const id of result.woken) needs.wakeAccount(id);
  return { fed: result.fed, waits: waits || result.waits, short: result.short };
}

/** The candidates whose hours it is where they live; the others are deferred. */
async function withinHours(
  { db, clock }: FeedNeeds,
  campaign: CampaignRow,
  candidates: Candidate[],
): Promise<Candidate[]> {
  const { hours } = campaign.settings;
  if (!hours) return candidates;
  const now = clock.now();
  const at = candidates.map(candidate => ({ candidate, next: nextWithin(now, candidate.zone, hours) }));
  const late = at.filter(({ next }) => next > now);
  const deferred = late.map(({ candidate, next }) => ({ contactId: candidate.contact_id, dueAt: new Date(next) }));
  await deferRecipients(db, campaign.id, deferred);
  return at.filter(({ next }) => next <= now).map(({ candidate }) => candidate);
}

/** How many more messages an account takes now, today and for people who never wrote, and when it takes more. */
function roomOf(room: Room, account: AccountRow, at: number) {
  const today = Math.min(room.left_today ?? Number.POSITIVE_INFINITY, room.left_new ?? Number.POSITIVE_INFINITY);
  const quotaEnds = room.new_chats_until ? room.new_chats_until.getTime() + quotaMs : Number.POSITIVE_INFINITY;
  return {
    now: depthOf(account) - room.queued,
    today,
    tomorrow: room.tomorrow,
    newChats: room.new_chats_left ?? Number.POSITIVE_INFINITY,
    newChatsAt: new Date(Math.min(quotaEnds, at + quotaAgainMs)),
  };
}

/** How many more messages the own pace of a campaign allows, over all of its accounts. */
function paceOf(rooms: readonly Room[], ratePerMinute: number | null): number {
  if (ratePerMinute === null) return Number.POSITIVE_INFINITY;
  return Math.min(Math.ceil(ratePerMinute / 60), ratePerMinute - (rooms[0]?.accepted_lately ?? 0));
}

/** A message that the limits allow. */
interface Wanted {
  contactId: string;
  /** The contact that has the history of the person now. */
  nowId: string;
  isStranger: boolean;
  request: AcceptRequest;
}

/**
 * Those of these messages that the budget pays for, up to the first that it does not. The accept writes their estimates in
 * this transaction, which count for the caps from then on.
 */
async function reserve(
  tx: Queryable,
  campaign: CampaignRow,
  accountIds: string[],
  wanted: Wanted[],
  now: Date | null,
): Promise<{ accepted: Wanted[]; short?: Shortage }> {
  const budget = wanted.length > 0 ? await lockBudget(tx, spenderOf(campaign, accountIds), now) : undefined;
  if (!budget) return { accepted: wanted };
  const messages = wanted.map(({ nowId, request }) => ({ ...request, contactId: nowId }));
  const { paid, needs } = await paidFor(tx, messages, budget.left, now);
  return { accepted: wanted.slice(0, paid), ...(needs !== null && { short: { ...budget, needs } }) };
}

/** Accepts messages and says so on the rows, in one transaction; undefined if somebody moved the campaign. */
async function feed(
  tx: Queryable,
  { clock, isMarketing }: FeedNeeds,
  before: CampaignRow,
  accounts: ReadonlyMap<string, AccountRow>,
  prepared: readonly Prepared[],
) {
  const { settings } = before;
  const now = clock.sqlNow();
  const at = new Date(clock.now());
  const where = { campaignId: before.id, accountIds: [...accounts.keys()], share: settings.daily_share };
  const locked = await lockRooms(tx, where, now);
  const rooms = new Map(
    locked.map(room => {
      const account = accounts.get(room.account_id);
      if (!account) throw new Error('a room without an account');
      return [room.account_id, roomOf(room, account, at.getTime())] as const;
    }),
  );
  let pace = paceOf(locked, settings.rate_per_minute);
  const campaign = await findAnyCampaign(tx, before.id, 'share');
  if (campaign?.state !== 'running' || campaign.wave !== before.wave) return undefined;
  const ids = prepared.map(({ candidate }) => candidate.contact_id);
  const held = new Map((await holdRecipients(tx, campaign.id, ids, now)).map(row => [row.contact_id, row]));
  const fed: Fed[] = [];
  const wanted: Wanted[] = [];
  let waits = false;
  for (const each of prepared) {
    const { contact_id: contactId, now_id: nowId, account_id: accountId } = each.candidate;
    const row = held.get(contactId);
    // Somebody else has its turn, or the contact was merged a moment ago: the next step reads it again.
    if (!row || row.now_id !== nowId) continue;
    const bar = barOf(row, campaign, isMarketing);
    const room = rooms.get(accountId);
    if (bar) fed.push({ contactId, state: 'left_out', reason: bar });
    else if ('fed' in each) fed.push(each.fed);
    else if (!room || room.now <= 0 || pace <= 0) waits = true;
    else if (room.today <= 0) fed.push({ contactId, state: 'pending', dueAt: room.tomorrow });
    else if (row.is_stranger && room.newChats <= 0) fed.push({ contactId, state: 'pending', dueAt: room.newChatsAt });
    else {
      room.now--;
      pace--;
      room.today--;
      if (row.is_stranger) room.newChats--;
      wanted.push({ contactId, nowId, isStranger: row.is_stranger, request: each.request });
    }
  }
  const { accepted, short } = await reserve(tx, campaign, where.accountIds, wanted, now);
  const requests = accepted.map(({ request }) => request);
  const outcomes = requests.length === 0 ? [] : await acceptBatch(tx, requests, false, undefined, now);
  const begun = new Map<string, number>();
  accepted.forEach(({ contactId, isStranger, request }, place) => {
    const outcome = outcomes[place];
    if (!outcome) throw new Error('accept gave no outcome');
    const hasQuota = rooms.get(request.accountId)?.newChats !== Number.POSITIVE_INFINITY;
    if (isStranger && hasQuota && outcome.outcome === 'accepted')
      begun.set(request.accountId, (begun.get(request.accountId) ?? 0) + 1);
    fed.push(fedOf(contactId, request.id, outcome.outcome, outcome.midnight, at));
  });
  for (const [accountId, count] of begun) await takeNewChats(tx, accountId, count);
  if (fed.length > 0) await recordFed(tx, campaign.id, fed, at);
  if (requests.length > 0) await noteStarted(tx, campaign.id, at);
  return { fed: fed.length, waits, short, woken: new Set(requests.map(({ accountId }) => accountId)) };
}

/** The fate of a recipient by the outcome of accept. */
function fedOf(contactId: string, messageId: string, outcome: string, midnight: Date | null, at: Date): Fed {
  switch (outcome) {
    case 'accepted':
      return { contactId, state: 'accepted', messageId };
    case 'opted_out':
    case 'consent_missing':
    case 'window_closed':
      return { contactId, state: 'left_out', reason: outcome };
    case 'daily_limit_reached':
      return { contactId, state: 'pending', dueAt: midnight ?? new Date(at.getTime() + refusedMs) };
    case 'account_not_found':
    case 'spend_cap_reached':
    case 'queue_full':
    case 'account_not_connected':
      return { contactId, state: 'pending', dueAt: new Date(at.getTime() + refusedMs) };
    default:
      return { contactId, state: 'rejected', reason: outcome };
  }
}
