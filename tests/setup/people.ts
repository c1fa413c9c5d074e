// People of a story beside its owner.
import type { Call, Story } from './scenario.ts';

export const goodPassword = 'blue kettle on the roof';

export interface Somebody {
  /** The id as the API shows it. */
  id: string;
  email: string;
  /** Calls the API with the session that joining opened. */
  api: Call;
  refreshToken: string;
}

/** The token behind the # of a link. */
export const tokenOf = (link: string): string => new URL(link).hash.replace('#token=', '');

let people = 0;
export const newEmail = (name = 'somebody'): string => `${name}-${++people}@example.com`;

/** Invites somebody with this call, and gives the token of the link. */
export async function invite(by: Call, body: { email: string; role: string; account_ids?: string[] }): Promise<string> {
  const made = await by('POST', '/api/v1/invitations', body);
  if (made.status !== 201) throw new Error(`not invited: ${made.status} ${made.text}`);
  return tokenOf(made.body.link);
}

/** Lets somebody new join the workspace of the call, by default that of the owner. */
export async function join(
  story: Story,
  role: string,
  more: { account_ids?: string[]; email?: string; by?: Call } = {},
): Promise<Somebody> {
  const { account_ids, email = newEmail(role), by = story.api } = more;
  const token = await invite(by, { email, role, ...(account_ids && { account_ids }) });
  const body = { token, name: role, password: goodPassword };
  const joined = await story.as(undefined)('POST', '/api/v1/invitations/accept', body);
  if (joined.status !== 201) throw new Error(`not joined: ${joined.status} ${joined.text}`);
  const api = story.as(joined.body.access_token);
  const { person } = (await api('GET', '/api/v1/me')).body;
  return { id: person.id, email, api, refreshToken: joined.body.refresh_token };
}

/** Logs in, with whatever else the body needs. */
export const logIn = (story: Story, email: string, more: object = {}) =>
  story.as(undefined)('POST', '/api/v1/auth/login', { email, password: goodPassword, ...more });

/** What the log has of an action, the oldest first. */
export const audited = (story: Story, action: string) =>
  story.sql<{ action: string; actor_kind: string; detail: Record<string, unknown>; target_id: string | null }>(
    'select action, actor_kind, detail, target_id from audit_entry where action = $1 order by id',
    [action],
  );
