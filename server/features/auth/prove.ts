// Authenticates a person by password, and by a code if the person has a second factor.

import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { hashText } from '../../kit/crypto/secrets.ts';
import { decryptSecret } from './factor-secret.ts';
import { type Counting, loginLimits, reserveAll, reserveLogin, type Try } from './failures.ts';
import type { From } from './from.ts';
import { verifyNobody, verifyPassword } from './password.ts';
import { takeRecoveryCode, takeStep } from './second-factor-store.ts';
import { findIdentity, type Identity } from './store.ts';
import { stepsOf } from './totp.ts';

export interface ProveNeeds extends Counting {
  encrypter: Encrypter;
}

export interface Given {
  email: string;
  password: string;
  code?: string | undefined;
}

/** The caller decides the outcome of the try; until then it counts as a pending failure. */
export interface Proof extends Try {
  /** The person with this address, whatever the result. */
  identity: Identity | undefined;
  result: 'right' | 'wrong' | 'code_needed' | 'code_wrong' | 'code_unreadable';
  /** Which second factor was used. */
  by: 'app' | 'recovery_code' | undefined;
}

/**
 * Counts a try within an open session, of the network and the person. Failed logins count elsewhere, so that strangers
 * cannot keep a person from a new password.
 * @throws AppError if there were too many
 */
export const reserveInSession = (needs: Counting, personId: string, from: From): Promise<Try> =>
  reserveAll(needs, {
    [`address ${from.network}`]: loginLimits.address,
    [`session person ${personId} just from ${from.network}`]: loginLimits.pair,
    [`session person ${personId}`]: loginLimits.session,
  });

/**
 * Checks the credentials of the person with this address. The work is the same for an unknown address. The try counts
 * until it is forgiven or failed: as a login, or with `inSession` as a try of that person within a session.
 * @throws AppError if there were too many
 */
export async function prove(
  needs: ProveNeeds,
  { email, password, code }: Given,
  from: From,
  options: { passwordOnly?: boolean; inSession?: string } = {},
): Promise<Proof> {
  const { forgive, fail } =
    options.inSession === undefined
      ? await reserveLogin(needs, email, from.network)
      : await reserveInSession(needs, options.inSession, from);
  const identity = await findIdentity(needs.db, email);
  const right = identity ? await verifyPassword(identity.passwordHash, password) : await verifyNobody(password);
  const about = { identity, by: undefined, forgive, fail };
  if (!identity || !right) return { ...about, result: 'wrong' };
  if (!identity.secondFactor || options.passwordOnly) return { ...about, result: 'right' };
  if (code === undefined) return { ...about, result: 'code_needed' };
  return { ...about, ...(await useCode(needs, identity, code)) };
}

/** Uses up a code. It works once: a time step is never accepted again, and a recovery code is deleted. */
async function useCode(
  { db, clock, encrypter }: ProveNeeds,
  { personId, totpSecret }: Identity,
  code: string,
): Promise<Pick<Proof, 'result' | 'by'>> {
  const plain = plainCode(code);
  if (!/^\d{6}$/.test(plain))
    return (await takeRecoveryCode(db, personId, hashText(plain)))
      ? { result: 'right', by: 'recovery_code' }
      : codeWrong;
  const secret = decryptSecret(encrypter, personId, totpSecret ?? '');
  if (!secret) return { result: 'code_unreadable', by: undefined };
  for (const step of stepsOf(secret, plain, clock.now()))
    if (await takeStep(db, personId, step)) return { result: 'right', by: 'app' };
  return codeWrong;
}

const codeWrong = { result: 'code_wrong', by: undefined } as const;

/** Normalizes a code for comparison. */
export const plainCode = (code: string): string => code.replace(/[\s-]/g, '').toLowerCase();
