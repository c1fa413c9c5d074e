// Wall views over HTTP: people with the right make, list and revoke them; the link shows their figures without a login.
import {
  createWallViewBody,
  idempotencyHeaders,
  idSchema,
  listWallViewsQuery,
  newWallViewSchema,
  problemSchema,
  showWallViewBody,
  type WallView,
  wallFiguresSchema,
  wallViewPage,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Encrypter } from '../../kit/crypto/encryption.ts';
import { hashText, randomText } from '../../kit/crypto/secrets.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { grantedAccounts, type KnownAccounts } from '../../kit/http/granted-accounts.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { type FigureNeeds, wallFigures } from './figures.ts';
import * as store from './store.ts';

export interface WallViewNeeds extends FigureNeeds {
  /** Sees the links of all workspaces. */
  engineDb: Queryable;
  /** Encrypts responses stored for idempotent retries. */
  encrypter: Encrypter;
  knownAccounts: KnownAccounts;
  publicUrl: () => string;
}

const tags = ['Wall views'];
const config = { permission: 'wall_views.manage' } as const;
const mostWallViews = 100;

const present = (row: store.WallViewRow): WallView => ({
  id: toId('wall_view', row.id),
  name: row.name,
  account_ids: row.accounts?.map(id => toId('account', id)) ?? null,
  time_zone: row.time_zone,
  created_by: toId(row.creator_kind, row.created_by),
  created_at: row.created_at.toISOString(),
  last_shown_at: row.last_shown_at?.toISOString() ?? null,
});

export function wallViewRoutes(app: Server, needs: WallViewNeeds): void {
  const { db, engineDb, clock, encrypter, knownAccounts, publicUrl } = needs;

  app.get(
    '/api/v1/wall-views',
    {
      config,
      schema: {
        tags,
        operationId: 'listWallViews',
        summary: 'List wall views, newest first',
        querystring: listWallViewsQuery,
        response: { 200: wallViewPage },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { rows, total } = await store.listWallViews(db.within(caller), caller.workspaceId, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.post(
    '/api/v1/wall-views',
    {
      config,
      schema: {
        tags,
        operationId: 'createWallView',
        summary: 'Create a wall view and its link',
        description:
          'The link shows the figures of these accounts to everybody who has it, and nobody’s name, number or text. Only this answer contains it: Recado stores a hash. With an `Idempotency-Key`, Recado keeps the encrypted answer for 24 hours and repeats it to the same caller only.',
        headers: idempotencyHeaders,
        body: createWallViewBody,
        response: { 201: newWallViewSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      const keyed = {
        workspaceId,
        operation: 'wall_views.create',
        key: request.headers['idempotency-key'],
        body,
        by: caller.id,
      };
      // The link shows what the caller sees.
      if (!caller.permissions.has('messages.read'))
        throw commonProblem('forbidden', 'This needs the permission messages.read.');
      const work = async (tx: Queryable) => {
        const [id, token] = [newUuid(), randomText()];
        const made = {
          id,
          workspace_id: workspaceId,
          name: body.name,
          hash: hashText(token),
          accounts: await grantedAccounts(tx, caller, body.account_ids ?? null, knownAccounts),
          time_zone: body.time_zone ?? 'UTC',
          creator_kind: caller.kind,
          created_by: caller.id,
        };
        if (!(await store.insertWallView(tx, made, mostWallViews, new Date(clock.now()))))
          throw problem('too_many_wall_views');
        await audit(tx, actorOf(request), { action: 'wall_view.created', target: { kind: 'wall_view', id } });
        const row = await store.findWallView(tx, workspaceId, id);
        if (!row) throw problem('wall_view_not_found');
        // Browsers do not send the fragment, so the token is in no log.
        return { status: 201, body: { ...present(row), token, url: `${publicUrl()}/wall#token=${token}` } };
      };
      const answer = await idempotently(db.within(caller), keyed, work, encrypter);
      return sendKept(reply.header('cache-control', 'no-store'), answer);
    },
  );

  app.delete(
    '/api/v1/wall-views/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'revokeWallView',
        summary: 'Revoke a wall view: its link shows nothing from now on',
        params: z.strictObject({ id: idSchema('wall_view') }),
        response: { 204: z.null(), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await store.deleteWallView(tx, caller.workspaceId, id))) throw problem('wall_view_not_found');
        await audit(tx, actorOf(request), { action: 'wall_view.revoked', target: { kind: 'wall_view', id } });
      });
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/wall-views/show',
    {
      bodyLimit: 16 * 1024,
      config: { public: true },
      schema: {
        tags,
        operationId: 'showWallView',
        summary: 'Show the figures of a wall view by its link',
        description: 'An unknown or revoked token shows nothing.',
        body: showWallViewBody,
        response: { 200: wallFiguresSchema, 400: problemSchema, 404: problemSchema, 429: problemSchema },
      },
    },
    async (request, reply) => {
      const view = await store.openWallView(engineDb, hashText(request.body.token), new Date(clock.now()));
      if (!view) throw problem('wall_view_not_found');
      return reply.header('cache-control', 'no-store').send(await wallFigures(needs, view));
    },
  );
}
