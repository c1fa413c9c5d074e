// A caller who has to prove once more who it is, before something that a stolen session must not do.
import type { FastifyRequest } from 'fastify';
import { actorOf, audit } from '../../kit/audit.ts';
import { refuseCommon } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http.ts';
import { refuse } from './errors.ts';
import { fromOf } from './from.ts';
import { type ProveNeeds, prove } from './prove.ts';
import { findPerson } from './store.ts';

/** The person who calls. @throws AppError for an API key */
export function personOf(caller: Caller): string {
  if (caller.kind !== 'person') throw refuseCommon('forbidden', 'Only a person can do this, not an API key.');
  return caller.id;
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
): Promise<{ email: string; name: string }> {
  const person = await findPerson(needs.db, personId);
  if (!person) throw refuseCommon('unauthorized');
  const passwordOnly = given.code === undefined;
  const proof = await prove(needs, { ...given, email: person.email }, fromOf(request), { passwordOnly });
  if (proof.result === 'right') {
    await proof.forgive();
    return person;
  }
  const code = refusalCodes[proof.result];
  await audit(needs.db, actorOf(request), { action: 'proof.refused', detail: { reason: code } });
  throw refuse(code);
}
