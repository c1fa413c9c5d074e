// What an answer has that it should not have, by the document of the running program.
import type { Route, Schema } from '../openapi/document.ts';
import { mismatches } from '../openapi/schema.ts';
import type { FuzzRequest } from './requests.ts';

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  sentBody: string | undefined;
}

/** What is wrong with an answer; nothing where it is as the document says. `problem` is the shape of refusals. */
export function faultsOf(request: FuzzRequest, answer: Answered, problem: Schema): string[] {
  const { route, method } = request;
  const { status } = answer;
  if (method === 'HEAD') return status >= 500 ? ['a failure'] : [];
  const wrong = status >= 400 ? faultsOfRefusal(answer, problem) : [];
  // With another method, or with a path that leads elsewhere, it may have been another route.
  if (method !== route.method || Object.values(request.params).some(each => /^(|\.|\.\.)$/.test(each))) return wrong;
  const described = route.responses[String(status)];
  if (!described) return [...wrong, 'the document does not know this status'];
  return status >= 400 ? wrong : faultsOfSuccess(route, described.content?.['application/json']?.schema, answer);
}

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

function faultsOfSuccess(route: Route, schema: Schema | undefined, { headers, text, sentBody }: Answered): string[] {
  const type = String(headers['content-type'] ?? '');
  const wrong = schema && type.startsWith('application/json') ? mismatches(schema, JSON.parse(text)) : [];
  if (schema && !type.startsWith('application/json')) wrong.push(`an answer of type ${type}`);
  if (route.body && sentBody !== undefined) wrong.push(...takenWrongly(route, sentBody));
  return wrong;
}

/** A body that the document forbids, and that was taken all the same. */
function takenWrongly(route: Route, body: string): string[] {
  let value: unknown;
  try {
    // A mark of the order of bytes is passed over, as RFC 8259 allows.
    value = JSON.parse(body.replace(/^\ufeff/, ''));
  } catch {
    return ['a body that is no JSON was taken'];
  }
  return mismatches(route.body?.schema ?? {}, value).map(each => `was taken, although ${each}`);
}
