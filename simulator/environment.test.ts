// The environment: defaults, generated secrets, and all mistakes reported at once.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { readEnvironment } from './environment.ts';
import { createCleanup, makeSimulator } from './test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

test('nothing at all is enough, and secrets are made up', () => {
  const first = readEnvironment({ SIMULATOR_PORT: '' });
  if (!first.ok) throw new Error(first.message);
  expect(first.options).toMatchObject({
    host: '127.0.0.1',
    port: 3001,
    portFallback: true,
    skipPort: 0,
    dataDir: './data/simulator',
  });
  expect(Object.keys(first.generated)).toEqual([
    'SIMULATOR_ACCESS_TOKEN',
    'SIMULATOR_APP_SECRET',
    'SIMULATOR_VERIFY_TOKEN',
  ]);
  expect(first.options.accessToken).toBe(first.generated.SIMULATOR_ACCESS_TOKEN);
  const second = readEnvironment({});
  expect(second.ok && second.options.accessToken).not.toBe(first.options.accessToken);
});

test('given settings are used', () => {
  const read = readEnvironment({
    SIMULATOR_PORT: '0',
    SIMULATOR_ACCESS_TOKEN: 'access-1',
    SIMULATOR_APP_SECRET: 'secret-1',
    SIMULATOR_VERIFY_TOKEN: 'verify-1',
    SIMULATOR_CALLBACK_URL: 'http://127.0.0.1:3000/hook',
    SIMULATOR_WINDOW: 'off',
    SIMULATOR_LIMITS: 'off',
    SIMULATOR_SEED: 'seven',
    SIMULATOR_CLOCK: '2026-03-01T00:00:00+01:00',
  });
  if (!read.ok) throw new Error(read.message);
  expect(read.options).toMatchObject({
    port: 0,
    accessToken: 'access-1',
    callbackUrl: 'http://127.0.0.1:3000/hook',
    window: false,
    limits: false,
    seed: 'seven',
    standsAt: new Date('2026-02-28T23:00:00Z'),
  });
  expect(read.generated).toEqual({});
});

test('all mistakes are reported at once', () => {
  const read = readEnvironment({
    SIMULATOR_PORT: '70000',
    SIMULATOR_CALLBACK_URL: 'ftp://x',
    SIMULATOR_APP_SECRET: 'short',
    SIMULATOR_CLOCK: 'tomorrow',
    SIMULATOR_LIMITS: 'yes',
  });
  if (read.ok) throw new Error('accepted');
  for (const name of ['PORT', 'CALLBACK_URL', 'APP_SECRET', 'CLOCK', 'LIMITS'])
    expect(read.message).toContain(`SIMULATOR_${name}`);
});

test('a taken port leads to the next free one, if that is allowed', async () => {
  const blocker = createServer();
  await new Promise<void>(done => blocker.listen(0, '127.0.0.1', done));
  cleanup.add(() => new Promise(done => blocker.close(done)));
  const { port } = blocker.address() as AddressInfo;
  await expect(makeSimulator(cleanup, { port })).rejects.toThrow('EADDRINUSE');
  const simulator = await makeSimulator(cleanup, { port, portFallback: true });
  expect(simulator.port).toBeGreaterThan(port);
  expect((await fetch(`${simulator.url}/phones`)).status).toBe(200);
});

test('a port that is meant for another is left free', async () => {
  const free = createServer();
  await new Promise<void>(done => free.listen(0, '127.0.0.1', done));
  const { port } = free.address() as AddressInfo;
  await new Promise(done => free.close(done));
  const simulator = await makeSimulator(cleanup, { port, portFallback: true, skipPort: port });
  expect(simulator.port).toBeGreaterThan(port);
});
