// Login and its sessions.
import type { Tokens } from '@recado/contract';
import { audit } from '../../kit/audit.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import type { AppError } from '../../kit/errors.ts';
import { newUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { countRequest } from './failures.ts';
import { actorFrom, type From } from './from.ts';
import { type Given, type Proof, type ProveNeeds, prove } from './prove.ts';
import {
  findRefreshToken,
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

const hour = 3_600_000;
/** Far more than people and programs need (an access token lasts 15 minutes), and a small load. */
const sessionLimits = { opened: { most: 100, ms: hour }, refreshed: { most: 60, ms: hour } };

/** Counts a session that a person is about to open. @throws AppError if there were too many */
export const countSession = (needs: LogInNeeds, personId: string): Promise<void> =>
  countRequest(needs, { [`sessions person ${personId}`]: sessionLimits.opened });

export interface LogInNeeds extends ProveNeeds {
  tokens: AccessTokens;
}

export interface Opened {
  tokens: Tokens;
  sessionId: string;
}

/**
 * Logs a person in to the asked workspace, or to the one used last. Failures pause further logins of the network.
 * @throws AppError
 */
export async function logIn(
  needs: LogInNeeds,
  given: Given & { asked?: string | undefined },
  from: From,
): Promise<Opened> {
  const proof = await prove(needs, given, from);
  const { identity } = proof;
  // A person without a workspace gets the response of an unknown address.
  const usedLast = identity?.workspaceId ?? undefined;
  if (!identity || usedLast === undefined || proof.result !== 'right')
    throw await refused(needs, usedLast === undefined ? { ...proof, result: 'wrong' } : proof, from);
  await proof.forgive();
  const { personId } = identity;
  const workspaceId = given.asked ?? usedLast;
  // Only who proved to be the person learns which workspaces the person may enter.
  const own = await store.workspacesOf(needs.db, personId);
  if (!own.some(({ id }) => id === workspaceId)) throw problem('workspace_not_found');
  await countSession(needs, personId);
  return needs.db.transaction(async tx => {
    if (!(await store.holdPassword(tx, identity))) throw problem('credentials_invalid');
    const detail = proof.by && { second_factor: proof.by };
    await audit(tx, actorFrom(from, personId, workspaceId), { action: 'session.opened', detail });
    return openSession(needs, tx, { personId, workspaceId }, from);
  });
}

const refusalCodes = {
  // Correct credentials that are not enough get the response of an unknown address.
  right: 'credentials_invalid',
  wrong: 'credentials_invalid',
  code_wrong: 'second_factor_invalid',
  code_unreadable: 'second_factor_unreadable',
} as const;

/** The error of a failed proof, also audited. A missing second-factor code is no failure. */
export async function refused(needs: LogInNeeds, proof: Proof, from: From): Promise<AppError> {
  if (proof.result === 'code_needed') {
    await proof.forgive();
    return problem('second_factor_needed');
  }
  await proof.fail();
  const code = refusalCodes[proof.result];
  const { identity } = proof;
  await audit(needs.db, actorFrom(from, undefined, identity?.workspaceId), {
    action: 'session.rejected',
    target: identity && { kind: 'person', id: identity.personId },
    detail: { reason: code },
  });
  return problem(code);
}

/**
 * Opens a session: an access token, and a refresh token that works once.
 * @throws AppError if the person may no longer enter the workspace
 */
export async function openSession(
  needs: LogInNeeds,
  tx: Queryable,
  { personId, workspaceId }: Pick<Session, 'personId' | 'workspaceId'>,
  from: Pick<From, 'address' | 'userAgent'>,
): Promise<Opened> {
  const session = { id: newUuid(), personId, workspaceId };
  const now = new Date(needs.clock.now());
  if (!(await store.noteUse(tx, personId, workspaceId, now))) throw problem('credentials_invalid');
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
 * Exchanges a refresh token for new tokens. A second use ends the whole session: one of the two users stole the
 * token. This holds however many exchanges came in between. `demand` may reject the request before anything changes.
 */
export async function refresh(
  needs: LogInNeeds,
  refreshToken: string,
  from: From,
  demand: (sessionId: string) => void = () => {},
): Promise<Opened> {
  const now = new Date(needs.clock.now());
  const hash = hashText(refreshToken);
  const known = await findRefreshToken(needs.db, hash, now);
  if (known?.live && !known.used) {
    demand(known.id);
    await countRequest(needs, { [`refreshes session ${known.id}`]: sessionLimits.refreshed });
  }
  const opened = await needs.db.transaction(async tx => {
    const session = await lockRefreshToken(tx, hash, now);
    if (!session?.live) return undefined;
    demand(session.id);
    if (session.used) {
      await revokeSession(tx, session.id, now);
      const actor = actorFrom(from, undefined, session.workspaceId);
      const target = { kind: 'session', id: session.id };
      await audit(tx, actor, { action: 'session.ended', target, detail: { reason: 'refresh_token_reused' } });
      return undefined;
    }
    await renewSession(tx, session.id, hash, now, lasting(now));
    return { tokens: await newTokens(needs, tx, session, now), sessionId: session.id };
  });
  if (!opened) throw problem(known?.removed ? 'membership_ended' : 'refresh_token_invalid');
  return opened;
}

/** Ends the session of a refresh token; an unknown token counts as ended. */
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
    const actor = actorFrom(from, session.personId, session.workspaceId);
    await audit(tx, actor, { action: 'session.ended', target: { kind: 'session', id: session.id } });
  });
}
