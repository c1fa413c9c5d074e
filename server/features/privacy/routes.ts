// Privacy over HTTP: export a person as a document, and erase a person with a receipt.
import { Readable } from 'node:stream';
import {
  contactExportSchema,
  type Erasure,
  erasurePage,
  erasureSchema,
  idempotencyHeaders,
  idSchema,
  listErasuresQuery,
  problemSchema,
} from '@recado/contract';
import { z } from 'zod';
import { semaphore } from '../../kit/async/semaphore.ts';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Database } from '../../kit/db/database.ts';
import { freeKey, underKey } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import { contactProblem } from '../contacts/index.ts';
import { type EraseNeeds, eraseContact } from './erase.ts';
import { exportPerson } from './export.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('contact') });

const present = (row: store.ErasureRow): Erasure => {
  const count = (name: string) => row.counts[name] ?? 0;
  return {
    id: toId('erasure', row.id),
    contact_id: toId('contact', row.contact_id),
    begun_at: row.begun_at.toISOString(),
    erased_at: row.erased_at.toISOString(),
    erased_by: { kind: row.actor_kind, id: toId(row.actor_kind, row.actor_id), name: row.actor_name },
    counts: {
      contacts: count('contacts'),
      addresses: count('addresses'),
      conversations: count('conversations'),
      messages: count('messages'),
      attempts: count('attempts'),
      events: count('events'),
      receipts: count('receipts'),
      read_marks: count('read_marks'),
      files: count('files'),
      answers: count('answers'),
      payloads: count('payloads'),
      dead_letters: count('dead_letters'),
      notices: count('notices'),
    },
  };
};

/** Connections of the engine that this may use at once; accepting messages needs the others. */
const connectionsAtOnce = 2;

/** Limits how many of the engine's connections are used. */
function someOf(engineDb: Database): Pick<Database, 'query' | 'transaction'> {
  const pass = semaphore(connectionsAtOnce);
  return {
    query: fragment => pass(() => engineDb.query(fragment)),
    transaction: work => pass(() => engineDb.transaction(work)),
  };
}

export function privacyRoutes(app: Server, given: Omit<EraseNeeds, 'engineDb'> & { engineDb: Database }): void {
  const needs: EraseNeeds = { ...given, engineDb: someOf(given.engineDb) };
  const { db, engineDb, clock } = needs;
  const tags = ['Privacy'];

  app.get(
    '/api/v1/contacts/:id/export',
    {
      config: { permission: 'contacts.export' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportContact',
        summary: 'Export all data about a contact as one JSON document',
        description:
          'The stream contains the contact, its conversations, its messages with events and attempts, webhook items that Recado could not process, and notices of WhatsApp. A truncated document is not valid JSON.',
        params,
        response: { 200: contactExportSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      const mine = db.within(caller);
      const document = await exportPerson({ db: mine, engineDb }, caller.workspaceId, id, new Date(clock.now()));
      await mine.transaction(tx =>
        audit(tx, actorOf(request), { action: 'contact.exported', target: { kind: 'contact', id } }),
      );
      return reply
        .type('application/json; charset=utf-8')
        .header('cache-control', 'no-store')
        .header('content-disposition', `attachment; filename="${request.params.id}.json"`)
        .send(Readable.from(document, { objectMode: false, encoding: 'utf8' }) as never);
    },
  );

  app.post(
    '/api/v1/contacts/:id/erase',
    {
      config: { permission: 'contacts.erase' },
      schema: {
        tags,
        operationId: 'eraseContact',
        summary: 'Erase a contact and all data about it permanently',
        description:
          'It works for deleted contacts too. Recado cancels queued messages first. The answer is the record of the erasure, the same for each repeat.',
        params,
        headers: idempotencyHeaders,
        response: { 200: erasureSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = db.within(caller);
      const { id } = request.params;
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId: caller.workspaceId, operation: 'contacts.erase', key, body: { contact_id: id } };
      const answer = await underKey(mine, keyed, newUuid(), async () => {
        const receipt = await eraseContact(needs, caller, actorOf(request), toUuid(id)).catch(async error => {
          await freeKey(mine, keyed);
          throw error;
        });
        if (!receipt) throw contactProblem('contact_not_found');
        return { status: 200, text: JSON.stringify(present(receipt)) };
      });
      return sendKept(reply, answer);
    },
  );

  app.get(
    '/api/v1/erasures',
    {
      config: { permission: 'contacts.erase' },
      schema: {
        tags,
        operationId: 'listErasures',
        summary: 'List the records of erased contacts, newest first',
        querystring: listErasuresQuery,
        response: { 200: erasurePage },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const { rows, total } = await store.listReceipts(db.within(caller), caller.workspaceId, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );
}
