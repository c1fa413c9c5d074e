// Fetches files from untrusted links: from public addresses only, within limits of time and size.
import { type Readable, Transform } from 'node:stream';
import { Agent, buildConnector, type Dispatcher, request } from 'undici';
import { declaredName } from '../text/file-name.ts';
import {
  drop,
  type GuardedClientSettings,
  GuardedFetchError,
  guardedConnector,
  orEnd,
  readGuarded,
  refused,
  type Watch,
  watchOver,
} from './guarded-request.ts';
import { isAllowed } from './url-policy.ts';

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

  const read = (link: string) => readGuarded(link, settings);

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

interface Answer extends Dispatcher.ResponseData {
  url: URL;
}

const agentOf = (connect: buildConnector.connector) =>
  // The overall deadline is the only one.
  new Agent({ connect, pipelining: 1, keepAliveTimeout: 1, keepAliveMaxTimeout: 1, headersTimeout: 0, bodyTimeout: 0 });

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

const tooLarge = (maxBytes: number) =>
  new GuardedFetchError('too_large', `The link's file is larger than ${maxBytes} bytes.`);

const first = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);
const asError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error(String(reason)));
