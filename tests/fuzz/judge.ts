// Judges a response by the running program's OpenAPI document.
import type { Route, Schema } from '../openapi/document.ts';
import { mismatches } from '../openapi/schema.ts';
import type { FuzzRequest } from './requests.ts';

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  sentBody: string | undefined;
}

/** What is wrong with a response; empty if it matches the document. `problem` is the error schema. */
export function faultsOf(request: FuzzRequest, answer: Answered, problem: Schema): string[] {
  const { route, method } = request;
  const { status } = answer;
  if (method === 'HEAD') return status >= 500 ? ['a failure'] : [];
  const wrong = status >= 400 ? faultsOfRefusal(answer, problem) : [];
  if (mayBeAnother(request)) return wrong;
  const described = route.responses[String(status)];
  if (!described) return [...wrong, 'the document does not know this status'];
  return status >= 400 ? wrong : faultsOfSuccess(request, described.content?.['application/json']?.schema, answer);
}

/** With another method, or a path that leads elsewhere, another route may respond. */
export const mayBeAnother = ({ method, route, params }: FuzzRequest): boolean =>
  method !== route.method || Object.values(params).some(each => /^(|\.|\.\.)$/.test(each));

function faultsOfRefusal({ status, headers, text }: Answered, problem: Schema): string[] {
  const type = String(headers['content-type'] ?? '');
  const wrong = [];
  if (status >= 500 && status !== 503) wrong.push('a failure');
  if (!type.startsWith('application/problem+json')) wrong.push(`a refusal of type ${type}`);
  else wrong.push(...mismatches(problem, JSON.parse(text)));
  if (/\bat .*\.(ts|js):\d+|node_modules|select .* from |\/home\/|\/root\//.test(text))
    wrong.push('tells of the inside');
  return wrong;
}

function faultsOfSuccess(
  { route, headers: sent }: FuzzRequest,
  schema: Schema | undefined,
  { headers, text, sentBody }: Answered,
): string[] {
  const type = String(headers['content-type'] ?? '');
  const wrong = schema && type.startsWith('application/json') ? mismatches(schema, JSON.parse(text)) : [];
  if (schema && !type.startsWith('application/json')) wrong.push(`an answer of type ${type}`);
  // A form is no JSON. A webhook with a valid signature is kept whatever it says. An empty body counts as none.
  const isFree = /^multipart\/form-data/i.test(sent['content-type'] ?? '') || route.path.startsWith('/webhooks/');
  const isThere = !isFree && sentBody !== undefined && (sentBody !== '' || route.body?.required);
  if (route.body && isThere) wrong.push(...takenWrongly(route, sentBody, text));
  return wrong;
}

/** A body that the document forbids, but that was accepted; for a batch, its accepted items. */
function takenWrongly(route: Route, body: string, answer: string): string[] {
  let value: unknown;
  try {
    // A byte order mark is ignored, as RFC 8259 allows.
    value = JSON.parse(body.replace(/^\ufeff/, ''));
  } catch {
    return ['a body that is no JSON was taken'];
  }
  const refused = refusedItems(answer).map(index => `$.messages[${index}]`);
  return mismatches(route.body?.schema ?? {}, value)
    .filter(each => !refused.some(item => each.startsWith(`${item}.`) || each.startsWith(`${item} `)))
    .map(each => `was taken, although ${each}`);
}

/** The positions in a batch that its response rejects. */
function refusedItems(answer: string): number[] {
  try {
    const { results } = JSON.parse(answer) as { results?: { index: number; status: number }[] };
    return (results ?? []).filter(({ status }) => status >= 400).map(({ index }) => index);
  } catch {
    return [];
  }
}

/** Routes that cannot give a good answer to the fuzzer, and why. */
export const unreachable: Record<string, string> = {
  'POST /api/v1/setup': 'there is an owner already',
  'POST /api/v1/accounts/check': 'Meta cannot be asked',
  'POST /api/v1/accounts/find-numbers': 'Meta cannot be asked',
  'GET /api/v1/accounts/{id}/link/qr.png': 'WhatsApp gives no code',
  'GET /api/v1/accounts/{id}/link/qr.txt': 'WhatsApp gives no code',
  'GET /api/v1/events/stream': 'a good answer does not end',
  'POST /api/v1/accounts/{id}/check': 'no account is connected to a number at Meta',
  'GET /api/v1/accounts/{id}/phones/{number}/messages/{message}/file': 'no phone has a file',
  'PATCH /api/v1/accounts/{id}/credentials': 'no account is connected to a number at Meta',
  'POST /api/v1/me/test-mail': 'this server sends no mail',
  'POST /api/v1/conversation-jobs/{id}/stop': 'jobs on so few conversations end within their request',
};

export interface Run {
  requests: number;
  /** Connections that the server closed before its response. */
  closed: number;
  /** Requests with valid credentials that kept getting 401. */
  refused: string[];
  /** Routes without any successful response, and their statuses. */
  neverGood: Map<string, number[]>;
}

/** What is wrong with a run as a whole: it may have tested less than it seems. */
export function faultsOfRun({ requests, closed, refused, neverGood }: Run): string[] {
  const wrong =
    refused.length > 0
      ? [`good credentials were rejected ${refused.length} times: ${[...new Set(refused)].slice(0, 5).join(', ')}`]
      : [];
  // An idle connection may be closed at the moment it is reused.
  if (closed > 1 + requests / 10_000) wrong.push(`the server closed ${closed} connections before it answered`);
  const missed = [...neverGood].filter(([name]) => !(name in unreachable));
  return [...wrong, ...missed.map(([name, statuses]) => `no good answer came of ${name}, but ${statuses.join(', ')}`)];
}
