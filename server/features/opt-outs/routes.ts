// Opt-outs over HTTP: list, export, add, remove.
import { Readable } from 'node:stream';
import {
  createOptOutBody,
  exportOptOutsQuery,
  idempotencyHeaders,
  idSchema,
  listOptOutsQuery,
  type OptOut,
  optOutPage,
  optOutSchema,
  problemSchema,
  removeOptOutBody,
} from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { csvLine } from '../../kit/text/csv.ts';
import type { Clock } from '../../kit/time.ts';
import { contactForNumber, contactProblem, findContactId, readPhone } from '../contacts/index.ts';
import type { RunHook } from '../hooks.ts';
import { lockLanes } from '../queue/index.ts';
import { cancelOptedOut } from './cancel-opted-out.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

export interface OptOutNeeds {
  db: ScopedDatabase;
  clock: Clock;
  runHook: RunHook;
}

const params = z.strictObject({ id: idSchema('opt_out') });

const present = (row: store.OptOutRow): OptOut => ({
  id: toId('opt_out', row.id),
  contact_id: toId('contact', row.contact_id),
  phone: row.phone,
  category: row.category,
  reason: row.reason,
  source: row.source,
  created_at: row.created_at.toISOString(),
});

const filterOf = (query: z.output<typeof exportOptOutsQuery>): store.OptOutFilter => ({
  contactId: query.contact_id && toUuid(query.contact_id),
  category: query.category,
  source: query.source,
});

const rowsAtOnce = 1_000;
const head = csvLine(['id', 'contact_id', 'phone', 'category', 'reason', 'source', 'created_at']);

async function* exportLines(db: Queryable, workspaceId: string, filter: store.OptOutFilter): AsyncGenerator<string> {
  yield head;
  let after: string[] | undefined;
  for (;;) {
    const { rows } = await store.listOptOuts(db, workspaceId, filter, { limit: rowsAtOnce, offset: 0, after });
    const shown = rows.slice(0, rowsAtOnce);
    yield shown.map(row => csvLine(Object.values(present(row)))).join('');
    const last = shown.at(-1);
    if (!last || rows.length <= rowsAtOnce) return;
    after = [last.id];
  }
}

export function optOutRoutes(app: Server, { db, clock, runHook }: OptOutNeeds): void {
  const tags = ['Opt-outs'];

  app.get(
    '/api/v1/opt-outs',
    {
      config: { permission: 'opt_outs.read' },
      schema: {
        tags,
        operationId: 'listOptOuts',
        summary: 'List opt-outs, newest first',
        querystring: listOptOutsQuery,
        response: { 200: optOutPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const filter = filterOf(request.query);
      const { rows, total } = await store.listOptOuts(db.listsWithin(caller), caller.workspaceId, filter, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/opt-outs/export',
    {
      config: { permission: 'opt_outs.read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportOptOuts',
        summary: 'Export opt-outs as a CSV file',
        description: 'An apostrophe disarms texts that look like formulas.',
        produces: ['text/csv'],
        querystring: exportOptOutsQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const mine = db.within(caller);
      const detail = { ...request.query };
      await mine.transaction(tx => audit(tx, actorOf(request), { action: 'opt_outs.exported', detail }));
      const lines = exportLines(mine, caller.workspaceId, filterOf(request.query));
      return reply
        .type('text/csv; charset=utf-8; header=present')
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', 'attachment; filename="opt-outs.csv"')
        .send(Readable.from(lines, { objectMode: false, encoding: 'utf8' }) as never);
    },
  );

  app.post(
    '/api/v1/opt-outs',
    {
      config: { permission: 'opt_outs.manage' },
      schema: {
        tags,
        operationId: 'createOptOut',
        summary: 'Opt a person out of marketing or of all messages',
        description:
          'Recado cancels what waits for the person, and rejects new messages with `opted_out`. A message that is being sent at this moment still goes out. An opt-out that exists already stays as it is.',
        headers: idempotencyHeaders,
        body: createOptOutBody,
        response: { 201: optOutSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId } = caller;
      const { contact_id: contactId, to, category = 'all', reason } = request.body;
      const mine = db.within(caller);
      const phone = to === undefined ? undefined : await readPhone(mine, workspaceId, to, 'to');
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'opt_outs.create', key, body: { ...request.body, to: phone } };
      const answer = await idempotently(mine, keyed, async tx => {
        await lockLanes(tx, workspaceId);
        const contact =
          phone === undefined
            ? await findContactId(tx, workspaceId, toUuid(contactId ?? ''))
            : await contactForNumber(tx, workspaceId, phone);
        if (contact === undefined) throw contactProblem('contact_not_found');
        const cause = { category, reason, source: 'api' as const, createdBy: caller.id, at: new Date(clock.now()) };
        const [made] = await store.insertOptOuts(tx, [contact], cause);
        await cancelOptedOut(tx, { clock, runHook }, workspaceId, [contact], category);
        const row = await store.findOf(tx, contact, category);
        if (!row) throw problem('opt_out_not_found');
        if (made !== undefined)
          await audit(tx, actorOf(request), {
            action: 'opt_out.created',
            target: { kind: 'opt_out', id: row.id },
            detail: { contact_id: toId('contact', contact), category },
          });
        return { status: 201, body: present(row) };
      });
      return sendKept(reply, answer);
    },
  );

  app.delete(
    '/api/v1/opt-outs/:id',
    {
      config: { permission: 'opt_outs.manage' },
      schema: {
        tags,
        operationId: 'removeOptOut',
        summary: 'Remove an opt-out',
        description: 'Only if the person agrees. Messages that were cancelled stay cancelled.',
        params,
        body: removeOptOutBody,
        response: { 204: z.null().meta({ description: 'Removed.' }), 400: problemSchema, 404: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const id = toUuid(request.params.id);
      await db.within(caller).transaction(async tx => {
        const row = await store.removeOptOut(tx, caller.workspaceId, id);
        if (!row) throw problem('opt_out_not_found');
        const { category, contact_id: contact } = row;
        const detail = { contact_id: toId('contact', contact), category };
        const { reason } = request.body;
        await audit(tx, actorOf(request), {
          action: 'opt_out.removed',
          target: { kind: 'opt_out', id },
          detail,
          reason,
        });
      });
      return reply.code(204).send(null);
    },
  );
}
