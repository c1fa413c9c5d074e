// Faults over HTTP: they affect the requested number of calls, and are listed until removed.
import { afterEach, expect, test } from 'vitest';
import { business, call, createCleanup, makeSimulator, sendText } from './test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';

test('messages fail as a fault says', async () => {
  const simulator = await makeSimulator(cleanup);
  const sent = async (to = person) => (await sendText(simulator, to)).json.error?.code;
  const rule = { fault: 'spam-limited', to: '+55 11 98765-4321', times: 2 };
  expect((await call(simulator, 'POST', '/faults/messages', rule)).status).toBe(204);
  expect(await sent('+5511987654322')).toBeUndefined();
  expect(await sent()).toBe(131048);
  const faults = async () => (await call(simulator, 'GET', '/faults/messages')).json.faults;
  expect(await faults()).toEqual([{ fault: 'spam-limited', to: person, times: 1 }]);
  expect(await sent()).toBe(131048);
  expect(await faults()).toEqual([]);
  expect(await sent()).toBeUndefined();

  const always = { fault: 'window-closed', phone_number_id: business, type: 'text' };
  await call(simulator, 'POST', '/faults/messages', always);
  expect([await sent(), await sent()]).toEqual([131047, 131047]);
  expect(await faults()).toEqual([always]);
  expect((await call(simulator, 'DELETE', '/faults/messages')).status).toBe(204);
  expect(await sent()).toBeUndefined();
});

test('the history and files fail as a fault says', async () => {
  const simulator = await makeSimulator(cleanup);
  const listed = async () => (await call(simulator, 'GET', `/v25.0/${business}/message_history`)).status;
  await call(simulator, 'POST', '/faults/history', { fault: 'rate-limited', times: 1 });
  expect([await listed(), await listed()]).toEqual([429, 200]);
  await call(simulator, 'POST', '/faults/media', { fault: 'gone', step: 'download' });
  expect((await call(simulator, 'GET', '/faults/media')).json).toEqual({
    faults: [{ fault: 'gone', step: 'download' }],
  });
});

test.each([
  ['POST', '/faults/messages', { fault: 'accepted', for: person }, 'for'],
  ['POST', '/faults/messages', { fault: 'accepted', to: 'Ana' }, 'to'],
  ['POST', '/faults/history', { fault: 'fire' }, 'fault'],
  ['POST', '/faults/media', { fault: 'gone', time: 1 }, 'time'],
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
