// A separate port for metrics and health, for a process of any role.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Recado } from '../../server/app/compose.ts';
import { StartError } from '../../server/kit/start-error.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
let worker: Recado;
beforeAll(async () => {
  scenario = await startScenario({ roles: 'api', env: { METRICS_PORT: '0' } });
  worker = await scenario.node('worker');
});
afterAll(() => scenario.close());

const at = (of: Recado, path: string, init?: RequestInit) => fetch(`${of.watchUrl}${path}`, init);
const readMetrics = async (of: Recado) => (await at(of, '/metrics')).text();
const portOf = (of: Recado) => new URL(of.watchUrl ?? '').port;

test('a worker shows what it did, and whether it is well', async () => {
  expect(worker.url).toBeUndefined();
  const message = await scenario.send();
  while ((await scenario.message(message.id)).status !== 'read') await new Promise(resolve => setImmediate(resolve));
  const metrics = await readMetrics(worker);
  expect(metrics).toContain('recado_attempts_total{class="accepted"} 1');
  expect(metrics).toContain('recado_database_up 1');
  const ofApi = await readMetrics(scenario.recado);
  expect(ofApi).toContain('recado_messages_accepted_total 1');
  expect(ofApi).toContain('recado_http_request_seconds_count{kind="write",status="2xx"} 1');
  for (const text of [metrics, ofApi])
    expect(text).toMatch(new RegExp(`recado_build_info\\{version="\\d.*",node="${process.version}"\\} 1`));
  for (const of of [worker, scenario.recado]) {
    expect(await (await at(of, '/livez')).json()).toEqual({ status: 'ok' });
    expect(await (await at(of, '/readyz')).json()).toEqual({ status: 'ready' });
  }
});

test('the guide names each metric that there is, and no other', async () => {
  const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/metrics.md'), 'utf8');
  const listed = [...guide.matchAll(/^\| `(recado_\w+)`/gm)].map(([, name]) => name);
  const mentioned = [...guide.matchAll(/recado_[a-z_]+/g)].map(([name]) => name.replace(/_(sum|count|bucket)$/, ''));
  const served = [...(await readMetrics(worker)).matchAll(/^# TYPE (recado_\w+)/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(served.sort());
  expect(served).toEqual(expect.arrayContaining(mentioned));
});

test('it serves metrics and health only, to every client that reaches it', async () => {
  expect((await at(scenario.recado, '/api/v1/me')).status).toBe(404);
  expect((await at(worker, '/')).status).toBe(404);
  expect((await at(worker, '/metrics', { method: 'POST', body: 'x' })).status).toBe(404);
  // A collector may come through a proxy here; the /metrics of the API is for callers of the same machine.
  const headers = { 'x-forwarded-for': '203.0.113.7' };
  expect((await at(worker, '/metrics', { headers })).status).toBe(200);
  expect((await fetch(`${scenario.recado.url}/metrics`, { headers })).status).toBe(403);
});

test('the health check of the image asks it, for every role', async () => {
  const dockerfile = readFileSync(new URL('../../deploy/Dockerfile', import.meta.url), 'utf8');
  const [, words = '[]'] = /^HEALTHCHECK [^[]*CMD (\[.*\])$/m.exec(dockerfile) ?? [];
  const [, ...args] = JSON.parse(words) as string[];
  const isWell = async (env: Record<string, string>) => {
    const [code] = await once(spawn(process.execPath, args, { env }), 'exit');
    return code;
  };
  const both = await scenario.node('api,worker');
  for (const of of [scenario.recado, worker, both]) expect(await isWell({ METRICS_PORT: portOf(of) })).toBe(0);
  expect(await isWell({ METRICS_PORT: portOf(worker), METRICS_HOST: '0.0.0.0', PORT: '1' })).toBe(0);
  const port = portOf(both);
  await both.close();
  expect(await isWell({ METRICS_PORT: port })).toBe(1);
});

test('it ends with the process', async () => {
  const other = await scenario.node('worker');
  expect((await at(other, '/livez')).status).toBe(200);
  await other.close();
  await expect(at(other, '/livez')).rejects.toThrow();
});

test('a port that is taken stops the start with a sentence', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const address = taken.address();
  const port = typeof address === 'object' ? String(address?.port) : '';
  try {
    await expect(
      startScenario({ databaseUrl: scenario.databaseUrl, roles: 'worker', env: { METRICS_PORT: port } }),
    ).rejects.toThrow(
      new StartError(`Port ${port} of 127.0.0.1 is in use: stop what uses it, or set METRICS_PORT to another one.`),
    );
  } finally {
    taken.close();
  }
});

test('nothing listens where it is not asked for', async () => {
  const quiet = await startScenario({ databaseUrl: scenario.databaseUrl });
  expect(quiet.recado.watchUrl).toBeUndefined();
  await quiet.close();
});
