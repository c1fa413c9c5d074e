// How many conversations each view has, over HTTP.
import { conversationCountsSchema, countConversationsQuery } from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, type Server } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { conversationFilter } from '../contacts/index.ts';
import { countConversations } from './count-store.ts';
import { readerOf } from './routes.ts';
import { listSavedViews } from './store.ts';

export function countRoute(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  app.get(
    '/api/v1/conversations/counts',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags: ['Conversations'],
        operationId: 'countConversations',
        summary: 'Count the conversations of each view',
        description: 'The counts of saved views are of all accounts, unless a view names one.',
        querystring: countConversationsQuery,
        response: { 200: conversationCountsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const at = new Date(clock.now());
      const views = await listSavedViews(db.within(caller), readerOf(caller));
      const { counts, saved } = await countConversations(db.listsWithin(caller), workspaceId, {
        base: conversationFilter(request.query, caller, at),
        callerId: caller.id,
        saved: views.map(({ filter }) => conversationFilter(filter, caller, at)),
      });
      return {
        ...counts,
        saved_views: views.map(({ id }, index) => ({
          id: toId('saved_view', id),
          conversations: saved[index] ?? 0,
        })),
      };
    },
  );
}
