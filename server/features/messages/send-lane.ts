// The send lane: claims messages of an account, calls the channel once for each, and records what came of it.
import { type Database, isUnavailable } from '../../kit/db.ts';
import { groupCommit } from '../../kit/group-commit.ts';
import type { Clock } from '../../kit/time.ts';
import type { Job, LaneKind } from '../../lanes/lane.ts';
import type { Channel, Outcome } from '../../ports/channel.ts';
import { retryWaitMs } from './retry-policy.ts';
import {
  type AttemptResult,
  type ClaimedMessage,
  claimMessages,
  dueAccounts,
  type Recorded,
  recordBatch,
  recoverAttempts,
} from './store.ts';

export interface SendLaneNeeds {
  db: Database;
  clock: Clock;
  channels: Record<string, Channel>;
  /** What this process is called in attempts and leases. */
  runner: string;
  /** How long a call to the channel may take, in milliseconds. */
  deadlineMs: number;
  /** A number from 0 to 1, for the spread of retries. */
  random: () => number;
}

/** One call and up to three more. */
const maxTries = 4;
const concurrency = 10;

/** Makes the send lane. */
export function sendLane(needs: SendLaneNeeds): LaneKind {
  const { db, clock, channels } = needs;
  const served = Object.keys(channels);
  // Long enough for the slowest call, a stopped event loop and the record; the claim's clock starts before its query.
  const leaseMs = needs.deadlineMs + 10_000;
  const record = groupCommit<AttemptResult, Recorded>({
    write: async results => {
      const recorded = await recordBatch(db, results, maxTries, clock.sqlNow());
      const byMessage = new Map(recorded.map(row => [row.message_id, row]));
      return results.map(result => byMessage.get(result.messageId) as Recorded);
    },
    uncertain: isUnavailable,
    max: 500,
    inFlight: 2,
  });

  async function finish(message: ClaimedMessage, outcome: AttemptResult['outcome']): Promise<number | undefined> {
    const waitMs = retryWaitMs(outcome, { tries: message.tries, attempts: message.number - 1 }, needs.random());
    const row = await record.add({ token: message.token, messageId: message.message_id, outcome, waitMs });
    return row?.status === 'queued' ? waitMs : undefined;
  }

  function job(message: ClaimedMessage, startBefore: number): Job {
    return {
      async run() {
        // Whoever lost the lease while it stood still must not begin a call.
        if (performance.now() > startBefore) return finish(message, { class: 'handed_back' });
        const channel = channels[message.channel];
        if (!channel) throw new Error(`claimed a message of the channel ${message.channel}, which is not here`);
        const outcome: Outcome = await channel.send(
          { numberId: message.phone_number_id, to: message.address, type: message.type, content: message.content },
          message.token,
        );
        return finish(message, outcome);
      },
      async handBack() {
        await finish(message, { class: 'handed_back' });
      },
    };
  }

  return {
    kind: 'send',
    concurrency,
    async claim(accountId, max) {
      const startBefore = performance.now() + leaseMs - needs.deadlineMs - 2_000;
      const { messages, waitUntil, more } = await claimMessages(
        db,
        accountId,
        max,
        served,
        needs.runner,
        leaseMs / 1_000,
        clock.sqlNow(),
      );
      return {
        jobs: messages.map(message => job(message, startBefore)),
        waitMs: waitUntil && Math.max(0, waitUntil.getTime() - clock.now()),
        more: more && waitUntil === undefined,
      };
    },
    due: () => dueAccounts(db, served, clock.sqlNow()),
    recover: () => recoverAttempts(db, clock.sqlNow()),
  };
}
