// A person's second factor: begin, confirm with a first code, and remove.
import { randomBytes } from 'node:crypto';
import { type Actor, audit } from '../../kit/audit.ts';
import { hashText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import type { Caller } from '../../kit/http/routes.ts';
import { problem } from './errors.ts';
import { decryptSecret, encryptSecret } from './factor-secret.ts';
import type { From } from './from.ts';
import { auditEverywhere } from './log-everywhere.ts';
import { type ProveNeeds, plainCode, reserveProof } from './prove.ts';
import { demandStill } from './prove-person.ts';
import * as store from './second-factor-store.ts';
import { findPerson, type Identity } from './store.ts';
import { base32, otpauthUri, stepsOf } from './totp.ts';

/** How long a begun second factor can be confirmed. */
const beginMs = 10 * 60_000;

/** The caller, and whose second factor it is; valid once the transaction has checked it again. */
export interface Asked {
  caller: Caller;
  personId: string;
  /** The proven identity; undefined if none was required. */
  identity: Identity | undefined;
  actor: Actor;
}

/** The person's second factor, locked until the transaction ends. @throws AppError */
async function lockOf(tx: Queryable, { caller, personId, identity }: Asked): Promise<store.SecondFactor | undefined> {
  const factor = await store.lockSecondFactor(tx, personId);
  await demandStill(tx, caller, identity);
  return factor;
}

/** Begins a second factor. It takes effect when confirmed; beginning again replaces the secret. */
export async function beginSecondFactor(needs: ProveNeeds, asked: Asked) {
  const { personId } = asked;
  const secret = randomBytes(20);
  const email = await needs.db.transaction(async tx => {
    const factor = await lockOf(tx, asked);
    if (!factor || factor.confirmed) throw problem('second_factor_on');
    await store.beginSecret(
      tx,
      personId,
      encryptSecret(needs.encrypter, personId, secret),
      new Date(needs.clock.now()),
    );
    return factor.email;
  });
  return { secret: base32(secret), otpauth_uri: otpauthUri(secret, email) };
}

/** Confirms it with a code of the app and returns the recovery codes. A wrong code counts as a failed login. */
export async function confirmSecondFactor(needs: ProveNeeds, asked: Asked, code: string, from: From) {
  const person = await findPerson(needs.db, asked.personId);
  if (!person) throw commonProblem('unauthorized');
  const tried = await reserveProof(needs, person.email, from);
  const codes = await takeFirstCode(needs, asked, code).catch(async error => {
    await tried.forgive();
    throw error;
  });
  if (codes) {
    await tried.forgive();
    return codes;
  }
  await tried.fail();
  const reason = 'second_factor_code_wrong';
  await audit(needs.db, asked.actor, { action: 'proof.rejected', detail: { reason } });
  throw problem(reason);
}

/** Returns the recovery codes; undefined if the code is wrong. */
async function takeFirstCode(needs: ProveNeeds, asked: Asked, code: string): Promise<string[] | undefined> {
  const { personId, actor } = asked;
  const now = needs.clock.now();
  return needs.db.transaction(async tx => {
    const factor = await lockOf(tx, asked);
    if (factor?.confirmed) throw problem('second_factor_on');
    if (!factor?.secret) throw problem('second_factor_off', 'Set it up with POST /api/v1/me/second-factor.');
    if (!factor.begunAt || factor.begunAt.getTime() <= now - beginMs)
      throw problem(
        'second_factor_off',
        'It was begun more than ten minutes ago: start again with POST /api/v1/me/second-factor.',
      );
    const secret = decryptSecret(needs.encrypter, personId, factor.secret);
    if (!secret)
      throw problem(
        'second_factor_unreadable',
        'It is not confirmed yet: start again with POST /api/v1/me/second-factor.',
      );
    const [step] = stepsOf(secret, plainCode(code), now);
    if (step === undefined) return undefined;
    await store.confirmSecret(tx, personId, step, new Date(now));
    await auditEverywhere(tx, personId, actor, { action: 'second_factor.enabled' });
    const { codes, hashes } = newRecoveryCodes();
    await store.setRecoveryCodes(tx, personId, hashes);
    return codes;
  });
}

/** Removes it and its recovery codes. */
export async function dropSecondFactor(needs: ProveNeeds, asked: Asked): Promise<void> {
  await needs.db.transaction(async tx => {
    if (!(await lockOf(tx, asked))?.confirmed) throw problem('second_factor_off');
    await store.dropSecret(tx, asked.personId);
    await auditEverywhere(tx, asked.personId, asked.actor, { action: 'second_factor.disabled' });
  });
}

/** Replaces the recovery codes. */
export async function renewRecoveryCodes(needs: ProveNeeds, asked: Asked): Promise<string[]> {
  const { codes, hashes } = newRecoveryCodes();
  await needs.db.transaction(async tx => {
    if (!(await lockOf(tx, asked))?.confirmed) throw problem('second_factor_off');
    await store.setRecoveryCodes(tx, asked.personId, hashes);
    await auditEverywhere(tx, asked.personId, asked.actor, { action: 'recovery_codes.renewed' });
  });
  return codes;
}

/** Ten codes of 80 bits: enough entropy that a plain hash cannot be reversed. */
function newRecoveryCodes(): { codes: string[]; hashes: Buffer[] } {
  const plain = Array.from({ length: 10 }, () => base32(randomBytes(10)).toLowerCase());
  return { codes: plain.map(code => (code.match(/.{4}/g) ?? []).join('-')), hashes: plain.map(hashText) };
}
