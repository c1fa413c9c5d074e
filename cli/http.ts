// HTTP calls whose responses are checked against the contract. Each failure becomes one sentence.
import { problemSchema } from '@recado/contract';

const patienceMs = 10_000;

/** The part of a contract schema that we use. */
export interface Schema<Shape> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Shape }
    | { success: false; error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] } };
}

export interface Answer {
  /** The request, for sentences: `GET /api/v1/accounts`. */
  asked: string;
  status: number;
  text: string;
}

export interface CallOptions {
  token?: string | undefined;
  body?: unknown;
  headers?: Record<string, string>;
}

/** An error whose message tells the user everything. */
export const broken = (sentence: string): Error => Object.assign(new Error(sentence), { told: true });

export const isTold = (error: unknown): error is Error => error instanceof Error && 'told' in error;

/** Returns the function that calls a server. `absent` is the sentence for an unreachable server. */
export function caller(base: string, absent: string) {
  return async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const { token, body } = options;
    try {
      const response = await fetch(`${base}${path}`, {
        method,
        signal: AbortSignal.timeout(patienceMs),
        headers: {
          accept: 'application/json',
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { asked: `${method} ${path}`, status: response.status, text: await response.text() };
    } catch (error) {
      throw broken(`${absent} (${reasonOf(error)})`);
    }
  };
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}

/** The response body, after checking status and schema. */
export function read<Shape>(schema: Schema<Shape>, answer: Answer, status: number): Shape {
  requireStatus(answer, status);
  const result = schema.safeParse(parse(answer));
  if (result.success) return result.data;
  const issues = result.error.issues.map(issue => `${issue.path.map(String).join('.') || 'body'}: ${issue.message}`);
  throw broken(`${answer.asked} returned a response that does not match the contract: ${issues.join('; ')}.`);
}

/** The response body of a server without a contract. */
export function readLoosely(answer: Answer, status: number): unknown {
  requireStatus(answer, status);
  return parse(answer);
}

function requireStatus(answer: Answer, status: number): void {
  if (answer.status === status) return;
  throw broken(`${answer.asked} gave ${answer.status} instead of ${status}: ${explain(answer)}`);
}

/** The code and detail of an error response. */
export function explain(answer: Answer): string {
  const problem = problemSchema.safeParse(asJson(answer.text));
  return problem.success
    ? `${problem.data.code}: ${problem.data.detail}`
    : answer.text.slice(0, 300) || 'no reason given.';
}

function parse(answer: Answer): unknown {
  const value = asJson(answer.text);
  if (value === undefined) throw broken(`${answer.asked} returned a response that is not JSON.`);
  return value;
}

function asJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
