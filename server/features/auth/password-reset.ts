// Password reset by a link that works once, within an hour.

import type { BackgroundTasks } from '../../kit/async/background-tasks.ts';
import { audit } from '../../kit/audit.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import type { Mailer } from '../../ports/mail.ts';
import { problem } from './errors.ts';
import { type Counting, countRequest, linkSubject, loginLimits, personSubject, reserveAll } from './failures.ts';
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
  backgroundTasks: BackgroundTasks;
  publicUrl: () => string;
}

const hour = 3_600_000;
/** Pauses before a failed mail is retried. The earlier link no longer works by then. */
const pausesMs = [60_000, 300_000];
/** How many links may be requested. Known and unknown addresses count alike. */
const askLimits = { address: loginLimits.links, person: { most: 5, ms: hour } };

/** The mail with the link. */
export const resetLetter = (to: string, link: string) => ({
  to,
  subject: 'A new password for Recado',
  text: `Somebody asked for a new password for this e-mail address.

Set it here within one hour; the link works once:
${link}

If it was not you, ignore this mail: your password does not change.
`,
});

/**
 * Mails a reset link if the address is known. Everything that differs for unknown addresses happens after the
 * response.
 * @throws AppError if too many were requested
 */
export async function forgotPassword(needs: ResetNeeds, email: string, from: From): Promise<void> {
  await countRequest(needs, {
    [`reset address ${from.network}`]: askLimits.address,
    [`reset person ${email}`]: askLimits.person,
  });
  const { mailer } = needs;
  if (!mailer) return;
  needs.backgroundTasks.run(async pause => {
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
      // The person requested a newer link meanwhile.
      if (!(await findReset(needs.db, hash, new Date(needs.clock.now())))) return;
    }
    await mailer.send(letter);
  });
}

/** Creates the link and invalidates an earlier one. `madeBy` is the person who hands it over. */
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
  // Browsers do not send the fragment, so the token is in no log.
  return { link: `${needs.publicUrl()}/reset#token=${token}`, hash, expiresAt };
}

/** Sets a new password by a link and ends all sessions of the person. @throws AppError */
export async function resetPassword(needs: ResetNeeds, token: string, password: string, from: From): Promise<void> {
  const { db, clock } = needs;
  const tried = await reserveAll(needs, { [linkSubject(from.network)]: loginLimits.links });
  const hash = hashText(token);
  const reset = await findReset(db, hash, new Date(clock.now()));
  if (!reset) {
    await tried.fail();
    throw problem('reset_token_invalid');
  }
  const { personId } = reset;
  const workspaces = await workspacesOf(db, personId);
  await tried.forgive();
  demandUncommon('password', password, [reset.email, reset.name, ...workspaces.map(({ name }) => name)]);
  const passwordHash = await hashPassword(password);
  await db.transaction(async tx => {
    if (!(await takeReset(tx, personId, hash))) throw problem('reset_token_invalid');
    await setPassword(tx, personId, passwordHash);
    // Others guessed at the old password. Their failures must not lock out the person who just proved access.
    await forgiveSubject(tx, personSubject(reset.email));
    const ended = await revokeSessionsOf(tx, personId, new Date(clock.now()));
    const target = { kind: 'person', id: personId };
    const auditedAction = { action: 'password.reset', target, detail: { sessions_ended: ended } };
    await auditEverywhere(tx, personId, actorFrom(from), auditedAction);
  });
}
