// The fields of contacts over HTTP.
import {
  contactFieldList,
  contactFieldSchema,
  createContactFieldBody,
  idempotencyHeaders,
  idSchema,
  mostFields,
  problemSchema,
  updateContactFieldBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, invalid, type Server, sendKept } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { presentField } from './field.ts';
import * as store from './field-store.ts';

const params = z.strictObject({ id: idSchema('contact_field') });

/** @throws AppError where there is no such field */
async function found(db: Queryable, workspaceId: string, id: string) {
  const field = await store.findField(db, workspaceId, id);
  if (!field) throw problem('contact_field_not_found');
  return field;
}

export function fieldRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const tags = ['Contact fields'];

  app.get(
    '/api/v1/contact-fields',
    {
      config: { permission: 'contacts.read' },
      schema: {
        tags,
        operationId: 'listContactFields',
        summary: 'List the fields of contacts, in their order',
        response: { 200: contactFieldList },
      },
    },
    async request => {
      const caller = callerOf(request);
      return { data: (await store.listFields(db.within(caller), caller.workspaceId)).map(presentField) };
    },
  );

  app.post(
    '/api/v1/contact-fields',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'createContactField',
        summary: 'Create a field of contacts',
        description: `A workspace has at most ${mostFields}.`,
        headers: idempotencyHeaders,
        body: createContactFieldBody,
        response: { 201: contactFieldSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { key, name, type, choices } = request.body;
      const keyed = {
        workspaceId,
        operation: 'contact_fields.create',
        key: request.headers['idempotency-key'],
        body: request.body,
      };
      const answer = await idempotently(db.within(caller), keyed, async tx => {
        await store.oneAtATime(tx, workspaceId);
        const known = await store.fieldWithKey(tx, workspaceId, key);
        if (known === 'going') throw problem('contact_field_being_deleted');
        if (known) throw problem('contact_field_taken');
        if ((await store.listFields(tx, workspaceId)).length >= mostFields) throw problem('too_many_contact_fields');
        const id = await store.insertField(tx, workspaceId, { key, name, type, choices });
        await audit(tx, actorOf(request), {
          action: 'contact_field.created',
          target: { kind: 'contact_field', id },
          detail: { key, type },
        });
        return { status: 201, body: presentField(await found(tx, workspaceId, id)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/contact-fields/:id',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'updateContactField',
        summary: 'Change the name, the choices or the place of a field',
        params,
        body: updateContactFieldBody,
        response: { 200: contactFieldSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const id = toUuid(request.params.id);
      const { name, choices, position } = request.body;
      return db.within(caller).transaction(async tx => {
        await store.oneAtATime(tx, workspaceId);
        const field = await found(tx, workspaceId, id);
        if (choices !== undefined && field.type !== 'choice')
          throw invalid('choices', 'Only a field of the type choice has choices.');
        await store.changeField(tx, workspaceId, id, { name, choices });
        if (position !== undefined) {
          const others = (await store.listFields(tx, workspaceId)).map(each => each.id).filter(each => each !== id);
          await store.orderFields(tx, workspaceId, others.toSpliced(position - 1, 0, id));
        }
        const detail = { key: field.key, fields: Object.keys(request.body) };
        const target = { kind: 'contact_field', id };
        await audit(tx, actorOf(request), { action: 'contact_field.updated', target, detail });
        return presentField(await found(tx, workspaceId, id));
      });
    },
  );

  app.delete(
    '/api/v1/contact-fields/:id',
    {
      config: { permission: 'contacts.configure' },
      schema: {
        tags,
        operationId: 'deleteContactField',
        summary: 'Delete a field with its values',
        description: 'Contacts lose the values within minutes. Until then, no new field can have the key.',
        params,
        response: { 204: z.null().meta({ description: 'Deleted.' }), 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        const gone = await store.deleteField(tx, caller.workspaceId, id);
        if (!gone) throw problem('contact_field_not_found');
        const target = { kind: 'contact_field', id };
        await audit(tx, actorOf(request), { action: 'contact_field.deleted', target, detail: { key: gone.key } });
      });
      return reply.code(204).send(null);
    },
  );
}
