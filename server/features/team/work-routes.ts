// The episodes of a conversation, and the changes of its state.
import {
  type ConversationChange,
  conversationChangePage,
  type Episode,
  episodePage,
  idSchema,
  listChangesQuery,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { presentWho } from '../../kit/who.ts';
import { contactProblem, conversationExists } from '../contacts/index.ts';
import { type ChangeRow, type EpisodeRow, listChanges, listEpisodes } from './work-store.ts';

const presentChange = ({
  at,
  kind,
  who,
  reason,
  until,
  assignee,
  former,
  team,
  minutes,
  number,
}: ChangeRow): ConversationChange => ({
  at: at.toISOString(),
  change: kind,
  by: presentWho(who),
  reason,
  until: until?.toISOString() ?? null,
  assignee: presentWho(assignee),
  former_assignee: presentWho(former),
  team: team && { id: toId('team', team.id), name: team.name },
  minutes,
  episode: number,
});

const presentEpisode = (row: EpisodeRow): Episode => ({
  id: toId('episode', row.id),
  number: row.number,
  opened_at: row.opened_at.toISOString(),
  opened_by_message_id: row.opened_by && toId('message', row.opened_by),
  campaign: row.campaign && { id: toId('campaign', row.campaign.id), name: row.campaign.name },
  first_response: row.first_response_at && {
    at: row.first_response_at.toISOString(),
    by: presentWho(row.responder),
    seconds: row.first_response_seconds,
    business_seconds: row.first_response_business_seconds,
  },
  closed_at: row.closed_at?.toISOString() ?? null,
  closed_by: presentWho(row.closer),
  close_reason: row.close_reason,
});

export function workRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const config = { permission: 'contacts.read' } as const;
  const schema = {
    tags: ['Conversations'],
    params: z.strictObject({ id: idSchema('conversation') }),
    querystring: listChangesQuery,
  };
  const known = async (mine: Queryable, workspaceId: string, conversation: string): Promise<string> => {
    const id = toUuid(conversation);
    if (!(await conversationExists(mine, workspaceId, id))) throw contactProblem('conversation_not_found');
    return id;
  };

  app.get(
    '/api/v1/conversations/:id/changes',
    {
      config,
      schema: {
        ...schema,
        operationId: 'listConversationChanges',
        summary: 'List the changes of the state of a conversation, newest first',
        response: { 200: conversationChangePage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const page = pageRequest(request);
      const { rows, total } = await listChanges(mine, await known(mine, caller.workspaceId, request.params.id), page);
      return toPage(rows, page, total, presentChange, row => [String(row.id)]);
    },
  );

  app.get(
    '/api/v1/conversations/:id/episodes',
    {
      config,
      schema: {
        ...schema,
        operationId: 'listEpisodes',
        summary: 'List the episodes of a conversation, newest first',
        description:
          'An episode begins with the first message of the person after a close, or with a message that one of you wrote, and ends with the close. Messages of programs and campaigns begin none, nor does imported history.',
        response: { 200: episodePage, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const page = pageRequest(request);
      const { rows, total } = await listEpisodes(mine, await known(mine, caller.workspaceId, request.params.id), page);
      return toPage(rows, page, total, presentEpisode, row => [String(row.number), row.id]);
    },
  );
}
