// Whether a workspace keeps an index of the texts of its messages and notes, over HTTP.
import { changeSearchBody, problemSchema, searchSettingSchema } from '@recado/contract';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Queryable, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import type { Clock } from '../../kit/time.ts';
import { findSetting, turnOff, turnOn } from './index-store.ts';

export function searchSettingRoutes(app: Server, { db, clock }: { db: ScopedDatabase; clock: Clock }): void {
  const tags = ['Workspace'];
  const show = async (at: Queryable, workspaceId: string) => {
    const row = await findSetting(at, workspaceId);
    return {
      enabled: row !== undefined,
      enabled_at: row?.enabled_at.toISOString() ?? null,
      ready: row?.ready_at != null,
    };
  };

  app.get(
    '/api/v1/workspace/search',
    {
      config: { permission: 'messages.read' },
      schema: {
        tags,
        operationId: 'getSearchSetting',
        summary: 'Show whether texts are indexed for the search',
        response: { 200: searchSettingSchema },
      },
    },
    request => show(db.within(callerOf(request)), callerOf(request).workspaceId),
  );

  app.put(
    '/api/v1/workspace/search',
    {
      config: { permission: 'workspace.manage' },
      schema: {
        tags,
        operationId: 'changeSearchSetting',
        summary: 'Index texts for the search, or stop it',
        description:
          'The index takes disk: see the guide of teams. It is made beside the work, newest messages last, and removed when it is turned off.',
        body: changeSearchBody,
        response: { 200: searchSettingSchema, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId: id } = caller;
      const { enabled } = request.body;
      return db.within(caller).transaction(async tx => {
        const changed = enabled ? await turnOn(tx, id, new Date(clock.now())) : await turnOff(tx, id);
        const target = { kind: 'workspace', id };
        if (changed)
          await audit(tx, actorOf(request), { action: 'workspace.search_changed', target, detail: { enabled } });
        return show(tx, id);
      });
    },
  );
}
