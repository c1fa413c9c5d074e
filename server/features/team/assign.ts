// Giving a conversation to a person or to a program, over HTTP.
import {
  assignConversationBody,
  conversationSchema,
  idempotencyHeaders,
  idSchema,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, invalid, type Server, sendKept } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { contactProblem, findConversation, presentConversation } from '../contacts/index.ts';
import type { RunHook } from '../hooks.ts';
import { type Assignee, assign, isOfPerson, mayAnswer } from './assign-store.ts';
import { problem } from './errors.ts';
import type { GiveOut } from './needs.ts';
import { hasTeam } from './team-store.ts';

interface Needs {
  db: ScopedDatabase;
  clock: Clock;
  giveOut: GiveOut;
}

export function assignRoute(app: Server, { db, clock, giveOut, runHook }: Needs & { runHook: RunHook }): void {
  app.post(
    '/api/v1/conversations/:id/assign',
    {
      config: { permission: 'messages.update' },
      schema: {
        tags: ['Conversations'],
        operationId: 'assignConversation',
        summary: 'Assign a conversation',
        description:
          'To a person, to a program by its API key, or to nobody, without either; and to a team, which then gives it out. Also hands it over, with a reason and a note. A message of a person takes a conversation from a program. A key cannot give a program a conversation that a person has.',
        params: z.strictObject({ id: idSchema('conversation') }),
        headers: idempotencyHeaders,
        body: assignConversationBody,
        response: { 200: conversationSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { person_id: person, api_key_id: key, team_id: team, reason = null, note } = request.body;
      if (note !== undefined && !caller.permissions.has('notes.write'))
        throw commonProblem('forbidden', 'A note needs the permission notes.write.');
      const to: Assignee | undefined =
        person != null
          ? { kind: 'person', id: toUuid(person) }
          : key != null
            ? { kind: 'bot', id: toUuid(key) }
            : undefined;
      const keyed = {
        workspaceId,
        operation: 'conversations.assign',
        key: request.headers['idempotency-key'],
        body: { ...request.body, conversation_id: request.params.id },
        by: caller.id,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        if (!(await findConversation(tx, workspaceId, id))) throw contactProblem('conversation_not_found');
        if (caller.kind === 'api_key' && to?.kind === 'bot' && (await isOfPerson(tx, workspaceId, id)))
          throw problem('assigned_to_person');
        if (to && !(await mayAnswer(tx, workspaceId, id, to)))
          throw invalid(to.kind === 'person' ? 'person_id' : 'api_key_id', 'Must be able to answer in this account.');
        const ofTeam = team == null ? team : toUuid(team);
        if (ofTeam != null && !(await hasTeam(tx, workspaceId, ofTeam)))
          throw invalid('team_id', 'Must be a team of the workspace.');
        // First: who hands it over may not read it afterwards.
        if (note !== undefined) {
          const written = { workspaceId, conversationId: id, body: note, by: caller, now: clock.sqlNow() };
          await runHook('conversation.noted', tx, written);
        }
        await assign(tx, workspaceId, id, { to, team: ofTeam, by: caller.id, reason }, clock.sqlNow());
        const row = await findConversation(tx, workspaceId, id);
        if (!row) throw contactProblem('conversation_not_found');
        const body = presentConversation(row, clock.now(), caller.permissions.has('messages.read'));
        return { status: 200, body };
      });
      giveOut(workspaceId);
      return sendKept(reply, answer);
    },
  );
}
