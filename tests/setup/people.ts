// People of a scenario besides its owner.
import type { Call, Scenario } from './scenario.ts';

export const goodPassword = 'blue kettle on the roof';

export interface Somebody {
  /** The id in the API. */
  id: string;
  email: string;
  /** Calls the API with the session of the person's join. */
  api: Call;
  refreshToken: string;
}

/** The token in a link's fragment. */
export const tokenOf = (link: string): string => new URL(link).hash.replace('#token=', '');

let people = 0;
export const newEmail = (name = 'somebody'): string => `${name}-${++people}@example.com`;

/** Invites a person with this call, and returns the token of the link. */
export async function invite(by: Call, body: { email: string; role: string; account_ids?: string[] }): Promise<string> {
  const made = await by('POST', '/api/v1/invitations', body);
  if (made.status !== 201) throw new Error(`not invited: ${made.status} ${made.text}`);
  return tokenOf(made.body.link);
}

/** Adds a new person to the caller's workspace, by default the owner's. */
export async function join(
  scenario: Scenario,
  role: string,
  more: { account_ids?: string[]; email?: string; by?: Call } = {},
): Promise<Somebody> {
  const { account_ids, email = newEmail(role), by = scenario.api } = more;
  const token = await invite(by, { email, role, ...(account_ids && { account_ids }) });
  const body = { token, name: role, password: goodPassword };
  const joined = await scenario.as(undefined)('POST', '/api/v1/invitations/accept', body);
  if (joined.status !== 201) throw new Error(`not joined: ${joined.status} ${joined.text}`);
  const api = scenario.as(joined.body.access_token);
  const { person } = (await api('GET', '/api/v1/me')).body;
  return { id: person.id, email, api, refreshToken: joined.body.refresh_token };
}

/** Logs in; `more` adds body fields. */
export const logIn = (scenario: Scenario, email: string, more: object = {}) =>
  scenario.as(undefined)('POST', '/api/v1/auth/login', { email, password: goodPassword, ...more });

/** The audit entries of an action, oldest first. */
export const audited = (scenario: Scenario, action: string) =>
  scenario.sql<{ action: string; actor_kind: string; detail: Record<string, unknown>; target_id: string | null }>(
    'select action, actor_kind, detail, target_id from audit_entry where action = $1 order by id',
    [action],
  );
