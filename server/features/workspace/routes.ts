// The workspace over HTTP.
import { problemSchema, updateWorkspaceBody, type Workspace, workspaceSchema } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { commonProblem } from '../../kit/errors.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { toId } from '../../kit/ids.ts';
import * as store from './store.ts';

async function show(db: Queryable, id: string): Promise<Workspace> {
  const row = await store.findWorkspace(db, id);
  if (!row) throw commonProblem('not_found');
  return {
    id: toId('workspace', row.id),
    name: row.name,
    retention: { messages_days: row.keep_messages_days, media_days: row.keep_media_days },
    auto_close_days: row.auto_close_days,
    close_reasons: row.close_reasons,
    created_at: row.created_at.toISOString(),
  };
}

export function workspaceRoutes(app: Server, { db }: { db: ScopedDatabase }): void {
  const tags = ['Workspace'];

  app.get(
    '/api/v1/workspace',
    {
      config: { permission: 'workspace.read' },
      schema: { tags, operationId: 'getWorkspace', summary: 'Show the workspace', response: { 200: workspaceSchema } },
    },
    request => show(db.within(callerOf(request)), callerOf(request).workspaceId),
  );

  app.patch(
    '/api/v1/workspace',
    {
      config: { permission: 'workspace.manage' },
      schema: {
        tags,
        operationId: 'updateWorkspace',
        summary: 'Change the name, the retention, or how conversations of the workspace are closed',
        body: updateWorkspaceBody,
        response: { 200: workspaceSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId: id } = caller;
      return db.within(caller).transaction(async tx => {
        await store.updateWorkspace(tx, id, request.body);
        const { retention, auto_close_days } = request.body;
        const detail = {
          fields: Object.keys(request.body),
          ...(retention && { retention }),
          ...(auto_close_days !== undefined && { auto_close_days }),
        };
        await audit(tx, actorOf(request), { action: 'workspace.updated', target: { kind: 'workspace', id }, detail });
        return show(tx, id);
      });
    },
  );
}
