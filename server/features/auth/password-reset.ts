// A new password for who has forgotten the old one, by a link that works once and for an hour.

import type { Afterwards } from '../../kit/async/background-tasks.ts';
import { audit } from '../../kit/audit.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import type { Mailer } from '../../ports/mail.ts';
import { refuse } from './errors.ts';
import { type Counting, countRequest, loginLimits, personSubject, reserveAll } from './failures.ts';
import { actorFrom, type From } from './from.ts';
import { auditEverywhere } from './log-everywhere.ts';
import { hashPassword } from './password.ts';
import { findReset, putReset, takeReset } from './password-reset-store.ts';
import { demandUncommon } from './password-rules.ts';
import { revokeSessionsOf } from './session-store.ts';
import { findIdentity, forgiveSubject, setPassword, workspacesOf } from './store.ts';

export interface ResetNeeds extends Counting {
  /** Undefined without SMTP. */
  mailer: Mailer | undefined;
  afterwards: Afterwards;
  publicUrl: () => string;
}

const hour = 3_600_000;
/** What the mail server does not take now is tried again after so long: the link before is dead by then. */
const pausesMs = [60_000, 300_000];
/** How many links may be asked for. Known and unknown addresses count alike. */
const askLimits = { address: loginLimits.address, person: { most: 5, ms: hour } };

/** The letter with the link. */
export const resetLetter = (to: string, link: string) => ({
  to,
  subject: 'A new password for Recado',
  text: `Somebody asked for a new password for this e-mail address.

Set it here within one hour; the link works once:
${link}

If it was not you, there is nothing to do: your password stays as it is.
`,
});

/**
 * Mails a link for a new password, where anybody has the address. All that differs happens after the answer.
 * @throws AppError where too many were asked for
 */
export async function forgotPassword(needs: ResetNeeds, email: string, from: From): Promise<void> {
  await countRequest(needs, {
    [`reset address ${from.network}`]: askLimits.address,
    [`reset person ${email}`]: askLimits.person,
  });
  const { mailer } = needs;
  if (!mailer) return;
  needs.afterwards.run(async pause => {
    const identity = await findIdentity(needs.db, email);
    if (!identity) return;
    const { link, hash } = await needs.db.transaction(async tx => {
      const target = { kind: 'person', id: identity.personId };
      await audit(tx, actorFrom(from, undefined, identity.workspaceId), { action: 'password_reset.asked', target });
      return makeReset(needs, tx, identity.personId, undefined);
    });
    const letter = resetLetter(email, link);
    for (const pauseMs of pausesMs) {
      if ((await mailer.send(letter)) !== 'not_now' || !(await pause(pauseMs))) return;
      // Whoever has asked again meanwhile has got a newer one.
      if (!(await findReset(needs.db, hash, new Date(needs.clock.now())))) return;
    }
    await mailer.send(letter);
  });
}

/** Makes the link; the one before, where there is one, is good no more. `madeBy`: who hands it over. */
export async function makeReset(
  needs: Pick<ResetNeeds, 'clock' | 'publicUrl'>,
  tx: Queryable,
  personId: string,
  madeBy: string | undefined,
): Promise<{ link: string; hash: Buffer; expiresAt: Date }> {
  const token = randomText();
  const hash = hashText(token);
  const expiresAt = new Date(needs.clock.now() + hour);
  await putReset(tx, personId, hash, madeBy, expiresAt);
  // Browsers do not send what is behind the #, so that it stands in no log.
  return { link: `${needs.publicUrl()}/reset#token=${token}`, hash, expiresAt };
}

/** Sets a new password by a link. All sessions of the person end. @throws AppError */
export async function resetPassword(needs: ResetNeeds, token: string, password: string, from: From): Promise<void> {
  const { db, clock } = needs;
  const tried = await reserveAll(needs, { [`address ${from.network}`]: loginLimits.address });
  const hash = hashText(token);
  const reset = await findReset(db, hash, new Date(clock.now()));
  if (!reset) {
    await tried.fail();
    throw refuse('reset_token_invalid');
  }
  const { personId } = reset;
  const workspaces = await workspacesOf(db, personId);
  await tried.forgive();
  demandUncommon('password', password, [reset.email, reset.name, ...workspaces.map(({ name }) => name)]);
  const passwordHash = await hashPassword(password);
  await db.transaction(async tx => {
    if (!(await takeReset(tx, personId, hash))) throw refuse('reset_token_invalid');
    await setPassword(tx, personId, passwordHash);
    // The guesses of others were at the old password, and must not keep out who has just shown who they are.
    await forgiveSubject(tx, personSubject(reset.email));
    const ended = await revokeSessionsOf(tx, personId, new Date(clock.now()));
    const target = { kind: 'person', id: personId };
    const deed = { action: 'password.reset', target, detail: { sessions_ended: ended } };
    await auditEverywhere(tx, personId, actorFrom(from), deed);
  });
}
