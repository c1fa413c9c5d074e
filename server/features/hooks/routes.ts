// Hooks over HTTP, for people and programs of the workspace.
import {
  createHookBody,
  hookCallPage,
  hookPage,
  hookSchema,
  idempotencyHeaders,
  idSchema,
  listHookCallsQuery,
  listHooksQuery,
  newHookSchema,
  problemSchema,
  takenCallSchema,
  updateHookBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import { callRoute } from './call-route.ts';
import * as calls from './call-store.ts';
import { problem } from './errors.ts';
import { presentCall, presentHook, tokenPrefix } from './hook.ts';
import * as store from './hook-store.ts';
import { type HookNeeds, tags } from './needs.ts';
import { changedSettings, demandKnown, demandSendable, newSettings } from './settings.ts';
import { testCall } from './test-call.ts';

const config = { permission: 'hooks.manage' } as const;
const params = z.strictObject({ id: idSchema('hook') });
const mostHooks = 100;
const shownEnd = 4;

/** All routes of hooks, and the one that other programs call. */
export function hookRoutes(app: Server, needs: HookNeeds): void {
  readRoutes(app, needs);
  createRoute(app, needs);
  changeRoutes(app, needs);
  tokenRoutes(app, needs);
  testRoute(app, needs);
  callRoute(app, needs);
}

function newToken() {
  const token = `${tokenPrefix}${randomText()}`;
  return { token, hash: hashText(token), end: token.slice(-shownEnd) };
}

/** A hook sends in the name of who made it. @throws AppError */
function demandSender({ permissions }: Caller): void {
  if (!permissions.has('messages.create'))
    throw commonProblem('forbidden', 'This needs the permission messages.create too: a hook sends messages.');
}

async function demandHook(db: Queryable, caller: Caller, id: string, now: Date): Promise<store.ShownHook> {
  const row = await store.findHook(db, caller.workspaceId, id, now);
  if (!row) throw problem('hook_not_found');
  return row;
}

function readRoutes(app: Server, { db, clock }: HookNeeds): void {
  app.get(
    '/api/v1/hooks',
    {
      config,
      schema: {
        tags,
        operationId: 'listHooks',
        summary: 'List hooks, oldest first',
        querystring: listHooksQuery,
        response: { 200: hookPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const now = new Date(clock.now());
      const { rows, total } = await store.listHooks(db.within(caller), caller.workspaceId, page, now);
      return toPage(rows, page, total, presentHook, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/hooks/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'getHook',
        summary: 'Show a hook',
        params,
        response: { 200: hookSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      return presentHook(await demandHook(db.within(caller), caller, id, new Date(clock.now())));
    },
  );

  app.get(
    '/api/v1/hooks/:id/calls',
    {
      config,
      schema: {
        tags,
        operationId: 'listHookCalls',
        summary: 'List the calls of a hook, newest first',
        description: 'Recado keeps the newest 1,000 of each hook for 30 days, without their bodies.',
        params,
        querystring: listHookCallsQuery,
        response: { 200: hookCallPage, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const id = toUuid(request.params.id);
      await demandHook(db.within(caller), caller, id, new Date(clock.now()));
      const { rows, total } = await calls.listCalls(db.listsWithin(caller), id, page);
      return toPage(rows, page, total, presentCall, row => [String(row.seq)]);
    },
  );
}

function createRoute(app: Server, needs: HookNeeds): void {
  const { db, clock, encrypter, publicUrl } = needs;
  app.post(
    '/api/v1/hooks',
    {
      config,
      schema: {
        tags,
        operationId: 'createHook',
        summary: 'Create a hook and its address',
        description:
          'Anybody who has the address can send to these contacts, in your name. Only this answer contains it: Recado stores a hash. With an `Idempotency-Key`, Recado keeps the encrypted answer for 24 hours and repeats it to the same caller only.',
        headers: idempotencyHeaders,
        body: createHookBody,
        response: { 201: newHookSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      demandSender(caller);
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'hooks.create', key, body, by: caller.id };
      const settings = newSettings(body);
      const work = async (tx: Queryable) => {
        await demandKnown(tx, workspaceId, settings);
        await demandSendable(needs, caller, settings);
        const id = newUuid();
        const now = new Date(clock.now());
        const { token, hash, end } = newToken();
        const by = { created_by_kind: caller.kind, created_by: caller.id };
        const made = { ...settings, ...by, id, workspace_id: workspaceId, hash, token_end: end };
        if (!(await store.insertHook(tx, made, mostHooks, now))) throw problem('too_many_hooks');
        await audit(tx, actorOf(request), { action: 'hook.created', target: { kind: 'hook', id } });
        const row = await demandHook(tx, caller, id, now);
        return { status: 201, body: { ...presentHook(row), token, url: `${publicUrl()}/hooks/${token}` } };
      };
      const answer = await idempotently(db.within(caller), keyed, work, encrypter);
      return sendKept(reply.header('cache-control', 'no-store'), answer);
    },
  );
}

function changeRoutes(app: Server, needs: HookNeeds): void {
  const { db, clock, wake } = needs;
  app.patch(
    '/api/v1/hooks/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'updateHook',
        summary: 'Change a hook',
        description: 'Its address stays. Waiting calls follow the new settings of the hook.',
        params,
        body: updateHookBody,
        response: { 200: hookSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const { body } = request;
      demandSender(caller);
      const row = await db.within(caller).transaction(async tx => {
        const now = new Date(clock.now());
        const settings = changedSettings(await demandHook(tx, caller, id, now), body);
        await demandKnown(tx, caller.workspaceId, settings);
        await demandSendable(needs, caller, settings);
        await store.updateHook(tx, id, settings);
        const detail = { fields: Object.keys(body) };
        await audit(tx, actorOf(request), { action: 'hook.updated', target: { kind: 'hook', id }, detail });
        return demandHook(tx, caller, id, now);
      });
      wake('hook', id);
      return presentHook(row);
    },
  );

  app.delete(
    '/api/v1/hooks/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'revokeHook',
        summary: 'Revoke a hook: its address takes no calls from now on',
        description: 'Its calls go too, also those that wait.',
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await store.deleteHook(tx, caller.workspaceId, id))) throw problem('hook_not_found');
        await audit(tx, actorOf(request), { action: 'hook.revoked', target: { kind: 'hook', id } });
      });
      return reply.code(204).send(null);
    },
  );
}

function tokenRoutes(app: Server, { db, clock, publicUrl }: HookNeeds): void {
  app.post(
    '/api/v1/hooks/:id/rotate',
    {
      config,
      schema: {
        tags,
        operationId: 'rotateHook',
        summary: 'Give a hook a new address; the former one ends at once',
        description: 'Only this answer contains the new address.',
        params,
        response: { 200: newHookSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      demandSender(caller);
      const { token, hash, end } = newToken();
      const row = await db.within(caller).transaction(async tx => {
        const now = new Date(clock.now());
        await demandHook(tx, caller, id, now);
        await store.replaceToken(tx, id, hash, end);
        await audit(tx, actorOf(request), { action: 'hook.rotated', target: { kind: 'hook', id } });
        return demandHook(tx, caller, id, now);
      });
      reply.header('cache-control', 'no-store');
      return { ...presentHook(row), token, url: `${publicUrl()}/hooks/${token}` };
    },
  );
}

function testRoute(app: Server, { db, clock, wake }: HookNeeds): void {
  app.post(
    '/api/v1/hooks/:id/test',
    {
      config,
      schema: {
        tags,
        operationId: 'testHook',
        summary: 'Send a test to the contacts of a hook',
        description: 'It is sent as every call is, and costs as much. `GET /api/v1/hooks/{id}/calls` says how it went.',
        params,
        response: { 202: takenCallSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      demandSender(caller);
      const at = new Date(clock.now());
      const call = await db.within(caller).transaction(async tx => {
        const hook = await demandHook(tx, caller, id, at);
        await audit(tx, actorOf(request), { action: 'hook.tested', target: { kind: 'hook', id } });
        return calls.insertCall(tx, hook, testCall(), { outcome: 'waiting', at, dueAt: at });
      });
      wake('hook', id);
      return reply.code(202).send({ id: toId('hook_call', call), outcome: 'waiting' as const });
    },
  );
}
