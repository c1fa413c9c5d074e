// The guide at `/` names every route that is served, and nothing else.
import { afterEach, expect, test } from 'vitest';
import { call, createCleanup, makeSimulator } from '../test-harness.ts';
import { routes } from './guide.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);

test('it names the routes that are served', async () => {
  const simulator = await makeSimulator(cleanup);
  const { json } = await call(simulator, 'GET', '/');
  expect(json.routes).toEqual(routes);
  const isGraph = (path: string) => /^\/(:version|:\w+\(\^|whatsapp_business\/|debug_token$|upload\*$)/.test(path);
  const own = simulator.routes().filter(route => !route.startsWith('HEAD ') && !isGraph(route.split(' ')[1] ?? ''));
  expect(routes.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(own.toSorted());
  for (const each of routes) {
    if (each.body !== undefined) expect(() => JSON.parse(each.body ?? '')).not.toThrow();
  }
});

test('every example of a script route is accepted', async () => {
  const simulator = await makeSimulator(cleanup);
  for (const { method, path, body } of routes.filter(each => each.path.startsWith('/script') && each.body)) {
    const { status } = await call(simulator, method, path, body);
    expect([path, status]).toEqual([path, method === 'POST' ? 201 : 200]);
  }
});

test('a browser gets a page without scripts', async () => {
  const simulator = await makeSimulator(cleanup);
  const response = await fetch(simulator.url, { headers: { accept: 'text/html' } });
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/);
  const html = await response.text();
  for (const { path } of routes) expect(html).toContain(path);
});
