// Closing, snoozing and reopening a conversation.
import {
  closeConversationBody,
  conversationSchema,
  idSchema,
  problemSchema,
  snoozeConversationBody,
} from '@recado/contract';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerOf, invalid, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { contactProblem, findConversation, presentConversation } from '../contacts/index.ts';
import type { GiveOut } from './needs.ts';
import { changeState } from './state-store.ts';

const longestSnoozeMs = 366 * 86_400_000;

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
  giveOut: GiveOut;
}

export function stateRoutes(app: Server, { db, clock, giveOut }: Needs): void {
  const config = { permission: 'messages.update' } as const;
  const schema = {
    tags: ['Conversations'],
    params: z.strictObject({ id: idSchema('conversation') }),
    response: { 200: conversationSchema, 400: problemSchema, 404: problemSchema },
  };

  app.post(
    '/api/v1/conversations/:id/close',
    {
      config,
      schema: {
        ...schema,
        operationId: 'closeConversation',
        summary: 'Close a conversation',
        description:
          'Nothing is to be done in it. Nothing is sent, and messages that wait still leave. It opens again with the next message of the person. A reaction leaves it closed, and so do a few words of thanks in the first ten minutes.',
        body: closeConversationBody,
      },
    },
    request => {
      const { params, body } = request;
      return change(callerOf(request), params.id, { state: 'closed', until: null, reason: body.reason ?? null });
    },
  );

  app.post(
    '/api/v1/conversations/:id/snooze',
    {
      config,
      schema: {
        ...schema,
        operationId: 'snoozeConversation',
        summary: 'Snooze a conversation',
        description: 'It opens again at the time, and before it if the person writes. A reaction leaves it snoozed.',
        body: snoozeConversationBody,
      },
    },
    request => {
      const until = request.body.until == null ? null : new Date(request.body.until);
      const now = clock.now();
      if (until && until.getTime() <= now) throw invalid('until', 'Must be in the future.');
      if (until && until.getTime() > now + longestSnoozeMs) throw invalid('until', 'Must be at most a year from now.');
      return change(callerOf(request), request.params.id, { state: 'snoozed', until, reason: null });
    },
  );

  app.post(
    '/api/v1/conversations/:id/reopen',
    {
      config,
      schema: {
        ...schema,
        operationId: 'reopenConversation',
        summary: 'Reopen a conversation',
        description: 'Its episode goes on. A conversation without an episode begins its first one.',
      },
    },
    request => change(callerOf(request), request.params.id, { state: 'open', until: null, reason: 'by_hand' }),
  );

  async function change(caller: Caller, conversation: string, to: Omit<Parameters<typeof changeState>[3], 'by'>) {
    const id = toUuid(conversation);
    const row = await db.within(caller).transaction(async tx => {
      await changeState(tx, caller.workspaceId, id, { ...to, by: caller.id }, clock.sqlNow());
      return findConversation(tx, caller.workspaceId, id);
    });
    if (!row) throw contactProblem('conversation_not_found');
    giveOut(caller.workspaceId);
    return presentConversation(row, clock.now(), caller.permissions.has('messages.read'));
  }
}
