// Opt-outs over HTTP: list, export, add, remove.
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
import type { Queryable } from '../../kit/db/database.ts';
import { csvFile } from '../../kit/http/csv-file.ts';
import { idempotently } from '../../kit/http/idempotency.ts';
import { demandNumbers } from '../../kit/http/masking.ts';
import {
  type Caller,
  callerOf,
  demandEveryAccount,
  pageRequest,
  type Server,
  sendKept,
  toPage,
} from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { readPhone } from '../contacts/index.ts';
import { lockLanes } from '../queue/index.ts';
import { problem } from './errors.ts';
import { ledgerRoutes } from './ledger-routes.ts';
import type { OptOutNeeds } from './needs.ts';
import { pageRoutes } from './page-routes.ts';
import { causeOf, namedContact } from './person.ts';
import { settingRoutes } from './setting-routes.ts';
import * as store from './store.ts';
import { suggestionRoutes } from './suggestion-routes.ts';
import { decideSuggestion, findSuggestion, type SuggestionRow } from './suggestion-store.ts';

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

/** Takes an open suggestion. @throws AppError if it is decided */
async function takeSuggestion(tx: Queryable, caller: Caller, id: string, at: Date): Promise<SuggestionRow> {
  const row = await findSuggestion(tx, caller.workspaceId, id);
  if (!row) throw problem('suggestion_not_found');
  if (!(await decideSuggestion(tx, id, 'taken', { kind: caller.kind, id: caller.id, at })))
    throw problem('suggestion_taken');
  return row;
}

const takenFrom = ({ id, account_id: accountId, message_id }: SuggestionRow) => ({
  accountId,
  proof: { message_id, opt_out_suggestion_id: id },
});

const head = ['id', 'contact_id', 'phone', 'category', 'reason', 'source', 'created_at'];

/** All routes of the feature. */
export function optOutFeatureRoutes(app: Server, needs: OptOutNeeds): void {
  optOutRoutes(app, needs);
  ledgerRoutes(app, needs);
  suggestionRoutes(app, needs);
  settingRoutes(app, needs);
  pageRoutes(app, needs);
}

function optOutRoutes(app: Server, { db, clock }: OptOutNeeds): void {
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
      demandNumbers(caller);
      const mine = db.within(caller);
      const detail = { ...request.query };
      await mine.transaction(tx => audit(tx, actorOf(request), { action: 'opt_outs.exported', detail }));
      const filter = filterOf(request.query);
      const reads = db.readsWithin(caller);
      return csvFile(reply, 'opt-outs.csv', head, async after => {
        const page = { limit: 1_000, offset: 0, after };
        const { rows } = await store.listOptOuts(reads, caller.workspaceId, filter, page);
        const shown = rows.slice(0, page.limit);
        const next = rows.length > page.limit ? shown.at(-1)?.id : undefined;
        return { lines: shown.map(row => Object.values(present(row))), after: next === undefined ? undefined : [next] };
      });
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
      const { contact_id: contactId, to, suggestion_id: suggestionId, category = 'all', reason } = request.body;
      const mine = db.within(caller);
      const phone = to === undefined ? undefined : await readPhone(mine, workspaceId, to, 'to');
      const key = request.headers['idempotency-key'];
      const keyed = { workspaceId, operation: 'opt_outs.create', key, body: { ...request.body, to: phone } };
      const answer = await idempotently(mine, keyed, async tx => {
        await lockLanes(tx, workspaceId);
        const at = new Date(clock.now());
        const cause = { category, reason, ...causeOf(caller), at };
        const taken = suggestionId && (await takeSuggestion(tx, caller, toUuid(suggestionId), at));
        const contact = taken ? taken.contact_id : await namedContact(tx, workspaceId, { contactId, phone });
        const [made] = await store.insertOptOuts(tx, [contact], { ...cause, ...(taken && takenFrom(taken)) });
        await store.cancelBarred(tx, [contact], clock.sqlNow());
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
        const { reason } = request.body;
        const cause = { reason, ...causeOf(caller), at: new Date(clock.now()) };
        const row = await store.removeOptOut(tx, caller.workspaceId, id, cause);
        if (!row) throw problem('opt_out_not_found');
        const { category, contact_id: contact } = row;
        const detail = { contact_id: toId('contact', contact), category };
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
