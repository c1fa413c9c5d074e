// The comparison with what the channel bills, over HTTP.
import {
  exportReconciliationsQuery,
  listReconciliationsQuery,
  problemSchema,
  type Reconciliation,
  reconciliationPage,
} from '@recado/contract';
import { z } from 'zod';
import { csvFile } from '../../kit/http/csv-file.ts';
import { callerOf, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import { listReconciliations, type ReconciliationRow } from './reconciliation-store.ts';
import type { CostNeeds } from './routes.ts';

const present = (row: ReconciliationRow): Reconciliation => ({
  ...row,
  id: toId('reconciliation', row.id),
  account_id: toId('account', row.account_id),
  compared_at: row.compared_at.toISOString(),
});

const columns = ['account_id', 'day', 'counted', 'told', 'amount', 'told_amount'] as const;
const daysAtOnce = 1_000;

export function reconciliationRoutes(app: Server, { db }: Pick<CostNeeds, 'db'>): void {
  app.get(
    '/api/v1/cost/reconciliations',
    {
      config: { permission: 'cost.read' },
      schema: {
        tags: ['Cost'],
        operationId: 'listReconciliations',
        summary: 'List the days that were compared with what WhatsApp bills',
        description: 'Compared every night, two days late, because the figures of WhatsApp are. Days are in UTC.',
        querystring: listReconciliationsQuery,
        response: { 200: reconciliationPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const page = pageRequest(request);
      const accountId = request.query.account_id && toUuid(request.query.account_id);
      const { rows, total } = await listReconciliations(db.listsWithin(caller), caller.workspaceId, accountId, page);
      return toPage(rows, page, total, present, ({ day, id }) => [day, id]);
    },
  );

  app.get(
    '/api/v1/cost/reconciliations/export',
    {
      config: { permission: 'cost.read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['Cost'],
        operationId: 'exportReconciliations',
        summary: 'Export the days that were compared with what WhatsApp bills as a CSV file',
        description: 'A line for each account and day, the newest first.',
        produces: ['text/csv'],
        querystring: exportReconciliationsQuery,
        response: { 200: z.string().meta({ description: 'The lines of the file.' }), 400: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const accountId = request.query.account_id && toUuid(request.query.account_id);
      const lists = db.listsWithin(caller);
      return csvFile(reply, 'reconciliations.csv', columns, async after => {
        const page = { limit: daysAtOnce, offset: 0, after };
        const { rows } = await listReconciliations(lists, caller.workspaceId, accountId, page);
        const shown = rows.slice(0, daysAtOnce).map(present);
        const last = rows.length > daysAtOnce ? rows[daysAtOnce - 1] : undefined;
        return { lines: shown.map(row => columns.map(column => row[column])), after: last && [last.day, last.id] };
      });
    },
  );
}
