// Messages over HTTP.
import {
  idempotencyHeaders,
  idSchema,
  type ListMessagesQuery,
  listConversationMessagesQuery,
  listMessagesQuery,
  messageDetailsSchema,
  messagePage,
  messageSchema,
  problemSchema,
  sendMessageBody,
} from '@recado/contract';
import { z } from 'zod';
import { callerOf, pageRequest, replayedHeader, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { contactByPhone, contactProblem, conversationExists } from '../contacts/index.ts';
import { problem } from './errors.ts';
import * as store from './list-store.ts';
import { present, priorityNumbers } from './message.ts';
import { type MessageNeeds, showMessage } from './show-message.ts';

const params = z.strictObject({ id: idSchema('message') });

/** A code of a failure means failed messages, unless a status is given. */
const filterOf = (query: ListMessagesQuery): store.MessageFilter => ({
  accountId: query.account_id && toUuid(query.account_id),
  contactId: query.contact_id && toUuid(query.contact_id),
  conversationId: query.conversation_id && toUuid(query.conversation_id),
  batchId: query.batch_id && toUuid(query.batch_id),
  direction: query.direction,
  types: query.type,
  statuses: query.status ?? (query.error_code === undefined ? undefined : ['failed']),
  priority: query.priority && priorityNumbers[query.priority],
  errorCode: query.error_code,
  createdBy: query.created_by && toUuid(query.created_by),
  channelMessageId: query.channel_message_id,
  reference: query.reference,
  updatedSince: query.updated_since,
  from: query.from,
  until: query.until,
  isAscending: query.order === 'asc',
});

export function messageRoutes(app: Server, needs: MessageNeeds): void {
  const { db } = needs;
  const tags = ['Messages'];

  const show = showMessage(needs);

  app.post(
    '/api/v1/messages',
    {
      config: { permission: 'messages.create', sends: true },
      schema: {
        tags,
        operationId: 'sendMessage',
        summary: 'Send a message',
        description:
          'Recado answers 202 once it has stored the message durably. `GET /api/v1/messages/:id` shows its progress.',
        headers: idempotencyHeaders,
        body: sendMessageBody,
        response: { 202: messageSchema, 400: problemSchema, 404: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) => {
      const key = request.headers['idempotency-key'];
      const { message, replayed } = await needs.accepting.accept(callerOf(request), request.body, key);
      if (replayed) reply.header(replayedHeader, 'true');
      return reply.code(202).send(message);
    },
  );

  app.get(
    '/api/v1/messages',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'listMessages',
        summary: 'List messages, newest first or oldest first',
        description:
          'The order is that of acceptance or receipt; with `from` or `until`, that of `created_at`. A cursor belongs to its filters. To poll for new messages and changed ones, ask with `order=asc` and `updated_since` one minute before the first request of your previous poll, and skip what you know: a change can appear late.',
        querystring: listMessagesQuery,
        response: { 200: messagePage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const ranged = store.isRanged(request.query);
      const page = pageRequest(request);
      const { waiting_reason: reason, updated_since: since } = request.query;
      const lists = db.listsWithin(caller, reason === undefined && since === undefined ? undefined : caller.id);
      const waiting = reason && { reason, storageFull: needs.storageFull(), now: needs.clock.sqlNow() };
      const filter: store.MessageFilter = {
        ...filterOf(request.query),
        waiting,
        limitedTo: caller.accounts,
        isOfReader: caller.reader && true,
      };
      const { phone } = request.query;
      if (phone !== undefined) {
        const contactId = await contactByPhone(lists, caller.workspaceId, phone);
        if (contactId === undefined || (filter.contactId ?? contactId) !== contactId)
          return toPage([], page, 0, present, () => []);
        filter.contactId = contactId;
      }
      const { rows, total } = await store.listMessages(lists, caller.workspaceId, filter, page);
      const cursorOf = (row: store.ListedMessage) => (ranged ? [row.sorted_by] : []).concat(String(row.seq));
      return toPage(rows, page, total, present, cursorOf);
    },
  );

  app.get(
    '/api/v1/messages/:id',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getMessage',
        summary: 'Show a message with its timeline',
        params,
        response: { 200: messageDetailsSchema, 404: problemSchema },
      },
    },
    request => show(callerOf(request), toUuid(request.params.id)),
  );

  app.get(
    '/api/v1/conversations/:id/messages',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags: ['Conversations'],
        operationId: 'listConversationMessages',
        summary: 'List the messages of a conversation, newest first',
        params: z.strictObject({ id: idSchema('conversation') }),
        description:
          'With `before` or `after`, the messages on one side of a message or note: so a client shows any part of a long conversation.',
        querystring: listConversationMessagesQuery,
        response: { 200: messagePage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const conversationId = toUuid(request.params.id);
      if (!(await conversationExists(db.within(caller), workspaceId, conversationId)))
        throw contactProblem('conversation_not_found');
      const { before, after } = request.query;
      const edge = before ?? after;
      const seq = edge === undefined ? undefined : await store.seqIn(db.within(caller), conversationId, toUuid(edge));
      if (edge !== undefined && seq === undefined) throw problem('message_not_found');
      const filter = {
        conversationId,
        ...(before !== undefined && { beforeSeq: seq }),
        ...(after !== undefined && { afterSeq: seq, isAscending: true }),
      };
      const page = pageRequest(request);
      const { rows, total } = await store.listMessages(db.listsWithin(caller), workspaceId, filter, page);
      return toPage(rows, page, total, present, row => [String(row.seq)]);
    },
  );
}
