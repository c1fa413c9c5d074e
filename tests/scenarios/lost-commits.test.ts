// A database that comes back without its last commits, as the standby of an asynchronous failover does, or a snapshot:
// what this process sent is not sent again, and where nobody remembers, nothing starts.
import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/app/database/embedded-postgres/index.ts';
import { placeCluster } from '../setup/cluster.ts';
import { runRecado } from '../setup/command.ts';
import { type Scenario, secretKey, startScenario } from '../setup/scenario.ts';

let folder: string;
let server: EmbeddedPostgres;

const start = () => startEmbeddedPostgres({ dataDir: folder, log: { info: () => {}, warn: () => {} } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recado-lost-'));
  await chmod(folder, 0o711);
  await placeCluster(folder);
  server = await start();
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Copies a folder beside another name, in place of what is there, while the server is stopped. */
async function replace(from: string, to: string): Promise<void> {
  await server.stop();
  await rm(join(folder, to), { recursive: true, force: true });
  await promisify(execFile)('cp', ['-a', join(folder, from), join(folder, to)]);
  server = await start();
}

const takeSnapshot = () => replace('postgres', 'snapshot');
const goBack = () => replace('snapshot', 'postgres');

test('calls of a database that lost its last commits are not repeated', async () => {
  const settings = { DATA_DIR: join(folder, 'data'), SECRET_KEY: secretKey };
  const options = { databaseUrl: server.url(), env: settings, delays: { slow: 4_000 } };
  const scenario = await startScenario(options);
  const statusOf = async ({ id }: { id: string }, { api }: Scenario = scenario) => {
    const answer = await api('GET', `/api/v1/messages/${id}`);
    return answer.status === 200 ? answer.body.status : answer.status;
  };
  const callsTo = (to: string) => scenario.simulator.ledger.entries().filter(call => call.to === to.slice(1)).length;
  const [under, behind] = ['+33613009001', '+33613009002'];
  scenario.simulator.setFault(call => (under.endsWith(call.to) ? 'slow-answer' : null));
  const slow = await scenario.send(under);
  await expect.poll(() => callsTo(under)).toBe(1);
  const account = `/api/v1/accounts/${scenario.account.id}`;
  expect((await scenario.api('POST', `${account}/pause`)).body.status).toBe('paused');
  const queued = await scenario.send(behind);

  await takeSnapshot();
  const resume = async () => (await scenario.api('POST', `${account}/resume`)).status;
  await expect.poll(resume).toBe(200);
  for (const message of [slow, queued]) await expect.poll(() => statusOf(message)).toBe('read');
  const gone = [];
  for (let n = 0; n < 20; n++) gone.push(await scenario.send());
  for (const message of gone) await expect.poll(() => statusOf(message)).toBe('read');
  await scenario.settle();

  await goBack();
  await expect.poll(resume).toBe(200);
  for (const message of [slow, queued]) await expect.poll(() => statusOf(message)).toMatch(/^(sent|delivered|read)$/);
  expect(await statusOf(gone[0])).toBe(404);
  const after = await scenario.send(under);
  await expect.poll(() => statusOf(after)).toBe('read');
  expect([callsTo(under), callsTo(behind)]).toEqual([2, 1]);
  await scenario.close();

  // A process that was not there remembers nothing.
  await goBack();
  await expect(startScenario(options)).rejects.toThrow(/behind what Recado saw of it .* run npx recado recovered once/);
  const marked = await runRecado({ ...settings, DATABASE_URL: server.url() }, ['recovered']);
  expect([marked.code, marked.out]).toEqual([0, expect.stringContaining('2 messages became unknown')]);
  const recovered = await startScenario(options);
  for (const message of [slow, queued]) expect(await statusOf(message, recovered)).toBe('unknown');
  expect(recovered.simulator.ledger.entries()).toEqual([]);
  await recovered.close();
});
