// Identifies the caller of an access token: session, membership and role, as of now.
import { rolePermissionsWhere, type WorkspaceCreators } from '@recado/contract';
import { isUnavailable, type Queryable } from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { findSessions, type LiveSession } from './session-store.ts';
import type { AccessTokens } from './tokens.ts';

/**
 * Returns the function that identifies the caller of an access token. Undefined if the token is invalid, its session
 * has ended, or its member is gone. Each call queries the database, so that a change takes effect at once on every
 * node; concurrent calls share a query.
 */
export function personCallers(needs: {
  db: Queryable;
  clock: Clock;
  tokens: AccessTokens;
  /** Who may create workspaces. */
  workspaces: WorkspaceCreators;
}) {
  const { db, clock, tokens } = needs;
  const permissionsOf = rolePermissionsWhere(needs.workspaces);
  const toCaller = (session: LiveSession): Caller => ({
    kind: 'person',
    id: session.personId,
    workspaceId: session.workspaceId,
    accounts: session.accounts ?? undefined,
    role: session.role,
    sessionId: session.id,
    permissions: permissionsOf[session.role],
  });
  const group = groupCommit<string, LiveSession | undefined>({
    write: ids => findSessions(db, ids, new Date(clock.now())),
    uncertain: isUnavailable,
    max: 500,
    inFlight: 2,
  });
  return async (token: string): Promise<Caller | undefined> => {
    const sessionId = await tokens.verify(token);
    const session = sessionId === undefined ? undefined : await group.add(sessionId);
    return session && toCaller(session);
  };
}
