// One chat of a phone: its own settings, and reading it alone.
import { afterEach, expect, test } from 'vitest';
import { business, call, createCleanup, makeFolder, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const phone = `/phones/${encodeURIComponent(person)}`;
const other = '999000999000';
const chat = (id = business) => `${phone}/chats/${id}`;

test('a chat is empty before its first message, and has nothing of the others', async () => {
  const simulator = await makeSimulator(cleanup, {});
  expect((await call(simulator, 'GET', chat())).json).toMatchObject({ number: person, auto_read: true, messages: [] });
  await call(simulator, 'POST', `${phone}/messages`, { to: other, text: { body: 'to another' } });
  expect((await call(simulator, 'GET', chat())).json.messages).toEqual([]);
  expect((await call(simulator, 'GET', chat(other))).json.messages).toMatchObject([{ preview: 'to another' }]);
  expect((await call(simulator, 'GET', chat('x'))).status).toBe(400);
});

test('its settings are its own, also after a restart, and it is read alone', async () => {
  const folder = await makeFolder(cleanup);
  const receiver = await makeReceiver(cleanup);
  const options = { callbackUrl: receiver.url, dataDir: folder, delays: { sent: 0, delivered: 0, read: 0 } };
  const first = await makeSimulator(cleanup, options);
  await call(first, 'PATCH', phone, { auto_read: false });
  const changed = await call(first, 'PATCH', chat(other), { auto_read: true, auto_reply: 'Thanks' });
  expect(changed.json).toMatchObject({ auto_read: true, auto_reply: 'Thanks' });
  expect((await call(first, 'GET', chat())).json).toMatchObject({ auto_read: false, auto_reply: null });
  await first.close();

  const simulator = await makeSimulator(cleanup, options);
  expect((await call(simulator, 'GET', chat(other))).json).toMatchObject({ auto_read: true, auto_reply: 'Thanks' });
  await sendText(simulator, person);
  await expect
    .poll(async () => (await call(simulator, 'GET', chat())).json.messages)
    .toMatchObject([{ status: 'delivered' }]);
  expect((await call(simulator, 'POST', `${chat(other)}/read`, {})).json).toEqual({ read: 0 });
  expect((await call(simulator, 'POST', `${chat()}/read`, {})).json).toEqual({ read: 1 });
  expect((await call(simulator, 'GET', chat())).json.messages).toMatchObject([{ status: 'read' }]);
});
