// Webhooks on the wire: format, signature, retries, and a restart.
import { createHmac } from 'node:crypto';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import {
  business,
  call,
  createCleanup,
  hurriedClock,
  makeFolder,
  makeReceiver,
  makeSimulator,
  secrets,
  sendText,
} from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const kinds = (statuses: Record<string, unknown>[]) => statuses.map(each => each.status);

test('receipts come in order, echo the token, and have the shape of Meta', async () => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
  const sent = await sendText(simulator, person, 'hi', { biz_opaque_callback_data: 'token-1' });
  await simulator.webhooksIdle();
  expect(kinds(receiver.statuses())).toEqual(['sent', 'delivered', 'read']);
  expect(receiver.statuses()[0]).toEqual({
    id: sent.json.messages[0].id,
    status: 'sent',
    timestamp: '1767225600',
    recipient_id: '5511987654321',
    biz_opaque_callback_data: 'token-1',
    pricing: { billable: false, pricing_model: 'PMP', type: 'free_customer_service', category: 'service' },
  });
  const body = JSON.parse(String(receiver.received[0]?.raw));
  expect(body).toMatchObject({
    object: 'whatsapp_business_account',
    entry: [{ id: expect.any(String), changes: [{ field: 'messages', value: { messaging_product: 'whatsapp' } }] }],
  });
  expect(receiver.received[0]?.values[0]?.metadata).toEqual({
    display_phone_number: '15552242922',
    phone_number_id: business,
  });
  expect(receiver.received[0]?.values[0]?.contacts).toEqual([
    { profile: { name: 'Person 4321' }, wa_id: '5511987654321' },
  ]);
});

test('the signature holds for the raw bytes, and not for JSON that was written again', async () => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
  await call(simulator, 'POST', `/phones/${person}/messages`, {
    to: business,
    type: 'text',
    text: { body: 'olá 👋 1/2' },
  });
  await simulator.webhooksIdle();
  const [request] = receiver.received;
  if (request === undefined) throw new Error('nothing came');
  const sign = (bytes: Buffer) => `sha256=${createHmac('sha256', secrets.appSecret).update(bytes).digest('hex')}`;
  expect(request.headers['x-hub-signature-256']).toBe(sign(request.raw));
  expect(String(request.raw)).toContain('ol\\u00e1 \\ud83d\\udc4b 1\\/2');
  expect(receiver.messages()[0]?.text).toEqual({ body: 'olá 👋 1/2' });
  const rewritten = Buffer.from(JSON.stringify(JSON.parse(String(request.raw))));
  expect(request.headers['x-hub-signature-256']).not.toBe(sign(rewritten));
});

test('what is due together travels together, a hundred at most', async () => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup);
  for (let i = 0; i < 50; i++) await sendText(simulator, `+55119876500${String(i).padStart(2, '0')}`);
  await call(simulator, 'POST', '/777/messages', { messaging_product: 'whatsapp', to: person, text: { body: 'x' } });
  simulator.setCallbackUrl(receiver.url);
  await simulator.webhooksIdle();
  expect(receiver.statuses()).toHaveLength(153);
  expect(receiver.received.length).toBeLessThan(153);
  const largest = receiver.received.map(each =>
    each.values.reduce((sum, value) => sum + (value.statuses?.length ?? 0), 0),
  );
  expect(Math.max(...largest)).toBeLessThanOrEqual(100);
  expect(new Set(receiver.received.flatMap(each => each.values.map(value => value.metadata.phone_number_id)))).toEqual(
    new Set([business, '777']),
  );
});

test('a webhook is sent again until it is answered with 200', async () => {
  const receiver = await makeReceiver(cleanup, nth => [500, 204, 302, 200][nth - 1] ?? 200);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url });
  await call(simulator, 'POST', `/phones/${person}/messages`, { to: business, type: 'text', text: { body: 'hi' } });
  await simulator.webhooksIdle();
  expect(receiver.received).toHaveLength(4);
  expect(new Set(receiver.received.map(each => String(each.raw))).size).toBe(1);
});

test('a webhook without an answer is given up in time and sent again', async () => {
  const receiver = await makeReceiver(cleanup, nth => (nth === 1 ? null : 200));
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url, webhookRetry: { timeout: 20 } });
  await call(simulator, 'POST', `/phones/${person}/messages`, { to: business, text: { body: 'hi' } });
  await simulator.webhooksIdle();
  // On a slow machine a later request may time out too: it is the same webhook each time.
  expect(receiver.received.length).toBeGreaterThan(1);
  expect(new Set(receiver.received.map(({ raw }) => raw.toString())).size).toBe(1);
});

test('nothing is sent after seven days', async () => {
  const receiver = await makeReceiver(cleanup, () => 500);
  const simulator = await makeSimulator(cleanup, {
    callbackUrl: receiver.url,
    webhookRetry: { first: 3 * 24 * 3_600_000, longest: 3 * 24 * 3_600_000 },
  });
  await call(simulator, 'POST', `/phones/${person}/messages`, { to: business, text: { body: 'hi' } });
  await simulator.webhooksIdle();
  expect(receiver.received).toHaveLength(4);
});

test('webhooks wait for a callback, and a restart sends what was not acknowledged', async () => {
  const dataDir = await makeFolder(cleanup);
  const receiver = await makeReceiver(cleanup);
  const first = await makeSimulator(cleanup, { dataDir });
  await sendText(first, person, 'hi', { biz_opaque_callback_data: 'token-1' });
  await call(first, 'POST', `/phones/${person}/messages`, { type: 'text', text: { body: 'back' } });
  expect(first.pendingWebhooks()).toBe(4);
  await first.close();

  const second = await makeSimulator(cleanup, { dataDir });
  expect(second.pendingWebhooks()).toBe(4);
  second.setCallbackUrl(receiver.url);
  await second.webhooksIdle();
  expect(kinds(receiver.statuses()).sort()).toEqual(['delivered', 'read', 'sent']);
  expect(receiver.statuses().map(each => each.biz_opaque_callback_data)).toEqual(['token-1', 'token-1', 'token-1']);
  expect(receiver.messages()).toHaveLength(1);
  await second.close();

  const third = await makeSimulator(cleanup, { dataDir, callbackUrl: receiver.url });
  expect(third.pendingWebhooks()).toBe(0);
  expect((await call(third, 'GET', `/phones/${person}`)).json.threads[0].messages).toHaveLength(2);
});

test('a crash between the ledger and the webhook log loses no receipt', async () => {
  const dataDir = await makeFolder(cleanup);
  const receiver = await makeReceiver(cleanup);
  const first = await makeSimulator(cleanup, { dataDir });
  await sendText(first, person);
  await sendText(first, '+12025550112');
  await first.close();
  await writeFile(join(dataDir, 'webhooks.jsonl'), '{"planned":1}\n');

  const second = await makeSimulator(cleanup, { dataDir, callbackUrl: receiver.url });
  await second.webhooksIdle();
  expect(kinds(receiver.statuses())).toEqual(['failed']);
});

test('a torn last line costs neither the lines before it nor those after', async () => {
  const dataDir = await makeFolder(cleanup);
  const first = await makeSimulator(cleanup, { dataDir });
  await sendText(first, person);
  await first.close();
  for (const name of ['ledger.jsonl', 'webhooks.jsonl', 'phones.jsonl'])
    await appendFile(join(dataDir, name), '{"at":"20');

  const second = await makeSimulator(cleanup, { dataDir });
  expect(second.ledger.entries()).toHaveLength(1);
  await sendText(second, person);
  await second.close();

  const third = await makeSimulator(cleanup, { dataDir });
  expect(third.ledger.entries()).toHaveLength(2);
  expect(third.pendingWebhooks()).toBe(6);
  expect(await readFile(join(dataDir, 'webhooks.jsonl'), 'utf8')).not.toContain('"at":"20');
});

test('the callback is asked to prove itself', async () => {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    const known = query.get('hub.mode') === 'subscribe' && query.get('hub.verify_token') === secrets.verifyToken;
    response.writeHead(known ? 200 : 403).end(query.get('hub.challenge'));
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  cleanup.add(() => new Promise(done => server.close(done).closeAllConnections()));
  const { port } = server.address() as { port: number };
  const callbackUrl = `http://127.0.0.1:${port}/hook?x=1`;
  const right = await makeSimulator(cleanup, { callbackUrl });
  expect(await right.verifyCallback()).toBe(true);
  const wrong = await makeSimulator(cleanup, { callbackUrl, verifyToken: 'another-token' });
  expect((await call(wrong, 'POST', '/callback/verify')).json).toEqual({ verified: false });
  expect(await (await makeSimulator(cleanup)).verifyCallback()).toBe(false);
});

test('closing leaves neither timers nor open calls behind', async () => {
  const receiver = await makeReceiver(cleanup, () => null);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url, clock: hurriedClock() });
  await sendText(simulator, person);
  await receiver.until(() => receiver.received.length === 1);
  const idle = simulator.webhooksIdle();
  await simulator.close();
  await idle;
  await simulator.close();
  expect(simulator.pendingWebhooks()).toBe(3);
});
