// All calls to the API, with the types of the contract.
import type {
  Account,
  AccountChecks,
  AccountQueue,
  ApiKey,
  CookieSession,
  Invitation,
  Me,
  MyPermissions,
  MyWorkspace,
  NewAccountChecks,
  NewApiKey,
  NewInvitation,
  Page,
  Person,
  Problem,
  ResetLink,
  Statistics,
} from '@recado/contract';

/** An answer that is a problem, or no answer at all (`status` 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly fields: Record<string, string>;
  readonly requestId: string | undefined;
  /** Seconds until a repeat makes sense. */
  readonly retryAfter: number | undefined;

  constructor(status: number, problem: Partial<Problem>, retryAfter?: number) {
    super(problem.title ?? 'The server does not answer.');
    this.status = status;
    this.code = problem.code ?? 'unreachable';
    this.detail = problem.detail ?? this.message;
    this.fields = Object.fromEntries((problem.errors ?? []).map(({ field, message }) => [field, message]));
    this.requestId = problem.request_id;
    this.retryAfter = retryAfter;
  }
}

const csrfKey = 'recado.csrf';
const renewedKey = 'recado.renewed';
const renewingKey = 'recado.renewing';
/** How long the answer to a page that went away may take. */
const patienceMs = 1_500;

/** The session of this browser: its cookies are hidden from scripts, its token against forgery is kept here. */
export const session = {
  isKnown: () => localStorage.getItem(csrfKey) !== null,
  begin(given: CookieSession) {
    localStorage.setItem(csrfKey, given.csrf_token);
    localStorage.setItem(renewedKey, String(Date.now()));
  },
  end() {
    localStorage.removeItem(csrfKey);
    localStorage.removeItem(renewedKey);
    localStorage.removeItem(renewingKey);
  },
};

type Query = Record<string, string | number | boolean | undefined>;
interface Call {
  body?: unknown;
  query?: Query | undefined;
  signal?: AbortSignal | undefined;
  /** Makes a repeat return the first answer. */
  once?: boolean;
  /** Goes on when the page is left. */
  outlivesPage?: boolean;
}

/** One call. Renews the session where it has expired. @throws ApiError */
async function call<Answer>(method: string, path: string, options: Call = {}): Promise<Answer> {
  const key = options.once ? randomKey() : undefined;
  for (let renewals = 0; ; renewals++) {
    const sentAt = Date.now();
    const answer = await send(method, path, options, key);
    if (answer.status !== 401 || renewals === mostRenewals || !session.isKnown() || isOfLogin(path))
      return read<Answer>(answer);
    await renew(sentAt);
  }
}

/** The second is needed where a page that went away had begun the first and did not finish it. */
const mostRenewals = 2;

/** `crypto.randomUUID` exists only under https. */
const randomKey = () => Array.from(crypto.getRandomValues(new Uint32Array(4)), part => part.toString(36)).join('');

/** Their 401 is about what was typed. */
const isOfLogin = (path: string) =>
  ['/api/v1/auth/login', '/api/v1/auth/refresh', '/api/v1/invitations/accept'].includes(path);

async function send(method: string, path: string, options: Call, key?: string): Promise<Response> {
  const { body, query, signal, outlivesPage = false } = options;
  const url = new URL(path, location.origin);
  for (const [name, value] of Object.entries(query ?? {}))
    if (value !== undefined) url.searchParams.set(name, String(value));
  const csrf = localStorage.getItem(csrfKey);
  const headers = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(csrf !== null && method !== 'GET' && { 'x-csrf-token': csrf }),
    ...(key !== undefined && { 'idempotency-key': key }),
  };
  try {
    return await fetch(url, {
      method,
      headers,
      keepalive: outlivesPage,
      ...(signal && { signal }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, {});
  }
}

/** @throws ApiError */
async function read<Answer>(answer: Response): Promise<Answer> {
  if (answer.status === 204) return undefined as Answer;
  const value: unknown = await answer.json().catch(() => ({}));
  if (answer.ok) return value as Answer;
  const wait = Number(answer.headers.get('retry-after') ?? Number.NaN);
  throw new ApiError(answer.status, value as Partial<Problem>, Number.isNaN(wait) ? undefined : wait);
}

let renewing: Promise<void> | undefined;

/** Renews the session, once for all calls and tabs: a refresh token that is used twice ends the session. */
function renew(since: number): Promise<void> {
  const isRenewed = () => Number(localStorage.getItem(renewedKey) ?? 0) > since;
  const work = async () => {
    if (isRenewed()) return;
    // A page that was left meanwhile may have used the token: its answer still sets the cookies.
    if (localStorage.getItem(renewingKey) !== null) {
      await new Promise(resolve => setTimeout(resolve, patienceMs));
      localStorage.removeItem(renewingKey);
      return;
    }
    localStorage.setItem(renewingKey, 'true');
    try {
      const answer = await send('POST', '/api/v1/auth/refresh', { body: {}, outlivesPage: true });
      session.begin(await read<CookieSession>(answer));
      localStorage.removeItem(renewingKey);
    } catch (error) {
      // Without an answer nobody knows whether the token is used up.
      if (error instanceof ApiError && error.status > 0) localStorage.removeItem(renewingKey);
      if (error instanceof ApiError && (error.status === 401 || error.status === 403)) session.end();
      throw error;
    }
  };
  // Without locks (over plain HTTP) tabs cannot agree; each still renews once.
  const shared = () => (navigator.locks ? navigator.locks.request('recado.renew', work) : work());
  renewing ??= Promise.resolve(shared()).finally(() => {
    renewing = undefined;
  });
  return renewing;
}

const get = <Answer>(path: string, query?: Query, signal?: AbortSignal) => call<Answer>('GET', path, { query, signal });
const post = <Answer>(path: string, body?: unknown) => call<Answer>('POST', path, body === undefined ? {} : { body });
const create = <Answer>(path: string, body: unknown) => call<Answer>('POST', path, { body, once: true });
const change = <Answer>(path: string, body: unknown) => call<Answer>('PATCH', path, { body });
const remove = <Answer = void>(path: string) => call<Answer>('DELETE', path);

export interface Credentials {
  email: string;
  password: string;
  code?: string;
}

export interface NewAccount {
  name: string;
  channel: 'sandbox' | 'cloud';
  [field: string]: unknown;
}

const everything = { limit: 100 };

export const api = {
  setUp: (body: { token: string; name: string; email: string; password: string }) => post('/api/v1/setup', body),
  logIn: (body: Credentials) => post<CookieSession>('/api/v1/auth/login', { ...body, cookies: true }),
  logOut: () => post('/api/v1/auth/logout', {}),
  forgot: (email: string) => post<{ message: string }>('/api/v1/auth/password/forgot', { email }),
  reset: (body: { token: string; password: string }) => post('/api/v1/auth/password/reset', body),
  accept: (body: { token: string; name: string; password: string; code?: string }) =>
    post<CookieSession>('/api/v1/invitations/accept', { ...body, cookies: true }),
  me: () => get<Me>('/api/v1/me'),
  permissions: () => get<MyPermissions>('/api/v1/me/permissions'),
  workspaces: () => get<Page<MyWorkspace>>('/api/v1/me/workspaces', everything),
  enter: (id: string) => post<CookieSession>('/api/v1/auth/switch', { workspace_id: id, cookies: true }),
  people: () => get<Page<Person>>('/api/v1/people', everything),
  changePerson: (id: string, body: object) => change<Person>(`/api/v1/people/${id}`, body),
  removePerson: (id: string) => remove(`/api/v1/people/${id}`),
  resetLink: (id: string) => post<ResetLink>(`/api/v1/people/${id}/reset-link`),
  invitations: () => get<Page<Invitation>>('/api/v1/invitations', everything),
  invite: (body: { email: string; role: string; account_ids?: string[] }) =>
    create<NewInvitation>('/api/v1/invitations', body),
  revokeInvitation: (id: string) => remove(`/api/v1/invitations/${id}`),
  keys: () => get<Page<ApiKey>>('/api/v1/keys', everything),
  createKey: (body: object) => create<NewApiKey>('/api/v1/keys', body),
  renameKey: (id: string, name: string) => change<ApiKey>(`/api/v1/keys/${id}`, { name }),
  revokeKey: (id: string) => remove(`/api/v1/keys/${id}`),
  accounts: () => get<Page<Account>>('/api/v1/accounts', everything),
  account: (id: string) => get<Account>(`/api/v1/accounts/${id}`),
  accountQueue: (id: string) => get<AccountQueue>(`/api/v1/accounts/${id}/queue`),
  createAccount: (body: NewAccount) => create<Account>('/api/v1/accounts', body),
  changeAccount: (id: string, body: object) => change<Account>(`/api/v1/accounts/${id}`, body),
  checkAccount: (id: string) => post<AccountChecks>(`/api/v1/accounts/${id}/check`),
  checkNewAccount: (body: object) => post<NewAccountChecks>('/api/v1/accounts/check', body),
  saveCredentials: (id: string, body: object) => change<Account>(`/api/v1/accounts/${id}/credentials`, body),
  pauseAccount: (id: string) => post<Account>(`/api/v1/accounts/${id}/pause`),
  resumeAccount: (id: string) => post<Account>(`/api/v1/accounts/${id}/resume`),
  clearQueue: (id: string) => remove<{ count: number }>(`/api/v1/accounts/${id}/queue`),
  deleteAccount: (id: string) => remove(`/api/v1/accounts/${id}`),
  statistics: (query: { from?: string; account_id?: string }) => get<Statistics>('/api/v1/messages/statistics', query),
};
