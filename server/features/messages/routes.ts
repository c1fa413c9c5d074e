// Messages over HTTP.
import {
  idempotencyHeaders,
  idSchema,
  listMessagesQuery,
  type MessageDetails,
  messageDetailsSchema,
  messagePage,
  messageSchema,
  pageQuery,
  problemSchema,
  sendMessageBody,
  statisticsQuery,
  statisticsSchema,
} from '@recado/contract';
import { z } from 'zod';
import type { Queryable, WalledDatabase } from '../../kit/db.ts';
import { type Caller, callerOf, cursorShapes, invalid, pageRequest, type Server, toPage } from '../../kit/http.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { conversationExists, refuseContact } from '../contacts/index.ts';
import type { Accepting } from './accept-message.ts';
import { refuse } from './errors.ts';
import { markRead } from './inbound-store.ts';
import * as store from './list-store.ts';
import { type Creator, present, presentDetails } from './message.ts';
import { addUp } from './statistics.ts';
import { countMessages } from './statistics-store.ts';
import { waitingOf } from './waiting-store.ts';

export interface MessageNeeds {
  db: WalledDatabase;
  clock: Clock;
  accepting: Accepting;
  wake: (kind: string, key: string) => void;
  /** Who made a message, by the UUID. */
  creatorOf: (db: Queryable, id: string) => Promise<Creator | undefined>;
  /** Whether the lanes hold back for want of room on the disk. */
  storageFull: () => boolean;
}

const params = z.strictObject({ id: idSchema('message') });
const defaultStatisticsDays = 30;

/** The beginning of the first of the days that end with that of the last moment before this one: midnight ends a day. */
const firstDayUntil = (end: Date) =>
  new Date(Math.floor((end.getTime() - 1) / 86_400_000 - defaultStatisticsDays + 1) * 86_400_000);

/** Makes the function that shows a message with its timeline, or refuses where it is not of the workspace. */
export function showMessage({ db, clock, creatorOf, storageFull }: MessageNeeds) {
  return async (caller: Caller, id: string): Promise<MessageDetails> => {
    const mine = db.within(caller);
    const row = await store.findMessage(mine, caller.workspaceId, id);
    if (!row) throw refuse('message_not_found');
    const [timeline, waiting, creator] = await Promise.all([
      store.timelineOf(mine, id),
      waitingOf(mine, id, storageFull(), clock.sqlNow()),
      row.created_by === null ? undefined : creatorOf(mine, row.created_by),
    ]);
    return presentDetails(row, { ...timeline, waiting, creator });
  };
}

export function messageRoutes(app: Server, needs: MessageNeeds): void {
  const { db, clock } = needs;
  const tags = ['Messages'];

  const show = showMessage(needs);

  app.post(
    '/api/v1/messages',
    {
      config: { permission: 'messages.create' },
      schema: {
        tags,
        operationId: 'sendMessage',
        summary: 'Accept a message for sending',
        description:
          'Answers 202 once the message is stored durably. What becomes of it is told by `GET /api/v1/messages/:id`.',
        headers: idempotencyHeaders,
        body: sendMessageBody,
        response: { 202: messageSchema, 400: problemSchema, 404: problemSchema, 422: problemSchema },
      },
    },
    async (request, reply) =>
      reply
        .code(202)
        .send(await needs.accepting.accept(callerOf(request), request.body, request.headers['idempotency-key'])),
  );

  app.get(
    '/api/v1/messages',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'listMessages',
        summary: 'List messages, the newest first',
        description:
          'In the order in which they were accepted or received; with `from` or `until` in that of `created_at`. A cursor is for the same filters. Whoever asks again and again for what is new: a message takes its place before it is stored for good, so one may appear behind others that were there already. Ask with a `from` of a minute before the newest that you have, and take each id once.',
        querystring: listMessagesQuery,
        response: { 200: messagePage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const ranged = store.isRanged(request.query);
      const shape = ranged ? [cursorShapes.time, cursorShapes.number] : [cursorShapes.number];
      const page = pageRequest(request.query, shape);
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
    '/api/v1/messages/statistics',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getMessageStatistics',
        summary: 'Count messages by status, type, day and account',
        description:
          'Days are UTC. Without a range: today and the 29 days before; with `until` alone the 30 days that end there.',
        querystring: statisticsQuery,
        response: { 200: statisticsSchema, 400: problemSchema },
      },
    },
    async request => {
      const until = request.query.until === undefined ? undefined : new Date(request.query.until);
      const end = until ?? new Date(clock.now() + 1_000);
      const from = request.query.from ? new Date(request.query.from) : firstDayUntil(end);
      if (from >= end) throw invalid('from', 'Must not lie in the future where there is no until.');
      const accountId = request.query.account_id && toUuid(request.query.account_id);
      const rows = await countMessages(db.listsWithin(callerOf(request)), callerOf(request).workspaceId, {
        from,
        until,
        accountId,
      });
      return addUp(rows, from, end);
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

  app.put(
    '/api/v1/messages/:id/read',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags,
        operationId: 'markMessageRead',
        summary: 'Mark an inbound message, and those before it, as read',
        params,
        response: { 200: messageDetailsSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const message = await db.within(caller).transaction(tx => markRead(tx, workspaceId, id, clock.sqlNow()));
      if (!message) throw refuse('message_not_found');
      if (message.direction !== 'inbound') throw refuse('message_not_inbound');
      needs.wake('read', message.account_id);
      return show(caller, id);
    },
  );

  app.get(
    '/api/v1/conversations/:id/messages',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags: ['Conversations'],
        operationId: 'listConversationMessages',
        summary: 'List the messages of a conversation, the newest first',
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
        throw refuseContact('conversation_not_found');
      const page = pageRequest(request.query, [cursorShapes.number]);
      const { rows, total } = await store.listMessages(db.listsWithin(caller), workspaceId, { conversationId }, page);
      return toPage(rows, page, total, present, row => [String(row.seq)]);
    },
  );
}
