// Who follows a conversation, over HTTP.
import { type Followers, followersSchema, idSchema, problemSchema } from '@recado/contract';
import { z } from 'zod';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerOf, type Server } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { contactProblem, conversationExists } from '../contacts/index.ts';
import { follow, listFollowers, unfollow } from './follow-store.ts';

export function followRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  const schema = {
    tags: ['Conversations'],
    params: z.strictObject({ id: idSchema('conversation') }),
    response: { 200: followersSchema, 404: problemSchema },
  };
  const known = async (mine: Queryable, caller: Caller, conversation: string): Promise<string> => {
    const id = toUuid(conversation);
    if (!(await conversationExists(mine, caller.workspaceId, id))) throw contactProblem('conversation_not_found');
    return id;
  };
  const show = async (mine: Queryable, id: string): Promise<Followers> => ({
    data: (await listFollowers(mine, id)).map(row => ({
      person_id: toId('person', row.id),
      name: row.name,
      since: row.since.toISOString(),
    })),
  });

  app.get(
    '/api/v1/conversations/:id/followers',
    {
      config: { permission: 'contacts.read' },
      schema: { ...schema, operationId: 'listFollowers', summary: 'List who follows a conversation, by name' },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      return show(mine, await known(mine, caller, request.params.id));
    },
  );

  app.put(
    '/api/v1/conversations/:id/follow',
    {
      config: { permission: 'me.manage' },
      schema: {
        ...schema,
        operationId: 'followConversation',
        summary: 'Follow a conversation',
        description: 'Its messages are told to you as `followed`. Who writes a note, or is named in one, follows too.',
      },
    },
    async request => {
      const caller = callerOf(request);
      return db.within(caller).transaction(async tx => {
        const id = await known(tx, caller, request.params.id);
        await follow(tx, id, [caller.id], clock.sqlNow());
        return show(tx, id);
      });
    },
  );

  app.delete(
    '/api/v1/conversations/:id/follow',
    {
      config: { permission: 'me.manage' },
      schema: { ...schema, operationId: 'unfollowConversation', summary: 'Follow a conversation no longer' },
    },
    async request => {
      const caller = callerOf(request);
      return db.within(caller).transaction(async tx => {
        const id = await known(tx, caller, request.params.id);
        await unfollow(tx, id, caller.id, clock.sqlNow());
        return show(tx, id);
      });
    },
  );
}
