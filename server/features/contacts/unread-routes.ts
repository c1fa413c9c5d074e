// Marking a conversation as unread, so that somebody looks at it again.
import { conversationSchema, idSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { presentConversation } from './contact.ts';
import { findConversation } from './conversation-store.ts';
import { problem } from './errors.ts';
import { markUnread } from './unread-store.ts';

export function unreadRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  const schema = {
    tags: ['Conversations'],
    params: z.strictObject({ id: idSchema('conversation') }),
    response: { 200: conversationSchema, 404: problemSchema },
  };

  app.put(
    '/api/v1/conversations/:id/unread',
    {
      config: { permission: 'messages.update' },
      schema: {
        ...schema,
        operationId: 'markConversationUnread',
        summary: 'Mark a conversation as unread',
        description:
          'Its `unread_count` is at least 1 until somebody marks a message of it as read. Nothing is sent to WhatsApp.',
      },
    },
    request => mark(callerOf(request), request.params.id, true),
  );

  app.delete(
    '/api/v1/conversations/:id/unread',
    {
      config: { permission: 'messages.update' },
      schema: {
        ...schema,
        operationId: 'unmarkConversationUnread',
        summary: 'Remove the mark that a conversation is unread',
        description: 'Unread messages stay unread: mark a message as read instead.',
      },
    },
    request => mark(callerOf(request), request.params.id, false),
  );

  async function mark(caller: Caller, conversation: string, isUnread: boolean) {
    const mine = db.within(caller);
    const id = toUuid(conversation);
    const row = await mine.transaction(async tx => {
      await markUnread(tx, caller.workspaceId, { id, isUnread }, clock.sqlNow());
      return findConversation(tx, caller.workspaceId, id);
    });
    if (!row) throw problem('conversation_not_found');
    return presentConversation(row, clock.now(), caller.permissions.has('messages.read'));
  }
}
