// An API client that logs in again when its token expires.
export const owner = { email: 'owner@example.com', password: 'a long enough password' };

// biome-ignore lint/suspicious/noExplicitAny: the body of an answer is whatever the test says it is
export type Json = any;

export interface Answer {
  status: number;
  body: Json;
  headers: Headers;
}

export type Call = (method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;

export interface Client {
  url: string;
  logIn(): Promise<void>;
  /** @throws without a response within 30 s */
  call: Call;
}

export function clientOf(url: string): Client {
  let token: string | undefined;
  let renewal: Promise<void> | undefined;

  const ask: Call = async (method, path, body, headers = {}) => {
    const answer = await fetch(url + path, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      body: text.startsWith('{') ? JSON.parse(text) : undefined,
    };
  };

  const logIn = async () => {
    const { status, body } = await ask('POST', '/api/v1/auth/login', owner);
    if (!body?.access_token) throw new Error(`the login was answered with ${status}`);
    token = body.access_token;
  };

  return {
    url,
    logIn,
    async call(method, path, body, headers) {
      const answer = await ask(method, path, body, headers);
      if (answer.status !== 401) return answer;
      // Many requests notice at once; one login is enough.
      renewal ??= logIn().finally(() => {
        renewal = undefined;
      });
      await renewal;
      return ask(method, path, body, headers);
    },
  };
}
