// Accounts over HTTP.
import {
  accountChecksSchema,
  accountPage,
  accountSchema,
  changeCredentialsBody,
  checkNewAccountBody,
  countSchema,
  createAccountBody,
  findNumbersBody,
  foundNumbersSchema,
  idempotencyHeaders,
  idSchema,
  listAccountsQuery,
  newAccountChecksSchema,
  problemSchema,
  updateAccountBody,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { findReplay, idempotently } from '../../kit/http/idempotency.ts';
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
import { present } from './account.ts';
import { channelRoutes } from './channel-routes.ts';
import { changeCredentials, checkAccount, checkNewAccount, findNewNumbers } from './connect-account.ts';
import { type CreateNeeds, prepareCreation } from './create-account.ts';
import { problem } from './errors.ts';
import { deleteAccount, pauseAccount, purgeQueue, resumeAccount, updateAccount } from './manage-account.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('account') });

export interface AccountRouteNeeds extends CreateNeeds {
  /** The public URL of this server. */
  baseUrl: () => string;
}

export function accountRoutes(app: Server, needs: AccountRouteNeeds): void {
  const { db } = needs;
  const tags = ['Accounts'];
  channelRoutes(app, needs.absenceOf);
  const show = async (caller: Caller, id: string, at: Queryable = db.within(caller)) => {
    const row = await store.findAccount(at, caller.workspaceId, id);
    if (!row) throw problem('account_not_found');
    return present(row, needs.baseUrl());
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
      return toPage(
        rows,
        page,
        total,
        row => present(row, needs.baseUrl()),
        row => [row.id],
      );
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
        response: { 201: accountSchema, 400: problemSchema, 409: problemSchema, 503: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'accounts.create', key, body: request.body };
      let made: string | undefined;
      const replay = await findReplay(db.within(caller), keyed);
      if (replay) return sendKept(reply, replay);
      const creation = await prepareCreation(needs, caller, request.body);
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        const id = await creation.store(tx);
        made = id;
        await audit(tx, actorOf(request), { action: 'account.created', target: { kind: 'account', id } });
        return { status: 201, body: await show(caller, id, tx) };
      });
      if (made !== undefined) await creation.announce(made);
      return sendKept(reply, answer);
    },
  );

  app.post(
    '/api/v1/accounts/check',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'checkNewAccount',
        summary: 'Check the credentials of a new account with WhatsApp, without creating it',
        description: 'It changes nothing, here and at Meta.',
        body: checkNewAccountBody,
        response: { 200: newAccountChecksSchema, 400: problemSchema, 503: problemSchema },
      },
    },
    async request => {
      demandEveryAccount(callerOf(request));
      const checks = await checkNewAccount(needs.connect, request.body);
      return { ok: checks.every(({ ok }) => ok), checks };
    },
  );

  app.post(
    '/api/v1/accounts/find-numbers',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'findNumbers',
        summary: 'List the business accounts and numbers that an access token may use',
        description: 'It asks Meta, changes nothing there, and stores nothing here.',
        body: findNumbersBody,
        response: { 200: foundNumbersSchema, 400: problemSchema, 503: problemSchema },
      },
    },
    request => {
      demandEveryAccount(callerOf(request));
      return findNewNumbers(needs.connect, request.body);
    },
  );

  app.post(
    '/api/v1/accounts/:id/check',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'checkAccount',
        summary: 'Check the credentials and the number of an account with WhatsApp',
        params,
        response: { 200: accountChecksSchema, 404: problemSchema, 409: problemSchema, 503: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await show(caller, id);
      const checks = await checkAccount(needs.connect, caller, id);
      return { ok: checks.every(({ ok }) => ok), checks, account: await show(caller, id) };
    },
  );

  app.patch(
    '/api/v1/accounts/:id/credentials',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'changeCredentials',
        summary: 'Save another access token or other secrets of an account, after they are checked',
        params,
        body: changeCredentialsBody,
        response: {
          200: accountSchema,
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
          503: problemSchema,
        },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await show(caller, id);
      const fields = Object.keys(request.body);
      const note = auditedAction(request, 'account.credentials_changed', id, fields);
      await changeCredentials(needs.connect, caller, id, request.body, note);
      return show(caller, id);
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
      // Calls of this process take it from now on, those of others within seconds.
      if (request.body.delivery?.messaging_account_id !== undefined) needs.connect.forget();
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
