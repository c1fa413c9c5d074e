// Showing a person that somebody is typing.
import { idSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { commonProblem } from '../../kit/errors.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { MessageNeeds } from '../messages/index.ts';
import { problem } from './errors.ts';
import { markRead } from './inbound-store.ts';
import { newestReceived, requestTyping, wasReceived } from './typing-store.ts';

export function typingRoutes(app: Server, { db, clock, wake }: MessageNeeds): void {
  app.post(
    '/api/v1/conversations/:id/typing',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags: ['Conversations'],
        operationId: 'showTyping',
        summary: 'Show the person that you are typing',
        description:
          'It also marks the messages of the person as read. WhatsApp shows typing until you send a message, for 25 seconds at most.',
        params: z.strictObject({ id: idSchema('conversation') }),
        response: { 204: z.undefined(), 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const mine = db.within(caller);
      const newest = await newestReceived(mine, workspaceId, id);
      if (!newest) throw commonProblem('not_found');
      if (!wasReceived(newest)) throw problem('nothing_received');
      await mine.transaction(async tx => {
        await markRead(tx, workspaceId, newest.id, clock.sqlNow());
        await requestTyping(tx, newest, clock.sqlNow());
      });
      wake('read', newest.account_id);
      return reply.code(204).send();
    },
  );
}
