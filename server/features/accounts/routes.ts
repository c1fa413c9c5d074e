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
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import {
  type Caller,
  callerOf,
  demandEveryAccount,
  pageRequest,
  type Server,
  sendKept,
  toPage,
} from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { type AccountNumber, present } from './account.ts';
import { problem } from './errors.ts';
import {
  type AccountNeeds,
  createAccount,
  deleteAccount,
  pauseAccount,
  purgeQueue,
  resumeAccount,
  updateAccount,
} from './manage-account.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('account') });

export interface AccountRouteNeeds extends AccountNeeds {
  /** Registers the number of a new account with the Sandbox; never fails. */
  introduce: (numbers: AccountNumber[]) => Promise<void>;
}

export function accountRoutes(app: Server, needs: AccountRouteNeeds): void {
  const { db } = needs;
  const tags = ['Accounts'];
  const show = async (caller: Caller, id: string, at: Queryable = db.within(caller)) => {
    const row = await store.findAccount(at, caller.workspaceId, id);
    if (!row) throw problem('account_not_found');
    return present(row);
  };

  app.get(
    '/api/v1/accounts',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags,
        operationId: 'listAccounts',
        summary: 'List accounts',
        querystring: listAccountsQuery,
        response: { 200: accountPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const deleted = request.query.deleted === 'true';
      const { rows, total } = await store.listAccounts(db.within(caller), caller.workspaceId, deleted, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.post(
    '/api/v1/accounts',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'createAccount',
        summary: 'Create an account',
        headers: idempotencyHeaders,
        body: createAccountBody,
        response: { 201: accountSchema, 400: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'accounts.create', key, body: request.body };
      let made: AccountNumber | undefined;
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        const { id, ...number } = await createAccount(tx, workspaceId, request.body, needs);
        made = number;
        await audit(tx, actorOf(request), { action: 'account.created', target: { kind: 'account', id } });
        return { status: 201, body: await show(caller, id, tx) };
      });
      if (made) await needs.introduce([made]);
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/accounts/:id',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags,
        operationId: 'getAccount',
        summary: 'Show an account',
        params,
        response: { 200: accountSchema, 404: problemSchema },
      },
    },
    request => show(callerOf(request), toUuid(request.params.id)),
  );

  app.patch(
    '/api/v1/accounts/:id',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'updateAccount',
        summary: 'Change the name, time zone or limits of an account',
        params,
        body: updateAccountBody,
        response: { 200: accountSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await updateAccount(
        needs,
        caller,
        id,
        request.body,
        auditedAction(request, 'account.updated', id, Object.keys(request.body)),
      );
      return show(caller, id);
    },
  );

  for (const [action, summary] of [
    ['pause', 'Hold the queue of an account until it is resumed'],
    ['resume', 'End any hold of the queue of an account, and try it again now'],
  ] as const)
    app.post(
      `/api/v1/accounts/:id/${action}`,
      {
        config: { permission: 'accounts.manage' },
        schema: {
          tags,
          operationId: `${action}Account`,
          summary,
          params,
          response: { 200: accountSchema, 404: problemSchema },
        },
      },
      async request => {
        const caller = callerOf(request);
        const id = toUuid(request.params.id);
        await show(caller, id);
        if (action === 'pause') await pauseAccount(needs, caller, id, auditedAction(request, 'account.paused', id));
        else await resumeAccount(needs, caller, id, auditedAction(request, 'account.resumed', id));
        return show(caller, id);
      },
    );

  app.delete(
    '/api/v1/accounts/:id/queue',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'clearAccountQueue',
        summary: 'Cancel all queued and scheduled messages of an account',
        params,
        response: { 200: countSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await show(caller, id);
      return { count: await purgeQueue(needs, caller, id, 'purged', auditedAction(request, 'account.purged', id)) };
    },
  );

  app.delete(
    '/api/v1/accounts/:id',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'deleteAccount',
        summary: 'Delete an account: cancel its queue, keep its history',
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const id = toUuid(request.params.id);
      await deleteAccount(needs, callerOf(request), id, auditedAction(request, 'account.deleted', id));
      return reply.code(204).send(null);
    },
  );
}

/** Audits an action on an account, in its transaction. */
const auditedAction = (request: FastifyRequest, action: string, id: string, fields?: string[]) => (tx: Queryable) =>
  audit(tx, actorOf(request), { action, target: { kind: 'account', id }, detail: fields && { fields } });
