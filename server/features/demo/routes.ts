// Demo data over HTTP.
import { type Account, deleteDemoQuery, demoSchema, problemSchema } from '@recado/contract';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { BackgroundTasks } from '../../kit/async/background-tasks.ts';
import { actorOf, audit } from '../../kit/audit.ts';
import type { Database, ScopedDatabase } from '../../kit/db/database.ts';
import { callerOf, demandEveryAccount, type Server } from '../../kit/http/routes.ts';
import { toUuid } from '../../kit/ids.ts';
import type { Clock } from '../../kit/time.ts';
import { findDemo, markDemo } from '../accounts/index.ts';
import type { Simulator } from '../sandbox/index.ts';
import { apiAs, done } from './api.ts';
import { presentDemo } from './contents.ts';
import { fillDemo } from './fill.ts';
import { removeDemo } from './remove.ts';

export interface DemoNeeds {
  db: ScopedDatabase;
  engineDb: Database;
  clock: Clock;
  simulator: Simulator;
  backgroundTasks: BackgroundTasks;
  /** Where this server listens on its own machine. */
  localUrl: () => string;
}

const tags = ['Demo'];
const demoName = 'Farol Books (demo)';
/** A message to somebody who never wrote waits for them, so that the queue has something to show. */
const delivery = { on_window_closed: 'hold' };

/** Adds the routes. They do everything by the API as their caller, whose permissions are checked there too. */
export function demoRoutes(app: Server, needs: DemoNeeds): void {
  const filling: Filling = new Map();

  app.get(
    '/api/v1/demo',
    {
      config: { permission: 'accounts.read' },
      schema: {
        tags,
        operationId: 'getDemo',
        summary: 'Show whether there is demo data, and what its removal takes',
        response: { 200: demoSchema },
      },
    },
    async request => {
      const caller = callerOf(request);
      const mine = needs.db.within(caller);
      return presentDemo(mine, await findDemo(mine, caller.workspaceId), caller.permissions.has('contacts.read'));
    },
  );

  app.post(
    '/api/v1/demo',
    {
      config: { permission: 'accounts.manage' },
      schema: {
        tags,
        operationId: 'createDemo',
        summary: 'Fill a Sandbox account with demo data',
        description:
          'Made-up people write, and the account answers, within seconds after the answer. There is one demo in a workspace: a repeat changes nothing.',
        response: { 202: demoSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const accountId = await beginDemo(needs, request, filling);
      const caller = callerOf(request);
      const namesPeople = caller.permissions.has('contacts.read');
      return reply.code(202).send(await presentDemo(needs.db.within(caller), accountId, namesPeople));
    },
  );

  app.delete(
    '/api/v1/demo',
    {
      config: { permission: 'contacts.erase' },
      schema: {
        tags,
        operationId: 'deleteDemo',
        summary: 'Remove the demo data',
        description:
          'Deletes the account and erases its made-up people with their messages. Other people of the account stay, unless `others` says otherwise; `GET` names them. The audit log and the records of the erasures stay. Without demo data it does nothing.',
        querystring: deleteDemoQuery,
        response: { 204: z.null(), 409: problemSchema },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      demandEveryAccount(caller);
      const mine = needs.db.within(caller);
      const accountId = await findDemo(mine, caller.workspaceId);
      if (accountId === undefined) return reply.code(204).send(null);
      await endFilling(filling, accountId);
      const pause = (ms: number) => new Promise<void>(resolve => void needs.clock.after(ms, resolve));
      await removeDemo(
        { api: apiAs(needs.localUrl(), request), mine, engineDb: needs.engineDb, pause },
        accountId,
        request.query.others ?? 'keep',
      );
      await mine.transaction(tx =>
        audit(tx, actorOf(request), { action: 'demo.removed', target: { kind: 'account', id: accountId } }),
      );
      return reply.code(204).send(null);
    },
  );
}

/** The demos that this process is filling. */
type Filling = Map<string, { isOver: boolean; ended: Promise<void> }>;

/** Stops filling, so that nothing new comes while it is removed. */
async function endFilling(filling: Filling, accountId: string): Promise<void> {
  const run = filling.get(accountId);
  if (!run) return;
  run.isOver = true;
  await run.ended.catch(() => {});
}

/** Makes the account, and has it filled after the answer. Returns the account, or the one that is there already. */
async function beginDemo(needs: DemoNeeds, request: FastifyRequest, filling: Filling): Promise<string | undefined> {
  const caller = callerOf(request);
  demandEveryAccount(caller);
  const mine = needs.db.within(caller);
  const known = await findDemo(mine, caller.workspaceId);
  if (known !== undefined) return known;
  const api = apiAs(needs.localUrl(), request);
  const account = await done(api<Account>('POST', '/accounts', { name: demoName, channel: 'sandbox', delivery }));
  const id = toUuid(account.id);
  if (!(await markDemo(mine, caller.workspaceId, id))) {
    // Another request was faster.
    await done(api('DELETE', `/accounts/${account.id}`));
    return findDemo(mine, caller.workspaceId);
  }
  await mine.transaction(tx =>
    audit(tx, actorOf(request), { action: 'demo.created', target: { kind: 'account', id } }),
  );
  needs.backgroundTasks.run(async pause => {
    const run = { isOver: false, ended: Promise.resolve() };
    run.ended = fillDemo({ api, simulator: needs.simulator, account, pause, isOver: () => run.isOver });
    filling.set(id, run);
    await run.ended.finally(() => filling.delete(id));
  });
  return id;
}
