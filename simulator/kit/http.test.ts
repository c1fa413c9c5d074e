// Who may call: pages of other sites in a browser on this machine may not.
import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import type { Simulator } from '../index.ts';
import { createCleanup, makeSimulator } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

/** `fetch` does not allow setting these headers. */
const statusOf = (simulator: Simulator, method: string, path: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((done, fail) => {
    const call = request({ host: '127.0.0.1', port: simulator.port, method, path, headers }, response => {
      response.resume();
      done(response.statusCode);
    });
    call.on('error', fail).end();
  });

describe('on a loopback address', () => {
  test.each(['evil.example', 'evil.example:3001', '127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example'])(
    'a request for %j is rejected',
    async host => {
      const simulator = await makeSimulator(cleanup);
      expect(await statusOf(simulator, 'GET', '/phones', { host })).toBe(403);
      expect(await statusOf(simulator, 'GET', '/nothing', { host })).toBe(403);
    },
  );

  test.each(['localhost', 'LocalHost:3001', '127.0.0.1', '127.1.2.3:80', '[::1]', '[::1]:3001'])(
    'a request for %j is answered',
    async host => {
      const simulator = await makeSimulator(cleanup);
      expect(await statusOf(simulator, 'GET', '/phones', { host })).toBe(200);
    },
  );
});

test('elsewhere any host is answered, for only its operator knows what it is called', async () => {
  const simulator = await makeSimulator(cleanup, { host: '0.0.0.0' });
  expect(await statusOf(simulator, 'GET', '/phones', { host: 'simulator.internal:3001' })).toBe(200);
});

test.each(['http://evil.example', 'http://127.0.0.1:1', 'null'])(
  'nothing is changed for the origin %s',
  async origin => {
    const simulator = await makeSimulator(cleanup);
    const host = `127.0.0.1:${simulator.port}`;
    expect(await statusOf(simulator, 'POST', '/callback/verify', { host, origin })).toBe(403);
    expect(await statusOf(simulator, 'DELETE', '/script/media', { host, origin })).toBe(403);
    expect(await statusOf(simulator, 'GET', '/phones', { host, origin })).toBe(200);
  },
);

test('its own page may change things, and so may what has no origin', async () => {
  const simulator = await makeSimulator(cleanup);
  const host = `localhost:${simulator.port}`;
  expect(await statusOf(simulator, 'DELETE', '/script/media', { host, origin: `http://${host}` })).toBe(204);
  expect(await statusOf(simulator, 'DELETE', '/script/media', { host })).toBe(204);
});
