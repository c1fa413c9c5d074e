// Proving who one is: by password, and by a code where the person has a second factor.

import type { Sealer } from '../../kit/crypto/encryption.ts';
import { hashText } from '../../kit/crypto/secrets.ts';
import { openSecret } from './factor-secret.ts';
import { type Counting, loginLimits, personSubject, reserveAll, type Try } from './failures.ts';
import type { From } from './from.ts';
import { verifyNobody, verifyPassword } from './password.ts';
import { takeRecoveryCode, takeStep } from './second-factor-store.ts';
import { findIdentity, type Identity } from './store.ts';
import { stepsOf } from './totp.ts';

export interface ProveNeeds extends Counting {
  sealer: Sealer;
}

export interface Given {
  email: string;
  password: string;
  code?: string | undefined;
}

/** Whoever asked for it says what it comes to: until then it counts as a failure under way. */
export interface Proof extends Try {
  /** Who has the address, whatever came of it. */
  identity: Identity | undefined;
  result: 'right' | 'wrong' | 'code_needed' | 'code_wrong' | 'code_unreadable';
  /** What stood in for the second factor. */
  by: 'app' | 'recovery_code' | undefined;
}

/** Counts a try to be a person, of the network address and of the e-mail address. @throws AppError where there were too many */
export const reserveProof = (needs: Counting, email: string, from: From): Promise<Try> =>
  reserveAll(needs, {
    [`address ${from.network}`]: loginLimits.address,
    [personSubject(email)]: loginLimits.person,
  });

/**
 * Says whether these are the credentials of the person who has the address. The work is the same whether anybody has
 * it. The try counts as one of the network address and of the e-mail address until it is forgiven, or failed.
 * @throws AppError where there were too many
 */
export async function prove(
  needs: ProveNeeds,
  { email, password, code }: Given,
  from: From,
  options: { passwordOnly?: boolean } = {},
): Promise<Proof> {
  const { forgive, fail } = await reserveProof(needs, email, from);
  const identity = await findIdentity(needs.db, email);
  const right = identity ? await verifyPassword(identity.passwordHash, password) : await verifyNobody(password);
  const about = { identity, by: undefined, forgive, fail };
  if (!identity || !right) return { ...about, result: 'wrong' };
  if (!identity.secondFactor || options.passwordOnly) return { ...about, result: 'right' };
  if (code === undefined) return { ...about, result: 'code_needed' };
  return { ...about, ...(await useCode(needs, identity, code)) };
}

/** Uses up a code. It is good once: its step is never taken again, and a recovery code is gone. */
async function useCode(
  { db, clock, sealer }: ProveNeeds,
  { personId, totpSecret }: Identity,
  code: string,
): Promise<Pick<Proof, 'result' | 'by'>> {
  const plain = plainCode(code);
  if (!/^\d{6}$/.test(plain))
    return (await takeRecoveryCode(db, personId, hashText(plain)))
      ? { result: 'right', by: 'recovery_code' }
      : codeWrong;
  const secret = openSecret(sealer, personId, totpSecret ?? '');
  if (!secret) return { result: 'code_unreadable', by: undefined };
  for (const step of stepsOf(secret, plain, clock.now()))
    if (await takeStep(db, personId, step)) return { result: 'right', by: 'app' };
  return codeWrong;
}

const codeWrong = { result: 'code_wrong', by: undefined } as const;

/** A code as it is compared, however it was typed. */
export const plainCode = (code: string): string => code.replace(/[\s-]/g, '').toLowerCase();
