// A caller who has to prove once more who it is, before something that a stolen session must not do.
import type { FastifyRequest } from 'fastify';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { refuseCommon } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { refuse } from './errors.ts';
import { fromOf } from './from.ts';
import { type ProveNeeds, prove } from './prove.ts';
import { holdSession } from './session-store.ts';
import { findPerson, holdPassword, type Identity, lockPerson } from './store.ts';

/** The person who calls. @throws AppError for an API key */
export function personOf(caller: Caller): string {
  if (caller.kind !== 'person') throw refuseCommon('forbidden', 'Only a person can do this, not an API key.');
  return caller.id;
}

/** A person who has proven it. */
export interface Proven {
  email: string;
  name: string;
  identity: Identity;
}

/**
 * Demands within a transaction that the session of the caller goes on, and that the password is the one that was proven,
 * until its end: a reset that came in between has ended both.
 * @throws AppError
 */
export async function demandStill(tx: Queryable, caller: Caller, identity?: Identity): Promise<void> {
  // What writes to the person later must not begin with less: two at once would wait for each other.
  await lockPerson(tx, personOf(caller));
  if (!(await holdSession(tx, caller.sessionId ?? ''))) throw refuseCommon('unauthorized');
  if (identity && !(await holdPassword(tx, identity))) throw refuse('current_password_wrong');
}

const refusalCodes = {
  wrong: 'current_password_wrong',
  code_needed: 'second_factor_code_wrong',
  code_wrong: 'second_factor_code_wrong',
  code_unreadable: 'second_factor_unreadable',
} as const;

/**
 * Demands the password of the person, and with a `code` the second factor too. Failures count as those of a login do.
 * @throws AppError
 */
export async function provePerson(
  needs: ProveNeeds,
  request: FastifyRequest,
  personId: string,
  given: { password: string; code?: string },
): Promise<Proven> {
  const person = await findPerson(needs.db, personId);
  if (!person) throw refuseCommon('unauthorized');
  const passwordOnly = given.code === undefined;
  const proof = await prove(needs, { ...given, email: person.email }, fromOf(request), { passwordOnly });
  const { identity } = proof;
  if (proof.result === 'right' && identity) {
    await proof.forgive();
    return { ...person, identity };
  }
  await proof.fail();
  const code = proof.result === 'right' ? refusalCodes.wrong : refusalCodes[proof.result];
  await audit(needs.db, actorOf(request), { action: 'proof.refused', detail: { reason: code } });
  throw refuse(code);
}
