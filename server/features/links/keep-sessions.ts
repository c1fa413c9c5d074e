// Keeps the sessions of linked accounts open in this process: takes those that nobody holds, renews their leases, and
// lets go of those that it lost.

import type { Clock } from '../../kit/time.ts';
import type { SessionNotice } from '../../ports/gateway.ts';
import {
  type CallResult,
  type LiveSessions,
  RefusedRequest,
  type SessionHost,
  type SessionListener,
} from '../../ports/gateway.ts';
import { followNotice, repairOpen } from './follow-session.ts';
import { tellKeptDevice } from './link-store.ts';
import { takeOver } from './open-session.ts';
import { answerLeaving, answerRequest } from './requests.ts';
import type { HeldSession, SessionNeeds } from './session.ts';
import { countLinks, hasNoKeys, leaseMs, renewLeases, takeSessions } from './session-store.ts';
import { countUndecryptable, mostUndecryptable } from './undecryptable.ts';
import { keepRhythms, watchSilence } from './watch-silence.ts';

export interface KeepNeeds extends SessionNeeds {
  /** Opens the session processes; they speak to the listener. */
  openHost: (listener: SessionListener) => SessionHost;
  /** Real time, whatever clock the rest of the program has: leases are between processes. */
  realClock: Clock;
  /** Wakes the lanes of these accounts that have due work. */
  wakeDue: () => Promise<void>;
}

/** The sessions of this process. */
export interface KeptSessions extends LiveSessions {
  /** Takes sessions that are free, and renews the leases. */
  poll(): void;
  /** Closes all connections and releases their leases, so that another gateway takes them at once. */
  stop(): Promise<void>;
}

const pollMs = 1_000;
/** A lease that cannot be renewed is given up so long before its end: nobody else may have opened the session by then. */
const marginMs = 1_500;
/** How many connections are opened at once, so that a start is no burst of logins. */
const mostOpening = 8;
/** Linking waits for a person, so it has places of its own. */
const mostTaken = 32;
/** How long a connection may take to be open. */
const openWithinMs = 60_000;
/** How long closing connections may take at a stop. */
const stopWithinMs = 3_000;

/** Starts keeping sessions. */
export function keepSessions(needs: KeepNeeds): KeptSessions {
  const { db, log, realClock, worker, metrics } = needs;
  const held = new Map<string, HeldSession>();
  /** The epochs of connections that log out. */
  const leaving = new Map<string, number>();
  const host = needs.openHost({ noticed, asked });
  let stopped = false;
  let polling: Promise<void> | undefined;
  let pollAgain = false;
  const cancels: (() => void)[] = [];

  const forget = (session: HeldSession) => {
    if (held.get(session.accountId) === session) held.delete(session.accountId);
    metrics.sessions.set(held.size);
    session.gone();
  };

  /** What a session does to its surroundings. */
  const surroundings = { ...needs, host, forget, poll: () => poll(), tellKept };

  function noticed(accountId: string, epoch: number, notice: SessionNotice): void {
    if (notice.kind === 'closed' && leaving.get(accountId) === epoch) {
      leaving.delete(accountId);
      if (!notice.loggedOut) tellKept(accountId);
    }
    const session = held.get(accountId);
    if (session?.epoch === epoch) followNotice(surroundings, session, notice);
  }

  function tellKept(accountId: string): void {
    tellKeptDevice(db, accountId).catch(error =>
      log.warn({ err: error, account: accountId }, 'it could not be told that a phone may keep its device'),
    );
  }

  async function asked(...[accountId, epoch, request, args]: Parameters<SessionListener['asked']>): Promise<unknown> {
    const session = held.get(accountId);
    const isLeaving = session?.epoch === epoch && (await session.logsOut);
    if (isLeaving || leaving.get(accountId) === epoch) return answerLeaving(request);
    if (session?.epoch !== epoch || session.isLost) throw new RefusedRequest('fenced', 'The session is not held here.');
    const answered = await answerRequest(needs, session, request, args);
    countUndecryptable(needs, session, request, args);
    return answered;
  }

  /** Lets go of a session that another gateway may have. Nothing is written about it. */
  async function lose(session: HeldSession): Promise<void> {
    session.isLost = true;
    session.isOpen = false;
    session.logsOut = hasNoKeys(db, session.accountId).catch(() => false);
    const logsOut = await session.logsOut;
    log.info({ account: session.accountId, logsOut }, 'a session is let go');
    if (logsOut) leaving.set(session.accountId, session.epoch);
    host.close(session.accountId, session.epoch, logsOut);
    forget(session);
  }

  async function renew(): Promise<void> {
    const sessions = [...held.values()].filter(({ isLost }) => !isLost);
    if (sessions.length === 0) return;
    const open = new Set(sessions.filter(({ isOpen }) => isOpen));
    const begun = realClock.elapsed();
    const renewed = await renewLeases(db, worker, sessions);
    for (const session of sessions) {
      const now = renewed.get(session.accountId);
      if (now) {
        session.leaseEndsAt = begun + leaseMs;
        if (open.has(session) && !now.saysOpen) repairOpen(surroundings, session);
      } else if (held.get(session.accountId) === session && !session.isReleased) await lose(session);
    }
  }

  /** These must not wait for the database: leases that end, and connections that do not come up. */
  function check(): void {
    const now = realClock.elapsed();
    for (const session of held.values()) {
      if (session.isLost) continue;
      if (now > session.leaseEndsAt - marginMs) {
        log.warn({ account: session.accountId }, 'a lease could not be renewed, so its session is closed');
        void lose(session);
      } else if (
        !session.isOpen &&
        !session.isLinking &&
        now > session.openingSince + openWithinMs &&
        !session.isClosing
      ) {
        session.isClosing = { code: 408, title: 'The connection did not come up in time.' };
        host.close(session.accountId, session.epoch, false);
      }
    }
  }

  async function take(): Promise<void> {
    const opening = [...held.values()].filter(
      ({ isOpen, isLinking, isLost }) => !isOpen && !isLinking && !isLost,
    ).length;
    const linking = [...held.values()].filter(({ isLinking }) => isLinking).length;
    const room = Math.min(mostOpening - opening, mostTaken - linking);
    if (stopped || room <= 0) return;
    const begun = realClock.elapsed();
    const taken = await takeSessions(db, worker, needs.version(), room);
    for (const row of taken) {
      const session = await takeOver(surroundings, row, begun);
      if (session) held.set(row.accountId, session);
    }
    metrics.sessions.set(held.size);
    if (taken.length === room) pollAgain = true;
  }

  async function pollOnce(): Promise<void> {
    do {
      pollAgain = false;
      // An end of a link is seen by its lease, which can no longer be renewed.
      await renew();
      await take();
    } while (pollAgain && !stopped);
  }

  function poll(): void {
    pollAgain = true;
    if (stopped) return;
    polling ??= pollOnce()
      .catch(error => log.warn({ err: error }, 'sessions could not be polled; the next poll is in a second'))
      .finally(() => {
        polling = undefined;
      });
  }

  function every(ms: number, clock: Clock, work: () => void): void {
    let cancel = () => {};
    const next = () => {
      cancel = clock.after(ms, () => {
        if (stopped) return;
        work();
        next();
      });
    };
    next();
    cancels.push(() => cancel());
  }

  async function countStates(): Promise<void> {
    const counted = await countLinks(db);
    metrics.links.reset();
    for (const { state, links } of counted) metrics.links.set({ state }, links);
    metrics.undecryptableMost.set(mostUndecryptable(held.values(), realClock.elapsed()));
  }

  every(pollMs, realClock, poll);
  every(pollMs / 4, realClock, check);
  every(pollMs, realClock, () => {
    if ([...held.values()].some(({ isOpen }) => isOpen))
      needs.wakeDue().catch(error => log.warn({ err: error }, 'due lanes of sessions could not be read'));
  });
  every(15 * pollMs, realClock, () => {
    countStates().catch(error => log.warn({ err: error }, 'links could not be counted'));
  });
  every(60_000, needs.clock, () => {
    for (const session of held.values()) void watchSilence(surroundings, session);
    void keepRhythms(surroundings, [...held.values()]);
  });
  poll();

  return {
    poll,
    isOpen: accountId => held.get(accountId)?.isOpen ?? false,
    call(accountId, name, args) {
      const session = held.get(accountId);
      if (!session?.isOpen) return Promise.resolve(notOpen);
      return host.call(accountId, session.epoch, name, args);
    },
    async stop() {
      stopped = true;
      for (const cancel of cancels) cancel();
      await polling;
      const all = [...held.values()].filter(({ isLost }) => !isLost);
      for (const session of all) {
        session.isStopping = true;
        session.isOpen = false;
        host.close(session.accountId, session.epoch, false);
      }
      let cancel = () => {};
      const late = new Promise<void>(resolve => {
        cancel = realClock.after(stopWithinMs, resolve);
      });
      await Promise.race([Promise.all(all.map(({ ended }) => ended)), late]);
      cancel();
      await host.stop();
    },
  };
}

const notOpen: CallResult<never> = { ok: false, code: 'not_open', message: 'The account has no open session here.' };
