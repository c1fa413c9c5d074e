// The script routes: they affect the requested calls and webhooks, and are listed until removed.
import { afterEach, expect, test } from 'vitest';
import type { SimulatorOptions } from '../index.ts';
import { business, call, createCleanup, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const other = '+5511987654322';

const start = async (options: Partial<SimulatorOptions> = {}) => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url, ...options });
  const script = (method: string, path: string, body?: unknown) => call(simulator, method, `/script${path}`, body);
  const rules = async (name: string) => (await script('GET', `/${name}`)).json.rules;
  const codeTo = async (to = person) => (await sendText(simulator, to)).json.error?.code;
  return { receiver, simulator, script, rules, codeTo };
};

test('the next calls fail with an outcome or a code, for a person or a number, until removed', async () => {
  const { script, rules, codeTo } = await start();
  const added = await script('POST', '/messages', { fault: 'spam-limited', to: '+55 11 98765-4321', times: 2 });
  expect([added.status, added.json]).toEqual([201, { id: 1, fault: 'spam-limited', to: person, times: 2 }]);
  expect(await codeTo(other)).toBeUndefined();
  expect(await codeTo()).toBe(131048);
  expect(await rules('messages')).toEqual([{ id: 1, fault: 'spam-limited', to: person, times: 1 }]);
  expect(await codeTo()).toBe(131048);
  expect(await rules('messages')).toEqual([]);
  expect(await codeTo()).toBeUndefined();

  await script('POST', '/messages', { code: 131056, phone_number_id: business, type: 'text', skip: 1 });
  expect([await codeTo(), await codeTo(), await codeTo()]).toEqual([undefined, 131056, 131056]);
  expect((await script('DELETE', '/messages/2')).status).toBe(204);
  expect((await script('DELETE', '/messages/2')).status).toBe(404);
  expect(await codeTo()).toBeUndefined();
});

test('a code comes as an error with all its parts, or as a failed status', async () => {
  const { simulator, receiver, script } = await start();
  const error = { code: 368, http: 418, subcode: 7, details: 'Blocked for a test.', times: 1 };
  await script('POST', '/messages', error);
  const refused = await sendText(simulator, person);
  expect(refused.status).toBe(418);
  expect(refused.json.error).toMatchObject({ code: 368, error_subcode: 7, error_data: { details: error.details } });

  await script('POST', '/messages', { code: 131026, as: 'status', details: 'No such person.', times: 1 });
  const { status, json } = await sendText(simulator, person);
  expect(status).toBe(200);
  await simulator.webhooksIdle();
  expect(receiver.statuses()).toMatchObject([
    {
      id: json.messages[0].id,
      status: 'failed',
      errors: [{ code: 131026, error_data: { details: 'No such person.' } }],
    },
  ]);
});

test('a lost answer is an accepted message without a response', async () => {
  const { simulator, receiver, script } = await start();
  await script('POST', '/messages', { fault: 'answer-lost', times: 1 });
  await expect(sendText(simulator, person)).rejects.toThrow();
  await simulator.webhooksIdle();
  expect(simulator.ledger.entries()).toHaveLength(1);
  expect(receiver.statuses().map(each => each.status)).toEqual(['sent', 'delivered', 'read']);
});

test('a delayed answer comes at its time, drawn by the seed', async () => {
  const waits = async () => {
    const { simulator, script } = await start({ seed: 'seven', standsAt: new Date('2026-03-01T00:00:00Z') });
    await script('POST', '/messages', { delay_ms: [100, 5_000] });
    const answered: number[] = [];
    const began = Date.parse('2026-03-01T00:00:00Z');
    const sends = [person, other].map(async to => {
      await sendText(simulator, to);
      answered.push(Date.parse((await script('GET', '/clock')).json.now) - began);
    });
    while (simulator.calls().length < 2) await script('PATCH', '/clock', { advance: '50ms' });
    await Promise.all(sends);
    return simulator.ledger
      .entries()
      .map(entry => Date.parse(entry.at) - began)
      .sort((a, b) => a - b);
  };
  const first = await waits();
  expect(first).toHaveLength(2);
  for (const ms of first) expect(ms).toBeGreaterThanOrEqual(100);
});

test('numbers, files and tokens fail as a rule says', async () => {
  const { simulator, script } = await start();
  const described = async () => (await call(simulator, 'GET', `/v25.0/${business}`)).status;
  expect(await described()).toBe(200);
  await script('POST', '/media', { fault: 'gone', step: 'download' });
  expect((await script('GET', '/media')).json).toEqual({ rules: [{ id: 1, fault: 'gone', step: 'download' }] });

  await script('POST', '/tokens', { fault: 'expired' });
  const expired = await sendText(simulator, person);
  expect([expired.status, expired.json.error.code, expired.json.error.error_subcode]).toEqual([401, 190, 463]);
  expect(await described()).toBe(401);
  expect(simulator.calls().at(-1)).toMatchObject({ outcome: 'rejected', code: 190, phoneNumberId: business });
  await script('DELETE', '/tokens');
  expect((await sendText(simulator, person)).status).toBe(200);
});

test('webhooks are dropped, doubled, delayed, reordered, gathered and sent again', async () => {
  const { simulator, receiver, script, rules } = await start({ seed: 'order' });
  const send = async () => {
    const before = receiver.received.length;
    await sendText(simulator, person);
    await simulator.webhooksIdle();
    return receiver.received
      .slice(before)
      .map(each => each.values.flatMap(value => value.statuses ?? []).map(each => String(each.status)));
  };
  await script('POST', '/webhooks', { fault: 'drop', status: 'delivered', times: 1 });
  expect((await send()).flat()).toEqual(['sent', 'read']);
  await script('POST', '/webhooks', { fault: 'double', kind: 'status', status: 'sent', copies: 3, times: 1 });
  expect((await send()).flat().sort()).toEqual(['delivered', 'read', 'sent', 'sent', 'sent']);
  await script('POST', '/webhooks', { fault: 'delay', status: 'sent', delay_ms: 60_000, times: 1 });
  // Webhooks that are due while a post is under way go in one.
  expect((await send()).flat()).toEqual(['delivered', 'read', 'sent']);
  await script('POST', '/webhooks', { fault: 'batch', size: 3, times: 1 });
  expect(await rules('webhooks')).toMatchObject([{ fault: 'batch', size: 3, times: 1 }]);
  expect(await send()).toEqual([['sent', 'delivered', 'read']]);
  expect(await rules('webhooks')).toEqual([]);
  await script('POST', '/webhooks', { fault: 'reorder', size: 3, times: 1 });
  const [mixed] = await send();
  expect(mixed).not.toEqual(['sent', 'delivered', 'read']);
  expect(mixed?.toSorted()).toEqual(['delivered', 'read', 'sent']);
  await script('POST', '/webhooks', { fault: 'retry', to: person, status: 'sent', times: 2 });
  expect((await send()).flat().filter(each => each === 'sent')).toHaveLength(3);
});

test('webhooks of an unfinished group come when its rule is removed', async () => {
  const { simulator, receiver, script } = await start();
  const { json } = await script('POST', '/webhooks', { fault: 'batch', size: 100 });
  await sendText(simulator, person);
  await script('DELETE', `/webhooks/${json.id}`);
  await simulator.webhooksIdle();
  expect(receiver.statuses().map(each => each.status)).toEqual(['sent', 'delivered', 'read']);
});

test('all that is scripted is listed and removed at once', async () => {
  const { script, codeTo } = await start();
  await script('POST', '/messages', { code: 131048 });
  await script('PATCH', '/limits', { enabled: true, tier: 'TIER_250' });
  expect((await script('GET', '')).json).toMatchObject({
    seed: null,
    clock: { running: true },
    limits: { enabled: true, tier: 'TIER_250' },
    messages: [{ id: 1, code: 131048 }],
    webhooks: [],
  });
  await script('DELETE', '');
  expect(await codeTo()).toBeUndefined();
  expect((await script('GET', '')).json).toMatchObject({ limits: { enabled: false, tier: 'TIER_2K' }, messages: [] });
});

test.each([
  ['POST', '/script/messages', { fault: 'accepted', for: person }, 'for'],
  ['POST', '/script/messages', { fault: 'accepted', to: 'Ana' }, 'to'],
  ['POST', '/script/messages', {}, 'fault'],
  ['POST', '/script/messages', { fault: 'accepted', code: 100 }, 'code'],
  ['POST', '/script/messages', { fault: 'accepted', as: 'status' }, 'as'],
  ['POST', '/script/media', { fault: 'gone', time: 1 }, 'time'],
  ['POST', '/script/webhooks', { fault: 'drop', size: 1 }, 'size'],
  ['PATCH', '/script/clock', { advance: '2 hours' }, 'advance'],
  ['PATCH', '/script/clock', { to: '2020-01-01T00:00:00Z' }, 'to'],
  ['PATCH', '/script/limits', { throughput: 'high' }, 'throughput'],
  ['PATCH', `/phones/${person}`, { autoread: false }, 'autoread'],
  ['POST', `/phones/${person}/messages`, { to: business, txt: { body: 'x' }, text: { body: 'x' } }, 'txt'],
  ['POST', '/numbers', { phone_number_id: '1', display_phone_number: person, name: 'x' }, 'name'],
  ['GET', '/ledger?tokn=x', undefined, 'tokn'],
])('%s %s says which field of %j is wrong', async (method, path, body, field) => {
  const simulator = await makeSimulator(cleanup);
  const { status, json } = await call(simulator, method, path, body);
  expect(status).toBe(400);
  expect(json.error.error_data.details).toMatch(new RegExp(`^${field}: `));
});
