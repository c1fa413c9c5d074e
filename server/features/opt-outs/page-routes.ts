// The page behind a signed link, over HTTP. Its holder may opt the person out of marketing, and take that back.
// Links are opened by scanners too, so a GET changes nothing.
import {
  createOptOutLinkBody,
  type OptOutState,
  optOutLinkSchema,
  optOutStateSchema,
  problemSchema,
} from '@recado/contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import { readPhone } from '../contacts/index.ts';
import { lockLanes } from '../queue/index.ts';
import { problem } from './errors.ts';
import type { PersonClaim } from './links.ts';
import type { OptOutNeeds } from './needs.ts';
import { findLinked, type PersonRow } from './page-store.ts';
import { namedContact } from './person.ts';
import { cancelBarred, endOfPage, insertOptOuts } from './store.ts';

const tags = ['Opt-outs'];
const address = '/api/v1/opt-out-links/:token';
const params = z.strictObject({ token: z.string().meta({ description: 'The end of the address of the page.' }) });
const response = { 200: optOutStateSchema, 404: problemSchema, 429: problemSchema };
const config = { public: true } as const;

const present = (row: PersonRow): OptOutState => ({
  workspace_name: row.workspace_name,
  number_ending: row.phone?.slice(-4) ?? null,
  opted_out: row.opted_out,
  since: row.since?.toISOString() ?? null,
  revocable: row.revocable,
});

export function pageRoutes(app: Server, needs: OptOutNeeds): void {
  const { db, clock, links, publicUrl } = needs;

  app.post(
    '/api/v1/opt-out-links',
    {
      config: { permission: 'opt_outs.manage' },
      schema: {
        tags,
        operationId: 'createOptOutLink',
        summary: 'Make the link by which a person leaves the offers',
        description:
          'A repeat gives the same link. It does not expire. Its holder may opt the person out of marketing, so put it only into messages to them.',
        body: createOptOutLinkBody,
        response: { 200: optOutLinkSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const mine = db.within(caller);
      const { contact_id: contactId, to } = request.body;
      const phone = to === undefined ? undefined : await readPhone(mine, workspaceId, to, 'to');
      const contact = await mine.transaction(tx => namedContact(tx, workspaceId, { contactId, phone }));
      const token = links.sign({ workspaceId, contactId: contact });
      const url = `${publicUrl()}/opt-out/${token}`;
      return reply.header('cache-control', 'no-store').send({ contact_id: toId('contact', contact), url, token });
    },
  );

  /** Answers with the state of the link's person, after a change if there is one. */
  async function answer(
    reply: FastifyReply,
    token: string,
    change?: (tx: Queryable, person: PersonRow, claim: PersonClaim) => Promise<void>,
  ) {
    const claim = links.read(token);
    if (!claim) throw problem('opt_out_link_invalid');
    const mine = db.within({ workspaceId: claim.workspaceId, accounts: undefined });
    const state = await mine.transaction(async tx => {
      if (change) await lockLanes(tx, claim.workspaceId);
      const person = await findLinked(tx, claim);
      if (!person) throw problem('opt_out_link_invalid');
      await change?.(tx, person, claim);
      return change ? await findLinked(tx, claim) : person;
    });
    if (!state) throw problem('opt_out_link_invalid');
    return reply.header('cache-control', 'no-store').send(present(state));
  }

  app.get(
    address,
    {
      config,
      schema: {
        tags,
        operationId: 'getOptOutState',
        summary: 'Show whether the person of a link gets offers',
        description: 'It changes nothing.',
        params,
        response,
      },
    },
    (request, reply) => answer(reply, request.params.token),
  );

  app.post(
    address,
    {
      config,
      schema: {
        tags,
        operationId: 'optOutByLink',
        summary: 'Opt the person of a link out of marketing',
        description: 'A repeat changes nothing.',
        params,
        response,
      },
    },
    (request, reply) =>
      answer(reply, request.params.token, async (tx, { contact_id: contact }, { workspaceId }) => {
        const at = new Date(clock.now());
        const cause = { category: 'marketing', reason: null, source: 'page', at } as const;
        const [made] = await insertOptOuts(tx, [contact], cause);
        if (made === undefined) return;
        await cancelBarred(tx, [contact], clock.sqlNow());
        await audit(
          tx,
          { ...actorOf(request), workspaceId },
          {
            action: 'opt_out.created_by_link',
            target: { kind: 'contact', id: contact },
          },
        );
      }),
  );

  app.delete(
    address,
    {
      config,
      schema: {
        tags,
        operationId: 'takeBackOptOutByLink',
        summary: 'Take back the opt-out of the page of a link',
        description: 'An opt-out that came another way stays. A repeat changes nothing.',
        params,
        response,
      },
    },
    (request, reply) =>
      answer(reply, request.params.token, async (tx, { contact_id: contact, revocable }, { workspaceId }) => {
        if (!revocable) return;
        await endOfPage(tx, contact, { reason: null, source: 'page', at: new Date(clock.now()) });
        await audit(
          tx,
          { ...actorOf(request), workspaceId },
          {
            action: 'opt_out.removed_by_link',
            target: { kind: 'contact', id: contact },
          },
        );
      }),
  );
}
