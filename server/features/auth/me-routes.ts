// The caller's own data: identity, permissions, sessions and password.
import {
  changePasswordBody,
  endedSessionsSchema,
  idSchema,
  listSessionsQuery,
  meSchema,
  myPermissionsSchema,
  problemSchema,
  sessionPage,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { problem } from './errors.ts';
import { auditEverywhere } from './log-everywhere.ts';
import { hashPassword } from './password.ts';
import { demandUncommon } from './password-rules.ts';
import type { ProveNeeds } from './prove.ts';
import { demandStill, personOf, provePerson } from './prove-person.ts';
import { presentSession } from './session.ts';
import * as sessions from './session-store.ts';
import * as store from './store.ts';

export interface MeNeeds {
  db: ScopedDatabase;
  /** The engine's connection, for data of the person in all workspaces: the password and all sessions. */
  engineDb: Database;
  clock: Clock;
  proving: ProveNeeds;
}

export function meRoutes(app: Server, needs: MeNeeds): void {
  const { db, engineDb, clock } = needs;
  const tags = ['Me'];
  app.get(
    '/api/v1/me',
    {
      config: { permission: 'me.read' },
      schema: { tags, operationId: 'getMe', summary: 'Who I am, and in which workspace', response: { 200: meSchema } },
    },
    async request => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const [workspace, person] = await Promise.all([
        store.workspaceName(mine, caller.workspaceId),
        caller.kind === 'person' ? store.findPerson(mine, caller.id) : undefined,
      ]);
      return {
        kind: caller.kind,
        person: person ? { id: toId('person', caller.id), ...person } : null,
        api_key: caller.kind === 'api_key' ? { id: toId('api_key', caller.id), name: caller.name ?? '' } : null,
        workspace: { id: toId('workspace', caller.workspaceId), name: workspace ?? '' },
        role: caller.role ?? null,
      };
    },
  );

  app.get(
    '/api/v1/me/permissions',
    {
      config: { permission: 'me.read' },
      schema: {
        tags,
        operationId: 'getMyPermissions',
        summary: 'Show my current permissions',
        response: { 200: myPermissionsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      return {
        permissions: [...caller.permissions],
        role: caller.role ?? null,
        account_ids: caller.accounts?.map(id => toId('account', id)) ?? null,
        conversations: caller.reader?.conversations ?? ('all' as const),
        sees_numbers: caller.seesNumbers,
      };
    },
  );

  app.get(
    '/api/v1/me/sessions',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'listMySessions',
        summary: 'List my open sessions in all workspaces',
        querystring: listSessionsQuery,
        response: { 200: sessionPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await sessions.listSessions(engineDb, personOf(caller), page, new Date(clock.now()));
      const show = (row: sessions.SessionRow) => presentSession(row, caller.sessionId);
      return toPage(rows, page, total, show, row => [row.id]);
    },
  );

  app.delete(
    '/api/v1/me/sessions',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'endMyOtherSessions',
        summary: 'End all my sessions but this one, in all workspaces',
        response: { 200: endedSessionsSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const person = personOf(caller);
      return engineDb.transaction(async tx => {
        const ended = await sessions.revokeSessionsOf(tx, person, new Date(clock.now()), caller.sessionId);
        const auditedAction = { action: 'session.others_ended', detail: { sessions_ended: ended } };
        if (ended > 0) await auditEverywhere(tx, person, actorOf(request), auditedAction);
        return { ended };
      });
    },
  );

  app.delete(
    '/api/v1/me/sessions/:id',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'endMySession',
        summary: 'End one of my sessions',
        params: z.strictObject({ id: idSchema('session') }),
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const person = personOf(callerOf(request));
      const id = toUuid(request.params.id);
      await engineDb.transaction(async tx => {
        const workspaceId = await sessions.workspaceOfSession(tx, id, person);
        if (workspaceId === undefined) throw problem('session_not_found');
        if (!(await sessions.revokeSession(tx, id, new Date(clock.now())))) return;
        await audit(
          tx,
          { ...actorOf(request), workspaceId },
          { action: 'session.ended', target: { kind: 'session', id } },
        );
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/me/password',
    {
      bodyLimit: 16 * 1024,
      config: { permission: 'me.manage' },
      schema: {
        tags,
        operationId: 'changeMyPassword',
        summary: 'Change my password and end my other sessions',
        body: changePasswordBody,
        response: { 204: z.null(), 400: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const person = personOf(caller);
      const { current_password: current, new_password: next } = request.body;
      const { email, name, identity } = await provePerson(needs.proving, request, person, { password: current });
      const workspaces = await store.workspacesOf(engineDb, person);
      demandUncommon('new_password', next, [email, name, ...workspaces.map(workspace => workspace.name)]);
      const newHash = await hashPassword(next);
      await engineDb.transaction(async tx => {
        await demandStill(tx, caller, identity);
        await store.setPassword(tx, person, newHash);
        const ended = await sessions.revokeSessionsOf(tx, person, new Date(clock.now()), caller.sessionId);
        const auditedAction = { action: 'password.changed', detail: { sessions_ended: ended } };
        await auditEverywhere(tx, person, actorOf(request), auditedAction);
      });
      return reply.code(204).send(null);
    },
  );
}
