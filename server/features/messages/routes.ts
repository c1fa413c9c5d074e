// Messages over HTTP.
import {
  idempotencyHeaders,
  idSchema,
  listMessagesQuery,
  messageDetailsSchema,
  messagePage,
  messageSchema,
  pageQuery,
  problemSchema,
  sendMessageBody,
} from '@recado/contract';
import { z } from 'zod';
import { callerOf, pageRequest, replayedHeader, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { contactProblem, conversationExists } from '../contacts/index.ts';
import * as store from './list-store.ts';
import { present } from './message.ts';
import { type MessageNeeds, showMessage } from './show-message.ts';

const params = z.strictObject({ id: idSchema('message') });
export function messageRoutes(app: Server, needs: MessageNeeds): void {
  const { db } = needs;
  const tags = ['Messages'];

  const show = showMessage(needs);

  app.post(
    '/api/v1/messages',
    {
      config: { permission: 'messages.create' },
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
        summary: 'List messages, newest first',
        description:
          'The order is that of acceptance or receipt; with `from` or `until`, that of `created_at`. A cursor belongs to its filters. To poll for new messages, start `from` one minute before your newest message and skip known ids: a message can appear late.',
        querystring: listMessagesQuery,
        response: { 200: messagePage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const ranged = store.isRanged(request.query);
      const page = pageRequest(request);
      const { account_id, contact_id, conversation_id, batch_id, status, ...rest } = request.query;
      const filter = {
        direction: rest.direction,
        type: rest.type,
        from: rest.from,
        until: rest.until,
        statuses: status,
        accountId: account_id && toUuid(account_id),
        contactId: contact_id && toUuid(contact_id),
        conversationId: conversation_id && toUuid(conversation_id),
        batchId: batch_id && toUuid(batch_id),
        limitedTo: caller.accounts,
      };
      const { rows, total } = await store.listMessages(db.listsWithin(caller), caller.workspaceId, filter, page);
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
        querystring: z.strictObject(pageQuery),
        response: { 200: messagePage, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const conversationId = toUuid(request.params.id);
      if (!(await conversationExists(db.within(caller), workspaceId, conversationId)))
        throw contactProblem('conversation_not_found');
      const page = pageRequest(request);
      const { rows, total } = await store.listMessages(db.listsWithin(caller), workspaceId, { conversationId }, page);
      return toPage(rows, page, total, present, row => [String(row.seq)]);
    },
  );
}
