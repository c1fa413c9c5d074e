// Logging in, and the sessions that come of it.
import type { Tokens } from '@recado/contract';
import { type Actor, audit } from '../../kit/audit.ts';
import type { Database, Queryable } from '../../kit/db.ts';
import { newUuid } from '../../kit/ids.ts';
import { hashText, randomText } from '../../kit/secrets.ts';
import type { Clock } from '../../kit/time.ts';
import { refuse } from './errors.ts';
import { verifyNobody, verifyPassword } from './password.ts';
import {
  insertRefreshToken,
  insertSession,
  lockRefreshToken,
  renewSession,
  revokeSession,
  type Session,
} from './session-store.ts';
import * as store from './store.ts';
import { type AccessTokens, accessTokenSeconds } from './tokens.ts';

export const sessionDays = 30;
/** Failures that pause further logins, of an address and for a person, each within so long. */
const limits = { address: { failures: 5, ms: 60_000 }, person: { failures: 10, ms: 15 * 60_000 } };

export interface LogInNeeds {
  /** The engine's: who logs in has no workspace yet. */
  db: Database;
  clock: Clock;
  tokens: AccessTokens;
}

/** Where a request comes from. */
export interface From {
  address: string;
  userAgent: string | undefined;
  requestId: string;
}

export interface Opened {
  tokens: Tokens;
  sessionId: string;
}

/**
 * Logs a person in. Five failures a minute from one address pause its logins, ten in a quarter of an hour those of the
 * person, whatever nodes they came to.
 */
export async function logIn(needs: LogInNeeds, email: string, password: string, from: From): Promise<Opened> {
  const { db } = needs;
  const failures = [await reserve(needs, `address ${from.address}`, limits.address)];
  try {
    failures.push(await reserve(needs, `person ${email}`, limits.person));
  } catch (error) {
    await store.forgiveFailures(db, failures);
    throw error;
  }
  const member = await store.findMember(db, email);
  const right = member ? await verifyPassword(member.passwordHash, password) : await verifyNobody(password);
  const actor = actorFrom(from, member);
  if (!member || !right) {
    await audit(db, { ...actor, kind: 'nobody', id: undefined }, logInFailed(member));
    throw refuse('credentials_invalid');
  }
  await store.forgiveFailures(db, failures);
  return db.transaction(async tx => {
    await audit(tx, actor, { action: 'session.opened' });
    return openSession(needs, tx, member, from);
  });
}

const logInFailed = (member: store.Member | undefined) => ({
  action: 'session.refused',
  target: member && { kind: 'person', id: member.personId },
  detail: { reason: 'credentials_invalid' },
});

const actorFrom = (from: From, member: store.Member | undefined): Actor => ({
  workspaceId: member?.workspaceId,
  kind: 'person',
  id: member?.personId,
  address: from.address,
  requestId: from.requestId,
});

async function reserve({ db, clock }: LogInNeeds, subject: string, limit: { failures: number; ms: number }) {
  const now = clock.now();
  const since = new Date(now - limit.ms);
  const { id, oldest } = await db.transaction(tx =>
    store.reserveFailure(tx, subject, new Date(now), since, limit.failures),
  );
  if (!oldest) return id;
  await store.forgiveFailures(db, [id]);
  const retryAfterSeconds = Math.max(1, Math.ceil((oldest.getTime() - since.getTime()) / 1000));
  throw refuse('too_many_failures', `Try again in ${retryAfterSeconds} seconds.`, { retryAfterSeconds });
}

/** Opens a session: an access token, and a refresh token to be used once. */
export async function openSession(
  needs: LogInNeeds,
  tx: Queryable,
  { personId, workspaceId }: Pick<Session, 'personId' | 'workspaceId'>,
  from: Pick<From, 'address' | 'userAgent'>,
): Promise<Opened> {
  const session = { id: newUuid(), personId, workspaceId };
  const now = new Date(needs.clock.now());
  await insertSession(
    tx,
    { ...session, address: from.address, userAgent: from.userAgent?.slice(0, 300) },
    now,
    lasting(now),
  );
  return { tokens: await newTokens(needs, tx, session, now), sessionId: session.id };
}

const lasting = (now: Date) => new Date(now.getTime() + sessionDays * 86_400_000);

async function newTokens(needs: LogInNeeds, tx: Queryable, session: Session, now: Date): Promise<Tokens> {
  const refreshToken = `rcr_${randomText()}`;
  await insertRefreshToken(tx, session.id, hashText(refreshToken), now);
  return {
    access_token: await needs.tokens.sign({ ...session, sessionId: session.id }),
    refresh_token: refreshToken,
    token_type: 'Bearer',
    expires_in: accessTokenSeconds,
  };
}

/**
 * Exchanges a refresh token for new tokens. One that comes a second time ends its whole session, as one of the two that
 * had it has stolen it. `demand` may refuse for the sake of the session, before anything changes.
 */
export async function refresh(
  needs: LogInNeeds,
  refreshToken: string,
  from: From,
  demand: (sessionId: string) => void = () => {},
): Promise<Opened> {
  const now = new Date(needs.clock.now());
  const hash = hashText(refreshToken);
  const opened = await needs.db.transaction(async tx => {
    const session = await lockRefreshToken(tx, hash, now);
    if (!session?.live) return undefined;
    demand(session.id);
    if (session.used) {
      await revokeSession(tx, session.id, now);
      const actor: Actor = { ...actorFrom(from, undefined), workspaceId: session.workspaceId, kind: 'nobody' };
      const target = { kind: 'session', id: session.id };
      await audit(tx, actor, { action: 'session.ended', target, detail: { reason: 'refresh_token_reused' } });
      return undefined;
    }
    await renewSession(tx, session.id, hash, now, lasting(now));
    return { tokens: await newTokens(needs, tx, session, now), sessionId: session.id };
  });
  if (!opened) throw refuse('refresh_token_invalid');
  return opened;
}

/** Ends the session of a refresh token. One that is not known is ended already. */
export async function logOut(
  needs: LogInNeeds,
  refreshToken: string,
  from: From,
  demand: (sessionId: string) => void = () => {},
): Promise<void> {
  const now = new Date(needs.clock.now());
  await needs.db.transaction(async tx => {
    const session = await lockRefreshToken(tx, hashText(refreshToken), now);
    if (!session) return;
    demand(session.id);
    if (!(await revokeSession(tx, session.id, now))) return;
    const actor: Actor = { ...actorFrom(from, undefined), ...session, kind: 'person', id: session.personId };
    await audit(tx, actor, { action: 'session.ended', target: { kind: 'session', id: session.id } });
  });
}
