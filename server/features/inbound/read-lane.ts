// The read lane: shows writers that their messages were read, and that we are typing. Showing it twice does no harm, so
// it is simply repeated.

import type { Job, LaneKind } from '../../engine/lane.ts';
import { backoff } from '../../kit/backoff.ts';
import type { Database } from '../../kit/db/database.ts';
import type { Logger } from '../../kit/log.ts';
import type { Clock } from '../../kit/time.ts';
import { type Channels, CredentialsError } from '../../ports/channel.ts';
import { closeReadMark, dueReadMarkLanes, dueReadMarks, postponeReadMark, type ReadMark } from './inbound-store.ts';

const maxAttempts = 8;

export interface ReadLaneNeeds {
  db: Database;
  clock: Clock;
  log: Logger;
  channels: Channels;
}

export function readLane({ db, clock, log, channels }: ReadLaneNeeds): LaneKind {
  const atWork = new Set<string>();

  async function markRead(accountId: string, mark: ReadMark): Promise<'done' | 'rejected' | 'try_again'> {
    try {
      const channel = await channels.of({ accountId, channel: mark.channel });
      return await channel.markRead(mark.phone_number_id, mark.channel_message_id, mark.is_typing);
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      return 'try_again';
    }
  }

  const job = (accountId: string, mark: ReadMark): Job => ({
    async run() {
      try {
        const word = await markRead(accountId, mark);
        if (word === 'try_again' && mark.attempts + 1 < maxAttempts) {
          const waitMs = backoff(5_000, 3_600_000, mark.attempts);
          await postponeReadMark(db, accountId, mark, waitMs, clock.sqlNow());
          return waitMs;
        }
        if (word !== 'done') log.warn({ account: accountId, word }, 'a message could not be shown as read');
        await closeReadMark(db, accountId, mark);
        return undefined;
      } finally {
        atWork.delete(mark.conversation_id);
      }
    },
    async release() {
      atWork.delete(mark.conversation_id);
    },
  });

  return {
    kind: 'read',
    concurrency: 4,
    async claim(accountId, max) {
      const marks = (await dueReadMarks(db, channels.routes, accountId, max + atWork.size, clock.sqlNow())).filter(
        mark => !atWork.has(mark.conversation_id),
      );
      const taken = marks.slice(0, max);
      for (const mark of taken) atWork.add(mark.conversation_id);
      return { jobs: taken.map(mark => job(accountId, mark)), waitMs: undefined, more: marks.length > taken.length };
    },
    due: () => dueReadMarkLanes(db, channels.routes, clock.sqlNow()),
  };
}
