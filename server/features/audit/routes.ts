// The audit log over HTTP: listed, and exported as a file.
import { auditExportQuery, auditPage, auditQuery, problemSchema } from '@recado/contract';
import { z } from 'zod';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { sendExport } from '../../kit/http/csv-file.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import { type AuditFormat, headOf, lineOf, mediaTypes, present } from './entry.ts';
import * as store from './store.ts';

const entriesAtOnce = 1_000;

const filterOf = (query: Omit<z.output<typeof auditExportQuery>, 'format'>): store.AuditFilter => ({
  actorId: query.actor_id && toUuid(query.actor_id),
  action: query.action,
  targetId: query.target_id && toUuid(query.target_id),
  from: query.from,
  until: query.until,
});

export function auditRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const tags = ['Audit log'];

  app.get(
    '/api/v1/audit',
    {
      config: { permission: 'audit.read' },
      schema: {
        tags,
        operationId: 'listAuditEntries',
        summary: 'List the audit log, newest first',
        querystring: auditQuery,
        response: { 200: auditPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const { rows, total } = await store.listEntries(
        db.listsWithin(caller),
        caller.workspaceId,
        filterOf(request.query),
        page,
      );
      return toPage(rows, page, total, present, row => [String(row.id)]);
    },
  );

  app.get(
    '/api/v1/audit/export',
    {
      config: { permission: 'audit.read' },
      exposeHeadRoute: false,
      schema: {
        tags,
        operationId: 'exportAuditEntries',
        summary: 'Export the audit log as a file',
        description:
          'The stream starts with the newest entry and includes this export. In CSV, an apostrophe disarms texts that look like formulas.',
        produces: Object.values(mediaTypes).map(type => type.split(';')[0] ?? type),
        querystring: auditExportQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { format, ...filters } = request.query;
      const mine = db.within(caller);
      await mine.transaction(tx =>
        audit(tx, actorOf(request), { action: 'audit.exported', detail: { format, ...filters } }),
      );
      const moment = await store.snapshot(mine);
      const lines = exportLines(mine, caller.workspaceId, filterOf(filters), format, moment);
      reply
        .type(mediaTypes[format])
        .header('cache-control', 'no-store')
        .header('x-content-type-options', 'nosniff')
        .header('content-disposition', `attachment; filename="audit.${format}"`);
      return sendExport(reply, lines);
    },
  );
}

async function* exportLines(
  db: Queryable,
  workspaceId: string,
  filter: store.AuditFilter,
  format: AuditFormat,
  moment: string,
): AsyncGenerator<string> {
  const head = headOf(format);
  if (head !== '') yield head;
  let below = Number.MAX_SAFE_INTEGER;
  for (;;) {
    const rows = await store.entriesBelow(db, workspaceId, filter, moment, below, entriesAtOnce);
    if (rows.length > 0) yield rows.map(row => lineOf(format, row)).join('');
    if (rows.length < entriesAtOnce) return;
    below = rows.at(-1)?.id ?? 0;
  }
}
