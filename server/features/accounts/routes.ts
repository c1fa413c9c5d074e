// Accounts over HTTP.
import {
  accountPage,
  accountSchema,
  countSchema,
  createAccountBody,
  idempotencyHeaders,
  idSchema,
  listAccountsQuery,
  problemSchema,
  updateAccountBody,
} from '@recado/contract';
import { z } from 'zod';
import type { Queryable } from '../../kit/db.ts';
import { callerOf, cursorShapes, pageRequest, type Server, sendKept, toPage } from '../../kit/http.ts';
import { idempotently } from '../../kit/idempotency.ts';
import { toUuid } from '../../kit/ids.ts';
import { present } from './account.ts';
import { refuse } from './errors.ts';
import {
  type AccountNeeds,
  createAccount,
  deleteAccount,
  pauseAccount,
  resumeAccount,
  updateAccount,
} from './manage-account.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('account') });

export function accountRoutes(app: Server, needs: AccountNeeds): void {
  const { db } = needs;
  const tags = ['Accounts'];
  const show = async (workspaceId: string, id: string, at: Queryable = db) => {
    const row = await store.findAccount(at, workspaceId, id);
    if (!row) throw refuse('account_not_found');
    return present(row);
  };

  app.get(
    '/api/v1/accounts',
    {
      config: { permission: 'accounts.read' },
      schema: { tags, summary: 'List accounts', querystring: listAccountsQuery, response: { 200: accountPage } },
    },
    async request => {
      const page = pageRequest(request.query, [cursorShapes.uuid]);
      const { rows, total } = await store.listAccounts(db, callerOf(request).workspaceId, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.post(
    '/api/v1/accounts',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        summary: 'Create an account',
        headers: idempotencyHeaders,
        body: createAccountBody,
        response: { 201: accountSchema, 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = callerOf(request);
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'accounts.create', key, body: request.body };
      const { status, text } = await idempotently(db, keyed, async tx => {
        const id = await createAccount(tx, workspaceId, request.body);
        return { status: 201, body: await show(workspaceId, id, tx) };
      });
      return sendKept(reply, status, text);
    },
  );

  app.get(
    '/api/v1/accounts/:id',
    {
      config: { permission: 'accounts.read' },
      schema: { tags, summary: 'Show an account', params, response: { 200: accountSchema, 404: problemSchema } },
    },
    request => show(callerOf(request).workspaceId, toUuid(request.params.id)),
  );

  app.patch(
    '/api/v1/accounts/:id',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        summary: 'Change the name, time zone or limits of an account',
        params,
        body: updateAccountBody,
        response: { 200: accountSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const { workspaceId } = callerOf(request);
      const id = toUuid(request.params.id);
      await updateAccount(needs, workspaceId, id, request.body);
      return show(workspaceId, id);
    },
  );

  for (const [action, summary] of [
    ['pause', 'Hold the queue of an account until it is resumed'],
    ['resume', 'End whatever holds the queue of an account, and try it again now'],
  ] as const)
    app.post(
      `/api/v1/accounts/:id/${action}`,
      {
        config: { permission: 'accounts.manage' },
        schema: { tags, summary, params, response: { 200: accountSchema, 404: problemSchema } },
      },
      async request => {
        const { workspaceId } = callerOf(request);
        const id = toUuid(request.params.id);
        await show(workspaceId, id);
        if (action === 'pause') await pauseAccount(needs, id);
        else await resumeAccount(needs, workspaceId, id);
        return show(workspaceId, id);
      },
    );

  app.delete(
    '/api/v1/accounts/:id/queue',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        summary: 'Cancel everything that an account has waiting',
        params,
        response: { 200: countSchema, 404: problemSchema },
      },
    },
    async request => {
      const { workspaceId } = callerOf(request);
      const id = toUuid(request.params.id);
      await show(workspaceId, id);
      return { messages: await db.transaction(tx => needs.cancelQueued(tx, workspaceId, id, 'purged')) };
    },
  );

  app.delete(
    '/api/v1/accounts/:id',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        summary: 'Delete an account; what it has queued is cancelled, its history stays',
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      await deleteAccount(needs, callerOf(request).workspaceId, toUuid(request.params.id));
      return reply.code(204).send(null);
    },
  );
}
