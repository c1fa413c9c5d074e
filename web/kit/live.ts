// What happens in the workspace, as it happens: one stream of events for this tab.
import { AuthenticationError, type RecadoEvent, ResyncRequiredError, TimeoutError } from '@recado/client';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { isAway, isRejection, recado } from './client.ts';
import { longestPause, pass, passUntilHeard } from './contact.ts';
import { staysConnected, takeLookout } from './lookout.ts';
import { session } from './session.ts';

/** `connecting`: the page may be out of date; `lost`: it has been for a while. */
export type Connection = 'live' | 'connecting' | 'lost' | 'offline';
type Handler = (event: RecadoEvent) => void;

interface Options {
  /** Called when a stream begins; the answer gets each event, until the signal. */
  begin: (signal: AbortSignal) => Handler;
  /** Reads again what events may have missed. */
  onGap: () => Promise<void>;
  /** Called when the connection is back, and goes on after the last event. */
  onReturn: () => Promise<void>;
  /** Called when the role, the permissions or the accounts of the person may have changed. */
  onAccessChange: () => void;
}

/** Of the tabs that nobody sees one stays connected: over HTTP/1.1 a browser has six connections for all its tabs. */
const hiddenMs = 60_000;
/** Before a stream that was rejected is asked for again. */
const rejectedMs = 20_000;
/** A stream without a byte for this long is not live. The server writes at least every 5 s. */
const silenceMs = 10_000;

const handlers = new Set<Handler>();
const watchers = new Set<() => void>();
let stopLive: (() => void) | undefined;
let state: Exclude<Connection, 'offline'> = 'connecting';

const connectionNow = (): Connection => (navigator.onLine ? state : 'offline');

function setState(now: typeof state): void {
  state = now;
  for (const watcher of watchers) watcher();
}

/** Opens the stream, unless it is open. It ends with the session. */
export function startLive(options: Options): void {
  stopLive ??= follow(options);
}

function stop(): void {
  stopLive?.();
  stopLive = undefined;
}
session.onEnd(stop);
session.onBegin(stop);

/** Keeps a stream until it is stopped, and interrupts it where a new one is better. */
function follow(options: Options): () => void {
  const stopped = new AbortController();
  const { signal } = stopped;
  const stream = openStream(options, signal);
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const see = () => {
    clearTimeout(hiding);
    if (document.visibilityState === 'hidden') hiding = setTimeout(() => !staysConnected() && stream.pause(), hiddenMs);
    else stream.resume();
  };
  addEventListener('online', stream.restart, { signal });
  for (const change of ['online', 'offline'])
    addEventListener(change, () => setState(navigator.onLine ? state : 'connecting'), { signal });
  document.addEventListener('visibilitychange', see, { signal });
  signal.addEventListener('abort', () => {
    clearTimeout(hiding);
    stream.pause();
  });
  stream.resume();
  see();
  takeLookout(signal, stream.resume);
  return () => stopped.abort();
}

interface Stream {
  /** Ends the connection. */
  pause(): void;
  /** Goes on after the last event, if it is paused. */
  resume(): void;
  /** Goes on with another connection, without the wait of the old one. */
  restart(): void;
}

function openStream({ begin, onGap, onReturn, onAccessChange }: Options, stopped: AbortSignal): Stream {
  let last: string | undefined;
  let wasConnected = false;
  let attempt: AbortController | undefined;
  const take = begin(stopped);

  async function read(signal: AbortSignal): Promise<void> {
    let wasOpened = false;
    const onConnect = () => {
      wasOpened = true;
      setState('live');
      // Rows that were read before may be older than the first event of this connection.
      if (last === undefined) void onGap();
      else if (wasConnected) void onReturn();
      if (wasConnected) onAccessChange();
      wasConnected = true;
    };
    const onDisconnect = (error: unknown) => {
      // Nothing came for as long as somebody may believe it.
      if (error instanceof TimeoutError) setState('lost');
      else if (state === 'live') setState('connecting');
    };
    const pause = (ms: number, error: unknown) => {
      // One that was opened and ended may end again at once, however well the server answers.
      const isNew = wasOpened || !isAway(error);
      wasOpened = false;
      return isNew ? pass(ms, signal) : passUntilHeard(Math.min(ms, longestPause()), signal);
    };
    const options = { signal, timeout: silenceMs, silence: silenceMs, pause, onConnect, onDisconnect, onAccessChange };
    const events = recado.events.stream({ after: last }, options);
    for await (const event of events) {
      last = event.id;
      deliver(event, take);
    }
  }

  async function run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await read(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (state === 'live') setState('connecting');
        // The page leads to the login.
        if (error instanceof AuthenticationError && !session.isKnown()) return;
        if (error instanceof ResyncRequiredError) {
          last = error.lastId;
          await onGap();
        } else if (isRejection(error)) await pass(rejectedMs, signal);
        // The session could not be renewed.
        else await passUntilHeard(longestPause(), signal);
      }
    }
  }

  const stream: Stream = {
    pause() {
      attempt?.abort();
      attempt = undefined;
      setState('connecting');
    },
    resume() {
      if (attempt) return;
      attempt = new AbortController();
      void run(attempt.signal);
    },
    restart() {
      stream.pause();
      stream.resume();
    },
  };
  return stream;
}

function deliver(event: RecadoEvent, take: Handler): void {
  for (const handler of [take, ...handlers]) {
    try {
      handler(event);
    } catch (error) {
      // One page that fails must not end the stream of the others.
      reportError(error);
    }
  }
}

/** Calls with each event while the component is there; once for each event, also after the connection was lost. */
export function useEvents(handler: (event: RecadoEvent) => void): void {
  const latest = useRef(handler);
  useEffect(() => {
    latest.current = handler;
  });
  useEffect(() => {
    const take: Handler = event => latest.current(event);
    handlers.add(take);
    return () => {
      handlers.delete(take);
    };
  }, []);
}

function watch(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Whether the page is live, connecting, lost or offline. */
export const useConnection = (): Connection => useSyncExternalStore(watch, connectionNow);
