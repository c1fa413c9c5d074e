// The session processes of a gateway: several sessions in each, started when a session needs room, and again after an end.

import { join } from 'node:path';
import type { FromProcess, ProcessSettings, SessionCall, SessionCalls, SessionNotice } from '@recado/whatsapp-web';
import { backoff } from '../../../kit/backoff.ts';
import type { Logger } from '../../../kit/log.ts';
import { packageRoot } from '../../../kit/os/package-root.ts';
import type { Clock } from '../../../kit/time.ts';
import { type CallResult, RefusedRequest, type SessionHost, type SessionListener } from '../../../ports/gateway.ts';
import { type SessionChild, startChild } from './child-process.ts';
import { createSuspects } from './suspects.ts';

export interface SessionProcessNeeds {
  settings: ProcessSettings;
  /** The most sessions in one process. */
  perProcess: number;
  log: Logger;
  clock: Clock;
  listener: SessionListener;
  /** A file with certificates that the processes trust too. */
  certificates?: string | undefined;
  program?: string;
}

const defaultProgram = join(packageRoot, '../channels/whatsapp-web/dist/main.js');

/** A process that ends sooner after its start has failed; the next start waits. A session falls within the same time. */
const soonMs = 10_000;
const firstWaitMs = 250;
const longestWaitMs = 30_000;
/** How long an ended connection may take to say so. Then its process hangs, and is ended. */
const closeMs = 10_000;
/** The same for one that logs out: WhatsApp has to confirm that. */
const logoutMs = 30_000;

const secondMs = 1_000;
/** How long calls may take. A send waits for its turn, and for a person's time of typing. */
const deadlines: Record<SessionCall, number> = {
  send: 20 * secondMs,
  upload: 600 * secondMs,
  fetch: 600 * secondMs,
  markRead: 30 * secondMs,
  showTyping: 30 * secondMs,
  probe: 30 * secondMs,
};

const closedByEnd: SessionNotice = {
  kind: 'closed',
  code: undefined,
  title: 'The session process ended.',
  duringLink: false,
};

interface Place {
  child: SessionChild;
  startedAt: number;
  /** Whether it came as far as to take sessions. */
  isReady: boolean;
  /** The most sessions in it. */
  room: number;
  /** The epoch of each session in it, and since when it is open. */
  sessions: Map<string, { epoch: number; since: number }>;
  cancelLate: Map<string, () => void>;
}

interface WaitingCall {
  place: Place;
  settle: (result: CallResult<SessionCall>) => void;
}

/** Opens the host. No process is started before the first session. */
export function sessionProcesses(needs: SessionProcessNeeds): SessionHost {
  const { settings, perProcess, log, clock, listener, certificates, program = defaultProgram } = needs;
  const places = new Set<Place>();
  const suspects = createSuspects(perProcess);
  const calls = new Map<number, WaitingCall>();
  /** Sessions that wait until a process may be started. */
  const delayed = new Map<string, { epoch: number; cancel: () => void }>();
  let nextCall = 1;
  let failures = 0;
  let startAt = 0;
  let stopped = false;
  let allGone = () => {};

  const placeOf = (accountId: string, epoch: number): Place | undefined =>
    [...places].find(({ sessions }) => sessions.get(accountId)?.epoch === epoch);

  /** A process of this size that is not full. */
  const placeWith = (wanted: number): Place | undefined =>
    [...places].find(({ sessions, room }) => room === wanted && sessions.size < room);

  function start(room: number): Place {
    const place: Place = {
      startedAt: clock.elapsed(),
      isReady: false,
      room,
      sessions: new Map(),
      cancelLate: new Map(),
      child: startChild({ program, certificates }, settings, log, {
        heard: message => heard(place, message),
        ended: how => ended(place, how),
      }),
    };
    places.add(place);
    log.info({ pid: place.child.pid }, 'a session process has started');
    return place;
  }

  function heard(place: Place, message: FromProcess): void {
    switch (message.kind) {
      case 'ready':
        place.isReady = true;
        return;
      case 'notice': {
        const { session, epoch, notice } = message;
        if (notice.kind === 'closed') leave(place, session, epoch);
        listener.noticed(session, epoch, notice);
        return;
      }
      case 'request':
        answer(place, message);
        return;
      case 'result': {
        const call = calls.get(message.id);
        calls.delete(message.id);
        call?.settle(
          message.ok ? { ok: true, result: message.result as never } : failed(message.code, message.message),
        );
      }
    }
  }

  function answer(place: Place, { id, session, epoch, request, args }: FromProcess & { kind: 'request' }): void {
    listener.asked(session, epoch, request, args).then(
      result => place.child.tell({ kind: 'answer', id, ok: true, result }),
      error => {
        const code = error instanceof RefusedRequest ? error.code : 'unavailable';
        if (code === 'unavailable')
          log.warn({ err: error, account: session, request }, 'a request of a session failed');
        place.child.tell({ kind: 'answer', id, ok: false, code, message: 'The gateway could not do it.' });
      },
    );
  }

  function leave(place: Place, accountId: string, epoch: number): void {
    const left = place.sessions.get(accountId);
    if (left?.epoch !== epoch) return;
    if (clock.elapsed() >= left.since + soonMs) suspects.clear(accountId);
    place.sessions.delete(accountId);
    place.cancelLate.get(accountId)?.();
    place.cancelLate.delete(accountId);
    // Nobody else gets into a process for suspects that has become empty.
    if (place.sessions.size > 0 || place.room === perProcess) return;
    place.room = 0;
    place.child.kill();
  }

  /** The sessions that were open for too short a time to be above suspicion. The others are cleared. */
  function fallenIn({ sessions }: Place): string[] {
    const fallen: string[] = [];
    for (const [accountId, { since }] of sessions)
      if (clock.elapsed() < since + soonMs) fallen.push(accountId);
      else suspects.clear(accountId);
    return fallen;
  }

  function ended(place: Place, how: { code: number | null; signal: NodeJS.Signals | null }): void {
    places.delete(place);
    const isEmpty = place.isReady && place.sessions.size === 0;
    // Trouble before it was ready is none of its sessions.
    const early = !place.isReady && clock.elapsed() < place.startedAt + soonMs;
    failures = early ? failures + 1 : 0;
    startAt = early ? clock.elapsed() + backoff(firstWaitMs, longestWaitMs, failures) : 0;
    if (place.isReady) suspects.fell(fallenIn(place), place.room, place.sessions.size === 1, clock.elapsed());
    if (!stopped && !isEmpty)
      log.error({ ...how, pid: place.child.pid, sessions: place.sessions.size }, 'a session process ended');
    for (const cancel of place.cancelLate.values()) cancel();
    for (const [id, call] of calls) {
      if (call.place !== place) continue;
      calls.delete(id);
      call.settle(failed('process_lost', 'The session process ended.'));
    }
    for (const [accountId, { epoch }] of place.sessions) listener.noticed(accountId, epoch, closedByEnd);
    if (places.size === 0) allGone();
  }

  /** Of a session that has no process, nobody else says that it is closed. */
  function forget(accountId: string, epoch: number): void {
    const waiting = delayed.get(accountId);
    if (waiting?.epoch !== epoch) return;
    waiting.cancel();
    delayed.delete(accountId);
    listener.noticed(accountId, epoch, closedByEnd);
  }

  return {
    open(asked) {
      const begin = () => {
        delayed.delete(asked.session);
        if (stopped) return;
        const room = suspects.roomOf(asked.session);
        const place = placeWith(room) ?? start(room);
        place.sessions.set(asked.session, { epoch: asked.epoch, since: clock.elapsed() });
        place.cancelLate.get(asked.session)?.();
        place.cancelLate.delete(asked.session);
        place.child.tell({ kind: 'open', open: asked });
      };
      const now = clock.elapsed();
      const startsIn = placeWith(suspects.roomOf(asked.session)) ? 0 : startAt - now;
      const waitMs = Math.max(startsIn, suspects.waitOf(asked.session, now));
      if (waitMs > 0) delayed.set(asked.session, { epoch: asked.epoch, cancel: clock.after(waitMs, begin) });
      else begin();
    },
    close(accountId, epoch, logout) {
      const place = placeOf(accountId, epoch);
      if (!place) return forget(accountId, epoch);
      place.child.tell({ kind: 'close', session: accountId, epoch, logout });
      place.cancelLate.get(accountId)?.();
      const cancel = clock.after(logout ? logoutMs : closeMs, () => {
        log.error({ pid: place.child.pid }, 'a session process does not end a connection and is killed');
        place.child.kill();
      });
      place.cancelLate.set(accountId, cancel);
    },
    call(accountId, epoch, name, args) {
      return call(placeOf(accountId, epoch), accountId, epoch, name, args);
    },
    async stop() {
      stopped = true;
      const gone = new Promise<void>(resolve => {
        allGone = resolve;
      });
      if (places.size === 0) return;
      for (const { child } of places) child.kill();
      await gone;
    },
  };

  function call<Name extends SessionCall>(
    place: Place | undefined,
    accountId: string,
    epoch: number,
    name: Name,
    args: SessionCalls[Name]['args'],
  ): Promise<CallResult<Name>> {
    if (!place) return Promise.resolve({ ok: false, code: 'not_open', message: 'The session is not open.' });
    const id = nextCall++;
    return new Promise(resolve => {
      const cancel = clock.after(deadlines[name], () => {
        calls.delete(id);
        resolve({ ok: false, code: 'process_lost', message: 'The session process did not respond.' });
      });
      const settle = (result: CallResult<SessionCall>) => {
        cancel();
        // The protocol binds the type of the result to the name of the call.
        resolve(result as CallResult<Name>);
      };
      calls.set(id, { place, settle });
      place.child.tell({ kind: 'call', id, session: accountId, epoch, call: name, args });
    });
  }
}

/** The outcome of a failed call is unknown, unless the session was not open. */
const failed = (code: string, message: string): CallResult<SessionCall> => ({
  ok: false,
  code: code === 'not_open' ? 'not_open' : 'process_lost',
  message,
});
