// Accounts over HTTP.
import {
  accountPage,
  accountSchema,
  createAccountBody,
  idSchema,
  listAccountsQuery,
  problemSchema,
  updateAccountBody,
} from '@recado/contract';
import { z } from 'zod';
import { callerOf, cursorShapes, pageRequest, type Server, toPage } from '../../kit/http.ts';
import { toUuid } from '../../kit/ids.ts';
import { present } from './account.ts';
import { refuse } from './errors.ts';
import { type AccountNeeds, createAccount, deleteAccount, reconnectAccount, updateAccount } from './manage-account.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('account') });

export function accountRoutes(app: Server, needs: AccountNeeds): void {
  const { db } = needs;
  const tags = ['Accounts'];
  const show = async (workspaceId: string, id: string) => {
    const row = await store.findAccount(db, workspaceId, id);
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
        body: createAccountBody,
        response: { 201: accountSchema, 400: problemSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = callerOf(request);
      const id = await db.transaction(tx => createAccount(tx, workspaceId, request.body));
      return reply.code(201).send(await show(workspaceId, id));
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

  app.post(
    '/api/v1/accounts/:id/reconnect',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        summary: 'Try an account that needs attention again, now',
        params,
        response: { 200: accountSchema, 404: problemSchema },
      },
    },
    async request => {
      const { workspaceId } = callerOf(request);
      const id = toUuid(request.params.id);
      await show(workspaceId, id);
      await reconnectAccount(needs, workspaceId, id);
      return show(workspaceId, id);
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
