// Asks a caller to authenticate again before actions that a stolen session must not do.
import type { FastifyRequest } from 'fastify';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { problem } from './errors.ts';
import { fromOf } from './from.ts';
import { type ProveNeeds, prove } from './prove.ts';
import { holdSession } from './session-store.ts';
import { findPerson, holdPassword, type Identity, lockPerson } from './store.ts';

/** The person who calls. @throws AppError for an API key */
export function personOf(caller: Caller): string {
  if (caller.kind !== 'person') throw commonProblem('forbidden', 'Only a person can do this, not an API key.');
  return caller.id;
}

/** A person who has authenticated again. */
export interface Proven {
  email: string;
  name: string;
  identity: Identity;
}

/**
 * Requires that the caller's session is still open and the proven password still current, and locks both until the
 * transaction ends: a reset in between has ended them.
 * @throws AppError
 */
export async function demandStill(tx: Queryable, caller: Caller, identity?: Identity): Promise<void> {
  // Take the full lock first: two writers that upgrade a weaker lock would deadlock.
  await lockPerson(tx, personOf(caller));
  if (!(await holdSession(tx, caller.sessionId ?? ''))) throw commonProblem('unauthorized');
  if (identity && !(await holdPassword(tx, identity))) throw problem('current_password_wrong');
}

const refusalCodes = {
  wrong: 'current_password_wrong',
  code_needed: 'second_factor_code_wrong',
  code_wrong: 'second_factor_code_wrong',
  code_unreadable: 'second_factor_unreadable',
} as const;

/**
 * Requires the person's password, and with a `code` also the second factor. Failures count as failed logins.
 * @throws AppError
 */
export async function provePerson(
  needs: ProveNeeds,
  request: FastifyRequest,
  personId: string,
  given: { password: string; code?: string },
): Promise<Proven> {
  const person = await findPerson(needs.db, personId);
  if (!person) throw commonProblem('unauthorized');
  const passwordOnly = given.code === undefined;
  const proof = await prove(needs, { ...given, email: person.email }, fromOf(request), { passwordOnly });
  const { identity } = proof;
  if (proof.result === 'right' && identity) {
    await proof.forgive();
    return { ...person, identity };
  }
  await proof.fail();
  const code = proof.result === 'right' ? refusalCodes.wrong : refusalCodes[proof.result];
  await audit(needs.db, actorOf(request), { action: 'proof.rejected', detail: { reason: code } });
  throw problem(code);
}
