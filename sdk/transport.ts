// One request to the server: its URL and headers, its timeout, and when it is repeated.

import { type ApiError, ConnectionError, errorOf, RecadoError, TimeoutError } from './errors.ts';
import { List, type Page } from './list.ts';

/** Options of every method. */
export interface RequestOptions {
  /** Aborts the request. */
  signal?: AbortSignal | undefined;
  /**
   * Milliseconds until the request fails with `TimeoutError`; a repeated request has as long again. Default: 30 seconds,
   * and 15 minutes for an upload.
   */
  timeout?: number | undefined;
  /** How often a failed request is repeated at most. */
  retries?: number | undefined;
  /** More headers, such as `Range`. */
  headers?: Record<string, string> | undefined;
}

/** Options of a method that creates something. */
export interface CreateOptions extends RequestOptions {
  /** Repeats with the same key create nothing new for 24 hours. Default: a random key for each call. */
  idempotencyKey?: string | undefined;
}

/** A text, or a function that gives the current one. */
export type Text = string | (() => string | undefined | Promise<string | undefined>);

/** Options of the client. */
export interface RecadoOptions extends Pick<RequestOptions, 'timeout' | 'retries'> {
  /** The address of your Recado, like `https://recado.example.com`. */
  url: string;
  /** An API key, or an access token. Leave it out in a browser with cookies. */
  token?: Text | undefined;
  /** The `csrf_token` of a login with `cookies`. */
  csrfToken?: Text | undefined;
  /**
   * Called at an answer of 401, with the time of the request. If it returns true, the client repeats the request once.
   * Not called for routes without credentials: a 401 of the login is about the password.
   */
  onUnauthorized?: ((sentAt: Date) => boolean | Promise<boolean>) | undefined;
  /** Another `fetch`, such as one with a proxy. */
  fetch?: typeof fetch | undefined;
}

/** What depends on time and chance. */
export interface Timers {
  now(): number;
  /** Calls `run` once after `ms` milliseconds; the returned function cancels it. */
  after(ms: number, run: () => void): () => void;
  /** From 0 to 1. */
  random(): number;
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

type QueryValue = string | number | boolean | Date | null | undefined | readonly string[];

/** What a generated method knows of its route. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  query?: object;
  body?: object | undefined;
  /** Whether the route takes an `Idempotency-Key`. */
  keyed?: boolean;
  /** Whether the route needs no credentials. */
  open?: boolean;
}

const defaultTimeout = 30_000;
/** As long as the server gives an upload. */
const uploadTimeout = 15 * 60_000;
const defaultRetries = 3;
/** Nobody expects a call to sleep for longer: from there on the caller gets the error, with `retryAfter`. */
const longestWait = 60_000;

/** A part of a path. */
export function segment(value: string): string {
  if (value === '') throw new TypeError('An id must not be empty.');
  return encodeURIComponent(value);
}

export class Transport {
  readonly timers: Timers;
  readonly #options: RecadoOptions;
  readonly #fetch: typeof fetch;

  constructor(options: RecadoOptions, timers: Timers) {
    if (!/^https?:\/\//.test(options.url)) throw new TypeError('`url` must begin with http:// or https://.');
    this.#options = options;
    this.#fetch = options.fetch ?? fetch.bind(globalThis);
    this.timers = timers;
  }

  /** Calls a route that answers JSON, or nothing. */
  async call<Result>(call: Call, options: CreateOptions = {}): Promise<Result> {
    return this.#repeat(call, options, async answer => jsonOf(await answer.text()) as Result);
  }

  /** Calls a route that answers bytes. The timeout ends with the headers: read the body as slowly as you like. */
  async raw(call: Call, options: RequestOptions = {}): Promise<Response> {
    return this.#repeat(call, options, 'open');
  }

  /** A list with pages. An `offset` counts for its first page: a cursor continues behind it. */
  list<Item>(path: string, query: object, options: RequestOptions | undefined): List<Item> {
    return new List(cursor => {
      const next = cursor === undefined ? query : { ...query, cursor, offset: undefined };
      return this.call<Page<Item>>({ method: 'GET', path, query: next }, options);
    });
  }

  /** One request, without repetition. An `open` answer has its body unread, which `signal` still aborts. */
  async once<Result>(call: Call, options: CreateOptions, read: Reader<Result>): Promise<Result> {
    const { signal } = options;
    const request = await this.#prepare(call, options);
    signal?.throwIfAborted();
    const usual = request.init.body instanceof FormData ? uploadTimeout : (this.#options.timeout ?? defaultTimeout);
    const timeout = (options.timeout ?? usual) + waitOf(call);
    const stop = new AbortController();
    const pass = () => stop.abort(signal?.reason);
    const cancel = this.timers.after(timeout, () => stop.abort(new TimeoutError(timeout)));
    signal?.addEventListener('abort', pass, { once: true });
    let isOpen = false;
    try {
      const answer = await this.#fetch(request.url, { ...request.init, signal: stop.signal });
      if (!answer.ok) throw await errorOf(answer);
      isOpen = read === 'open';
      return read === 'open' ? (answer as Result) : await read(answer);
    } catch (error) {
      stop.signal.throwIfAborted();
      if (error instanceof RecadoError) throw error;
      throw new ConnectionError(`${call.method} ${request.url} failed: ${reasonOf(error)}`, error);
    } finally {
      cancel();
      if (!isOpen) signal?.removeEventListener('abort', pass);
    }
  }

  /** Waits, unless the signal aborts it. */
  wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = this.timers.after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
    });
  }

  /** The wait before the repetition with this number, from 1: 0.5 s, 1 s, 2 s and so on, half of it by chance. */
  backoff(number: number, longest = 8_000): number {
    return Math.min(longest, 250 * 2 ** number) * (1 - this.timers.random() / 2);
  }

  /** After a 401: whether the credentials are new, so that the request is worth a repetition. */
  async renewed(error: unknown, sentAt: number): Promise<boolean> {
    const isRejected = error instanceof RecadoError && 'status' in error && error.status === 401;
    return isRejected && (await this.#options.onUnauthorized?.(new Date(sentAt))) === true;
  }

  async #repeat<Result>(call: Call, given: CreateOptions, read: Reader<Result>): Promise<Result> {
    const options = call.keyed ? { ...given, idempotencyKey: given.idempotencyKey ?? randomKey() } : given;
    const retries = options.retries ?? this.#options.retries ?? defaultRetries;
    let isRenewed = false;
    for (let failures = 0; ; ) {
      const sentAt = this.timers.now();
      try {
        return await this.once(call, options, read);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!isRenewed && !call.open && (await this.renewed(error, sentAt))) {
          isRenewed = true;
          continue;
        }
        failures++;
        const wait = Math.max(this.backoff(failures), ((error as Partial<ApiError>).retryAfter ?? 0) * 1_000);
        if (failures > retries || wait > longestWait || !isWorthRepeating(error, call)) throw error;
        await this.wait(wait, options.signal);
      }
    }
  }

  async #prepare(call: Call, options: CreateOptions): Promise<{ url: URL; init: RequestInit }> {
    const url = new URL(this.#options.url.replace(/\/$/, '') + call.path);
    for (const [name, value] of Object.entries((call.query ?? {}) as Record<string, QueryValue>)) {
      if (value === undefined || value === null) continue;
      url.searchParams.set(name, value instanceof Date ? value.toISOString() : String(value));
    }
    const token = await textOf(this.#options.token);
    const csrfToken = call.method === 'GET' ? undefined : await textOf(this.#options.csrfToken);
    const body = bodyOf(call.body);
    const headers = {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
      ...(options.idempotencyKey !== undefined && { 'idempotency-key': options.idempotencyKey }),
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      ...options.headers,
    };
    return { url, init: { method: call.method, headers, ...(body !== undefined && { body }) } };
  }
}

/** What becomes of an answer: a function reads it, or the caller does. */
type Reader<Result> = 'open' | ((answer: Response) => Promise<Result>);

function jsonOf(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecadoError('unexpected_answer', `The answer is not JSON: ${text.slice(0, 200)}`, { cause: error });
  }
}

/** A file goes as a form, with its fields before it; everything else as JSON. */
function bodyOf(body: object | undefined): string | FormData | undefined {
  if (body === undefined) return undefined;
  const { file, filename, ...rest } = body as { file?: unknown; filename?: string };
  if (!(file instanceof Blob)) return JSON.stringify(body);
  const form = new FormData();
  for (const [name, value] of Object.entries(rest)) if (value !== undefined) form.append(name, String(value));
  form.append('file', file, filename ?? (file as Partial<File>).name ?? 'file');
  return form;
}

/** A long poll waits on purpose. */
const waitOf = ({ query }: Call): number => (Number((query as { wait?: unknown } | undefined)?.wait) || 0) * 1_000;

const textOf = async (text: Text | undefined) => (typeof text === 'function' ? text() : text);

/**
 * Whether the same request again may succeed, and cannot do the same thing twice. Reads, PUT and requests with a key can
 * always be repeated. Others only where the server says that it did nothing: 429, and 409 with Retry-After.
 */
function isWorthRepeating(error: unknown, { method, keyed }: Call): boolean {
  const { status, retryAfter } = error as Partial<ApiError>;
  if (status === 429 || (status === 409 && retryAfter !== undefined)) return true;
  const isRepeatable = method === 'GET' || method === 'PUT' || keyed === true;
  if (!isRepeatable) return false;
  return isLost(error) || (status !== undefined && [408, 500, 502, 503, 504].includes(status));
}

const isLost = (error: unknown) => error instanceof ConnectionError || error instanceof TimeoutError;

/** In a browser, `crypto.randomUUID` is there with https only. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
}

/** `fetch` says "fetch failed" and has the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message;
}
