// The tail: one reader of the log in a process, which passes each event on as soon as it is committed.
import type { Logger } from '../../kit/log.ts';
import { realClock } from '../../kit/time.ts';
import type { EventRow, Position } from './event.ts';

/** Where the tail reads, and how processes tell each other that they wrote. */
export interface LogSource {
  /** The position behind all events that can be read now. */
  edge(): Promise<Position>;
  /**
   * Whether committed events follow a position, readable or not, and the end of the readable ones. `pending`: more events
   * follow that end.
   */
  skip(after: Position): Promise<{ found: boolean; edge: Position; pending: boolean }>;
  /** The first events after a position. `pending`: there are more, readable or not. */
  read(after: Position, limit: number): Promise<{ rows: EventRow[]; pending: boolean }>;
  /** Tells the other processes that there are new events. */
  notify(): Promise<void>;
  close(): Promise<void>;
}

export interface Tail {
  /**
   * Calls back with all events that are committed from now on, in order, a page at a time; perhaps with some from just
   * before. The tail reads the next page when the promise has settled. Returns how to end it.
   */
  subscribe(onRows: (rows: EventRow[]) => void | Promise<void>): () => void;
  /** Calls back when there are new events, at most every few milliseconds. Returns how to end it. */
  watch(onNews: () => void): () => void;
  /**
   * Calls back when the database has lost events that were passed on: a standby without its last commits became the
   * primary. Returns how to end it.
   */
  onLost(call: () => void): () => void;
  /** This process has committed: there may be events. */
  committed(): void;
  /** Another process has events. */
  notified(): void;
  /** Reads what there is now, and passes it on. For tests and for readers that must not miss an event. */
  read(): Promise<void>;
  close(): Promise<void>;
}

const pageSize = 500;
/** Between the beginnings of two reads, so that one read takes many events. */
const restMs = 20;
/** Events that a running transaction still hides are tried again after a rest, then after longer each time. */
const mostHiddenMs = 200;
/** Until the next read without a sign: a notification may be lost. */
const quietMs = 1_000;
/** How often the end of the log is remembered with its time, and how many of these ends. */
const [rememberMs, mostRemembered] = [1_000, 3_600];

/** Opens the tail at the end of the log. A failed read is logged and repeated. */
export async function openTail(source: LogSource, log: Logger): Promise<Tail> {
  let position = await source.edge();
  const subscribers = new Set<(rows: EventRow[]) => void | Promise<void>>();
  const watchers = new Set<() => void>();
  const losers = new Set<() => void>();
  /** After a failed read the next one may come from another server. */
  let mayHaveLost = false;
  /** Ends that the log had, and when, to tell from when on it may have lost something. */
  const ends: { xid: string; id: number; at: number }[] = [];
  let closed = false;
  let wroteHere = false;
  /** Events that were read before this process said that it wrote them. */
  let unannounced = false;
  let cancel = () => {};
  let dueAt = Number.POSITIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  let patience = restMs;
  let current: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  function soon(ms: number): void {
    const at = performance.now() + ms;
    if (closed || at >= dueAt) return;
    cancel();
    dueAt = at;
    cancel = realClock.after(ms, () => {
      dueAt = Number.POSITIVE_INFINITY;
      void read().catch(error => {
        mayHaveLost = true;
        log.warn({ err: error }, 'the event log could not be read; the next read is in a second');
        soon(quietMs);
      });
    });
  }

  /** Reads run one after the other. One that waits for its turn serves all who ask meanwhile, so they cannot pile up. */
  function read(): Promise<void> {
    if (waiting) return waiting;
    const mine = current.then(() => {
      waiting = undefined;
      return readAll();
    });
    waiting = mine;
    current = mine.catch(() => {});
    return mine;
  }

  /** At once where the tail has rested. */
  const afterRest = () => soon(Math.max(0, readAt + restMs - performance.now()));

  async function readAll(): Promise<void> {
    if (closed) return;
    readAt = performance.now();
    if (mayHaveLost) await lookForLoss();
    const mayNotify = wroteHere;
    wroteHere = false;
    const { found, pending } = subscribers.size > 0 ? await passOn() : await skip();
    if (closed) return;
    remember();
    if (found) for (const onNews of watchers) onNews();
    unannounced ||= found;
    if (unannounced && mayNotify) {
      await source.notify();
      unannounced = false;
    }
    // The end of the transaction that hides events may give no sign here.
    patience = found ? restMs : Math.min(2 * patience, mostHiddenMs);
    soon(pending ? patience : quietMs);
  }

  function remember(): void {
    const at = realClock.now();
    const last = ends.at(-1);
    if (last && Math.abs(at - last.at) < rememberMs) return;
    ends.push({ ...position, at });
    if (ends.length > mostRemembered) ends.shift();
  }

  /** Moves back to the end of a log that is behind what was read of it, and says so. */
  async function lookForLoss(): Promise<void> {
    const edge = await source.edge();
    mayHaveLost = false;
    if (!isBehind(edge, position)) return;
    const whole = ends.findLast(end => !isBehind(edge, end));
    log.error(
      {
        lost_from: edge.xid,
        read_to: position.xid,
        // What was written between these times is in doubt. Null: longer ago than this process remembers.
        in_doubt_from: whole ? new Date(whole.at).toISOString() : null,
        in_doubt_until: new Date(realClock.now()).toISOString(),
      },
      'the database has lost its last commits: messages that were accepted in the last seconds may be gone, or be sent twice; use a synchronous standby',
    );
    position = edge;
    for (const call of losers) call();
  }

  /** Passes all new events on. */
  async function passOn(): Promise<{ found: boolean; pending: boolean }> {
    for (let found = false; ; found = true) {
      const { rows, pending } = await source.read(position, pageSize);
      const last = rows.at(-1);
      if (!last || closed) return { found, pending };
      for (const pass of subscribers)
        await handed(pass, rows).catch(error => log.error({ err: error }, 'a reader of the event log failed'));
      position = { xid: last.xid, id: last.id };
      if (rows.length < pageSize) return { found: true, pending };
    }
  }

  /** Moves on to the end of the log, as nobody reads. */
  async function skip(): Promise<{ found: boolean; pending: boolean }> {
    const { found, edge, pending } = await source.skip(position);
    // Of who subscribed meanwhile, no event may be skipped.
    if (!found || subscribers.size > 0) return { found, pending: found };
    position = edge;
    return { found, pending };
  }

  soon(quietMs);
  return {
    subscribe(onRows) {
      subscribers.add(onRows);
      return () => void subscribers.delete(onRows);
    },
    watch(onNews) {
      watchers.add(onNews);
      return () => void watchers.delete(onNews);
    },
    onLost(call) {
      losers.add(call);
      return () => void losers.delete(call);
    },
    committed() {
      wroteHere = true;
      afterRest();
    },
    notified: afterRest,
    read,
    async close() {
      closed = true;
      cancel();
      await current;
      await source.close();
    },
  };
}

/** Whether a log ends before an event that was read of it, or before the end that it had. */
function isBehind(edge: Position, { xid, id }: Position): boolean {
  const [end, known] = [BigInt(edge.xid), BigInt(xid)];
  return end < known || (end === known && edge.id < id);
}

/** Also a subscriber that throws at once rejects. */
const handed = async (pass: (rows: EventRow[]) => void | Promise<void>, rows: EventRow[]): Promise<void> => pass(rows);
