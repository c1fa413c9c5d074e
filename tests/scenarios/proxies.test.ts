// The proxies of the guide "Install" carry requests, files, webhooks, streams and sockets, and tell the client's address.
import { Agent, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSocket, openStream } from '../setup/event-clients.ts';
import { pdf, sha256 } from '../setup/media-files.ts';
import { proxyKinds, startProxy } from '../setup/proxies.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf } from '../setup/socket.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({ env: { TRUST_PROXY: '127.0.0.1' } });
});
afterAll(() => scenario.close());

// The proxy and its client share a machine, so the client is another address of loopback.
const client = new Agent({ localAddress: '127.0.0.2' });
afterAll(() => client.close());

describe.each(proxyKinds)('behind %s', kind => {
  let url: string;
  let close: (() => Promise<void>) | undefined;
  const statusOf = async (path: string, headers: Record<string, string> = {}) => {
    const { statusCode, body } = await request(`${url}${path}`, { dispatcher: client, headers });
    await body.dump();
    return statusCode;
  };
  beforeAll(async () => {
    const proxy = await startProxy(kind, portOf(scenario));
    [url, close] = [proxy.url, proxy.close];
  });
  afterAll(() => close?.());

  test('requests pass, and the metrics stay inside', async () => {
    await expect.poll(() => statusOf('/readyz').catch(String)).toBe(200);
    expect(await statusOf('/metrics')).toBe(404);
  });

  test('the address that the proxy sees counts, and none that the client writes', async () => {
    const meFrom = async (address: string) => {
      const body = { name: address, scopes: ['messages.read'], addresses: [address] };
      const { key } = (await scenario.api('POST', '/api/v1/keys', body)).body;
      return statusOf('/api/v1/me', { authorization: `Bearer ${key}`, 'x-forwarded-for': '203.0.113.7' });
    };
    expect([await meFrom('127.0.0.2'), await meFrom('203.0.113.7')]).toEqual([200, 401]);
  });

  test('a file of 9 MB arrives byte for byte', async () => {
    const bytes = pdf(9_000_000);
    const form = new FormData();
    form.set('file', new Blob([bytes], { type: 'application/pdf' }), 'report.pdf');
    const headers = { authorization: `Bearer ${await scenario.token()}` };
    const answer = await fetch(`${url}/api/v1/media`, { method: 'POST', body: form, headers });
    expect([answer.status, await answer.json()]).toMatchObject([201, { sha256: sha256(bytes) }]);
  });

  test('signed webhooks, a stream and a WebSocket pass', async () => {
    scenario.simulator.setCallbackUrl(`${url}/webhooks/whatsapp/sandbox`);
    const wish = { token: await scenario.token(), types: ['message.read'] };
    const clients = [await openStream(url, wish), await openSocket(url, wish)];
    for (const { told } of clients) await expect.poll(() => told).not.toEqual([]);
    const { id } = await scenario.send();
    for (const { events } of clients)
      await expect.poll(() => events.map(({ data }) => data)).toMatchObject([{ message: { id } }]);
    for (const { drop } of clients) drop();
  });
});
