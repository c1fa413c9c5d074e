// Contacts and conversations over HTTP.
import {
  contactSchema,
  conversationPage,
  conversationSchema,
  createContactBody,
  idempotencyHeaders,
  idSchema,
  listConversationsQuery,
  problemSchema,
  updateContactBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import {
  type Caller,
  callerId,
  callerOf,
  demandEveryAccount,
  invalid,
  pageRequest,
  type Server,
  sendKept,
  toPage,
} from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import type { RunHook } from '../hooks.ts';
import { cancelWaiting, lockLanes } from '../queue/index.ts';
import { setFacts } from './change-contact.ts';
import { presentConversation } from './contact.ts';
import { conversationFilter } from './conversation-filter.ts';
import * as conversations from './conversation-store.ts';
import { problem } from './errors.ts';
import { labellingRoutes } from './labelling-routes.ts';
import { contactListRoutes } from './list-routes.ts';
import { memberRoutes } from './member-routes.ts';
import { openConversationRoute } from './open-conversation.ts';
import { readPhone } from './phone.ts';
import { notFound, showContact } from './show-contact.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('contact') });

export interface ContactNeeds {
  db: ScopedDatabase;
  clock: Clock;
  runHook: RunHook;
}

/** A caller limited to some accounts must not learn of a contact of other accounts. */
const phoneTaken = (caller: Caller, owner: string) =>
  problem(
    'phone_taken',
    caller.accounts === undefined
      ? `The contact ${toId('contact', owner)} has this phone number. Use it, or delete it first.`
      : undefined,
  );

export function contactRoutes(app: Server, { db, clock, runHook }: ContactNeeds): void {
  openConversationRoute(app, { db, clock });
  contactListRoutes(app, { db, clock });
  labellingRoutes(app, { db, clock });
  memberRoutes(app, { db, clock });
  const tags = ['Contacts'];
  const show = (caller: Caller, id: string, at: Queryable = db.within(caller)) =>
    showContact(at, caller.workspaceId, id);

  app.post(
    '/api/v1/contacts',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags,
        operationId: 'createContact',
        summary: 'Create a contact',
        headers: idempotencyHeaders,
        body: createContactBody,
        response: { 201: contactSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { phone, fields: values, label_ids, ...fields } = request.body;
      const e164 = phone == null ? null : await readPhone(db.within(caller), workspaceId, phone, 'phone');
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'contacts.create', key, body: { ...request.body, phone: e164 } };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        const id = newUuid();
        await store.insertContact(tx, workspaceId, id, fields);
        const owner = await store.changePhone(tx, workspaceId, id, e164);
        if (owner !== undefined) throw phoneTaken(caller, owner);
        await setFacts(tx, caller, id, { fields: values, label_ids });
        await audit(tx, actorOf(request), { action: 'contact.created', target: { kind: 'contact', id } });
        return { status: 201, body: await show(caller, id, tx) };
      });
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/contacts/:id',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'getContact',
        summary: 'Show a contact',
        params,
        response: { 200: contactSchema, 404: problemSchema },
      },
    },
    request => show(callerOf(request), toUuid(request.params.id)),
  );

  app.patch(
    '/api/v1/contacts/:id',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags,
        operationId: 'updateContact',
        summary: 'Change a contact: name, phone number, reference, metadata, language, fields, labels',
        params,
        body: updateContactBody,
        response: { 200: contactSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { phone, fields: values, label_ids, ...fields } = request.body;
      const e164 = phone == null ? phone : await readPhone(db.within(caller), workspaceId, phone, 'phone');
      await db.within(caller).transaction(async tx => {
        if (!(await store.updateContact(tx, workspaceId, id, fields))) throw await notFound(tx, workspaceId, id);
        const owner = e164 === undefined ? undefined : await store.setPhone(tx, workspaceId, id, e164);
        if (owner !== undefined) throw phoneTaken(caller, owner);
        await setFacts(tx, caller, id, { fields: values, label_ids });
        if (await store.isEmpty(tx, id))
          throw invalid(
            fields.name === null ? 'name' : 'phone',
            'Must not be null: a contact keeps a name or a phone number.',
          );
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'contact.updated', target: { kind: 'contact', id }, detail });
      });
      return show(caller, id);
    },
  );

  app.delete(
    '/api/v1/contacts/:id',
    {
      config: { permission: 'contacts.manage' },
      schema: {
        tags,
        operationId: 'deleteContact',
        summary: 'Delete a contact: cancel its queued messages, keep its history',
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        await lockLanes(tx, caller.workspaceId);
        await runHook('contact.deleted', tx, { workspaceId: caller.workspaceId, contactIds: [id] });
        if (!(await store.deleteContact(tx, caller.workspaceId, id))) throw problem('contact_not_found');
        const why = { reason: 'contact_deleted', by: callerId(caller) };
        await cancelWaiting(tx, caller.workspaceId, { contactId: id }, why, clock.sqlNow());
        await audit(tx, actorOf(request), { action: 'contact.deleted', target: { kind: 'contact', id } });
      });
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/v1/conversations',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags: ['Conversations'],
        operationId: 'listConversations',
        summary: 'List conversations, by default the latest first',
        querystring: listConversationsQuery,
        response: { 200: conversationPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { contact_id, unread, waiting, not_sent, sort, ...same } = request.query;
      const asked = {
        ...same,
        unread: unread && unread === 'true',
        waiting: waiting === 'true',
        not_sent: not_sent === 'true',
      };
      const filter = {
        ...conversationFilter(asked, caller, new Date(clock.now())),
        contactId: contact_id && toUuid(contact_id),
      };
      const mine = db.listsWithin(caller);
      const { rows, total } = await conversations.listConversations(mine, caller.workspaceId, filter, page, sort);
      return toPage(
        rows,
        page,
        total,
        row => presentConversation(row, clock.now(), caller.permissions.has('messages.read')),
        row => [row.sorted_by, row.id, ...(row.sort_key === undefined ? [] : [row.sort_key])],
      );
    },
  );

  app.get(
    '/api/v1/conversations/:id',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags: ['Conversations'],
        operationId: 'getConversation',
        summary: 'Show a conversation',
        params: z.strictObject({ id: idSchema('conversation') }),
        response: { 200: conversationSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const row = await conversations.findConversation(
        db.within(caller),
        caller.workspaceId,
        toUuid(request.params.id),
      );
      if (!row) throw problem('conversation_not_found');
      return presentConversation(row, clock.now(), caller.permissions.has('messages.read'));
    },
  );
}
