// Labels over HTTP.
import {
  createLabelBody,
  idempotencyHeaders,
  idSchema,
  type Label,
  labelList,
  labelSchema,
  listLabelsQuery,
  mostLabels,
  problemSchema,
  updateLabelBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, countedTo, demandEveryAccount, type Server, sendKept } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { oneAtATime } from './field-store.ts';
import * as store from './label-store.ts';

const params = z.strictObject({ id: idSchema('label') });

const present = (row: store.LabelRow): Label => ({
  id: toId('label', row.id),
  name: row.name,
  color: row.color,
  on: row.kind,
  used_by: row.used_by > countedTo ? null : row.used_by,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

/** @throws AppError where there is no such label */
async function found(db: Queryable, workspaceId: string, id: string): Promise<store.LabelRow> {
  const label = await store.findLabel(db, workspaceId, id);
  if (!label) throw problem('label_not_found');
  return label;
}

export function labelRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const tags = ['Labels'];

  app.get(
    '/api/v1/labels',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'listLabels',
        summary: 'List the labels, by name',
        querystring: listLabelsQuery,
        response: { 200: labelList, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const labels = await store.listLabels(db.listsWithin(caller), caller.workspaceId, request.query.on);
      return { data: labels.map(present) };
    },
  );

  app.post(
    '/api/v1/labels',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'createLabel',
        summary: 'Create a label',
        description: `A workspace has at most ${mostLabels}.`,
        headers: idempotencyHeaders,
        body: createLabelBody,
        response: { 201: labelSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { name, color, on: kind } = request.body;
      const keyed = {
        workspaceId,
        operation: 'labels.create',
        key: request.headers['idempotency-key'],
        body: request.body,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await oneAtATime(tx, workspaceId);
        if (await store.hasName(tx, workspaceId, { kind, name })) throw problem('label_taken');
        if ((await store.countLabels(tx, workspaceId)) >= mostLabels) throw problem('too_many_labels');
        const id = await store.insertLabel(tx, workspaceId, { name, color, kind });
        const target = { kind: 'label', id };
        await audit(tx, actorOf(request), { action: 'label.created', target, detail: { name, on: kind } });
        return { status: 201, body: present(await found(tx, workspaceId, id)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/labels/:id',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'updateLabel',
        summary: 'Change the name or the colour of a label',
        params,
        body: updateLabelBody,
        response: { 200: labelSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { name, color } = request.body;
      return db.within(caller).transaction(async tx => {
        await oneAtATime(tx, workspaceId);
        const { kind } = await found(tx, workspaceId, id);
        if (name !== undefined && (await store.hasName(tx, workspaceId, { kind, name, except: id })))
          throw problem('label_taken');
        await store.changeLabel(tx, workspaceId, id, { name, color });
        const detail = { fields: Object.keys(request.body) };
        await audit(tx, actorOf(request), { action: 'label.updated', target: { kind: 'label', id }, detail });
        return present(await found(tx, workspaceId, id));
      });
    },
  );

  app.delete(
    '/api/v1/labels/:id',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'deleteLabel',
        summary: 'Delete a label: nothing has it any more',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        if (!(await store.deleteLabel(tx, caller.workspaceId, id))) throw problem('label_not_found');
        await audit(tx, actorOf(request), { action: 'label.deleted', target: { kind: 'label', id } });
      });
      return reply.code(204).send(null);
    },
  );
}
