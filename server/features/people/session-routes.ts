// Who is logged in to the workspace, over HTTP.
import { idSchema, listWorkspaceSessionsQuery, problemSchema, workspaceSessionPage } from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { authProblem, listSessionsIn, personOfSession, presentSession, revokeSession } from '../auth/index.ts';
import type { PeopleNeeds } from './needs.ts';
import { demandTarget } from './rules.ts';
import { lockMembers } from './store.ts';

export function sessionRoutes(app: Server, { db, clock }: PeopleNeeds): void {
  const tags = ['Sessions'];

  app.get(
    '/api/v1/sessions',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'listSessions',
        summary: 'List the open sessions of the people in this workspace, newest first',
        querystring: listWorkspaceSessionsQuery,
        response: { 200: workspaceSessionPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const { person_id: person } = request.query;
      const now = new Date(clock.now());
      const { rows, total } = await listSessionsIn(
        db.listsWithin(caller),
        caller.workspaceId,
        person && toUuid(person),
        page,
        now,
      );
      const show = (row: (typeof rows)[number]) => ({
        ...presentSession(row, caller.sessionId),
        person: { id: toId('person', row.person_id), name: row.person_name },
      });
      return toPage(rows, page, total, show, row => [row.id]);
    },
  );

  app.delete(
    '/api/v1/sessions/:id',
    {
      config: { permission: 'people.manage' },
      schema: {
        tags,
        operationId: 'endSession',
        summary: 'End a session of somebody in this workspace',
        description: 'It ends with the next request of the session. Only owners end sessions of owners.',
        params: z.strictObject({ id: idSchema('session') }),
        response: { 204: z.null(), 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const now = new Date(clock.now());
      await db.within(caller).transaction(async tx => {
        const members = await lockMembers(tx, workspaceId);
        const person = await personOfSession(tx, workspaceId, id, now);
        if (person === undefined) throw authProblem('session_not_found');
        demandTarget(members, caller.id, person);
        if (!(await revokeSession(tx, id, now))) return;
        await audit(tx, actorOf(request), {
          action: 'session.ended',
          target: { kind: 'session', id },
          detail: { person_id: toId('person', person) },
        });
      });
      return reply.code(204).send(null);
    },
  );
}
