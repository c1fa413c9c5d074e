// Posts to untrusted links: to public addresses only, within a deadline, without redirects. Connections are kept, and each is
// checked when it is made.
import { Resolver } from 'node:dns/promises';
import { StringDecoder } from 'node:string_decoder';
import { Agent, buildConnector, request } from 'undici';
import {
  type Address,
  drop,
  type GuardedClientSettings,
  guardedConnector,
  orEnd,
  readGuarded,
  watchOver,
} from './guarded-request.ts';
import { isAllowed } from './url-policy.ts';

export interface PostOptions {
  headers: Record<string, string>;
  body: string;
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

/** So much of an answer is read; a longer one is cut, with its connection. */
const mostBytes = 64 * 1024;
const excerptBytes = 4 * 1024;

/** Returns the poster. */
export function guardedPoster(settings: GuardedClientSettings): GuardedPoster {
  // One agent that checks addresses, and one for hosts that the operator allows.
  const guarded = agentOf(guardedConnector({ resolve: ownLookups(), ...settings }));
  const open = agentOf(buildConnector({ timeout: 10_000 }));

  return {
    check(link) {
      readGuarded(link, settings);
    },
    async post(link, { headers, body, deadlineMs }) {
      const url = readGuarded(link, settings);
      const watch = watchOver(settings.clock, deadlineMs, undefined);
      try {
        const asking = request(url, {
          method: 'POST',
          dispatcher: isAllowed(url, settings.allowedHosts()) ? open : guarded,
          headers: { 'user-agent': 'Recado', ...headers, 'accept-encoding': 'identity' },
          body,
          signal: watch.signal,
        });
        const answer = await orEnd(asking, watch.signal);
        const retryAfter = answer.headers['retry-after'];
        return {
          status: answer.statusCode,
          retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
          excerpt: await beginningOf(answer.body),
        };
      } catch (error) {
        throw watch.explain(error);
      } finally {
        watch.end();
      }
    },
    close: async () => {
      await Promise.all([guarded.destroy(), open.destroy()]);
    },
  };
}

/** Reads a body to its end, so that the connection can be used again, unless it is too long. */
async function beginningOf(body: AsyncIterable<Buffer> & Parameters<typeof drop>[0]['body']): Promise<string> {
  const decoder = new StringDecoder('utf8');
  let text = '';
  let read = 0;
  for await (const chunk of body) {
    if (read < excerptBytes) text += decoder.write(chunk.subarray(0, excerptBytes - read));
    read += chunk.length;
    if (read > mostBytes) {
      drop({ body });
      break;
    }
  }
  return text;
}

const agentOf = (connect: buildConnector.connector) =>
  // The overall deadline is the only one.
  new Agent({ connect, pipelining: 1, keepAliveTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 });

/** Asks the name servers itself: the system's resolver has few threads, and one slow name would hold up all others. */
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
