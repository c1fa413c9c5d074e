// A snapshot of the database that comes back by itself, without a backup of ours: nothing is sent a second time.
import pg from 'pg';
import { expect, test } from 'vitest';
import { runRecado } from '../setup/command.ts';
import { makeDatabase, type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

/** A copy of a database that nobody uses, as a snapshot of its disk is one. */
async function snapshotOf(databaseUrl: string): Promise<string> {
  const snapshot = await makeDatabase('empty');
  const nameOf = (url: string) => new URL(url).pathname.slice(1);
  const admin = new pg.Client({ connectionString: databaseUrl.replace(nameOf(databaseUrl), 'postgres') });
  await admin.connect();
  await admin.query(`drop database ${nameOf(snapshot)}`);
  await admin.query(`create database ${nameOf(snapshot)} template ${nameOf(databaseUrl)}`);
  await admin.end();
  return snapshot;
}

const recovered = (databaseUrl: string, ...words: string[]) =>
  runRecado({ DATABASE_URL: databaseUrl, SECRET_KEY: secretKey }, ['recovered', ...words]);

const statusOf = async (scenario: Scenario, id: string) => (await scenario.message(id)).status;

test('a recovered snapshot sends nothing that left since, until the operator decides', async () => {
  const accepting = await startScenario({ roles: 'api' });
  const messages = [await accepting.send(), await accepting.send()];
  const contact = await accepting.api('POST', '/api/v1/contacts', { name: 'On duty', phone: '+5511955501101' });
  const hook = await accepting.api('POST', '/api/v1/hooks', {
    name: 'Monitor',
    account_id: accepting.account.id,
    contact_ids: [contact.body.id],
  });
  expect(hook.status, hook.text).toBe(201);
  expect((await accepting.api('POST', `/api/v1/hooks/${hook.body.id}/test`)).status).toBe(202);
  const token = await accepting.token();
  const refused = await recovered(accepting.databaseUrl);
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('A Recado is running on this database')]);
  await accepting.close();
  const [snapshot, other] = [await snapshotOf(accepting.databaseUrl), await snapshotOf(accepting.databaseUrl)];

  const sending = await startScenario({ databaseUrl: accepting.databaseUrl });
  for (const { id } of messages) await expect.poll(() => statusOf(sending, id)).toBe('read');
  await sending.close();

  const marked = await recovered(snapshot);
  expect([marked.code, marked.out]).toEqual([0, expect.stringContaining('2 messages became unknown')]);
  const after = await startScenario({ databaseUrl: snapshot });
  for (const { id } of messages) expect(await statusOf(after, id)).toBe('unknown');
  const again = await after.send();
  await expect.poll(() => statusOf(after, again.id)).toBe('read');
  expect(after.simulator.ledger.entries()).toHaveLength(1);
  const calls = await after.api('GET', `/api/v1/hooks/${hook.body.id}/calls`);
  expect(calls.body.data[0]).toMatchObject({ outcome: 'failed', error: expect.stringContaining('restored') });
  expect((await after.api('GET', '/api/v1/me', undefined, { authorization: `Bearer ${token}` })).status).toBe(401);
  await after.close();

  // Where nothing was sent since, the operator says so.
  expect(await recovered(other, '--resume')).toMatchObject({ code: 0, out: expect.stringContaining('0 messages') });
  const resumed = await startScenario({ databaseUrl: other });
  for (const { id } of messages) await expect.poll(() => statusOf(resumed, id)).toBe('read');
  await resumed.close();
});
