// Events as iterators: a stream that resumes by itself, and a long poll.
import { ApiError, ConnectionError, RecadoError, ResyncRequiredError, TimeoutError } from './errors.ts';
import type { EventPage, ListEventsQuery, RecadoEvent } from './generated/types.ts';
import { type Frame, readFrames } from './sse.ts';
import type { RequestOptions, Transport } from './transport.ts';

interface Behind {
  seconds: number;
}

/** Where a stream begins; its other filters go to the server as they are. */
interface StreamQuery {
  after?: string | undefined;
}

/** Options of a stream. It repeats lost connections for ever. */
export interface StreamOptions extends Pick<RequestOptions, 'signal' | 'headers'> {
  /** Milliseconds until the answer must begin. */
  timeout?: number | undefined;
  /** Milliseconds without a byte after which a connection counts as dead. The server writes at least every 5 s. Default: 45 s. */
  silence?: number | undefined;
  /**
   * Waits before the next connection, the given milliseconds by default. What it returns may end sooner, such as when
   * the server answers something else.
   */
  pause?: ((ms: number, error: unknown) => Promise<void>) | undefined;
  /** Called when a connection is made: from then on the stream misses nothing. */
  onConnect?: (() => void) | undefined;
  /** Called when the role, the permissions or the accounts of the caller changed: it gets other events from then on. */
  onAccessChange?: (() => void) | undefined;
  /** Called while the stream gets what it missed: how many seconds it is behind, and 0 once it has all. */
  onBehind?: ((seconds: number) => void) | undefined;
  /** Called when a connection ended and the stream waits to connect again. */
  onDisconnect?: ((error: unknown) => void) | undefined;
}

const defaultSilence = 45_000;
const longestBackoff = 20_000;

/**
 * The events from a path, each once and in order, until the caller stops or the signal aborts.
 * @throws ResyncRequiredError if the log no longer has the last event
 */
export async function* streamEvents(
  transport: Transport,
  path: string,
  query: StreamQuery,
  options: StreamOptions = {},
): AsyncGenerator<RecadoEvent, void, undefined> {
  let { after } = query;
  let failures = 0;
  /** The least wait that the server asked for. */
  let pause = 0;
  let isRenewed = false;
  for (;;) {
    const sentAt = transport.timers.now();
    try {
      for await (const frame of connect(transport, path, { ...query, after }, options)) {
        options.signal?.throwIfAborted();
        const event = eventOf(frame);
        pause = frame.retry ?? pause;
        // A connection that ends after its greeting is a failure too.
        if (frame.retry === undefined) [failures, isRenewed] = [0, false];
        // An id without data is a position to resume from.
        if (frame.id) after = frame.id;
        if (frame.event === 'access_changed') options.onAccessChange?.();
        if (frame.event === 'behind' && frame.data) options.onBehind?.((JSON.parse(frame.data) as Behind).seconds);
        if (event) yield event;
      }
      throw new ConnectionError('The server ended the stream.');
    } catch (error) {
      options.signal?.throwIfAborted();
      if (!isRenewed && (await transport.renewed(error, sentAt))) {
        isRenewed = true;
        continue;
      }
      if (!isPassing(error)) throw error;
      options.onDisconnect?.(error);
      failures++;
      const { retryAfter = 0 } = error as Partial<ApiError>;
      const wait = Math.max(transport.backoff(failures, longestBackoff), retryAfter * 1_000, pause);
      if (options.pause) await options.pause(wait, error);
      else await transport.wait(wait, options.signal);
    }
  }
}

/** All events after one, and then each new one, from pages that wait. */
export async function* pollEvents(
  list: (query: ListEventsQuery) => Promise<EventPage>,
  query: ListEventsQuery,
): AsyncGenerator<RecadoEvent, void, undefined> {
  let { after } = query;
  // Larger pages for one that is behind.
  let limit: number | undefined;
  for (;;) {
    const page = await list({ wait: 30, limit, ...query, after });
    limit = page.has_more ? 500 : undefined;
    yield* page.data;
    after = page.last_id ?? after;
  }
}

/** The frames of one connection. */
async function* connect(
  transport: Transport,
  path: string,
  query: StreamQuery,
  options: StreamOptions,
): AsyncGenerator<Frame> {
  const { silence = defaultSilence } = options;
  const stop = new AbortController();
  const pass = () => stop.abort(options.signal?.reason);
  options.signal?.throwIfAborted();
  options.signal?.addEventListener('abort', pass, { once: true });
  // Only a read can be too slow. The caller may take any time between two events.
  const watch = <Result>(read: Promise<Result>): Promise<Result> => {
    const cancel = transport.timers.after(silence, () => stop.abort(new TimeoutError(silence)));
    return read.finally(cancel);
  };
  try {
    const headers = { accept: 'text/event-stream', ...options.headers };
    const opened = { signal: stop.signal, timeout: options.timeout, headers };
    const answer = await transport.once<Response>({ method: 'GET', path, query }, opened, 'open');
    if (answer.body === null) throw new ConnectionError('The stream has no body.');
    options.onConnect?.();
    yield* readFrames(answer.body, watch);
  } catch (given) {
    // Browsers tell of an abort without its reason.
    const error: unknown = stop.signal.aborted ? stop.signal.reason : given;
    throw error instanceof RecadoError || options.signal?.aborted ? error : new ConnectionError(String(error), error);
  } finally {
    options.signal?.removeEventListener('abort', pass);
    stop.abort();
  }
}

function eventOf({ event, data }: Frame): RecadoEvent | undefined {
  if (data === undefined || data === '') return undefined;
  if (event === 'resync_required') {
    const { last_id } = JSON.parse(data) as { last_id?: string | null };
    throw new ResyncRequiredError('The log does not have the event that you had last.', last_id ?? undefined);
  }
  if (event === 'closed') {
    const { code, detail } = JSON.parse(data) as { code: string; detail: string };
    throw new ConnectionError(`The server closed the stream (${code}). ${detail}`);
  }
  // Frames of other names are for later versions.
  return event === undefined || event === 'message' ? (JSON.parse(data) as RecadoEvent) : undefined;
}

/** Whether a new connection may succeed where this one failed. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status === 408 || error.status >= 500;
  return error instanceof RecadoError && (error.code === 'connection_failed' || error.code === 'timeout');
}
