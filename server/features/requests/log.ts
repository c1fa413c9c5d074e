// Notes answered requests and writes them in batches, so that no request waits for its own line in the log.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../../kit/db/database.ts';
import { newUuid } from '../../kit/ids.ts';
import type { Logger } from '../../kit/log.ts';
import { plainAddress } from '../../kit/net/network.ts';
import type { Clock } from '../../kit/time.ts';
import { type AnsweredRequest, insertRequests } from './store.ts';

export interface RequestLogNeeds {
  db: Pick<Database, 'transaction'>;
  clock: Clock;
  log: Logger;
  /** Whether the disk is full: requests then wait, and the newest are left out. */
  holdsBack: () => boolean;
}

export interface RequestLog {
  /** Notes an answered request. It writes nothing itself and never fails. */
  note(request: FastifyRequest, reply: FastifyReply): void;
  /** Writes what was noted before. It never fails. */
  flush(): Promise<void>;
}

const gatheredMs = 1_000;
/** The most of one statement. */
const batch = 1_000;
/** The most that wait while the database is away: 10 MB of memory. */
const mostWaiting = 20_000;
const longestPath = 300;

/** Makes ids whose order is that of the requests, also within a millisecond: a number stands where others have chance. */
function idsInOrder(): (now: number) => string {
  let last = 0;
  let count = 0;
  return now => {
    count = now === last ? (count + 1) % 4_096 : 0;
    last = now;
    const id = newUuid(now);
    return `${id.slice(0, 15)}${count.toString(16).padStart(3, '0')}${id.slice(18)}`;
  };
}

/** Opens the log of this process. */
export function requestLog({ db, clock, log, holdsBack }: RequestLogNeeds): RequestLog {
  let waiting: AnsweredRequest[] = [];
  let left = 0;
  let isPlanned = false;
  let writing: Promise<void> = Promise.resolve();
  const nextId = idsInOrder();

  async function write(): Promise<void> {
    while (waiting.length > 0 && !holdsBack()) {
      const rows = waiting.slice(0, batch);
      try {
        await db.transaction(tx => insertRequests(tx, rows));
      } catch (error) {
        log.warn({ err: error, waiting: waiting.length }, 'answered requests could not be written to the log yet');
        break;
      }
      waiting = waiting.slice(rows.length);
    }
    if (left > 0 && waiting.length < mostWaiting) {
      log.warn({ requests: left }, 'the request log lacks requests: too many waited to be written');
      left = 0;
    }
    if (waiting.length > 0) plan();
  }

  function flush(): Promise<void> {
    writing = writing.then(write);
    return writing;
  }

  function plan(): void {
    if (isPlanned) return;
    isPlanned = true;
    clock.after(gatheredMs, () => {
      isPlanned = false;
      void flush();
    });
  }

  return {
    note(request, reply) {
      const { caller } = request;
      if (!caller) return;
      if (waiting.length >= mostWaiting) {
        left++;
        return;
      }
      const now = clock.now();
      waiting.push({
        id: nextId(now),
        workspaceId: caller.workspaceId,
        at: new Date(now),
        method: request.method,
        path: (request.url.split('?', 1)[0] ?? '').slice(0, longestPath),
        status: reply.statusCode,
        code: request.refusal ?? null,
        durationMs: Math.round(reply.elapsedTime),
        callerKind: caller.kind,
        callerId: caller.id,
        address: plainAddress(request.ip),
        requestId: request.id,
      });
      plan();
    },
    flush,
  };
}
