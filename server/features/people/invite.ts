// Invites people, and adds a member by an invitation.
import type { acceptInvitationBody } from '@recado/contract';
import type { z } from 'zod';
import { audit } from '../../kit/audit.ts';
import { hashText } from '../../kit/crypto/secrets.ts';
import { newUuid } from '../../kit/ids.ts';
import {
  actorFrom,
  authProblem,
  countFailure,
  countSession,
  demandUncommon,
  dropHandedOver,
  type From,
  hashPassword,
  holdPassword,
  insertPerson,
  linkSubject,
  loginLimits,
  openSession,
  type Proof,
  prove,
  refused,
} from '../auth/index.ts';
import { problem } from './errors.ts';
import { findOpenInvitation, markAccepted, type OpenInvitation } from './invitation-store.ts';
import type { PeopleNeeds } from './needs.ts';
import { addMember } from './store.ts';

export const invitationDays = 7;

/** The mail with the link. Names are short and on separate lines, so that nobody can write mails through us. */
export const invitationLetter = (to: string, names: { workspace: string; inviter: string }, link: string) => ({
  to,
  subject: 'An invitation to Recado',
  text: `You are invited to a workspace of Recado, a server for WhatsApp messages.

Workspace: ${oneLine(names.workspace)}
Invited by: ${oneLine(names.inviter)}

Join here within ${invitationDays} days; the link works once:
${link}

If you did not expect this, you can ignore it.
`,
});

const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();

/** The invitation of a token. @throws AppError if it cannot be accepted; such tokens count as failures of the address */
export async function openInvitation(
  { engineDb, clock, logIn }: PeopleNeeds,
  hash: Buffer,
  from: From,
): Promise<OpenInvitation> {
  const invitation = await findOpenInvitation(engineDb, hash, new Date(clock.now()));
  if (invitation) return invitation;
  await countFailure(logIn, { [linkSubject(from.network)]: loginLimits.links });
  throw problem('invitation_invalid');
}

/**
 * Adds the member of an invitation and opens a session. A new person gets the password; an existing one must
 * authenticate, with the work, responses and limits of a login.
 * @throws AppError
 */
export async function acceptInvitation(needs: PeopleNeeds, body: z.output<typeof acceptInvitationBody>, from: From) {
  const hash = hashText(body.token);
  const invitation = await openInvitation(needs, hash, from);
  const { password, code } = body;
  const proof = await prove(needs.logIn, { email: invitation.email, password, code }, from);
  return enter(needs, invitation, { hash, proof, body }, from).catch(async error => {
    await proof.fail();
    throw error;
  });
}

/** Adds the invited person if the proof allows it. @throws AppError */
async function enter(
  { engineDb: db, clock, logIn }: PeopleNeeds,
  invitation: OpenInvitation,
  { hash, proof, body }: { hash: Buffer; proof: Proof; body: z.output<typeof acceptInvitationBody> },
  from: From,
) {
  const { email, workspaceId } = invitation;
  const { password } = body;
  // A weak password gets the same response for known and unknown addresses, except for the owner of the address.
  if (proof.result === 'wrong') demandUncommon('password', password, [email, body.name, invitation.workspaceName]);
  if (proof.identity && proof.result !== 'right') throw await refused(logIn, proof, from);
  if (proof.identity) {
    await proof.forgive();
    await countSession(logIn, proof.identity.personId);
  }
  const passwordHash = proof.identity ? undefined : await hashPassword(password);
  const opened = await db.transaction(async tx => {
    const now = new Date(clock.now());
    if (!(await findOpenInvitation(tx, hash, now, true))) throw problem('invitation_invalid');
    if (proof.identity && !(await holdPassword(tx, proof.identity))) throw authProblem('credentials_invalid');
    const personId = proof.identity?.personId ?? newUuid();
    if (passwordHash !== undefined && !(await insertPerson(tx, { id: personId, email, name: body.name, passwordHash })))
      throw authProblem('credentials_invalid');
    if (!(await addMember(tx, workspaceId, personId, invitation))) throw problem('already_member');
    await dropHandedOver(tx, personId);
    await markAccepted(tx, invitation.id, now);
    const actor = actorFrom(from, personId, workspaceId);
    await audit(tx, actor, {
      action: 'invitation.accepted',
      target: { kind: 'invitation', id: invitation.id },
      detail: { role: invitation.role },
    });
    await audit(tx, actor, { action: 'session.opened', detail: proof.by && { second_factor: proof.by } });
    return openSession(logIn, tx, { personId, workspaceId }, from);
  });
  if (!proof.identity) await proof.forgive();
  return opened;
}
