// The comparison with what the channel bills, over HTTP.
import { listReconciliationsQuery, problemSchema, type Reconciliation, reconciliationPage } from '@recado/contract';
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
}
