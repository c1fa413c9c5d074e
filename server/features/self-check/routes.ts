// The self-check over HTTP.
import {
  type Check,
  type CheckName,
  checkNames,
  problemSchema,
  type SelfCheck,
  selfCheckSchema,
} from '@recado/contract';
import type { BackgroundTasks } from '../../kit/async/background-tasks.ts';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { newUuid, toId } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { checksFor, type Probes, runChecks, stateOf } from './check.ts';
import * as store from './store.ts';

export interface SelfCheckNeeds {
  db: ScopedDatabase;
  engineDb: Database;
  clock: Clock;
  probes: Probes;
  later: BackgroundTasks;
}

/** A run whose process died ends by itself. */
const longestMs = 120_000;

const place = new Map<string, number>(checkNames.map((name, index) => [name, index]));

function present(row: store.SelfCheckRow | undefined, names: readonly CheckName[], now: number): SelfCheck {
  const of = [...names];
  if (!row) return { state: 'never', began_at: null, ended_at: null, by: null, of, checks: [] };
  // A run of an earlier release has more.
  const checks = row.checks.filter(({ name }) => names.includes(name));
  const runs = row.ended_at === null && row.began_at.getTime() > now - longestMs;
  return {
    state: runs ? 'running' : stateOf(checks),
    began_at: row.began_at.toISOString(),
    ended_at: row.ended_at?.toISOString() ?? null,
    by: { id: toId(row.by_kind, row.by_id), name: row.by_name },
    of,
    checks: checks.toSorted((a, b) => (place.get(a.name) ?? 0) - (place.get(b.name) ?? 0)),
  };
}

export function selfCheckRoutes(app: Server, { db, engineDb, clock, probes, later }: SelfCheckNeeds): void {
  const tags = ['Self-check'];
  const namesFor = async (workspaceId: string) => checksFor(await store.isFirstWorkspace(engineDb, workspaceId));

  app.get(
    '/api/v1/self-check',
    {
      config: { permission: 'installation.check' },
      schema: {
        tags,
        operationId: 'getSelfCheck',
        summary: 'Show the last self-check',
        response: { 200: selfCheckSchema, 403: problemSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const names = await namesFor(caller.workspaceId);
      return present(await store.findSelfCheck(db.within(caller), caller.workspaceId), names, clock.now());
    },
  );

  app.post(
    '/api/v1/self-check',
    {
      config: { permission: 'installation.check' },
      schema: {
        tags,
        operationId: 'runSelfCheck',
        summary: 'Run the self-check',
        description:
          'Answers at once. Read the run until its state is no longer `running`: each check is there when it has ended. While a run is under way, this shows that one.',
        response: { 202: selfCheckSchema, 403: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const { workspaceId, kind, id: by } = caller;
      const names = await namesFor(workspaceId);
      const run = newUuid();
      const now = new Date(clock.now());
      const begun = await db.within(caller).transaction(async tx => {
        const overSince = new Date(now.getTime() - longestMs);
        if (!(await store.beginSelfCheck(tx, workspaceId, { id: run, kind, by, now, overSince }))) return false;
        await audit(tx, actorOf(request), { action: 'self_check.run' });
        return true;
      });
      if (begun)
        later.run(async () => {
          const tell = (check: Check) => store.addCheck(engineDb, workspaceId, run, check);
          await runChecks(probes, workspaceId, tell, names);
          await store.endSelfCheck(engineDb, workspaceId, run, new Date(clock.now()));
        });
      return reply
        .code(202)
        .send(present(await store.findSelfCheck(db.within(caller), workspaceId), names, clock.now()));
    },
  );
}
