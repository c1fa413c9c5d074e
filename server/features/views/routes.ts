// Saved views over HTTP: each caller has own ones, those of their teams, and those of the workspace.
import {
  createSavedViewBody,
  idempotencyHeaders,
  idSchema,
  mostSavedViews,
  problemSchema,
  type SavedView,
  savedViewList,
  savedViewSchema,
  updateSavedViewBody,
  type ViewFilter,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, type Server, sendKept } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import { demandScope, hasTeam, type SavedReader, savedReader } from '../team/index.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('saved_view') });
const tags = ['Saved views'];
const config = { permission: 'contacts.read' } as const;
/** The permission for views of a team or of the workspace. */
const ofOthers = 'contacts.configure';

const present = (row: store.SavedViewRow): SavedView => ({
  id: toId('saved_view', row.id),
  name: row.name,
  scope: row.owner_id !== null ? 'personal' : row.team_id !== null ? 'team' : 'workspace',
  team_id: row.team_id && toId('team', row.team_id),
  filter: row.filter,
  created_by: toId(row.creator_kind, row.created_by),
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

export const readerOf = (caller: Caller): SavedReader => savedReader(caller, ofOthers);

/** A view that the caller may change. @throws AppError */
async function changeable(tx: Queryable, caller: Caller, id: string): Promise<store.SavedViewRow> {
  const row = await found(tx, caller, id);
  demandScope(caller, row.owner_id !== null, ofOthers);
  return row;
}

/** @throws AppError where there is no such view, or it is somebody else's */
async function found(db: Queryable, caller: Caller, id: string): Promise<store.SavedViewRow> {
  const row = await store.findSavedView(db, readerOf(caller), id);
  if (!row) throw problem('saved_view_not_found');
  return row;
}

/** @throws AppError where the filter names something that is not there for the caller */
async function checkFilter(tx: Queryable, workspaceId: string, filter: ViewFilter): Promise<void> {
  const missing = await store.missingIn(tx, workspaceId, filter);
  if (missing !== undefined) throw invalid(`filter.${missing}`, 'This does not exist.');
}

export function savedViewRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  app.get(
    '/api/v1/saved-views',
    {
      config,
      schema: {
        tags,
        operationId: 'listSavedViews',
        summary: 'List the saved views of the caller, of their teams and of the workspace, by name',
        response: { 200: savedViewList },
      },
    },
    async request => {
      const caller = callerOf(request);
      const rows = await store.listSavedViews(db.within(caller), readerOf(caller));
      return { data: rows.map(present) };
    },
  );

  app.post(
    '/api/v1/saved-views',
    {
      config,
      schema: {
        tags,
        operationId: 'createSavedView',
        summary: 'Save a view',
        description: `A view of a team or of the workspace needs the permission ${ofOthers}. Each caller has at most ${mostSavedViews} views, and so have each team and the workspace.`,
        headers: idempotencyHeaders,
        body: createSavedViewBody,
        response: { 201: savedViewSchema, 400: problemSchema, 403: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const { body } = request;
      const key = request.headers['idempotency-key'];
      const isPersonal = body.scope === undefined || body.scope === 'personal';
      const team = body.team_id === undefined ? null : toUuid(body.team_id);
      const keyed = { workspaceId, operation: 'saved_views.create', key, body, by: caller.id };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await checkFilter(tx, workspaceId, body.filter);
        if (team !== null && !(await hasTeam(tx, workspaceId, team))) throw invalid('team_id', 'This does not exist.');
        demandScope(caller, isPersonal, ofOthers);
        const id = newUuid();
        const made: store.NewSavedView = {
          id,
          owner_id: isPersonal ? caller.id : null,
          team_id: team,
          name: body.name,
          filter: body.filter,
          creator_kind: caller.kind,
          created_by: caller.id,
        };
        if (!(await store.insertSavedView(tx, workspaceId, made, mostSavedViews)))
          throw problem('too_many_saved_views');
        await audit(tx, actorOf(request), { action: 'saved_view.created', target: { kind: 'saved_view', id } });
        return { status: 201, body: present(await found(tx, caller, id)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/saved-views/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'updateSavedView',
        summary: 'Change the name or the filter of a saved view',
        params,
        body: updateSavedViewBody,
        response: { 200: savedViewSchema, 400: problemSchema, 403: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      const { name, filter } = request.body;
      return db.within(caller).transaction(async tx => {
        if (filter) await checkFilter(tx, caller.workspaceId, filter);
        await changeable(tx, caller, id);
        await store.changeSavedView(tx, caller.workspaceId, id, { name, filter });
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'saved_view.updated', target: { kind: 'saved_view', id }, detail });
        return present(await found(tx, caller, id));
      });
    },
  );

  app.delete(
    '/api/v1/saved-views/:id',
    {
      config,
      schema: {
        tags,
        operationId: 'deleteSavedView',
        summary: 'Delete a saved view',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 403: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        await changeable(tx, caller, id);
        await store.deleteSavedView(tx, caller.workspaceId, id);
        await audit(tx, actorOf(request), { action: 'saved_view.deleted', target: { kind: 'saved_view', id } });
      });
      return reply.code(204).send(null);
    },
  );
}
