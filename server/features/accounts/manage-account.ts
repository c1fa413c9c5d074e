// Creates, changes, holds, reconnects and deletes accounts.
import {
  type ChannelName,
  type CreateWebAccount,
  channels,
  type createSandboxAccount,
  type updateAccountBody,
} from '@recado/contract';
import type { z } from 'zod';
import { inChunks } from '../../kit/db/chunks.ts';
import type { Queryable, Scope, ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerId, invalid } from '../../kit/http/routes.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import type { RunHook } from '../hooks.ts';
import {
  cancelledAtOnce,
  cancelWaiting,
  createLane,
  type Deferral,
  holdLane,
  liftRestrictions,
  releaseDeferred,
  releaseLane,
} from '../queue/index.ts';
import { type AccountNumber, notLinked, sandboxBusiness, sandboxNumber } from './account.ts';
import { problem } from './errors.ts';
import { chooseWarmUp } from './link-store.ts';
import { highestRates, presets, type Settings, type SettingsChange } from './settings.ts';
import * as store from './store.ts';

/** Why a channel is unavailable, as a sentence; undefined if it is available. */
export type AbsenceOf = (channel: ChannelName) => string | undefined;

/** Writes the action to the audit log in its transaction. */
type Note = (tx: Queryable) => Promise<void>;

export interface AccountNeeds {
  db: ScopedDatabase;
  clock: Clock;
  absenceOf: AbsenceOf;
  runHook: RunHook;
  wake: (kind: string, key: string) => void;
  /** The most messages that one transaction cancels, where not the usual number. */
  cancelledAtOnce?: number;
}

/** @throws AppError if the database does not know the time zone */
export async function rejectUnknownZone(tx: Queryable, zone: string | undefined, field = 'time_zone'): Promise<void> {
  if (zone !== undefined && !(await store.isTimeZone(tx, zone)))
    throw invalid(field, 'Must be an IANA time zone, like Europe/Lisbon.');
}

export function rejectContradictions({ limits }: SettingsChange): void {
  const { quiet_hours: quiet } = limits ?? {};
  if (quiet && quiet.from === quiet.until)
    throw invalid('limits.quiet_hours', 'Must not end when it begins; use null for no quiet hours.');
}

/** @throws AppError if an account of the channel would send faster than it may */
function rejectTooFast({ limits }: SettingsChange, channel: ChannelName | undefined): void {
  const most = channel && highestRates[channel];
  const rate = limits?.rate;
  if (!most || !rate) return;
  if (rate.messages > most.messages || rate.messages * most.seconds > most.messages * rate.seconds)
    throw invalid(
      'limits.rate',
      `Must be at most ${most.messages} messages in ${most.seconds} seconds: a linked phone that sends faster is banned.`,
    );
}

/** The settings of a new account: those that are given, and the defaults of its channel. */
export const settingsOf = ({ channel, limits, delivery }: SettingsChange & { channel: ChannelName }): Settings => ({
  limits: { ...presets[channel].limits, ...given(limits) },
  delivery: { ...presets[channel].delivery, ...given(delivery) },
});

/** Creates a Sandbox account with its lane. Returns its id and its number. */
export async function createAccount(
  tx: Queryable,
  workspaceId: string,
  body: z.infer<typeof createSandboxAccount>,
  needs: Pick<AccountNeeds, 'absenceOf' | 'runHook'>,
): Promise<AccountNumber & { id: string }> {
  rejectContradictions(body);
  await rejectUnknownZone(tx, body.time_zone);
  const id = newUuid();
  const account = {
    id,
    workspaceId,
    name: body.name,
    channel: body.channel,
    absence: needs.absenceOf(body.channel),
    timeZone: body.time_zone ?? 'UTC',
    settings: settingsOf(body),
  };
  // Random numbers out of millions: a few draws always find a free one.
  for (let draw = 0; draw < 20; draw++) {
    const number = { ...sandboxNumber(), businessId: sandboxBusiness(workspaceId) };
    if (!(await store.insertAccount(tx, { ...account, ...number }))) continue;
    await createLane(tx, id);
    const { businessId } = number;
    await needs.runHook('account.created', tx, { workspaceId, accountId: id, channel: body.channel, businessId });
    return { id, ...number };
  }
  throw new Error('no free Sandbox number was found');
}

/** Creates an account of WhatsApp Web with its lane. It has no phone until somebody links one. Returns its id. */
export async function createWebAccount(
  tx: Queryable,
  workspaceId: string,
  body: CreateWebAccount,
  { absenceOf, runHook }: Pick<AccountNeeds, 'absenceOf' | 'runHook'>,
): Promise<string> {
  rejectContradictions(body);
  const { channel } = body;
  rejectTooFast(body, channel);
  await rejectUnknownZone(tx, body.time_zone);
  const absence = absenceOf(channel);
  if (absence !== undefined) throw problem('channel_off', absence);
  const id = newUuid();
  await store.insertAccount(tx, {
    id,
    workspaceId,
    name: body.name,
    channel,
    phone: null,
    numberId: id,
    businessId: null,
    absence: notLinked,
    timeZone: body.time_zone ?? 'UTC',
    settings: settingsOf(body),
  });
  if (body.limits?.warm_up === null) await chooseWarmUp(tx, id, true);
  await createLane(tx, id);
  await runHook('account.created', tx, { workspaceId, accountId: id, channel, businessId: null });
  return id;
}

type Given<Part> = { [Name in keyof Part]: Exclude<Part[Name], undefined> };

const given = <Part extends object>(part: Part | undefined): Given<Part> =>
  Object.fromEntries(Object.entries(part ?? {}).filter(([, value]) => value !== undefined)) as Given<Part>;

/** Changes the name, time zone or settings. Re-checks lanes and messages that wait for a changed limit. */
export async function updateAccount(
  needs: AccountNeeds,
  caller: Scope,
  id: string,
  body: z.infer<typeof updateAccountBody>,
  note: Note,
): Promise<void> {
  rejectContradictions(body);
  const reasons: Deferral[] = [];
  if (body.limits?.new_conversations_per_day !== undefined || body.time_zone !== undefined)
    reasons.push('new_conversation_limit');
  if (body.limits?.recipient !== undefined) reasons.push('recipient_limit');
  const isMore = await needs.db.within(caller).transaction(async tx => {
    await rejectUnknownZone(tx, body.time_zone);
    if (body.limits?.rate) rejectTooFast(body, await store.channelOf(tx, caller.workspaceId, id));
    const change = { name: body.name, timeZone: body.time_zone, limits: body.limits, delivery: body.delivery };
    // Lock order: lanes before accounts. If the account does not exist, everything rolls back.
    await releaseLane(tx, id, ['rate_limit', 'daily_limit'], needs.clock.sqlNow()); // @mutant settings-lift-pause
    if (!(await store.updateAccount(tx, caller.workspaceId, id, change, needs.clock.sqlNow())))
      throw problem('account_not_found');
    if (body.limits?.warm_up !== undefined) await chooseWarmUp(tx, id, body.limits.warm_up === null);
    const rest = reasons.length > 0 && (await releaseDeferred(tx, id, reasons, needs.clock.sqlNow()));
    await note(tx);
    return rest;
  });
  needs.wake('send', id);
  if (isMore) await releaseRest(needs, caller, id, reasons);
}

/**
 * The change is already effective. If this is interrupted, messages wait as long as before. We do not wait for messages
 * that new claims defer meanwhile.
 */
async function releaseRest(needs: AccountNeeds, caller: Scope, id: string, reasons: Deferral[]): Promise<void> {
  let isMore = true;
  for (let chunk = 1; isMore && chunk < 100; chunk++) {
    isMore = await needs.db.within(caller).transaction(tx => releaseDeferred(tx, id, reasons, needs.clock.sqlNow()));
    needs.wake('send', id);
  }
}

/** Holds an account's queue until it is resumed. Calls in flight finish. */
export async function pauseAccount(needs: AccountNeeds, caller: Scope, id: string, note: Note): Promise<void> {
  await needs.db.within(caller).transaction(async tx => {
    await holdLane(tx, id, 'paused');
    await note(tx);
  });
}

/** Ends any hold of an account's queue and retries it now. */
export async function resumeAccount(needs: AccountNeeds, caller: Scope, id: string, note: Note): Promise<void> {
  const isMore = await needs.db.within(caller).transaction(async tx => {
    await releaseLane(tx, id, ['paused', 'account_error', 'flagged', 'throttled'], needs.clock.sqlNow());
    await liftRestrictions(tx, id);
    const rest = await releaseDeferred(tx, id, ['restricted'], needs.clock.sqlNow());
    const channel = await store.channelOf(tx, caller.workspaceId, id);
    const absence = channel && needs.absenceOf(channel);
    if (channel && !channels[channel].needs_session)
      await store.reconnectAccount(tx, caller.workspaceId, id, absence, needs.clock.sqlNow());
    if (channel) await needs.runHook('account.resumed', tx, { accountId: id, channel });
    await note(tx);
    return rest;
  });
  needs.wake('send', id);
  if (isMore) await releaseRest(needs, caller, id, ['restricted']);
}

/** Cancels an account's queued messages in batches and returns how many. `note` is written with each batch. */
export function purgeQueue(
  needs: AccountNeeds,
  caller: Caller,
  id: string,
  reason: string,
  note?: Note,
): Promise<number> {
  const { cancelledAtOnce: most = cancelledAtOnce } = needs;
  return inChunks(most, () =>
    needs.db.within(caller).transaction(async tx => {
      const why = { reason, by: callerId(caller) };
      const { messages } = await cancelWaiting(
        tx,
        caller.workspaceId,
        { accountId: id },
        why,
        needs.clock.sqlNow(),
        most,
      );
      await note?.(tx);
      return messages;
    }),
  );
}

/** Deletes an account. Its queued messages are cancelled; sent and received messages stay readable. */
export async function deleteAccount(needs: AccountNeeds, caller: Caller, id: string, note: Note): Promise<void> {
  const there = await store.channelOf(needs.db.within(caller), caller.workspaceId, id);
  if (!there) throw problem('account_not_found');
  // The deletion cancels the few messages that arrive meanwhile.
  await purgeQueue(needs, caller, id, 'account_deleted');
  const why = { reason: 'account_deleted', by: callerId(caller) };
  await needs.db.within(caller).transaction(async tx => {
    if (!(await store.deleteAccount(tx, caller.workspaceId, id))) throw problem('account_not_found');
    await cancelWaiting(tx, caller.workspaceId, { accountId: id }, why, needs.clock.sqlNow());
    await needs.runHook('account.deleted', tx, { accountId: id });
    await note(tx);
  });
}
