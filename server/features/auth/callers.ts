// Identifies the caller of an access token: session, membership and role, as of now.
import { rolePermissionsWhere, type WorkspaceCreators } from '@recado/contract';
import { isUnavailable, type Queryable } from '../../kit/db/database.ts';
import { groupCommit } from '../../kit/db/group-commit.ts';
import type { Caller } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { findSessions, type LiveSession } from './session-store.ts';
import type { AccessTokens } from './tokens.ts';

/**
 * Returns the functions that identify the caller of an access token or of a session. Undefined if the token is invalid,
 * the session has ended, or its member is gone. Each call queries the database, so that a change takes effect at once
 * on every node; concurrent calls share a query.
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
    name: session.name,
    workspaceId: session.workspaceId,
    accounts: session.accounts ?? undefined,
    reader:
      session.conversations === 'all'
        ? undefined
        : { personId: session.personId, conversations: session.conversations },
    seesNumbers: session.seesNumbers,
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
  async function bySession(sessionId: string): Promise<Caller | undefined> {
    const session = await group.add(sessionId);
    return session && toCaller(session);
  }
  return {
    bySession,
    async byToken(token: string): Promise<Caller | undefined> {
      const sessionId = await tokens.verify(token);
      return sessionId === undefined ? undefined : bySession(sessionId);
    },
  };
}
