// The people of a workspace over HTTP.
import {
  idSchema,
  listPeopleQuery,
  personPage,
  personSchema,
  problemSchema,
  resetLinkSchema,
  updatePersonBody,
} from '@recado/contract';
import { z } from 'zod';
import { type Actor, actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import {
  countRequest,
  dropReset,
  dropResetsOfMember,
  lockPerson,
  makeReset,
  resetLetter,
  revokeSessionsIn,
} from '../auth/index.ts';
import { problem } from './errors.ts';
import { revokeInvitations } from './invitation-store.ts';
import { demandAccounts, type PeopleNeeds } from './needs.ts';
import { presentPerson, toAccountIds } from './person.ts';
import { changeMember, demandTarget, isLess, isSame, type Member } from './rules.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('person') });

/** A stolen session must not flood others with mails. */
const resetLinkLimit = { most: 50, ms: 3_600_000 };

export function peopleRoutes(app: Server, needs: PeopleNeeds): void {
  const { db, engineDb, clock, mailer } = needs;
  const tags = ['People'];

  app.get(
    '/api/v1/people',
    {
      config: { permission: 'people.read' },
      schema: {
        tags,
        operationId: 'listPeople',
        summary: 'List people',
        querystring: listPeopleQuery,
        response: { 200: personPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listPeople(db.within(caller), caller.workspaceId, page);
      return toPage(rows, page, total, presentPerson, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/people/:id',
    {
      config: { permission: 'people.read' },
      schema: {
        tags,
        operationId: 'getPerson',
        summary: 'Show a person',
        params,
        response: { 200: personSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const row = await store.findPersonOf(db.within(caller), caller.workspaceId, toUuid(request.params.id));
      if (!row) throw problem('person_not_found');
      return presentPerson(row);
    },
  );

  app.patch(
    '/api/v1/people/:id',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'updatePerson',
        summary: 'Change the role, accounts, conversations or status of a person',
        description: 'The change applies from the next request on. A disabled person is logged out of this workspace.',
        params,
        body: updatePersonBody,
        response: { 200: personSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { role, account_ids: ids, conversations, sees_numbers: seesNumbers, disabled } = request.body;
      const row = await db.within(caller).transaction(async tx => {
        const members = await store.lockMembers(tx, workspaceId);
        const accounts = ids && (await demandAccounts(needs, tx, workspaceId, ids));
        const change = { role, accounts, conversations, seesNumbers, disabled };
        const { before, after } = changeMember(members, caller.id, id, change);
        if (!isSame(before, after)) await settle(tx, actorOf(request), workspaceId, before, after);
        return store.findPersonOf(tx, workspaceId, id);
      });
      if (!row) throw problem('person_not_found');
      return presentPerson(row);
    },
  );

  app.delete(
    '/api/v1/people/:id',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'removePerson',
        summary: 'Remove a person from this workspace and end their sessions in it',
        params,
        response: { 204: z.null(), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        const members = await store.lockMembers(tx, workspaceId);
        const { before, after } = changeMember(members, caller.id, id, undefined);
        await settle(tx, actorOf(request), workspaceId, before, after);
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/people/:id/reset-link',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'createResetLink',
        summary: 'Create a reset link for another person',
        description:
          'With SMTP, Recado mails the link to the person. Without SMTP, the answer contains it, unless the person belongs to other workspaces too.',
        params,
        response: {
          201: resetLinkSchema,
          404: problemSchema,
          409: problemSchema,
          429: problemSchema,
          502: problemSchema,
        },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      if (id === caller.id) throw problem('reset_link_for_yourself');
      await countRequest(needs.logIn, { [`reset link person ${caller.id}`]: resetLinkLimit });
      const made = await engineDb.transaction(async tx => {
        // A parallel addition to another workspace has happened, or waits and then ends the link.
        await lockPerson(tx, id);
        demandTarget(await store.lockMembers(tx, workspaceId), caller.id, id);
        if (!mailer && (await store.isElsewhere(tx, workspaceId, id))) throw problem('person_elsewhere_too');
        const target = { kind: 'person', id };
        await audit(tx, actorOf(request), {
          action: 'password_reset.made',
          target,
          detail: { mailed: mailer !== undefined },
        });
        const person = await store.findPersonOf(tx, workspaceId, id);
        const reset = await makeReset(needs, tx, id, mailer ? undefined : caller.id);
        return { ...reset, email: person?.email ?? '' };
      });
      if (mailer && (await mailer.send(resetLetter(made.email, made.link))) !== 'sent')
        throw await withdrawn(made.hash);
      const answer = { mailed: mailer !== undefined, expires_at: made.expiresAt.toISOString() };
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({ ...answer, link: mailer ? null : made.link });

      /** The mail was not sent, so nobody has the link. */
      async function withdrawn(hash: Buffer) {
        await engineDb.transaction(async tx => {
          if (!(await dropReset(tx, hash))) return;
          await audit(tx, actorOf(request), {
            action: 'password_reset.withdrawn',
            target: { kind: 'person', id },
            detail: { reason: 'mail_not_sent' },
          });
        });
        return problem('mail_not_sent');
      }
    },
  );

  /** Stores a changed member, and ends sessions and links that it no longer justifies. */
  async function settle(
    tx: Queryable,
    actor: Actor,
    workspaceId: string,
    before: Member,
    after: Member | undefined,
  ): Promise<void> {
    const now = new Date(clock.now());
    const { personId } = before;
    await store.putMember(tx, workspaceId, personId, after, now);
    // A link that would grant more or less than when it was created must be created again.
    if (!after || after.role !== before.role || after.disabled) await dropResetsOfMember(tx, workspaceId, personId);
    const sessions = !after || after.disabled ? await revokeSessionsIn(tx, workspaceId, personId, now) : 0;
    const invitations = isLess(before, after)
      ? await revokeInvitations(tx, workspaceId, { invitedBy: personId }, now)
      : 0;
    await audit(tx, actor, {
      action: after ? 'person.changed' : 'person.removed',
      target: { kind: 'person', id: personId },
      detail: {
        before: shown(before),
        ...(after && { after: shown(after) }),
        sessions_ended: sessions,
        invitations_revoked: invitations,
      },
    });
  }
}

/** A member as the audit log shows it. */
const shown = ({ role, accounts, conversations, seesNumbers, disabled }: Member) => ({
  role,
  account_ids: toAccountIds(accounts),
  conversations,
  sees_numbers: seesNumbers,
  disabled,
});
