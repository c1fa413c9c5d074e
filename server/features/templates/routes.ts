// Templates over HTTP.
import {
  createTemplateBody,
  idempotencyHeaders,
  idSchema,
  listTemplatesQuery,
  problemSchema,
  syncResultSchema,
  syncTemplatesBody,
  type Template,
  type TemplateDetails,
  templateDetailsSchema,
  templatePage,
  updateTemplateBody,
} from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable } from '../../kit/db/database.ts';
import { underKey } from '../../kit/http/idempotency.ts';
import { type Caller, callerOf, invalid, pageRequest, type Server, sendKept, toPage } from '../../kit/http/routes.ts';
import { newUuid, toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import { createTemplate, type ManageNeeds, removeTemplate, updateTemplate } from './manage.ts';
import * as store from './store.ts';
import { syncBusiness } from './sync.ts';

const params = z.strictObject({ id: idSchema('template') });

/** A template as lists show it. */
const present = (row: store.TemplateRow): Template => ({
  id: toId('template', row.id),
  business_account_id: row.business_id,
  channel_template_id: row.channel_template_id,
  name: row.name,
  language: row.language,
  category: row.category,
  status: row.status,
  reason: row.reason,
  quality: row.quality,
  parameter_format: row.parameter_format,
  components: row.components,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
  deleted_at: row.deleted_at?.toISOString() ?? null,
});

const noted =
  (request: FastifyRequest, action: string) =>
  (tx: Queryable, id: string): Promise<void> =>
    audit(tx, actorOf(request), { action, target: { kind: 'template', id } });

export function templateRoutes(app: Server, needs: ManageNeeds): void {
  const { db } = needs;
  const tags = ['Templates'];

  const show = async (caller: Caller, id: string): Promise<TemplateDetails> => {
    const mine = db.within(caller);
    const row = await store.findTemplate(mine, caller.workspaceId, id);
    if (!row) throw problem('template_not_found');
    const history = await store.historyOf(mine, id);
    return {
      ...present(row),
      history: history.map(each => ({
        at: each.at.toISOString(),
        change: each.change,
        from: each.old_value,
        to: each.new_value,
        reason: each.reason,
      })),
    };
  };

  app.get(
    '/api/v1/templates',
    {
      config: { permission: 'templates.read' },
      schema: {
        tags,
        operationId: 'listTemplates',
        summary: 'List templates, newest first',
        querystring: listTemplatesQuery,
        response: { 200: templatePage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const { account_id: account, status, category, name, language, search } = request.query;
      const filter = { accountId: account && toUuid(account), status, category, name, language, search };
      const { rows, total } = await store.listTemplates(db.listsWithin(caller), caller.workspaceId, filter, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );

  app.get(
    '/api/v1/templates/:id',
    {
      config: { permission: 'templates.read' },
      schema: {
        tags,
        operationId: 'getTemplate',
        summary: 'Show a template with its history',
        params,
        response: { 200: templateDetailsSchema, 404: problemSchema },
      },
    },
    request => show(callerOf(request), toUuid(request.params.id)),
  );

  app.post(
    '/api/v1/templates',
    {
      config: { permission: 'templates.manage' },
      schema: {
        tags,
        operationId: 'createTemplate',
        summary: 'Create a template at WhatsApp',
        description: 'WhatsApp reviews it. Its status tells the result.',
        headers: idempotencyHeaders,
        body: createTemplateBody,
        response: { 201: templateDetailsSchema, 400: problemSchema, 409: problemSchema, 503: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { workspaceId } = caller;
      const key = request.headers['idempotency-key'];
      const by = caller.accounts && `accounts ${[...caller.accounts].sort().join(' ')}`;
      const keyed = { workspaceId, operation: 'templates.create', key, body: request.body, by };
      const answer = await underKey(
        db.within(caller),
        keyed,
        newUuid(),
        async ({ demandHeld }) => {
          const id = await createTemplate(needs, caller, request.body, async (tx, made) => {
            await demandHeld(tx);
            await noted(request, 'template.created')(tx, made);
          });
          return { status: 201, text: JSON.stringify(await show(caller, id)) };
        },
        { freesRefused: true },
      );
      return sendKept(reply, answer);
    },
  );

  app.patch(
    '/api/v1/templates/:id',
    {
      config: { permission: 'templates.manage' },
      schema: {
        tags,
        operationId: 'updateTemplate',
        summary: 'Change a template at WhatsApp',
        description: 'WhatsApp reviews it again. An approved template can be changed once in 24 hours.',
        params,
        body: updateTemplateBody,
        response: {
          200: templateDetailsSchema,
          400: problemSchema,
          404: problemSchema,
          409: problemSchema,
          503: problemSchema,
        },
      },
    },
    async request => {
      const id = toUuid(request.params.id);
      await updateTemplate(needs, callerOf(request), id, request.body, noted(request, 'template.updated'));
      return show(callerOf(request), id);
    },
  );

  app.delete(
    '/api/v1/templates/:id',
    {
      config: { permission: 'templates.manage' },
      schema: {
        tags,
        operationId: 'deleteTemplate',
        summary: 'Delete a template at WhatsApp',
        description: 'WhatsApp does not accept a new template with the name of a deleted one for 30 days.',
        params,
        response: { 200: templateDetailsSchema, 400: problemSchema, 404: problemSchema, 503: problemSchema },
      },
    },
    async request => {
      const id = toUuid(request.params.id);
      await removeTemplate(needs, callerOf(request), id, noted(request, 'template.deleted'));
      return show(callerOf(request), id);
    },
  );

  app.post(
    '/api/v1/templates/sync',
    {
      config: { permission: 'templates.manage' },
      schema: {
        tags,
        operationId: 'syncTemplates',
        summary: 'Read the templates from WhatsApp now',
        description:
          'Recado also reads them when an account is connected and about once an hour. Webhooks tell it about changes.',
        body: syncTemplatesBody,
        response: { 200: syncResultSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const { account_id: account } = request.body;
      const reached = await store.reachedBusinesses(db.within(caller), caller.workspaceId, account && toUuid(account));
      if (account !== undefined && reached.length === 0) throw invalid('account_id', 'Account not found.');
      const results = [];
      for (const business of reached) results.push(await syncBusiness(needs.sync, business));
      return {
        business_accounts: results.map(({ businessId, templates, changed, error }) => ({
          business_account_id: businessId,
          templates: templates ?? null,
          changed,
          error: error ?? null,
        })),
      };
    },
  );
}
