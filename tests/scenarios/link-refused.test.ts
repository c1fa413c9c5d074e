// A second link of a phone, while the database is slow to tell that it has ended.
import { expect, test } from 'vitest';
import { keepSessions } from '../../server/features/links/index.ts';
import { encrypter } from '../../server/kit/crypto/encryption.ts';
import { openDatabase } from '../../server/kit/db/database.ts';
import { newUuid, toUuid } from '../../server/kit/ids.ts';
import { openLog } from '../../server/kit/log.ts';
import { createMetrics } from '../../server/kit/metrics.ts';
import { realClock } from '../../server/kit/time.ts';
import type { OpenSession, SessionListener } from '../../server/ports/gateway.ts';
import { patience } from '../setup/linked-phones.ts';
import { type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

test('what its session stores meanwhile is not rejected: that would end the connection before it logs out', async () => {
  const scenario = await startScenario({ roles: 'api' });
  const gateway = await gatewayOf(scenario);
  const phone = { phone: '+351937000003', lid: undefined, name: 'Owner' };
  const link = async () => {
    const made = await scenario.api('POST', '/api/v1/accounts', { channel: 'web', name: 'Shop' });
    const linking = { method: 'qr', accept_risks: true };
    expect((await scenario.api('POST', `/api/v1/accounts/${made.body.id}/link`, linking)).status).toBe(202);
    const { session: id, epoch } = await gateway.opened(toUuid(made.body.id));
    const state = async () => (await scenario.api('GET', `/api/v1/accounts/${made.body.id}/link`)).body.state;
    await gateway.listener.asked(id, epoch, 'saveCredentials', { credentials: 'credentials' });
    gateway.listener.noticed(id, epoch, { kind: 'linked', ...phone });
    return { id, epoch, state };
  };
  const first = await link();
  gateway.listener.noticed(first.id, first.epoch, { kind: 'open', ...phone });
  await expect.poll(first.state, patience).toBe('connected');
  const second = await link();
  await gateway.isIdle();
  const answer = gateway.holdAnswers();
  gateway.listener.noticed(second.id, second.epoch, { kind: 'open', ...phone });
  await expect.poll(second.state, patience).toBe('failed');
  const stored = gateway.listener.asked(second.id, second.epoch, 'setKeys', { changes: { session: { a: 'b' } } });
  const outcome = stored.catch((error: Error) => error.message);
  // Time enough for a rejection.
  for (let rounds = 0; rounds < 20; rounds++) await scenario.sql('select 1');
  answer();
  expect(await outcome).toBeNull();
  await expect.poll(() => gateway.closed, patience).toEqual([{ id: second.id, logout: true }]);
  expect(await scenario.sql('select 1 from web_session_key')).toEqual([]);
  await gateway.close();
  await scenario.close();
});

/** A gateway whose session processes are played by the test, and whose database can answer late. */
async function gatewayOf({ databaseUrl, sql }: Scenario) {
  const worker = newUuid();
  await sql(`insert into worker (id, kinds, routes, seen_at) values ($1, '{}', $2, 'infinity')`, [
    worker,
    [`web:${worker}`],
  ]);
  const log = openLog('silent');
  const db = openDatabase(
    { connection: { connectionString: databaseUrl }, role: 'recado_engine', name: 'test', max: 4 },
    log,
  );
  const opens: OpenSession[] = [];
  const closed: { id: string; logout: boolean }[] = [];
  let listener: SessionListener | undefined;
  let held: Promise<void> | undefined;
  let running = 0;
  const kept = keepSessions({
    db: {
      ...db,
      async transaction(work) {
        running++;
        try {
          const result = await db.transaction(work);
          await held;
          return result;
        } finally {
          running--;
        }
      },
    },
    clock: realClock,
    realClock,
    log,
    metrics: createMetrics(),
    encrypter: encrypter(secretKey),
    worker,
    random: () => 0.5,
    version: () => '2.3000.1',
    received: () => {},
    opened: () => {},
    wakeDue: async () => {},
    openHost(given) {
      listener = given;
      return {
        open: asked => opens.push(asked),
        close(id, epoch, logout) {
          closed.push({ id, logout });
          given.noticed(id, epoch, { kind: 'closed', code: undefined, title: 'closed', duringLink: false });
        },
        call: async () => ({ ok: false, code: 'not_open', message: 'played by a test' }),
        stop: async () => {},
      };
    },
  });
  if (!listener) throw new Error('the gateway opened no host');
  return {
    listener,
    closed,
    /** The connection that the gateway opened for an account. */
    async opened(accountId: string): Promise<OpenSession> {
      kept.poll();
      const find = () => opens.find(({ session }) => session === accountId);
      await expect.poll(find, patience).toBeDefined();
      return find() as OpenSession;
    },
    isIdle: () => expect.poll(() => running, patience).toBe(0),
    /** Transactions commit, and their answers are late until the returned function is called. */
    holdAnswers(): () => void {
      let release = () => {};
      held = new Promise(resolve => {
        release = resolve;
      });
      return release;
    },
    async close(): Promise<void> {
      await kept.stop();
      await db.close();
    },
  };
}
