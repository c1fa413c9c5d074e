// Marking received messages as read over HTTP.
import { idSchema, messageDetailsSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { type MessageNeeds, messageProblem as problem, showMessage } from '../messages/index.ts';
import { markRead } from './inbound-store.ts';

const params = z.strictObject({ id: idSchema('message') });

export function readRoutes(app: Server, needs: MessageNeeds): void {
  const { db, clock } = needs;
  const tags = ['Messages'];
  const show = showMessage(needs);

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
      if (!message) throw problem('message_not_found');
      if (message.direction !== 'inbound') throw problem('message_not_inbound');
      needs.wake('read', message.account_id);
      return show(caller, id);
    },
  );
}
