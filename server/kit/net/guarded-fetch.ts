// The only HTTP client for untrusted links: it connects to public addresses only, within limits of time and size.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { type Readable, Transform } from 'node:stream';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { semaphore } from '../async/semaphore.ts';
import { declaredName } from '../text/file-name.ts';
import { type Clock, realClock } from '../time.ts';
import { isPublicAddress } from './public-address.ts';
import { type AllowedHost, isAllowed, type LinkRefusal, readLink } from './url-policy.ts';

/**
 * Why a link gave no file.
 * - rejected: it must not be followed, see `reason`; nothing was contacted
 * - too_large, timeout
 * - http_status: the server responded with a status other than 200, see `status`
 * - unavailable: it could not be reached, or broke off
 * - busy: too many DNS lookups are pending; nothing was contacted
 */
export type GuardedFetchCode = 'busy' | 'rejected' | 'too_large' | 'timeout' | 'unavailable' | 'http_status';

export class GuardedFetchError extends Error {
  override name = 'GuardedFetchError';
  readonly code: GuardedFetchCode;
  readonly reason: LinkRefusal | undefined;
  readonly status: number | undefined;
  constructor(
    code: GuardedFetchCode,
    message: string,
    more: { reason?: LinkRefusal; status?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: more.cause });
    this.code = code;
    this.reason = more.reason;
    this.status = more.status;
  }
}

type Address = { address: string; family: number };

export interface GuardedClientSettings {
  clock: Clock;
  /** Hosts that the operator allows, read at each fetch: they may have private addresses and use http. */
  allowedHosts: () => readonly AllowedHost[];
  /** Resolves a name to all its addresses; the system's resolver by default. */
  resolve?: (hostname: string) => Promise<Address[]>;
  /** Makes the connector that uses this lookup; undici's by default. */
  dial?: (lookup: LookupFunction) => buildConnector.connector;
}

export interface GuardedFetchOptions {
  /** For everything, from the first lookup to the last byte. */
  deadlineMs: number;
  maxBytes: number;
  /** Sent to the link's own host only, not to redirect targets. */
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export interface FetchedFile {
  /** Ends with a GuardedFetchError, or with the reason of the signal. Read or destroy it. */
  content: Readable;
  /** The server's content type: a hint, not a fact. */
  contentType: string | undefined;
  /** The announced size in bytes. */
  size: number | undefined;
  /** The server's file name, sanitized. */
  fileName: string | undefined;
}

export interface GuardedClient {
  /** Whether a link may be requested at all; only `fetch` resolves its name. @throws GuardedFetchError */
  check(link: string): void;
  /** @throws GuardedFetchError, or the reason of the signal */
  fetch(link: string, options: GuardedFetchOptions): Promise<FetchedFile>;
  close(): Promise<void>;
}

const mostRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);

/** Returns the client. */
export function guardedClient(settings: GuardedClientSettings): GuardedClient {
  // One agent that checks addresses, and one for hosts that the operator allows. Connections are not kept.
  const guarded = agentOf(guardedConnector(settings));
  const open = agentOf(buildConnector({ timeout: 10_000 }));

  function read(link: string): URL {
    const result = readLink(link, settings.allowedHosts());
    if ('refusal' in result) throw refused(result.refusal);
    return result.url;
  }

  async function follow(link: string, headers: Record<string, string>, signal: AbortSignal): Promise<Answer> {
    let url = read(link);
    let sent = headers;
    for (let hop = 0; ; hop += 1) {
      const asking = request(url, {
        dispatcher: isAllowed(url, settings.allowedHosts()) ? open : guarded,
        // A few compressed bytes could expand to many.
        headers: { accept: '*/*', 'user-agent': 'Recado', ...sent, 'accept-encoding': 'identity' },
        reset: true,
        signal,
      });
      const answer = await orEnd(asking, signal);
      const location = first(answer.headers.location);
      if (!redirects.has(answer.statusCode) || location === undefined) return { ...answer, url };
      drop(answer);
      if (hop === mostRedirects) throw refused('too_many_redirects');
      const next = read(absolute(location, url));
      if (next.origin !== url.origin) sent = {};
      url = next;
    }
  }

  return {
    check(link) {
      read(link);
    },
    async fetch(link, { deadlineMs, maxBytes, headers = {}, signal }) {
      signal?.throwIfAborted();
      const watch = watchOver(settings.clock, deadlineMs, signal);
      try {
        const answer = await follow(link, headers, watch.signal);
        const size = lengthOf(answer);
        const trouble = troubleOf(answer, size, maxBytes);
        if (trouble) {
          drop(answer);
          throw trouble;
        }
        return {
          content: limited(answer.body, maxBytes, watch),
          contentType: first(answer.headers['content-type']),
          size,
          fileName: declaredName(first(answer.headers['content-disposition']), answer.url),
        };
      } catch (error) {
        watch.end();
        throw watch.explain(error);
      }
    },
    close: async () => {
      await Promise.all([guarded.destroy(), open.destroy()]);
    },
  };
}

/** undici ignores the signal during a lookup or connect. */
function orEnd(asking: Promise<Dispatcher.ResponseData>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) => {
    const end = () => {
      reject(signal.reason);
      asking.then(drop, () => {});
    };
    signal.addEventListener('abort', end, { once: true });
    asking.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

interface Answer extends Dispatcher.ResponseData {
  url: URL;
}

const agentOf = (connect: buildConnector.connector) =>
  // The overall deadline is the only one.
  new Agent({ connect, pipelining: 1, keepAliveTimeout: 1, keepAliveMaxTimeout: 1, headersTimeout: 0, bodyTimeout: 0 });

/** Resolves a name once, checks all its addresses, and connects only to these: a later DNS change has no effect. */
function guardedConnector({
  resolve = systemAddresses,
  dial = defaultDial,
}: GuardedClientSettings): buildConnector.connector {
  return (options, callback) => {
    const { hostname } = options;
    const addresses = isIP(hostname)
      ? Promise.resolve([{ address: hostname, family: isIP(hostname) }])
      : resolve(hostname);
    addresses.then(
      found => {
        if (found.length === 0) return callback(new Error('The name has no address.'), null);
        // One private address is enough: do not trust the others of that name either.
        if (!found.every(({ address }) => isPublicAddress(address))) return callback(refused('private_address'), null);
        dial(pinned(found))(options, (...result) => {
          const [error, socket] = result;
          if (error) return callback(error, null);
          const { remoteAddress } = socket;
          if (found.some(({ address }) => sameAddress(address, remoteAddress))) return callback(null, socket);
          socket.destroy();
          callback(refused('private_address'), null);
        });
      },
      (error: Error) => callback(error, null),
    );
  };
}

/**
 * The system resolver uses the pool of four threads, which files and password hashes need too. Slow names, which an
 * attacker may choose, get at most two.
 */
const lookupsAtOnce = 2;
const turnWithinMs = 10_000;

/** A queue of lookups with limited concurrency. A lookup that waits too long fails and is skipped. */
export function queuedLookups(
  look: (hostname: string) => Promise<Address[]>,
  clock: Pick<Clock, 'after'>,
): (hostname: string) => Promise<Address[]> {
  const pass = semaphore(lookupsAtOnce);
  return hostname =>
    new Promise((resolve, reject) => {
      let isOver = false;
      const cancel = clock.after(turnWithinMs, () => {
        isOver = true;
        reject(new GuardedFetchError('busy', 'Too many DNS lookups are in progress.'));
      });
      void pass(async () => {
        cancel();
        if (!isOver) await look(hostname).then(resolve, reject);
      });
    });
}

const systemAddresses = queuedLookups(hostname => systemLookup(hostname, { all: true, verbatim: true }), realClock);
const defaultDial = (lookup: LookupFunction) => buildConnector({ timeout: 10_000, lookup, maxCachedSessions: 0 });

/** A lookup that returns these addresses without DNS. */
function pinned(addresses: Address[]): LookupFunction {
  return (_hostname, options, callback) => {
    const fitting = addresses.filter(({ family }) => !options.family || options.family === family);
    const [one] = fitting;
    if (options.all) callback(null, fitting);
    else if (one) callback(null, one.address, one.family);
    else callback(Object.assign(new Error('The name has no such address.'), { code: 'ENOTFOUND' }), '', 0);
  };
}

/** The same address can be written in several ways. */
const sameAddress = (one: string, other: string | undefined): boolean =>
  other !== undefined && new URL(`http://${inUrl(one)}`).hostname === new URL(`http://${inUrl(other)}`).hostname;
const inUrl = (address: string) => (address.includes(':') ? `[${address}]` : address);

/** A redirect may contain only the path. */
function absolute(location: string, base: URL): string {
  // An absolute redirect is parsed as strictly as the first link.
  if (/^[a-z][a-z\d+.-]*:/i.test(location)) return location;
  if (location.startsWith('//')) return `${base.protocol}${location}`;
  if (/[\s\\]/.test(location) || !URL.canParse(location, base.href)) throw refused('malformed');
  return new URL(location, base).href;
}

function troubleOf(answer: Answer, size: number | undefined, maxBytes: number): GuardedFetchError | undefined {
  if (answer.statusCode !== 200)
    return new GuardedFetchError('http_status', `The link returned HTTP status ${answer.statusCode}.`, {
      status: answer.statusCode,
    });
  if (!/^(identity)?$/i.test(first(answer.headers['content-encoding']) ?? '')) return refused('encoding');
  return size !== undefined && size > maxBytes ? tooLarge(maxBytes) : undefined;
}

function lengthOf({ headers }: Answer): number | undefined {
  const text = first(headers['content-length']);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

interface Watch {
  /** Aborts at the deadline or with the caller's signal. */
  signal: AbortSignal;
  /** Translates an error: a failed call after the deadline is a timeout. */
  explain(error: unknown): unknown;
  end(): void;
}

function watchOver(clock: Clock, deadlineMs: number, caller: AbortSignal | undefined): Watch {
  const over = new AbortController();
  const cancel = clock.after(deadlineMs, () =>
    over.abort(new GuardedFetchError('timeout', 'The link did not send the whole file in time.')),
  );
  return {
    signal: caller ? AbortSignal.any([over.signal, caller]) : over.signal,
    explain(error) {
      if (caller?.aborted) return caller.reason;
      if (over.signal.aborted) return over.signal.reason;
      if (error instanceof GuardedFetchError) return error;
      return new GuardedFetchError('unavailable', 'The link could not be reached, or broke off.', { cause: error });
    },
    end: cancel,
  };
}

/** Passes the body on, up to `maxBytes`. */
function limited(body: Readable, maxBytes: number, watch: Watch): Readable {
  let passed = 0;
  const out = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length;
      if (passed > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  body.once('error', error => out.destroy(asError(watch.explain(error))));
  body.once('close', () => {
    if (!body.readableEnded) out.destroy(asError(watch.explain(new Error('The body ended too early.'))));
  });
  const stop = () => out.destroy(asError(watch.explain(undefined)));
  watch.signal.addEventListener('abort', stop, { once: true });
  out.once('close', () => {
    watch.signal.removeEventListener('abort', stop);
    watch.end();
    drop({ body });
  });
  return body.pipe(out);
}

/** Discards an unread body; its late errors do not matter. */
function drop({ body }: { body: Readable }): void {
  body.on('error', () => {});
  body.destroy();
}

const refused = (reason: LinkRefusal) => new GuardedFetchError('rejected', sentences[reason], { reason });

const sentences: Record<LinkRefusal, string> = {
  malformed: 'This is not a complete, plain link.',
  scheme: 'Only https links are allowed.',
  credentials: 'Links with a user name or password are not allowed.',
  private_host: "The link's host name is not public.",
  private_address: 'The link leads to a private address.',
  too_many_redirects: 'The link redirects too often.',
  encoding: 'The link returned a compressed body, which was not requested.',
};

const tooLarge = (maxBytes: number) =>
  new GuardedFetchError('too_large', `The link's file is larger than ${maxBytes} bytes.`);

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
