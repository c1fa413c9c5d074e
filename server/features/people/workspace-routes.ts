// The workspaces of a person over HTTP.
import {
  createWorkspaceBody,
  idempotencyHeaders,
  listMyWorkspacesQuery,
  myWorkspacePage,
  problemSchema,
  sessionAnswer,
  switchBody,
  workspaceSchema,
} from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import { commonProblem } from '../../kit/errors.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import {
  answerSession,
  authProblem,
  countRequest,
  countSession,
  dropHandedOver,
  fromOf,
  holdSession,
  openSession,
  personOf,
  revokeSession,
} from '../auth/index.ts';
import type { PeopleNeeds } from './needs.ts';
import { addMember } from './store.ts';
import * as store from './workspace-store.ts';

const createLimit = { most: 10, ms: 3_600_000 };

export function workspaceRoutes(app: Server, needs: PeopleNeeds): void {
  const { engineDb, clock, logIn, cookies } = needs;
  const tags = ['Workspaces'];

  app.post(
    '/api/v1/workspaces',
    {
      config: { permission: 'workspaces.create' },
      schema: {
        tags,
        operationId: 'createWorkspace',
        summary: 'Create a workspace as its owner',
        description: 'By default, only owners may. The operator changes this with `WORKSPACES`.',
        headers: idempotencyHeaders,
        body: createWorkspaceBody,
        response: { 201: workspaceSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const person = personOf(caller);
      await countRequest(logIn, { [`workspaces person ${person}`]: createLimit });
      const { name } = request.body;
      const keyed = {
        workspaceId: caller.workspaceId,
        operation: 'workspaces.create',
        key: request.headers['idempotency-key'],
        body: request.body,
        by: person,
      };
      let follow: (() => Promise<void>) | undefined;
      const answer = await idempotently(engineDb, keyed, async tx => {
        // It locks the person too: a link handed over meanwhile either exists by now and ends below, or is not
        // created.
        if (!(await holdSession(tx, caller.sessionId ?? ''))) throw commonProblem('unauthorized');
        const id = newUuid();
        const now = new Date(clock.now());
        await store.insertWorkspace(tx, id, name, now);
        await addMember(tx, id, person, { role: 'owner', accounts: null, conversations: 'all', seesNumbers: true });
        await dropHandedOver(tx, person);
        follow = await needs.seedWorkspace(tx, id);
        const target = { kind: 'workspace', id };
        await audit(tx, { ...actorOf(request), workspaceId: id }, { action: 'workspace.created', target });
        const body = {
          id: toId('workspace', id),
          name,
          retention: { messages_days: null, media_days: null },
          auto_close_days: null,
          close_reasons: [],
          created_at: now.toISOString(),
        };
        return { status: 201, body };
      });
      await follow?.();
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/me/workspaces',
    {
      config: { permission: 'me.manage' },
      schema: {
        tags: ['Me'],
        operationId: 'listMyWorkspaces',
        summary: 'List my workspaces',
        querystring: listMyWorkspacesQuery,
        response: { 200: myWorkspacePage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listWorkspaces(engineDb, personOf(caller), page);
      const show = (row: store.MyWorkspaceRow) => ({
        id: toId('workspace', row.id),
        name: row.name,
        created_at: row.created_at.toISOString(),
        role: row.role,
        current: row.id === caller.workspaceId,
      });
      return toPage(rows, page, total, show, row => [row.id]);
    },
  );

  app.post(
    '/api/v1/auth/switch',
    {
      bodyLimit: 16 * 1024,
      config: { permission: 'me.manage' },
      schema: {
        tags: ['Me'],
        operationId: 'switchWorkspace',
        summary: 'Switch to another of my workspaces with a new session',
        description:
          'With a session cookie, the new session replaces the old one. With an access token, the old session stays open.',
        body: switchBody,
        response: { 200: sessionAnswer, 404: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const personId = personOf(caller);
      const workspaceId = toUuid(request.body.workspace_id);
      const byCookie = request.headers.authorization === undefined;
      const from = fromOf(request);
      await countSession(logIn, personId);
      const opened = await engineDb.transaction(async tx => {
        if (!(await holdSession(tx, caller.sessionId ?? ''))) throw commonProblem('unauthorized');
        if (!(await store.mayEnter(tx, workspaceId, personId))) throw authProblem('workspace_not_found');
        await audit(tx, { ...actorOf(request), workspaceId }, { action: 'session.opened', detail: { switched: true } });
        const left = byCookie ? caller.sessionId : undefined;
        if (left !== undefined && (await revokeSession(tx, left, new Date(clock.now()))))
          await audit(tx, actorOf(request), { action: 'session.ended', target: { kind: 'session', id: left } });
        return openSession(logIn, tx, { personId, workspaceId }, from);
      });
      return answerSession(cookies, reply, opened, request.body.cookies ?? byCookie);
    },
  );
}
