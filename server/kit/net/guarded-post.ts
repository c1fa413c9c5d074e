// Posts to untrusted links: to public addresses only, within a deadline, without redirects. Connections are kept, and each is
// checked when it is made.
import { Resolver } from 'node:dns/promises';
import { StringDecoder } from 'node:string_decoder';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { Clock } from '../time.ts';
import {
  type Address,
  type GuardedClientSettings,
  GuardedFetchError,
  guardedConnector,
  lateAnswer,
  readGuarded,
  unreachable,
} from './guarded-request.ts';
import { isAllowed, type LinkRefusal } from './url-policy.ts';

export interface PostOptions {
  headers: Record<string, string>;
  body: string | Buffer;
  /** For everything, from the lookup to the last byte of the answer. */
  deadlineMs: number;
}

export interface PostAnswer {
  status: number;
  retryAfter: string | undefined;
  /** The beginning of the body as text. */
  excerpt: string;
}

export interface GuardedPoster {
  /** Whether a link may be requested at all; only `post` resolves its name. @throws GuardedFetchError */
  check(link: string): void;
  /** Posts once. Any status is an answer. @throws GuardedFetchError */
  post(link: string, options: PostOptions): Promise<PostAnswer>;
  close(): Promise<void>;
}

/** At most this much of an answer is read; a longer one is cut, with its connection. */
const mostBytes = 64 * 1024;
const excerptBytes = 4 * 1024;

/** Returns the poster. */
export function guardedPoster(settings: GuardedClientSettings): GuardedPoster {
  // One agent that checks addresses, and one for hosts that the operator allows.
  const guarded = agentOf(guardedConnector({ resolve: ownLookups(), ...settings }));
  const open = agentOf(buildConnector({ timeout: 10_000 }));

  return {
    check(link) {
      readAllowed(link, settings);
    },
    async post(link, { headers, body, deadlineMs }) {
      const url = readAllowed(link, settings);
      const dispatcher = isAllowed(url, settings.allowedHosts()) ? open : guarded;
      const request: Dispatcher.DispatchOptions = {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { 'user-agent': 'Recado', ...headers, 'accept-encoding': 'identity' },
        body,
      };
      return exchange(settings.clock, deadlineMs, handler => dispatcher.dispatch(request, handler));
    },
    close: async () => {
      await Promise.all([guarded.destroy(), open.destroy()]);
    },
  };
}

/** Reads a link that may be requested. @throws GuardedFetchError, which says where the operator could allow its host */
function readAllowed(link: string, settings: Pick<GuardedClientSettings, 'allowedHosts'>): URL {
  try {
    return readGuarded(link, settings);
  } catch (error) {
    if (!(error instanceof GuardedFetchError) || !canBeAllowed(link, error.reason)) throw error;
    const { reason } = error;
    const message = `${error.message} ${new URL(link).host} is not in \`WEBHOOK_ALLOWED_HOSTS\`.`;
    throw new GuardedFetchError(error.code, message, { cause: error, ...(reason && { reason }) });
  }
}

/** Whether an entry of the operator would let a rejected link pass. */
const canBeAllowed = (link: string, reason: LinkRefusal | undefined): boolean =>
  reason === 'private_host' || reason === 'private_address' || (reason === 'scheme' && /^http:/i.test(link));

/**
 * Settles with the answer to one request, or at the deadline. It takes the answer from the dispatcher without a stream
 * and a signal for each: webhooks are many, and these cost more than the request.
 */
function exchange(
  clock: Pick<Clock, 'after'>,
  deadlineMs: number,
  begin: (handler: Dispatcher.DispatchHandler) => void,
): Promise<PostAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let late: GuardedFetchError | undefined;
    let status = 0;
    let retryAfter: string | undefined;
    let decoder: StringDecoder | undefined;
    let excerpt = '';
    let read = 0;
    const cancel = clock.after(deadlineMs, () => {
      late = lateAnswer();
      // The request may still wait for its lookup or its connection; then it ends when it would begin.
      controller?.abort(late);
      reject(late);
    });
    const fail = (error: unknown) => {
      cancel();
      reject(error instanceof GuardedFetchError ? error : unreachable(error));
    };
    const end = () => {
      cancel();
      resolve({ status, retryAfter, excerpt });
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        controller = started;
        if (late) started.abort(late);
      },
      onResponseStart(_controller, code, headers) {
        status = code;
        const wish = headers['retry-after'];
        retryAfter = Array.isArray(wish) ? wish[0] : wish;
      },
      onResponseData(started, chunk) {
        decoder ??= new StringDecoder('utf8');
        if (read < excerptBytes) excerpt += decoder.write(chunk.subarray(0, excerptBytes - read));
        read += chunk.length;
        if (read <= mostBytes) return;
        // The answer is known; the rest goes with the connection.
        end();
        started.abort(new Error('The answer is too long.'));
      },
      onResponseEnd: end,
      onResponseError: (_controller, error) => fail(error),
    };
    try {
      begin(handler);
    } catch (error) {
      fail(error);
    }
  });
}

const agentOf = (connect: buildConnector.connector) =>
  // The overall deadline is the only one.
  new Agent({ connect, pipelining: 1, keepAliveTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 });

/** Asks the name servers itself: the system's resolver has few threads, and one slow name would delay all others. */
function ownLookups(): (hostname: string) => Promise<Address[]> {
  const resolver = new Resolver({ timeout: 4_000, tries: 2 });
  return async hostname => {
    const [four, six] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    const found = [
      ...(four.status === 'fulfilled' ? four.value.map(address => ({ address, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map(address => ({ address, family: 6 })) : []),
    ];
    if (found.length === 0 && four.status === 'rejected') throw four.reason;
    return found;
  };
}
