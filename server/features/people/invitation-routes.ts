// Invitations over HTTP.
import {
  acceptInvitationBody,
  createInvitationBody,
  idempotencyHeaders,
  idSchema,
  invitationPage,
  invitationPreviewSchema,
  invitationSchema,
  listInvitationsQuery,
  newInvitationSchema,
  previewInvitationBody,
  problemSchema,
  sessionAnswer,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toUuid } from '../../kit/ids.ts';
import { answerSession, countRequest, fromOf } from '../auth/index.ts';
import { problem } from './errors.ts';
import * as invitations from './invitation-store.ts';
import { acceptInvitation, invitationDays, invitationLetter, openInvitation } from './invite.ts';
import { demandAccounts, type PeopleNeeds } from './needs.ts';
import { presentInvitation, toAccountIds } from './person.ts';
import { demandLimitable, demandRank, type Member, standing } from './rules.ts';
import { isMemberByEmail, lockMembers } from './store.ts';
import { workspaceName } from './workspace-store.ts';

/** Mails go to strangers: a stolen session must not flood them. */
const inviteLimit = { most: 50, ms: 3_600_000 };

/** Revokes open invitations, if none is to a role above the caller's. Returns how many. @throws AppError */
async function revoke(tx: Queryable, by: Member, workspaceId: string, which: invitations.Which, now: Date) {
  for (const role of await invitations.invitedRoles(tx, workspaceId, which, now)) demandRank(by, role);
  return invitations.revokeInvitations(tx, workspaceId, which, now);
}

export function invitationRoutes(app: Server, needs: PeopleNeeds): void {
  const { db, clock, mailer } = needs;
  const tags = ['Invitations'];

  app.get(
    '/api/v1/invitations',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'listInvitations',
        summary: 'List invitations',
        querystring: listInvitationsQuery,
        response: { 200: invitationPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const now = new Date(clock.now());
      const { rows, total } = await invitations.listInvitations(db.within(caller), caller.workspaceId, page, now);
      return toPage(rows, page, total, presentInvitation, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/invitations/:id',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'getInvitation',
        summary: 'Show an invitation',
        params: z.strictObject({ id: idSchema('invitation') }),
        response: { 200: invitationSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const now = new Date(clock.now());
      const row = await invitations.findInvitation(db.within(caller), caller.workspaceId, id, now);
      if (!row) throw problem('invitation_not_found');
      return presentInvitation(row);
    },
  );

  app.post(
    '/api/v1/invitations',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'createInvitation',
        summary: 'Invite a person to this workspace',
        description:
          'An invitation works for seven days and replaces an earlier one to the same address. With SMTP, Recado mails the link and never shows it. Without SMTP, only this answer contains it. With an `Idempotency-Key`, Recado keeps the encrypted answer for 24 hours and repeats it to the same caller only.',
        headers: idempotencyHeaders,
        body: createInvitationBody,
        response: { 201: newInvitationSchema, 409: problemSchema, 429: problemSchema, 502: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { email, role, account_ids: ids, conversations = 'all', sees_numbers: seesNumbers = true } = request.body;
      await countRequest(needs.logIn, { [`invite person ${caller.id}`]: inviteLimit });
      const mine = db.within(caller);
      const keyed = {
        workspaceId,
        operation: 'invitations.create',
        key: request.headers['idempotency-key'],
        body: request.body,
        by: caller.id,
      };
      const work = async (tx: Queryable) => {
        const token = randomText();
        const id = newUuid();
        const now = new Date(clock.now());
        const inviter = standing(await lockMembers(tx, workspaceId), caller.id);
        demandRank(inviter, role);
        const accounts = ids ? await demandAccounts(needs, tx, workspaceId, ids) : null;
        demandLimitable({ role, accounts, conversations, seesNumbers });
        if (await isMemberByEmail(tx, workspaceId, email)) throw problem('already_member');
        await revoke(tx, inviter, workspaceId, { email }, now);
        const expiresAt = new Date(now.getTime() + invitationDays * 86_400_000);
        const made = {
          id,
          email,
          role,
          accounts,
          conversations,
          seesNumbers,
          hash: hashText(token),
          invitedBy: caller.id,
          expiresAt,
        };
        await invitations.insertInvitation(tx, workspaceId, made, now);
        await audit(tx, actorOf(request), {
          action: 'invitation.created',
          target: { kind: 'invitation', id },
          detail: { role, account_ids: toAccountIds(accounts), conversations, sees_numbers: seesNumbers },
        });
        const row = await invitations.findInvitation(tx, workspaceId, id, now);
        if (!row) throw problem('invitation_not_found');
        // Browsers do not send the fragment, so the token is in no log.
        const link = `${needs.publicUrl()}/invitation#token=${token}`;
        const body = { ...presentInvitation(row), mailed: mailer !== undefined, link: mailer ? null : link };
        if (!mailer) return { status: 201, body };
        const letter = invitationLetter(
          email,
          { workspace: await workspaceName(tx, workspaceId), inviter: row.inviter ?? '' },
          link,
        );
        const finish = async () => {
          if ((await mailer.send(letter)) !== 'sent') throw await withdrawn(id);
        };
        return { status: 201, body, finish };
      };
      const answer = await idempotently(mine, keyed, work, needs.logIn.encrypter);
      return sendKept(reply.header('cache-control', 'no-store'), answer);

      /** The mail was not sent, so nobody has the link. */
      async function withdrawn(id: string) {
        await mine.transaction(async tx => {
          await invitations.revokeInvitations(tx, workspaceId, { id }, new Date(clock.now()));
          await audit(tx, actorOf(request), {
            action: 'invitation.revoked',
            target: { kind: 'invitation', id },
            detail: { reason: 'mail_not_sent' },
          });
        });
        return problem('mail_not_sent');
      }
    },
  );

  app.delete(
    '/api/v1/invitations/:id',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'revokeInvitation',
        summary: 'Revoke an invitation to a role not above your own',
        params: z.strictObject({ id: idSchema('invitation') }),
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        const now = new Date(clock.now());
        const by = standing(await lockMembers(tx, caller.workspaceId), caller.id);
        if ((await revoke(tx, by, caller.workspaceId, { id }, now)) === 0) throw problem('invitation_not_found');
        await audit(tx, actorOf(request), { action: 'invitation.revoked', target: { kind: 'invitation', id } });
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/invitations/preview',
    {
      bodyLimit: 16 * 1024,
      config: { public: true },
      schema: {
        tags,
        operationId: 'previewInvitation',
        summary: 'Show who invites whom to which workspace',
        description: 'It changes nothing. An unknown, used, revoked or expired token shows nothing.',
        body: previewInvitationBody,
        response: { 200: invitationPreviewSchema, 400: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const found = await openInvitation(needs, hashText(request.body.token), fromOf(request));
      return reply.header('cache-control', 'no-store').send({
        workspace_name: found.workspaceName,
        invited_by: found.inviter,
        email: found.email,
        role: found.role,
        expires_at: found.expiresAt.toISOString(),
      });
    },
  );

  app.post(
    '/api/v1/invitations/accept',
    {
      bodyLimit: 16 * 1024,
      config: { public: true },
      schema: {
        tags,
        operationId: 'acceptInvitation',
        summary: 'Accept an invitation and log in to its workspace',
        description:
          'A new person chooses a name and a password. A known person sends their own password, and a code if they have a second factor.',
        body: acceptInvitationBody,
        response: { 201: sessionAnswer, 401: problemSchema, 409: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const opened = await acceptInvitation(needs, request.body, fromOf(request));
      reply.code(201);
      return answerSession(needs.cookies, reply, opened, request.body.cookies ?? false);
    },
  );
}
