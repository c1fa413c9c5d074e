// What every request to an untrusted link shares: the rules for links, connections to public addresses only, a deadline.
import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { buildConnector, type Dispatcher } from 'undici';
import { semaphore } from '../async/semaphore.ts';
import { type Clock, realClock } from '../time.ts';
import { isPublicAddress } from './public-address.ts';
import { type AllowedHost, type LinkRefusal, readLink } from './url-policy.ts';

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

export type Address = { address: string; family: number };

export interface GuardedClientSettings {
  clock: Clock;
  /** Hosts that the operator allows, read at each fetch: they may have private addresses and use http. */
  allowedHosts: () => readonly AllowedHost[];
  /** Resolves a name to all its addresses; the system's resolver by default. */
  resolve?: (hostname: string) => Promise<Address[]>;
  /** Makes the connector that uses this lookup; undici's by default. */
  dial?: (lookup: LookupFunction) => buildConnector.connector;
}

/** Reads a link that may be requested at all. @throws GuardedFetchError */
export function readGuarded(link: string, settings: Pick<GuardedClientSettings, 'allowedHosts'>): URL {
  const result = readLink(link, settings.allowedHosts());
  if ('refusal' in result) throw refused(result.refusal);
  return result.url;
}

/** undici ignores the signal during a lookup or connect. */
export function orEnd(asking: Promise<Dispatcher.ResponseData>, signal: AbortSignal): Promise<Dispatcher.ResponseData> {
  return new Promise((resolve, reject) => {
    const end = () => {
      reject(signal.reason);
      asking.then(drop, () => {});
    };
    signal.addEventListener('abort', end, { once: true });
    asking.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

/** Resolves a name once, checks all its addresses, and connects only to these: a later DNS change has no effect. */
export function guardedConnector({
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

export interface Watch {
  /** Aborts at the deadline or with the caller's signal. */
  signal: AbortSignal;
  /** Translates an error: a failed call after the deadline is a timeout. */
  explain(error: unknown): unknown;
  end(): void;
}

export function watchOver(clock: Clock, deadlineMs: number, caller: AbortSignal | undefined): Watch {
  const over = new AbortController();
  const cancel = clock.after(deadlineMs, () => over.abort(lateAnswer()));
  return {
    signal: caller ? AbortSignal.any([over.signal, caller]) : over.signal,
    explain(error) {
      if (caller?.aborted) return caller.reason;
      if (over.signal.aborted) return over.signal.reason;
      if (error instanceof GuardedFetchError) return error;
      return unreachable(error);
    },
    end: cancel,
  };
}

/** Discards an unread body; its late errors do not matter. */
export function drop({ body }: { body: Readable }): void {
  body.on('error', () => {});
  body.destroy();
}

export const lateAnswer = () => new GuardedFetchError('timeout', 'The link did not answer completely in time.');

export const unreachable = (cause: unknown) =>
  new GuardedFetchError(
    'unavailable',
    isHeadTooLarge(cause) ? largeHead : 'The link could not be reached, or broke off.',
    {
      cause,
    },
  );

const largeHead = 'The head of the answer is too large: its headers must have less than 16 kB in all.';

const isHeadTooLarge = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === 'UND_ERR_HEADERS_OVERFLOW';

export const refused = (reason: LinkRefusal) => new GuardedFetchError('rejected', sentences[reason], { reason });

const sentences: Record<LinkRefusal, string> = {
  malformed: 'This is not a complete, plain link.',
  scheme: 'Only https links are allowed.',
  credentials: 'Links with a user name or password are not allowed.',
  private_host: "The link's host name is not public.",
  private_address: 'The link leads to a private address.',
  too_many_redirects: 'The link redirects too often.',
  encoding: 'The link returned a compressed body, which was not requested.',
};
