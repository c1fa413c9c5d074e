// API keys over HTTP.
import {
  createKeyBody,
  idempotencyHeaders,
  idSchema,
  keyPage,
  keySchema,
  listKeysQuery,
  newKeySchema,
  problemSchema,
  type Role,
  rolePermissions,
  updateKeyBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { hashText } from '../../kit/crypto/secrets.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toUuid } from '../../kit/ids.ts';
import { plainRange } from '../../kit/net/network.ts';
import type { Clock } from '../../kit/time.ts';
import { problem } from './errors.ts';
import { hintOf, newKey, present } from './key.ts';
import * as store from './store.ts';

export interface KeyNeeds {
  db: ScopedDatabase;
  clock: Clock;
  /** Encrypts responses stored for idempotent retries. */
  encrypter: Encrypter;
  /** Which of these accounts exist for the caller. */
  knownAccounts: (db: Queryable, workspaceId: string, ids: string[]) => Promise<string[]>;
  /** Returns an active member and locks its rights until the transaction ends. */
  holdMember: (
    tx: Queryable,
    workspaceId: string,
    personId: string,
  ) => Promise<{ role: Role; accounts: string[] | null } | undefined>;
}

const params = z.strictObject({ id: idSchema('api_key') });

export function keyRoutes(app: Server, needs: KeyNeeds): void {
  const { db, clock, encrypter } = needs;
  const tags = ['API keys'];

  app.get(
    '/api/v1/keys',
    {
      config: { permission: 'keys.read' },
      schema: {
        tags,
        operationId: 'listKeys',
        summary: 'List API keys',
        querystring: listKeysQuery,
        response: { 200: keyPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listKeys(db.within(caller), caller.workspaceId, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.post(
    '/api/v1/keys',
    {
      config: { permission: 'keys.manage' },
      schema: {
        tags,
        operationId: 'createKey',
        summary: 'Create an API key',
        description:
          'Only this answer contains the key: Recado stores a hash. With an `Idempotency-Key`, Recado keeps the encrypted answer for 24 hours and repeats it to the same caller only.',
        headers: idempotencyHeaders,
        body: createKeyBody,
        response: { 201: newKeySchema, 403: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      const keyed = {
        workspaceId,
        operation: 'keys.create',
        key: request.headers['idempotency-key'],
        body,
        by: caller.id,
      };
      const work = async (tx: Queryable) => {
        const maker = await makerOf(needs, tx, caller);
        demandScopes(maker, body);
        const now = new Date(clock.now());
        if (body.expires_at !== undefined && new Date(body.expires_at) <= now)
          throw invalid('expires_at', 'Must be in the future.');
        const key = newKey(body.test ?? false);
        const id = newUuid();
        const accounts = await grantable(needs, tx, maker, body);
        const { name, test = false, scopes, sees_numbers: seesNumbers = true, expires_at: expiresAt } = body;
        const addresses = body.addresses?.map(plainRange);
        const hash = hashText(key);
        const rights = { test, scopes, seesNumbers, accounts, addresses, expiresAt };
        const row = { id, name, hash, hint: hintOf(key), ...rights, createdBy: caller.id };
        await store.insertKey(tx, workspaceId, row, now);
        const target = { kind: 'api_key', id };
        await audit(tx, actorOf(request), {
          action: 'api_key.created',
          target,
          detail: { scopes, test, sees_numbers: seesNumbers },
        });
        const made = await store.findKey(tx, workspaceId, id);
        if (!made) throw problem('key_not_found');
        return { status: 201, body: { ...present(made), key } };
      };
      const answer = await idempotently(db.within(caller), keyed, work, encrypter);
      return sendKept(reply.header('cache-control', 'no-store'), answer);
    },
  );

  app.get(
    '/api/v1/keys/:id',
    {
      config: { permission: 'keys.read' },
      schema: {
        tags,
        operationId: 'getKey',
        summary: 'Show an API key',
        params,
        response: { 200: keySchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const row = await store.findKey(db.within(caller), caller.workspaceId, toUuid(request.params.id));
      if (!row) throw problem('key_not_found');
      return present(row);
    },
  );

  app.patch(
    '/api/v1/keys/:id',
    {
      config: { permission: 'keys.manage' },
      schema: {
        tags,
        operationId: 'updateKey',
        summary: 'Rename an API key',
        params,
        body: updateKeyBody,
        response: { 200: keySchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const row = await db.within(caller).transaction(async tx => {
        if (!(await store.renameKey(tx, caller.workspaceId, id, request.body.name))) throw problem('key_not_found');
        await audit(tx, actorOf(request), { action: 'api_key.renamed', target: { kind: 'api_key', id } });
        return store.findKey(tx, caller.workspaceId, id);
      });
      if (!row) throw problem('key_not_found');
      return present(row);
    },
  );

  app.delete(
    '/api/v1/keys/:id',
    {
      config: { permission: 'keys.manage' },
      schema: {
        tags,
        operationId: 'revokeKey',
        summary: 'Revoke an API key from the next request on',
        params,
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        const revoked = await store.revokeKey(tx, caller.workspaceId, id, new Date(clock.now()));
        if (revoked === undefined) throw problem('key_not_found');
        if (revoked) await audit(tx, actorOf(request), { action: 'api_key.revoked', target: { kind: 'api_key', id } });
      });
      return reply.code(204).send(null);
    },
  );
}

/** The caller with its current rights: a right lost meanwhile must not go into a new key. @throws AppError */
async function makerOf({ holdMember }: KeyNeeds, tx: Queryable, caller: Caller): Promise<Caller> {
  const member = await holdMember(tx, caller.workspaceId, caller.id);
  const permissions = member && rolePermissions[member.role];
  if (!permissions?.has('keys.manage')) throw commonProblem('forbidden', 'This needs the permission keys.manage.');
  return { ...caller, role: member?.role, permissions, accounts: member?.accounts ?? undefined };
}

/** @throws AppError if the maker of a key lacks its scopes */
function demandScopes(caller: Caller, body: z.output<typeof createKeyBody>): void {
  const beyond = body.scopes.filter(scope => !caller.permissions.has(scope));
  if (beyond.length === 0) return;
  const fields = beyond.map(scope => ({
    field: `scopes[${body.scopes.indexOf(scope)}]`,
    message: `You do not have the permission ${scope} yourself.`,
  }));
  throw problem('scope_not_yours', undefined, { fields });
}

/** The accounts that the key is limited to, if its maker may grant them. @throws AppError */
async function grantable(
  needs: KeyNeeds,
  tx: Queryable,
  caller: Caller,
  body: z.output<typeof createKeyBody>,
): Promise<string[] | undefined> {
  const asked = body.account_ids?.map(toUuid) ?? caller.accounts?.slice();
  if (asked === undefined) return undefined;
  const known = new Set(await needs.knownAccounts(tx, caller.workspaceId, asked));
  const missing = asked.findIndex(id => !known.has(id));
  if (missing >= 0) throw invalid(`account_ids[${missing}]`, 'This account does not exist.');
  return asked;
}
