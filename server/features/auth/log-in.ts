// Logging in, and the sessions that come of it.
import type { Tokens } from '@recado/contract';
import type { Database, Queryable } from '../../kit/db.ts';
import type { Caller } from '../../kit/http.ts';
import { newUuid } from '../../kit/ids.ts';
import { hashText, randomText } from '../../kit/secrets.ts';
import type { Clock } from '../../kit/time.ts';
import { refuse } from './errors.ts';
import { verifyNobody, verifyPassword } from './password.ts';
import * as store from './store.ts';
import { type AccessTokens, accessTokenSeconds } from './tokens.ts';

const sessionDays = 30;
const failureWindowMs = 60_000;

export interface LogInNeeds {
  db: Database;
  clock: Clock;
  tokens: AccessTokens;
}

/** Logs a person in. `address` is where the request came from: five failures a minute from there pause it. */
export async function logIn(needs: LogInNeeds, email: string, password: string, address: string): Promise<Tokens> {
  const { db, clock } = needs;
  const now = new Date(clock.now());
  const since = new Date(now.getTime() - failureWindowMs);
  const { id: failure, fifth } = await db.transaction(tx => store.reserveFailure(tx, address, now, since));
  if (fifth) {
    await store.forgiveFailure(db, failure);
    const retryAfterSeconds = Math.max(1, Math.ceil((fifth.getTime() - since.getTime()) / 1000));
    throw refuse('too_many_failures', `Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
  }
  const member = await store.findMember(db, email);
  const right = member ? await verifyPassword(member.passwordHash, password) : await verifyNobody(password);
  if (!member || !right) throw refuse('credentials_invalid');
  await store.forgiveFailure(db, failure);
  return openSession(needs, db, member, newUuid());
}

/** Opens a session, or carries it on: an access token, and a refresh token to be used once. */
export async function openSession(needs: LogInNeeds, db: Queryable, caller: Caller, family: string): Promise<Tokens> {
  const refreshToken = `rcr_${randomText()}`;
  const expiresAt = new Date(needs.clock.now() + sessionDays * 86_400_000);
  const session = { id: newUuid(), family, workspaceId: caller.workspaceId, personId: caller.personId };
  await store.insertRefreshToken(db, session, hashText(refreshToken), expiresAt);
  return {
    access_token: await needs.tokens.sign(caller),
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: accessTokenSeconds,
  };
}

/** Exchanges a refresh token for new tokens. One that comes a second time ends its whole session. */
export async function refresh(needs: LogInNeeds, refreshToken: string): Promise<Tokens> {
  const now = new Date(needs.clock.now());
  const tokens = await needs.db.transaction(async tx => {
    const session = await store.lockRefreshToken(tx, hashText(refreshToken), now);
    if (!session || session.over) return undefined;
    if (session.spent) {
      await store.revokeFamily(tx, session.family, now);
      return undefined;
    }
    await store.useRefreshToken(tx, session.id, now);
    return openSession(needs, tx, session, session.family);
  });
  if (!tokens) throw refuse('refresh_token_invalid');
  return tokens;
}

/** Ends the session of a refresh token. One that is not known is ended already. */
export async function logOut(needs: LogInNeeds, refreshToken: string): Promise<void> {
  const now = new Date(needs.clock.now());
  await needs.db.transaction(async tx => {
    const session = await store.lockRefreshToken(tx, hashText(refreshToken), now);
    if (session) await store.revokeFamily(tx, session.family, now);
  });
}
