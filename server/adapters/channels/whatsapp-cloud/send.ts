// One call to Meta's Cloud API, and the class of what came of it.
import type { Agent, Dispatcher } from 'undici';
import { errors, request } from 'undici';
import type { Outcome, Outgoing } from '../../../ports/channel.ts';
import { classOf } from './error-codes.ts';
import { asRecord, asString } from './json.ts';

const largestAnswer = 1_000_000;

export interface Endpoint {
  /** The address of the Graph API with its version, without a slash at the end. */
  baseUrl: () => string;
  accessToken: string;
  agent: Agent;
  deadlineMs: number;
}

interface Answer {
  httpStatus: number;
  retryAfterMs: number | undefined;
  body: Record<string, unknown> | undefined;
}

/** Posts to a number of the account. @throws whatever undici throws. */
export async function post(endpoint: Endpoint, numberId: string, body: object): Promise<Answer> {
  // Not AbortSignal.timeout: its timer stays until the deadline, and only a full collection takes its weak references.
  const call = new AbortController();
  const timer = setTimeout(() => {
    call.abort(new DOMException('The channel did not answer in time.', 'TimeoutError'));
  }, endpoint.deadlineMs).unref();
  try {
    const response = await request(`${endpoint.baseUrl()}/${encodeURIComponent(numberId)}/messages`, {
      method: 'POST',
      dispatcher: endpoint.agent,
      headers: { authorization: `Bearer ${endpoint.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: call.signal,
    });
    const retryAfter = Number(response.headers['retry-after']);
    return {
      httpStatus: response.statusCode,
      retryAfterMs: Number.isFinite(retryAfter) && retryAfter > 0 ? Math.min(retryAfter, 3600) * 1000 : undefined,
      body: await readJson(response.body),
    };
  } finally {
    clearTimeout(timer);
  }
}

async function readJson(body: Dispatcher.ResponseData['body']): Promise<Record<string, unknown> | undefined> {
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
  try {
    return asRecord(JSON.parse(Buffer.concat(chunks).toString('utf8')));
  } catch {
    // Not JSON: the caller tells what that means for its status.
    return undefined;
  }
}

/** Sends one message; never throws. The token comes back in every receipt of it. */
export async function send(endpoint: Endpoint, outgoing: Outgoing, token: string): Promise<Outcome> {
  try {
    const answer = await post(endpoint, outgoing.numberId, {
      messaging_product: 'whatsapp',
      recipient_type: 'individual',
      to: outgoing.to,
      type: outgoing.type,
      [outgoing.type]: outgoing.content,
      biz_opaque_callback_data: token,
    });
    return read(answer);
  } catch (error) {
    return fromFailure(error);
  }
}

function read(answer: Answer): Outcome {
  const { httpStatus, body } = answer;
  if (httpStatus >= 200 && httpStatus < 300) {
    const messages = body?.messages;
    const id = Array.isArray(messages) ? asString(asRecord(messages[0])?.id) : undefined;
    if (id && Buffer.byteLength(id) <= 500) return { class: 'accepted', channelMessageId: id };
    return { class: 'unknown', code: 'unreadable_answer', title: 'The channel answered with success but gave no id.' };
  }
  const error = asRecord(body?.error);
  const code = typeof error?.code === 'number' ? error.code : Number.NaN;
  if (!error || !Number.isInteger(code)) return withoutGraphError(answer);
  const details = asString(asRecord(error.error_data)?.details);
  const title = (details ?? asString(error.message) ?? 'The channel gave no reason.').slice(0, 500).toWellFormed();
  const kind = classOf(code, httpStatus);
  return {
    class: kind,
    code: String(code),
    title,
    ...(answer.retryAfterMs !== undefined && { waitMs: answer.retryAfterMs }),
  };
}

function withoutGraphError({ httpStatus, retryAfterMs }: Answer): Outcome {
  const code = `http_${httpStatus}`;
  const title = `The channel answered with HTTP status ${httpStatus} and no reason.`;
  if (httpStatus === 429)
    return { class: 'throttled', code, title, ...(retryAfterMs !== undefined && { waitMs: retryAfterMs }) };
  if (httpStatus === 401 || httpStatus === 403) return { class: 'account', code, title };
  return { class: httpStatus >= 500 ? 'unknown' : 'rejected', code, title };
}

function fromFailure(error: unknown): Outcome {
  const code = codeOf(error);
  if (neverBegan(error)) return { class: 'not_sent', code, title: 'The channel could not be reached.' };
  if (error instanceof Error && error.name === 'TimeoutError')
    return { class: 'unknown', code: 'timeout', title: 'The channel did not answer in time.' };
  return { class: 'unknown', code: code || 'broken_connection', title: 'The connection broke during the call.' };
}

/**
 * Whether the connection itself could not be made, so that no byte of the request was written: where every address
 * failed in looking it up, in connecting, or in agreeing on TLS.
 */
function neverBegan(error: unknown): boolean {
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.every(neverBegan);
  if (error instanceof errors.ConnectTimeoutError) return true;
  const { syscall } = asRecord(error) ?? {};
  if (syscall === 'connect' || syscall === 'getaddrinfo') return true;
  return /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_)/.test(codeOf(error));
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  return asString(asRecord(error)?.code) ?? '';
}
