// Shared by all calls to Meta's Cloud API: endpoint, deadline, and the outcome class of a response.
import type { Agent, Dispatcher } from 'undici';
import type { Outcome } from '../../../ports/channel.ts';
import { asList, asRecord, asString, storableJson } from '../json.ts';
import { neverConnected } from './agent.ts';
import { classOf, type GraphError, waitOf } from './error-codes.ts';
import { isOfProof } from './proof.ts';

/** In bytes. We use only the status of a larger response. */
export const largestAnswer = 1_000_000;

export interface Endpoint {
  /** The address of the Graph API with its version, without a slash at the end. */
  baseUrl: () => string;
  accessToken: string;
  /** Goes with each call of the token; undefined where the secret of the app is not known. */
  proof?: string | undefined;
  /** Meta refuses to serve files without a User-Agent. */
  userAgent: string;
  agent: Agent;
  deadlineMs: number;
}

export interface Answer {
  httpStatus: number;
  /** The media type without parameters, if the response has one. */
  contentType: string | undefined;
  retryAfterMs: number | undefined;
  body: Record<string, unknown> | undefined;
}

/** The outcome of a call that was not accepted. */
export type Refusal = Exclude<Outcome, { class: 'accepted' }>;

/** Headers of every call. */
export const headersOf = ({ accessToken, userAgent }: Endpoint) => ({
  authorization: `Bearer ${accessToken}`,
  'user-agent': userAgent,
});

export const succeeded = ({ httpStatus }: Answer): boolean => httpStatus >= 200 && httpStatus < 300;

/** The error of a call that reached its deadline. */
export const timedOut = () => new DOMException('The channel did not respond in time.', 'TimeoutError');

export interface Deadline {
  signal: AbortSignal;
  /** Reports progress: restarts the stall timer. */
  goesOn(): void;
  clear(): void;
}

/** A signal that aborts at the deadline, or after `standstillMs` without progress. Clear it after the call. */
export function deadline(milliseconds: number, standstillMs?: number): Deadline {
  // Not AbortSignal.timeout: its timer lives until the deadline, and only a full GC frees its weak references.
  const call = new AbortController();
  const after = (ms: number) =>
    setTimeout(() => {
      call.abort(timedOut());
    }, ms).unref();
  const timer = after(milliseconds);
  const standstill = standstillMs === undefined ? undefined : after(standstillMs);
  return {
    signal: call.signal,
    goesOn: () => {
      if (!call.signal.aborted) standstill?.refresh();
    },
    clear: () => {
      clearTimeout(timer);
      clearTimeout(standstill);
    },
  };
}

/** Reads a JSON response. */
export async function readAnswer(response: Dispatcher.ResponseData): Promise<Answer> {
  return answerOf(response.statusCode, response.headers, await readAll(response.body));
}

/** The parsed response. Its body is undefined if it is too large or not JSON; the caller decides what that means. */
export function answerOf(
  httpStatus: number,
  headers: Record<string, string | string[] | undefined>,
  body: Buffer | undefined,
): Answer {
  return {
    httpStatus,
    contentType: /^[\w.+-]{1,50}\/[\w.+-]{1,50}/.exec(String(headers['content-type'] ?? ''))?.[0],
    retryAfterMs: waitIn(headers),
    body: body && asRecord(storableJson(body.toString('utf8'))),
  };
}

/** How long Meta asks to wait, in milliseconds: by Retry-After in seconds, or by the usage of a business in minutes. */
function waitIn(headers: Record<string, string | string[] | undefined>): number | undefined {
  const seconds = Number(headers['retry-after']);
  const told = Number.isFinite(seconds) ? seconds : 0;
  const longest = Math.max(told, 60 * minutesIn(headers['x-business-use-case-usage']));
  return longest > 0 ? Math.min(longest, 3600) * 1000 : undefined;
}

function minutesIn(usage: string | string[] | undefined): number {
  if (typeof usage !== 'string') return 0;
  const cases = Object.values(asRecord(storableJson(usage)) ?? {}).flatMap(asList);
  const minutes = cases.map(each => Number(asRecord(each)?.estimated_time_to_regain_access));
  return Math.max(0, ...minutes.filter(Number.isFinite));
}

async function readAll(body: Dispatcher.ResponseData['body']): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestAnswer) {
      body.destroy();
      return undefined;
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The Graph API error in a response, or undefined. */
export function graphErrorIn({ body }: Answer): GraphError | undefined {
  const error = asRecord(body?.error);
  if (typeof error?.code !== 'number' || !Number.isInteger(error.code)) return undefined;
  return {
    code: error.code,
    subcode: typeof error.error_subcode === 'number' ? error.error_subcode : undefined,
    type: asString(error.type),
  };
}

/** Access tokens, which Meta repeats in an error about a malformed one. */
const tokens = /\bEAA\w{20,}/g;

/** The outcome of an unsuccessful response. */
export function refusalOf(answer: Answer): Refusal {
  const { httpStatus, body } = answer;
  const error = graphErrorIn(answer);
  if (!error) return withoutGraphError(answer);
  const fields = asRecord(body?.error);
  const details = asString(asRecord(fields?.error_data)?.details);
  const message = asString(fields?.message);
  const title = (details ?? message ?? 'The channel gave no reason.')
    .replaceAll(tokens, '…')
    .slice(0, 500)
    .toWellFormed();
  const waitMs = answer.retryAfterMs ?? waitOf(error.code);
  return {
    class: isOfProof(`${message} ${details}`) ? 'account_error' : classOf(error, httpStatus),
    code: String(error.code),
    title,
    ...(waitMs !== undefined && { waitMs }),
  };
}

/** A response without a Graph error most likely comes from a proxy in between. */
function withoutGraphError({ httpStatus, contentType, retryAfterMs }: Answer): Refusal {
  const code = `http_${httpStatus}`;
  const came = contentType === undefined ? `HTTP status ${httpStatus}` : `HTTP status ${httpStatus} (${contentType})`;
  const title = `The response was not the channel's own but ${came}; a proxy may have sent it.`;
  if (httpStatus === 429)
    return { class: 'throttled', code, title, ...(retryAfterMs !== undefined && { waitMs: retryAfterMs }) };
  // The proxy timed out, or what it forwarded to did.
  if (httpStatus === 408 || httpStatus >= 500) return { class: 'unknown', code, title };
  // Only this request is too large. Holding the account for it would block all other messages.
  if (httpStatus === 413) return { class: 'rejected', code, title };
  // The response is not about this message; the next one would fail the same way.
  return { class: 'account_error', code, title };
}

/** The outcome of a call without a complete response. */
export function failureOf(error: unknown): Refusal {
  const code = codeOf(error);
  if (neverConnected(error)) return { class: 'not_sent', code, title: 'The channel could not be reached.' };
  if (error instanceof Error && error.name === 'TimeoutError')
    return { class: 'unknown', code: 'timeout', title: 'The channel did not respond in time.' };
  return { class: 'unknown', code: code || 'broken_connection', title: 'The connection broke during the call.' };
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return asString(asRecord(error)?.code) ?? '';
}
