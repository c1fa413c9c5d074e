// The request log over HTTP.
import { type ApiRequest, apiRequestPage, listRequestsQuery, problemSchema } from '@recado/contract';
import type { ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, pageRequest, type Server, toPage } from '../../kit/http/routes.ts';
import { toId, toUuid } from '../../kit/ids.ts';
import type { RequestLog } from './log.ts';
import * as store from './store.ts';

const present = (row: store.RequestRow): ApiRequest => ({
  id: toId('request', row.id),
  at: row.at.toISOString(),
  method: row.method,
  path: row.path,
  status: row.status,
  code: row.code,
  duration_ms: row.duration_ms,
  caller: { kind: row.caller_kind, id: toId(row.caller_kind, row.caller_id), name: row.caller_name },
  address: row.address,
  request_id: row.request_id,
});

export interface RequestNeeds {
  db: ScopedDatabase;
  requests: RequestLog;
  /** Whether requests are noted. Earlier ones are listed all the same. */
  isOn: boolean;
}

/** Notes each answered request, and adds the route that lists them. */
export function requestRoutes(app: Server, { db, requests, isOn }: RequestNeeds): void {
  if (isOn)
    app.addHook('onResponse', (request, reply, done) => {
      requests.note(request, reply);
      done();
    });

  app.get(
    '/api/v1/requests',
    {
      config: { permission: 'requests.read' },
      schema: {
        tags: ['Requests'],
        operationId: 'listRequests',
        summary: 'List the requests of the last 7 days, newest first',
        description:
          'Requests of people and API keys of the workspace, without queries, bodies and answers. A request appears about a second after its answer. A crash may take the last ones.',
        querystring: listRequestsQuery,
        response: { 200: apiRequestPage, 400: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const page = pageRequest(request);
      const { outcome, slower_than_ms, method, path, caller_kind, caller_id, request_id, from, until } = request.query;
      const filter = {
        outcome,
        slowerThanMs: slower_than_ms,
        method,
        path,
        callerKind: caller_kind,
        callerId: caller_id && toUuid(caller_id),
        requestId: request_id,
        from,
        until,
      };
      // So that a program finds the request that it made a moment ago.
      await requests.flush();
      const { rows, total } = await store.listRequests(db.listsWithin(caller), caller.workspaceId, filter, page);
      return toPage(rows, page, total, present, row => [row.id]);
    },
  );
}
