// People with phones: they write, receive, read and reply.
import { afterEach, expect, test } from 'vitest';
import { business, call, createCleanup, makeFolder, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const phone = `/phones/${encodeURIComponent(person)}`;

const start = async (options = {}) => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url, ...options });
  return { receiver, simulator };
};

test('what a person writes becomes a webhook', async () => {
  const { receiver, simulator } = await start();
  const written = { to: business, type: 'text', text: { body: 'oi' }, profile_name: 'Ana', context: { id: 'wamid.q' } };
  const { status, json } = await call(simulator, 'POST', `${phone}/messages`, written);
  expect(status).toBe(202);
  await simulator.webhooksIdle();
  expect(receiver.messages()).toEqual([
    {
      from: '5511987654321',
      id: json.id,
      timestamp: '1767225600',
      type: 'text',
      text: { body: 'oi' },
      context: { id: 'wamid.q' },
    },
  ]);
  expect(receiver.received[0]?.values[0]?.contacts).toEqual([{ profile: { name: 'Ana' }, wa_id: '5511987654321' }]);
  expect((await call(simulator, 'GET', '/phones')).json.phones).toMatchObject([
    { number: person, name: 'Ana', messages: 1 },
  ]);
  expect((await call(simulator, 'GET', '/phones/5511987654321')).json.threads).toMatchObject([
    {
      phone_number_id: business,
      messages: [{ id: json.id, direction: 'written', type: 'text', content: { body: 'oi' }, status: 'sent' }],
    },
  ]);
});

test('other types and raw messages pass as they are', async () => {
  const { receiver, simulator } = await start();
  const write = (body: unknown) => call(simulator, 'POST', `${phone}/messages`, body);
  await write({ to: business, type: 'image', image: { id: '1', mime_type: 'image/jpeg', sha256: 'x' } });
  await write({ raw: { type: 'unsupported', errors: [{ code: 131051 }], id: 'wamid.same' } });
  await write({ raw: { type: 'system', system: { type: 'user_changed_number', wa_id: '1' }, from: null } });
  await simulator.webhooksIdle();
  const [image, odd, system] = receiver.messages();
  expect(image).toMatchObject({ type: 'image', image: { id: '1', mime_type: 'image/jpeg', sha256: 'x' } });
  expect(odd).toMatchObject({ id: 'wamid.same', from: '5511987654321', errors: [{ code: 131051 }] });
  expect(system).not.toHaveProperty('from');
  const ofSystem = receiver.received.flatMap(each => each.values).find(value => value.messages?.[0]?.type === 'system');
  expect(ofSystem).not.toHaveProperty('contacts');
});

test('the business may be left out only where there is no doubt', async () => {
  const { simulator } = await start();
  const write = (extra = {}) => call(simulator, 'POST', `${phone}/messages`, { text: { body: 'x' }, ...extra });
  expect((await write()).json.error.code).toBe(131008);
  await call(simulator, 'POST', '/numbers', { phone_number_id: '111', display_phone_number: '+15550783881' });
  expect((await write()).json.phone_number_id).toBe('111');
  await call(simulator, 'POST', '/numbers', { phone_number_id: '222', display_phone_number: '+15550783882' });
  expect((await write()).json.phone_number_id).toBe('111');
  expect((await write({ to: '+1 555 078 3882' })).json.phone_number_id).toBe('222');
  expect((await write()).json.error.code).toBe(131008);
  expect((await write({ to: '+1999' })).json.error.code).toBe(131009);
});

test('mistakes are reported', async () => {
  const { simulator } = await start();
  const write = async (body: unknown, number = person) =>
    (await call(simulator, 'POST', `/phones/${number}/messages`, body)).json.error.code;
  expect(await write({ to: business, text: { body: 'x' } }, 'nobody')).toBe(131009);
  expect(await write({ to: business, type: 'text' })).toBe(131008);
  expect(await write({ to: business, type: 'text', text: 'x' })).toBe(100);
  expect(await write({ to: business, type: 'Image', Image: {} })).toBe(131009);
  expect(await write('{')).toBe(100);
  expect((await call(simulator, 'GET', phone)).json.error).toMatchObject({ code: 100, error_subcode: 33 });
  expect((await call(simulator, 'PATCH', phone, { auto_read: 'yes' })).json.error.code).toBe(100);
  expect((await call(simulator, 'GET', '/phones')).json.phones).toEqual([]);
});

test('a message shows when it is delivered, and reading by hand tells so once', async () => {
  const { receiver, simulator } = await start({ autoRead: false });
  await sendText(simulator, person, 'hello', { biz_opaque_callback_data: 'token' });
  await sendText(simulator, '+12025550119');
  await simulator.webhooksIdle();
  const statuses = async () =>
    (await call(simulator, 'GET', phone)).json.threads[0].messages.map((each: { status: string }) => each.status);
  expect(await statuses()).toEqual(['delivered']);
  expect((await call(simulator, 'GET', '/phones/12025550119')).json.threads[0].messages).toEqual([]);
  expect((await call(simulator, 'POST', `${phone}/read`)).json).toEqual({ read: 1 });
  expect((await call(simulator, 'POST', `${phone}/read`)).json).toEqual({ read: 0 });
  await simulator.webhooksIdle();
  expect(await statuses()).toEqual(['read']);
  expect(receiver.statuses().filter(each => each.status === 'read')).toMatchObject([
    { biz_opaque_callback_data: 'token' },
  ]);
});

test('reading by hand replaces the reading that was planned', async () => {
  const receiver = await makeReceiver(cleanup);
  let now = 0;
  const timers: { due: number; run: () => void }[] = [];
  const after = (ms: number, run: () => void) => {
    const timer = { due: now + ms, run };
    timers.push(timer);
    return () => void timers.splice(timers.indexOf(timer), 1);
  };
  const passTo = (time: number) => {
    now = time;
    for (const timer of [...timers].filter(each => each.due <= time)) {
      timers.splice(timers.indexOf(timer), 1);
      timer.run();
    }
  };
  const simulator = await makeSimulator(cleanup, { callbackUrl: receiver.url, clock: { now: () => now, after } });
  await sendText(simulator, person);
  passTo(30);
  expect((await call(simulator, 'POST', `${phone}/read`)).json).toEqual({ read: 1 });
  passTo(1_000);
  passTo(2_000);
  await receiver.until(() => receiver.statuses().length === 3);
  expect(receiver.statuses().map(each => each.status)).toEqual(['sent', 'delivered', 'read']);
  await simulator.webhooksIdle();
});

test('a phone can reply by itself', async () => {
  const { receiver, simulator } = await start();
  expect(
    (await call(simulator, 'PATCH', phone, { auto_reply: 'thanks', auto_read: false, name: 'Ana' })).json,
  ).toMatchObject({
    number: person,
    name: 'Ana',
    auto_read: false,
    auto_reply: 'thanks',
  });
  await sendText(simulator, person);
  await receiver.until(() => receiver.messages().length === 1);
  await simulator.webhooksIdle();
  expect(receiver.messages()).toMatchObject([{ from: '5511987654321', text: { body: 'thanks' } }]);
  expect(receiver.statuses().map(each => each.status)).toEqual(['sent', 'delivered']);
  await call(simulator, 'PATCH', phone, { auto_reply: null });
  await sendText(simulator, person);
  await simulator.webhooksIdle();
  expect(receiver.messages()).toHaveLength(1);
});

test('phones outlive a restart', async () => {
  const dataDir = await makeFolder(cleanup);
  const { simulator } = await start({ dataDir });
  await call(simulator, 'PATCH', phone, { auto_reply: 'x', auto_read: false, name: 'Ana' });
  await call(simulator, 'POST', '/numbers', { phone_number_id: business, display_phone_number: '+15550783881' });
  await sendText(simulator, person);
  await simulator.webhooksIdle();
  const before = (await call(simulator, 'GET', phone)).json;
  await simulator.close();
  const { simulator: next } = await start({ dataDir });
  expect((await call(next, 'GET', phone)).json).toEqual(before);
  expect(before.threads).toMatchObject([{ display_phone_number: '+15550783881', messages: [{}, {}] }]);
});

test('a browser gets a page that runs nothing but its own script', async () => {
  const { simulator } = await start();
  for (const path of ['/phones', phone]) {
    const response = await fetch(`${simulator.url}${path}`, { headers: { accept: 'text/html,*/*' } });
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*script-src 'sha256-/);
    expect(await response.text()).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|(src|href)="?(https?:)?\/\//);
  }
});
