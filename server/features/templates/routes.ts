// Templates over HTTP.
import {
  idSchema,
  listTemplatesQuery,
  problemSchema,
  type Template,
  type TemplateDetails,
  templateDetailsSchema,
  templatePage,
} from '@recado/contract';
import { z } from 'zod';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { type Caller, callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { problem } from './errors.ts';
import * as store from './store.ts';

const params = z.strictObject({ id: idSchema('template') });

export interface TemplateNeeds {
  db: ScopedDatabase;
}

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

export function templateRoutes(app: Server, { db }: TemplateNeeds): void {
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
}
