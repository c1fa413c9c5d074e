// What happens in the workspace, as it happens: one stream of events for this tab.
import { AuthenticationError, type RecadoEvent, ResyncRequiredError } from '@recado/client';
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { recado } from './client.ts';
import { staysConnected, takeLookout } from './lookout.ts';
import { session } from './session.ts';

/** `connecting`: the page may be out of date. */
export type Connection = 'live' | 'connecting' | 'offline';
type Handler = (event: RecadoEvent) => void;

interface Options {
  /** Called when a stream begins; the answer gets each event, until the signal. */
  begin: (signal: AbortSignal) => Handler;
  /** Reads again what events may have missed. */
  onGap: () => Promise<void>;
  /** Called when the role, the permissions or the accounts of the person may have changed. */
  onAccessChange: () => void;
}

/** Of the tabs that nobody sees one stays connected: over HTTP/1.1 a browser has six connections for all its tabs. */
const hiddenMs = 60_000;
/** Before a stream that was rejected is asked for again. */
const rejectedMs = 20_000;

const handlers = new Set<Handler>();
const watchers = new Set<() => void>();
let stopLive: (() => void) | undefined;
let isConnected = false;

const connectionNow = (): Connection => (!navigator.onLine ? 'offline' : isConnected ? 'live' : 'connecting');

function setConnected(now: boolean): void {
  isConnected = now;
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
    addEventListener(change, () => setConnected(isConnected && navigator.onLine), { signal });
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

function openStream({ begin, onGap, onAccessChange }: Options, stopped: AbortSignal): Stream {
  let last: string | undefined;
  let wasConnected = false;
  let attempt: AbortController | undefined;
  const take = begin(stopped);

  async function read(signal: AbortSignal): Promise<void> {
    const onConnect = () => {
      setConnected(true);
      // Rows that were read before may be older than the first event of this connection.
      if (last === undefined) void onGap();
      if (wasConnected) onAccessChange();
      wasConnected = true;
    };
    const onDisconnect = () => setConnected(false);
    const events = recado.events.stream({ after: last }, { signal, onConnect, onDisconnect, onAccessChange });
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
        setConnected(false);
        // The page leads to the login.
        if (error instanceof AuthenticationError && !session.isKnown()) return;
        if (error instanceof ResyncRequiredError) {
          last = error.lastId;
          await onGap();
        } else await pass(rejectedMs, signal);
      }
    }
  }

  const stream: Stream = {
    pause() {
      attempt?.abort();
      attempt = undefined;
      setConnected(false);
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

const pass = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

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

/** Whether the page is live, connecting or offline. */
export const useConnection = (): Connection => useSyncExternalStore(watch, connectionNow);
