// Which session makes its process end: sessions that end with their process soon after they were opened get fewer
// neighbours, until one ends alone.
import { backoff } from '../../../kit/backoff.ts';

/** A session that ended with its process. */
interface Suspect {
  /** How often in a row it did, soon after it was opened. */
  ends: number;
  /** How often of these it was alone. */
  alone: number;
  /** The most sessions in its next process. */
  room: number;
  /** Before this time of the clock it is not opened. */
  waitsUntil: number;
}

export interface Suspects {
  /** The most sessions in the process that a session is opened in. */
  roomOf(accountId: string): number;
  /** How long to wait before a session is opened. */
  waitOf(accountId: string, now: number): number;
  /** A process with this room ended soon after these sessions were opened. `isAlone`: it had no other sessions. */
  fell(accountIds: readonly string[], room: number, isAlone: boolean, now: number): void;
  /** A session was open for longer than it takes to fall. */
  clear(accountId: string): void;
}

/** A process may end once for another reason. */
const mostEnds = 2;
/** By how much the room shrinks: two steps find one of a hundred sessions, with few processes on the way. */
const step = 10;
const firstWaitMs = 250;
const longestWaitMs = 30_000;

/** The suspects among the sessions of a gateway. `perProcess` is the room of processes without suspects. */
export function createSuspects(perProcess: number): Suspects {
  const suspects = new Map<string, Suspect>();
  return {
    roomOf: accountId => suspects.get(accountId)?.room ?? perProcess,
    waitOf: (accountId, now) => Math.max(0, (suspects.get(accountId)?.waitsUntil ?? now) - now),
    fell(accountIds, room, isAlone, now) {
      for (const accountId of accountIds) {
        const before = suspects.get(accountId);
        const ends = (before?.ends ?? 0) + 1;
        const alone = (before?.alone ?? 0) + (isAlone ? 1 : 0);
        const isSuspected = ends >= mostEnds;
        suspects.set(accountId, {
          ends,
          alone,
          room: isSuspected ? Math.max(1, Math.floor(room / step)) : room,
          waitsUntil: isAlone && isSuspected ? now + backoff(firstWaitMs, longestWaitMs, alone) : now,
        });
      }
    },
    clear: accountId => void suspects.delete(accountId),
  };
}
