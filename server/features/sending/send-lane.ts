// The send lane: claims messages of an account, calls the channel once for each, and records what came of it.

import type { Job, LaneKind } from '../../engine/lane.ts';
import { gate } from '../../kit/async/semaphore.ts';
import { type Database, isConflict, isHeldUp, isUnanswered, isUnavailable } from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import type { Metrics } from '../../kit/metrics.ts';
import type { Clock } from '../../kit/time.ts';
import type { Channel } from '../../ports/channel.ts';
import type { OutgoingFiles, Prepared } from './outgoing-files.ts';
import { retryWaitMs } from './retry-policy.ts';
import {
  type AttemptResult,
  type ClaimedMessage,
  claimMessages,
  dueAccounts,
  giveBackClaim,
  type Recorded,
  recordBatch,
  upkeepOf,
} from './store.ts';

/** Is told before each call, and when its outcome is recorded; where it could not be, the call stays begun. */
export interface CallJournal {
  begin(token: string): void;
  end(token: string): void;
}

export interface SendLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  channels: Record<string, Channel>;
  /** What this process is called in attempts and leases. */
  runner: string;
  /** How long a call to the channel may take, in milliseconds. */
  deadlineMs: number;
  /**
   * How many milliseconds before their turn by the rate messages are claimed: that hides what the claim itself takes.
   * 0 where the clock stands still between claim and call.
   */
  aheadMs: number;
  /**
   * For how many milliseconds a claim waits for a lock before it is put off, and a record before it is written account by
   * account; 0 for as long as it takes.
   */
  lockMs: number;
  /** A number from 0 to 1, for the spread of retries. */
  random: () => number;
  /** Says that an account's lane has reason to look. */
  wake: (accountId: string) => void;
  journal?: CallJournal | undefined;
  /** Without it messages that carry files of ours are not to be had. */
  files?: OutgoingFiles | undefined;
  /** Whether no call may begin at the moment, because its outcome might find no room. */
  holdsBack: () => boolean;
}

const concurrency = 10;
/** A lane that is held back for want of room is looked at again after so long, in milliseconds. */
const heldBackMs = 1_000;
/**
 * Claims at once in this process. What becomes due while a lane waits for its claim is claimed together, so a busy database
 * gets fewer and larger claims instead of many that wait for each other's locks.
 */
const claimsAtOnce = 1;
/** A claim that takes longer waits for somebody who has its account locked; meanwhile the others go on. */
const heldUpMs = 100;
const mostClaims = 4;
/** An account that somebody has locked is looked at again after so long, in milliseconds. */
const lockedMs = 1_000;
/** Where one claim after the other is not answered, the lane waits for so many milliseconds, and longer each time. */
const unansweredMs = 1_000;
const longestUnansweredMs = 4_000;
/**
 * A statement that was on its way when its connection was lost may come to its turn later than whoever looks what it did, so
 * that is looked at again, each time so many milliseconds later: within the lease, and once any statement must be over.
 */
const laterLooksMs = [1_000, 15_000, 25_000];
/** How often an outcome is offered that others stand in the way of, each time a second later. */
const conflictTries = 120;

/** Makes the send lane. */
export function sendLane(needs: SendLaneNeeds): LaneKind {
  const { db, clock, channels } = needs;
  const served = Object.keys(channels);
  // Long enough for the slowest call, a stopped event loop and the record; the claim's clock starts before its query.
  const leaseMs = needs.deadlineMs + 10_000;
  const record = groupCommit<AttemptResult & { accountId: string }, Recorded | undefined>({
    write: async results => {
      const recorded = await recordBatch(db, results, clock.elapsed(), clock.sqlNow(), needs.lockMs);
      const byMessage = new Map(recorded.map(row => [row.message_id, row]));
      return results.map(result => byMessage.get(result.messageId));
    },
    uncertain: isUnavailable,
    max: 500,
    inFlight: 2,
    locks: { clock, of: result => result.accountId, isHeldUp },
  });

  /** What we know of calls is never thrown away: to a database that is away or full it is offered until it is back. */
  async function surely<Result>(write: () => Promise<Result>, concerned: object): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await write();
      } catch (error) {
        if (!isUnavailable(error) && !isHeldUp(error) && !(isConflict(error) && attempt < conflictTries)) throw error;
        needs.log.warn({ err: error, ...concerned }, 'what came of calls could not be recorded yet');
        await new Promise<void>(resolve => clock.after(1_000, resolve));
      }
    }
  }

  async function finish(
    accountId: string,
    message: ClaimedMessage,
    outcome: AttemptResult['outcome'],
    endedAt?: number,
  ): Promise<number | undefined> {
    const before = { tries: message.tries, attempts: message.number - 1, delayMs: message.retry_delay_ms };
    const waitMs = retryWaitMs(outcome, before, needs.random());
    needs.metrics.attempts.inc({ class: outcome.class });
    const result = {
      accountId,
      token: message.token,
      messageId: message.message_id,
      outcome,
      waitMs,
      endedAt: endedAt ?? clock.elapsed(),
    };
    const row = await surely(() => record.add(result), { message: message.message_id });
    if (!row)
      needs.log.warn(
        { message: message.message_id, class: outcome.class },
        'the outcome of a call has nothing to be recorded at: its message was erased or deleted, or the database has lost its last commits',
      );
    if (row && row.status !== 'queued') needs.metrics.outcomes.inc({ status: row.status });
    // The place of a call that was never made is free at once.
    if (outcome.class === 'handed_back' || outcome.class === 'expired' || outcome.class === 'media') return 0;
    return row?.status === 'queued' ? waitMs : undefined;
  }

  /** Timers may come a little early, and budgets must not. */
  async function waitFor(moment: number): Promise<void> {
    for (let ms = moment - clock.elapsed(); ms > 0; ms = moment - clock.elapsed())
      await new Promise<void>(resolve => clock.after(Math.ceil(ms), resolve));
  }

  const prepare = async (message: ClaimedMessage, accountId: string): Promise<Prepared> =>
    needs.files?.prepare(message, accountId) ?? { content: message.content, channelMediaId: undefined };

  /** `sinceClaim` gives the milliseconds since the claim was asked for. */
  function job(message: ClaimedMessage, accountId: string, sinceClaim: () => number, answeredAt: number): Job {
    return {
      async run() {
        const file = await prepare(message, accountId);
        if ('instead' in file) {
          const waitMs = await finish(accountId, message, file.instead);
          file.recorded();
          return waitMs;
        }
        // A millisecond more, for clocks that differ in how fast they go.
        if (message.starts_in_ms) await waitFor(answeredAt + message.starts_in_ms + 1);
        const elapsed = sinceClaim();
        // Whoever lost the lease while it stood still must not begin a call.
        if (elapsed > leaseMs - needs.deadlineMs - 2_000) return finish(accountId, message, { class: 'handed_back' });
        if (message.expires_in_ms !== null && elapsed >= message.expires_in_ms)
          return finish(accountId, message, { class: 'expired' });
        const channel = channels[message.channel];
        if (!channel) throw new Error(`claimed a message of the channel ${message.channel}, which is not here`);
        const outgoing = {
          numberId: message.phone_number_id,
          to: message.address,
          type: message.type,
          content: file.content,
        };
        needs.journal?.begin(message.token);
        const ended = needs.metrics.callSeconds.startTimer();
        const answer = await channel.send(outgoing, message.token);
        const endedAt = clock.elapsed();
        ended();
        const outcome =
          needs.files && file.channelMediaId !== undefined
            ? await needs.files.heard(answer, accountId, file.channelMediaId)
            : answer;
        const waitMs = await finish(accountId, message, outcome, endedAt);
        needs.journal?.end(message.token);
        return waitMs;
      },
      async handBack() {
        await finish(accountId, message, { class: 'handed_back' });
      },
    };
  }

  const heldUp = (error: unknown): undefined => {
    if (!isHeldUp(error)) throw error;
  };

  const pass = gate(claimsAtOnce, { clock, ms: heldUpMs, most: mostClaims });

  /** The lanes whose last claims, so many, were not answered, and whether the next one has to wait. */
  const unanswered = new Map<string, { claims: number; waits: boolean }>();

  async function giveBack(accountId: string, tokens: string[]): Promise<number> {
    const once = () => pass(() => giveBackClaim(db.atomic, accountId, tokens, clock.sqlNow(), needs.lockMs));
    const calls = await surely(once, { account: accountId });
    if (calls === 0) return 0;
    needs.metrics.attempts.inc({ class: 'handed_back' }, calls);
    needs.log.info({ account: accountId, calls }, 'what a claim without an answer took is given back');
    return calls;
  }

  /** A claim whose answer was lost may have been committed: it is given back as soon as the database answers. */
  function lostClaim(accountId: string, tokens: string[]): Job {
    const state = { claims: (unanswered.get(accountId)?.claims ?? 0) + 1, waits: true };
    unanswered.set(accountId, state);
    const goOn = () => {
      state.waits = false;
      needs.wake(accountId);
    };
    const lookLater = async () => {
      for (const ms of laterLooksMs) {
        await new Promise<void>(resolve => clock.after(ms, resolve));
        const calls = await giveBack(accountId, tokens).catch(error => {
          needs.log.warn(
            { err: error, account: accountId },
            'it could not be looked what a claim without an answer took',
          );
          return 0;
        });
        if (calls > 0) needs.wake(accountId);
      }
    };
    const run = async () => {
      try {
        await giveBack(accountId, tokens);
      } finally {
        void lookLater();
        const waitMs = state.claims > 1 ? Math.min(longestUnansweredMs, unansweredMs * 2 ** (state.claims - 2)) : 0;
        if (waitMs > 0) clock.after(waitMs, goOn);
        else goOn();
      }
    };
    return { run: () => run().then(() => undefined), handBack: run };
  }

  return {
    kind: 'send',
    concurrency,
    async claim(accountId, max) {
      if (needs.holdsBack()) return { jobs: [], waitMs: heldBackMs, more: false };
      // Whoever gives back wakes the lane.
      if (unanswered.get(accountId)?.waits) return { jobs: [], waitMs: undefined, more: true };
      const tokens = Array.from({ length: max }, () => newUuid());
      const once = () =>
        pass(async () => {
          const sinceClaim = clock.measure();
          const claimedAt = clock.elapsed();
          const claimedNow = clock.now();
          const now = clock.sqlNow();
          const leaseSeconds = leaseMs / 1_000;
          const claim = await claimMessages(
            db.atomic,
            accountId,
            tokens,
            served,
            needs.runner,
            leaseSeconds,
            needs.aheadMs,
            needs.random(),
            now,
            needs.lockMs,
          );
          const answeredAt = clock.elapsed();
          // By how much the clock was set meanwhile.
          const setMs = Math.trunc(clock.now() - claimedNow - (answeredAt - claimedAt));
          const waitMs = claim.waitMs === undefined ? undefined : Math.max(0, claim.waitMs - setMs);
          return { ...claim, waitMs, sinceClaim, answeredAt };
        });
      let claim: Awaited<ReturnType<typeof once>> | undefined;
      try {
        claim = await once().catch(heldUp);
        // What was put off stood in front of others, which may leave now.
        while (claim?.messages.length === 0 && claim.putOff > 0) claim = await once().catch(heldUp);
      } catch (error) {
        if (!isUnanswered(error)) throw error;
        needs.log.warn({ err: error, account: accountId }, 'a claim was not answered');
        return { jobs: [lostClaim(accountId, tokens)], waitMs: undefined, more: true };
      }
      unanswered.delete(accountId);
      if (!claim) return { jobs: [], waitMs: lockedMs, more: false };
      const { messages, waitMs, more, places, sinceClaim, answeredAt } = claim;
      return {
        jobs: messages.map(message => job(message, accountId, sinceClaim, answeredAt)),
        waitMs,
        more: more && waitMs === undefined,
        places,
      };
    },
    due: () => dueAccounts(db, served, clock.sqlNow()),
    upkeep: upkeepOf(db.atomic, () => clock.sqlNow()),
  };
}
