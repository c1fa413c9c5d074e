// One call to Cloudinary with its retries, and its errors translated to the port's.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { type Agent, errors, request } from 'undici';
import { StorageError, type StorageErrorCode } from '../../ports/storage.ts';

export interface Call {
  method: 'GET' | 'POST';
  url: string;
  headers: Record<string, string>;
  /** Sent one after the other. */
  body?: Buffer[];
  signal?: AbortSignal;
}

/** A successful response. */
export interface Answer {
  headers: Record<string, string | undefined>;
  body: Readable;
  /** Reads the body as JSON; only for small bodies. */
  json(): Promise<Record<string, unknown>>;
}

export interface Caller {
  agent: Agent;
  /** The time until a response must begin, in milliseconds. */
  callMs: number;
  attempts: number;
  pauseMs: number;
}

const largestAnswer = 8 * 1024 * 1024;

/** Calls with retries. All calls are idempotent: they put, read or delete what the key names. @throws StorageError */
export async function callWithRepeats(caller: Caller, call: Call): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await callOnce(caller, call);
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!(error instanceof StorageError && error.code === 'unavailable') || attempt >= caller.attempts) throw error;
      // Growing, with jitter, so that rejected callers do not return all at once.
      const ms = caller.pauseMs * 2 ** (attempt - 1) * (0.5 + Math.random());
      await pause(ms, undefined, call.signal ? { signal: call.signal } : {});
    }
}

async function callOnce({ agent, callMs }: Caller, { method, url, headers, body, signal }: Call): Promise<Answer> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new errors.HeadersTimeoutError()), callMs);
  try {
    const answer = await request(url, {
      method,
      headers: {
        ...headers,
        ...(body && { 'content-length': String(body.reduce((sum, { length }) => sum + length, 0)) }),
      },
      dispatcher: agent,
      ...(body && { body: Readable.from(body, { objectMode: false }) }),
      signal: signal ? AbortSignal.any([signal, limit.signal]) : limit.signal,
    });
    const answered = {
      headers: Object.fromEntries(
        Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
      ),
      body: answer.body,
      json: () => readJson(answer.body),
    };
    if (answer.statusCode < 200 || answer.statusCode >= 300) throw await refusal(answer.statusCode, answered);
    return answered;
  } catch (error) {
    throw asStorageError(error);
  } finally {
    clearTimeout(timer);
  }
}

async function refusal(status: number, answer: Answer): Promise<StorageError> {
  // A header has the reason too; the delivery host sends only that.
  const told = await answer.json().then(
    json => json.error,
    () => undefined,
  );
  const message =
    typeof told === 'object' && told !== null && 'message' in told ? told.message : answer.headers['x-cld-error'];
  const [code, what] = meaningOf(status, textOf(message));
  return new StorageError(code, `${what} (${status}${message === undefined ? '' : `, ${textOf(message)}`}).`);
}

function meaningOf(status: number, message: string): [StorageErrorCode, string] {
  if (status === 404) return ['not_found', 'The file does not exist at Cloudinary'];
  if (status === 416) return ['out_of_range', 'The range begins after the end of the file'];
  if (status === 402 || (status === 400 && /storage (limit|quota)|quota exceeded/i.test(message)))
    return ['full', 'The Cloudinary account is full'];
  // The API answers 420 when the hourly quota is used up.
  if (status >= 500 || status === 408 || status === 420 || status === 429) return ['unavailable', 'Cloudinary failed'];
  return ['denied', 'Cloudinary rejected the call'];
}

async function readJson(body: Readable): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      size += chunk.length;
      if (size > largestAnswer) break;
      chunks.push(chunk);
    }
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof value === 'object' && value !== null) return { ...value };
  } catch (error) {
    throw new StorageError('unavailable', 'Cloudinary sent an invalid response.', { cause: error });
  }
  throw new StorageError('unavailable', 'Cloudinary sent an invalid response.');
}

function asStorageError(error: unknown): unknown {
  if (error instanceof StorageError || (error instanceof Error && error.name === 'AbortError')) return error;
  const code = String((error as NodeJS.ErrnoException | undefined)?.code ?? '');
  if (
    !(
      error instanceof errors.UndiciError ||
      error instanceof AggregateError ||
      /^(E[A-Z]+|EAI_\w+|ERR_(TLS|SSL)_\w+|[A-Z_]*CERT\w*)$/.test(code)
    )
  )
    return error;
  return new StorageError('unavailable', `Cloudinary could not be reached or did not respond (${code}).`, {
    cause: error,
  });
}

/** A value of a response as text for a message. */
export const textOf = (value: unknown): string =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')).slice(0, 300);
