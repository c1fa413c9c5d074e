// The send lane: claims messages of accounts, calls the channel once for each, and records the outcome.

import type { Job, LaneKind } from '../../engine/lane.ts';
import { exclusion } from '../../kit/async/exclusion.ts';
import { type Database, isConflict, isLockTimeout, isUnanswered, isUnavailable } from '../../kit/db/database.ts';
import { groupCommit, type Pace } from '../../kit/db/group-commit.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import {
  type Channel,
  type Channels,
  CredentialsError,
  type NotOpen,
  type Outcome,
  type Outgoing,
} from '../../ports/channel.ts';
import type { ClaimedMessage, DirectSend } from '../messages/index.ts';
import { type OnQueued, queueMaintenance, readyLanes } from '../queue/index.ts';
import type { OutgoingFiles, Prepared } from './outgoing-files.ts';
import { recentCalls } from './recent-calls.ts';
import { retryWaitMs } from './retry-policy.ts';
import {
  type AttemptResult,
  type ClaimRequest,
  type ClaimResult,
  claimMessages,
  type NoCall,
  openTokens,
  type Recorded,
  reconcile,
  recordBatch,
  recoverLostCalls,
  sendingTokens,
} from './store.ts';

/** Called before each call and after its outcome is recorded. Without a record, the call stays open. */
export interface CallJournal {
  begin(token: string): void;
  end(token: string): void;
}

export interface SendLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  channels: Channels;
  /** The name of this process in attempts and leases. */
  runner: string;
  /** How long a call to the channel may take, in milliseconds. */
  deadlineMs: number;
  /** A number from 0 to 1, for the spread of retries. */
  random: () => number;
  /** Wakes the lane of an account that may have work. */
  wake: (accountId: string) => void;
  /** Makes the engine run a job of an account in addition to the jobs that its lane claims. */
  adopt: (accountId: string, job: Job) => void;
  journal?: CallJournal | undefined;
  /** Without it the lane cannot send messages with our files. */
  files?: OutgoingFiles | undefined;
  /** Notes that a message was refused because its template is paused. Returns whether the message waits. */
  waitsForTemplate?: (accountId: string, content: unknown) => Promise<boolean>;
  /** Holds again what must not leave now that its time has come. */
  onQueued?: OnQueued;
  /** How a template message goes to the channel's endpoint for marketing; undefined if it does not. */
  marketingOf?: (accountId: string, content: unknown) => Promise<Outgoing['marketing']>;
  /** Told of the code of each rejected message, once the outcome is recorded. */
  rejected?: ((messageId: string, code: string) => Promise<void>) | undefined;
  /** Adds a number by which the channel knows the recipient of a message. */
  addNumber?: ((messageId: string, phone: string) => Promise<void>) | undefined;
  /** Steps of other features that a sweep takes behind those of the queue. */
  maintenance?: LaneKind['maintenance'];
  /** The pace of records; none by default. */
  pace?: Pace;
  /** Whether no call may begin now, because the disk may have no room for its outcome. */
  holdsBack: () => boolean;
}

/** The lane, and the interface by which acceptances begin calls. */
export interface SendLane extends LaneKind, DirectSend {
  /** Records the calls of the last minute again: the database has lost its last commits. */
  recall(): Promise<void>;
}

const concurrency = 10;
/** The delay before a lane retries on a full disk, in milliseconds. */
const heldBackMs = 1_000;
/** WhatsApp's code for a paused template, and how long a message waits until a sweep takes it out of the queue. */
const templatePaused = '132015';
const templateWaitMs = 60_000;
/** The most lanes that share a claim. */
const lanesPerClaim = 256;
/** The delay before a claim retries a locked lane, in milliseconds. */
const lockedMs = 1_000;
/** How long this process claims nothing of an account that turned out not to be connected here, in milliseconds. */
const notOpenMs = 2_000;
/** The delay before a claim without a response is repeated, in milliseconds. */
const unansweredMs = 1_000;
/**
 * A statement whose connection was lost may still run after a first check of its effect. So the check is repeated after
 * these delays, in milliseconds: within the lease, and once after the statement must have ended.
 */
const reconcileAfterMs = [0, 1_000, 15_000, 25_000];
/** How often a record of an outcome is tried after lock conflicts, once a second. */
const conflictTries = 120;
/** How often a stop tries to release what has not begun. */
const stopTries = 3;
/** How many outcomes are recorded again at once. */
const againAtOnce = 500;
/** Outcomes of messages without a call: to record them again repeats nothing. */
const withoutCall = new Set(['released', 'expired', 'file_pending']);

/** Creates the send lane. */
export function sendLane(needs: SendLaneNeeds): SendLane {
  const { db, clock, channels, runner } = needs;
  // Long enough for the slowest call, a stopped event loop and the record; the claim's clock starts before its query.
  const leaseMs = needs.deadlineMs + 10_000;
  const leaseSeconds = leaseMs / 1_000;
  /** The tokens of the calls under way, and of the claims before their call. */
  const inHand = new Set<string>();
  const recent = recentCalls(clock);
  /** The database has lost commits, and this process has not recorded their outcomes again yet. */
  let mustRecall = false;
  /** Since when the account of a call was not connected here. */
  const notOpenSince = new Map<string, number>();
  // No claim or accept is under way during reconcile, so it releases no claim that this process still gets.
  const exclude = exclusion();
  let stopped = false;

  const record = groupCommit<AttemptResult, Recorded | undefined>({
    write: async results => {
      const recorded = await recordBatch(db.atomic, results, clock.elapsed(), clock.sqlNow());
      const byMessage = new Map(recorded.map(row => [row.message_id, row]));
      return results.map(result => byMessage.get(result.messageId));
    },
    uncertain: isUnavailable,
    max: 500,
    inFlight: 1,
    pace: needs.pace,
  });

  const claims = groupCommit<ClaimRequest, ClaimResult & { sinceClaim: () => number }>({
    write: requests =>
      exclude.shared(async () => {
        const sinceClaim = clock.measure();
        const settings = { routes: channels.routes, runner, leaseSeconds, random: needs.random() };
        const results = await claimMessages(db.atomic, requests, settings, clock.sqlNow());
        return results.map(result => {
          // Under way by a claim that the database has lost: that call is recorded.
          const messages = result.messages.filter(({ token }) => !inHand.has(token));
          for (const { token } of messages) inHand.add(token);
          return { ...result, messages, sinceClaim };
        });
      }),
    uncertain: () => false,
    max: lanesPerClaim,
    inFlight: 1,
  });

  /** Never drops a known outcome: repeats the record until the database takes it. */
  async function surely<Result>(write: () => Promise<Result>, concerned: object): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write();
      } catch (error) {
        if (!isUnavailable(error) && !isLockTimeout(error) && !(isConflict(error) && attempt < conflictTries))
          throw error;
        needs.log.warn({ err: error, ...concerned }, 'could not record call outcomes; retrying');
        await new Promise<void>(resolve => clock.after(1_000, resolve));
      }
    }
  }

  async function finish(
    message: ClaimedMessage,
    outcome: AttemptResult['outcome'],
    endedAt?: number,
  ): Promise<number | undefined> {
    const before = {
      failedAttempts: message.failed_attempts,
      attempts: message.number - 1,
      delayMs: message.retry_delay_ms,
    };
    const waitMs = retryWaitMs(outcome, before, needs.random());
    needs.metrics.attempts.inc({ class: outcome.class });
    const result = {
      token: message.token,
      messageId: message.message_id,
      outcome,
      waitMs,
      endedAt: endedAt ?? clock.elapsed(),
    };
    const row = await surely(() => record.add(result), { message: message.message_id });
    if (!withoutCall.has(outcome.class)) recent.keep(result);
    inHand.delete(message.token);
    if (!row)
      needs.log.warn(
        { message: message.message_id, class: outcome.class },
        'cannot record an outcome: the message was deleted, or the database lost its last commits',
      );
    if (row && row.status !== 'queued') needs.metrics.outcomes.inc({ status: row.status });
    // Not recorded, it comes again with the next rejection of this person.
    if (outcome.class === 'rejected')
      await needs
        .rejected?.(message.message_id, outcome.code)
        .catch(error =>
          needs.log.warn(
            { err: error, message: message.message_id },
            "could not store the recipient's state after a rejection",
          ),
        );
    // The next message may be sent now, or one that takes the slot of a call that was never made.
    if (row?.more) needs.wake(message.account_id);
    return row?.status === 'queued' && waitMs > 0 ? waitMs : undefined;
  }

  const userOf = ({ account_id: accountId, channel }: ClaimedMessage) => ({ accountId, channel });

  /** The channel of a claimed message, or the outcome to record instead of a call. */
  async function channelOf(message: ClaimedMessage): Promise<Channel | AttemptResult['outcome']> {
    try {
      return await channels.of(userOf(message));
    } catch (error) {
      if (error instanceof CredentialsError)
        return { class: 'account_error', code: 'credentials_unreadable', title: error.message };
      needs.log.warn({ err: error, message: message.message_id }, 'the channel of a message could not be looked up');
      return { class: 'released' };
    }
  }

  /** The message goes back to the queue as if it had not been claimed: its account may be served elsewhere now. */
  function noteNotOpen(message: ClaimedMessage, answer: Outcome | NotOpen): Outcome | NoCall {
    if (answer.class !== 'not_open') return answer;
    notOpenSince.set(message.account_id, clock.elapsed());
    return { class: 'released' };
  }

  /** For how long nothing of an account is claimed here; undefined if it may be. */
  function notOpenFor(accountId: string): number | undefined {
    const since = notOpenSince.get(accountId);
    if (since === undefined) return undefined;
    const leftMs = since + notOpenMs - clock.elapsed();
    if (leftMs > 0) return leftMs;
    notOpenSince.delete(accountId);
    return undefined;
  }

  /**
   * Calls the channel. A rejection of credentials that were replaced meanwhile says nothing about the new ones: with
   * these it calls again.
   */
  async function callChannel(
    channel: Channel,
    message: ClaimedMessage,
    outgoing: Outgoing,
    sinceClaim: () => number,
  ): Promise<Outcome | NoCall> {
    const answer = noteNotOpen(message, await channel.send(outgoing, message.token));
    if (answer.class !== 'account_error') return answer;
    try {
      await channels.renew(userOf(message));
      const renewed = await channels.of(userOf(message));
      if (renewed === channel) return answer;
      if (sinceClaim() > leaseMs - needs.deadlineMs - 2_000)
        return { class: 'not_sent', code: 'credentials_replaced', title: 'The credentials were replaced meanwhile.' };
      return noteNotOpen(message, await renewed.send(outgoing, message.token));
    } catch (error) {
      needs.log.warn({ err: error, message: message.message_id }, 'the credentials of an account could not be read');
      return answer;
    }
  }

  /** Calls the plain endpoint once for a message that the endpoint for marketing does not take. */
  async function callEither(
    channel: Channel,
    message: ClaimedMessage,
    outgoing: Outgoing,
    sinceClaim: () => number,
  ): Promise<Outcome | NoCall> {
    const answer = await callChannel(channel, message, outgoing, sinceClaim);
    if (answer.class !== 'rejected' || !answer.notByMarketing) return answer;
    if (sinceClaim() > leaseMs - needs.deadlineMs - 2_000)
      return { class: 'deferred', code: answer.code, title: answer.title, waitMs: 1_000 };
    return callChannel(channel, message, { ...outgoing, marketing: undefined }, sinceClaim);
  }

  /** Read at each call: the category of a template changes. Without an answer it goes to the plain endpoint. */
  async function marketingOf({ type, account_id: accountId, content }: ClaimedMessage): Promise<Outgoing['marketing']> {
    if (type !== 'template') return undefined;
    return needs.marketingOf?.(accountId, content).catch(error => {
      needs.log.warn({ err: error, account: accountId }, 'the category of a template could not be read');
      return undefined;
    });
  }

  /** A message of a paused template waits, where its account wants that: the next sweep takes it out of the queue. */
  async function orWaiting(message: ClaimedMessage, outcome: Outcome | NoCall): Promise<Outcome | NoCall> {
    if (outcome.class !== 'rejected' || outcome.code !== templatePaused || message.type !== 'template') return outcome;
    const waits = await needs.waitsForTemplate?.(message.account_id, message.content).catch(error => {
      needs.log.warn({ err: error, message: message.message_id }, 'the pause of a template could not be stored');
      return false;
    });
    if (!waits) return outcome;
    return { class: 'deferred', code: outcome.code, title: outcome.title, waitMs: templateWaitMs };
  }

  const prepare = async (message: ClaimedMessage): Promise<Prepared> =>
    needs.files?.prepare(message, message.account_id) ?? { content: message.content, channelMediaIds: [] };

  /** The person may answer from this number. Without it the outcome is still true, so a failure ends nothing. */
  async function learn(messageId: string, phone: string): Promise<void> {
    try {
      await needs.addNumber?.(messageId, phone);
    } catch (error) {
      needs.log.warn({ err: error, message: messageId }, 'a number of a contact could not be added');
    }
  }

  /** `sinceClaim` returns the milliseconds since the request of the claim. */
  function job(message: ClaimedMessage, sinceClaim: () => number): Job {
    return {
      async run() {
        const earlier = recent.of(message.token);
        if (earlier) {
          needs.log.warn({ message: message.message_id }, 'the database lost the record of a call; it is not repeated');
          return finish(message, earlier.outcome, earlier.endedAt);
        }
        const file = await prepare(message);
        if ('instead' in file) {
          const waitMs = await finish(message, file.instead);
          file.recorded();
          return waitMs;
        }
        const channel = await channelOf(message);
        if ('class' in channel) return finish(message, channel);
        const marketing = await marketingOf(message);
        const elapsed = sinceClaim();
        // A process that was suspended past its lease must not begin a call.
        if (elapsed > leaseMs - needs.deadlineMs - 2_000) return finish(message, { class: 'released' }); // @mutant stale-worker
        if (message.expires_in_ms !== null && elapsed >= message.expires_in_ms)
          return finish(message, { class: 'expired' });
        const outgoing = {
          numberId: message.phone_number_id,
          to: message.address,
          type: message.type,
          content: file.content,
          target: message.context?.id,
          options: message.context?.options,
          ...(marketing && { marketing }),
        };
        needs.journal?.begin(message.token);
        const ended = needs.metrics.callSeconds.startTimer();
        const answer = await callEither(channel, message, outgoing, sinceClaim);
        const endedAt = clock.elapsed();
        ended();
        const outcome =
          needs.files && file.channelMediaIds.length > 0
            ? await needs.files.heard(answer, message.account_id, file.channelMediaIds)
            : answer;
        if (outcome.class === 'accepted' && outcome.phone !== undefined) await learn(message.message_id, outcome.phone);
        const recorded = await orWaiting(message, outcome);
        const waitMs = await finish(message, recorded, endedAt);
        needs.journal?.end(message.token);
        // A sweep between the note of the pause and the record has not held this message: let the next one look again.
        if (recorded !== outcome) await orWaiting(message, outcome);
        return waitMs;
      },
      // stop() releases all claims without a call together.
      async release() {
        inHand.delete(message.token);
      },
    };
  }

  /** Records the outcomes of these calls again, where this process still knows them. */
  async function recordAgain(tokens: string[]): Promise<void> {
    const known = tokens.flatMap(token => (inHand.has(token) ? [] : (recent.of(token) ?? [])));
    for (let at = 0; at < known.length; at += againAtOnce) {
      const some = known.slice(at, at + againAtOnce);
      const rows = await recordBatch(db.atomic, some, clock.elapsed(), clock.sqlNow());
      for (const account of new Set(rows.map(row => row.account_id))) needs.wake(account);
    }
    if (known.length > 0) needs.log.warn({ calls: known.length }, 'calls whose record the database lost are recorded');
  }

  /**
   * Releases the messages that the database assigns to this process, but that it does not have in hand. It may assign
   * those whose outcome it has lost: they are recorded again first.
   */
  async function release(): Promise<void> {
    const concerned = await exclude.alone(async () => {
      const recalls = mustRecall;
      await recordAgain(
        recalls ? await openTokens(db.atomic, recent.tokens()) : await sendingTokens(db.atomic, runner),
      );
      if (recalls) mustRecall = false;
      return reconcile(db.atomic, runner, [...inHand], clock.sqlNow());
    });
    for (const { account_id: account, done } of concerned) {
      needs.metrics.attempts.inc({ class: 'released' }, done);
      if (!stopped) needs.log.info({ account, calls: done }, 'calls of a lost claim that never began are queued again');
      needs.wake(account);
    }
  }

  let isDoubting = false;
  /** A claim without a response may have committed, or may commit later. */
  async function reconcileLater(): Promise<void> {
    if (isDoubting) return;
    isDoubting = true;
    for (const ms of reconcileAfterMs) {
      await new Promise<void>(resolve => clock.after(ms, resolve));
      if (stopped) return;
      await release().catch(error => needs.log.warn({ err: error }, 'could not reconcile a lost claim'));
    }
    isDoubting = false;
  }

  return {
    kind: 'send',
    concurrency,
    async claim(accountId, max) {
      if (needs.holdsBack()) return { jobs: [], waitMs: heldBackMs, more: false };
      const waitMs = notOpenFor(accountId);
      if (waitMs !== undefined) return { jobs: [], waitMs, more: false };
      try {
        let claim = await claims.add({ accountId, max });
        // Messages behind the deferred heads may be sent now.
        while (claim.messages.length === 0 && claim.deferred > 0) claim = await claims.add({ accountId, max });
        const { messages, waitMs, more, concurrency: slots, sinceClaim } = claim;
        const jobs = messages.map(message => job(message, sinceClaim));
        return { jobs, waitMs, more: more && waitMs === undefined, slots };
      } catch (error) {
        if (isLockTimeout(error)) return { jobs: [], waitMs: lockedMs, more: false };
        if (!isUnanswered(error)) throw error;
        needs.log.warn({ err: error, account: accountId }, 'a claim was not answered');
        void reconcileLater();
        return { jobs: [], waitMs: unansweredMs, more: false };
      }
    },
    due: () => readyLanes(db, channels.routes, clock.sqlNow()),
    maintenance: [
      () => recoverLostCalls(db.atomic, () => clock.sqlNow()),
      ...queueMaintenance(db, () => clock.sqlNow(), needs.onQueued),
      ...(needs.maintenance ?? []),
    ],
    async begin(write, claimedOf) {
      const offer = stopped || needs.holdsBack() ? undefined : { routes: channels.routes, runner, leaseSeconds };
      if (!offer) return write(undefined);
      return exclude.shared(async () => {
        const sinceClaim = clock.measure();
        const result = await write(offer).catch(error => {
          if (isUnanswered(error)) void reconcileLater();
          throw error;
        });
        for (const message of claimedOf(result)) {
          inHand.add(message.token);
          needs.adopt(message.account_id, job(message, sinceClaim));
        }
        return result;
      });
    },
    async recall() {
      mustRecall = true;
      await release().catch(error => needs.log.warn({ err: error }, 'could not record the calls of the last minute'));
      void reconcileLater();
    },
    async stop() {
      stopped = true;
      for (let attempt = 1; ; attempt++)
        try {
          return await release();
        } catch (error) {
          // One lost connection must not make calls unknown that never began. Without the database, the leases expire.
          if (attempt < stopTries && isUnavailable(error)) continue;
          return needs.log.warn({ err: error }, 'could not release claims that never started');
        }
    },
  };
}
