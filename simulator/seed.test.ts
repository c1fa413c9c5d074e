// The same seed and the same calls give the same bytes; the clock moves as a script says.
import { afterEach, expect, test } from 'vitest';
import { openClock, systemClock } from './kit/clock.ts';
import { business, call, createCleanup, makeFolder, makeReceiver, makeSimulator, sendText } from './test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const people = ['+5511987654321', '+5511987654322', '+12025550118', '+12025550112'];
const began = new Date('2026-03-01T00:00:00Z');

/** Everything that a fixed list of calls leads to. */
const play = async (seed: string, dataDir?: string) => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, {
    callbackUrl: receiver.url,
    seed,
    standsAt: began,
    ...(dataDir !== undefined && { dataDir }),
  });
  const script = (method: string, path: string, body: unknown) => call(simulator, method, `/script${path}`, body);
  await script('POST', '/webhooks', { fault: 'reorder', size: 4, times: 2 });
  await script('POST', '/webhooks', { fault: 'delay', kind: 'message', delay_ms: [100, 90_000] });
  const answers: string[] = [];
  for (const to of people) answers.push((await sendText(simulator, to)).text);
  answers.push((await sendText(simulator, 'nobody')).text);
  for (const from of people)
    await call(simulator, 'POST', `/phones/${from}/messages`, { to: business, text: { body: 'Hi' } });
  await script('PATCH', '/clock', { advance: '25h' });
  await simulator.webhooksIdle();
  const webhooks = receiver.received.map(each => each.raw.toString());
  await simulator.close();
  return { answers, webhooks };
};

test('the same seed gives the same ids, answers and webhooks, byte for byte', async () => {
  const [first, second] = [await play('seven'), await play('seven')];
  expect(first.webhooks.length).toBeGreaterThanOrEqual(3);
  expect(second).toEqual(first);
  const other = await play('eight');
  expect(other.answers[0]).not.toBe(first.answers[0]);
  expect(other.webhooks).not.toEqual(first.webhooks);
});

test('a second run on the same folder uses no id of the first again', async () => {
  const folder = await makeFolder(cleanup);
  const idsIn = (answers: string[]) => answers.flatMap(answer => answer.match(/wamid\.[\w+/=]+/g) ?? []);
  const first = idsIn((await play('seven', folder)).answers);
  const second = idsIn((await play('seven', folder)).answers);
  expect(first).toHaveLength(3);
  expect(new Set([...first, ...second]).size).toBe(6);
});

test('a moved clock runs what is due on the way, at its own time and in order', async () => {
  const clock = openClock(systemClock, began.getTime());
  const seen: [string, number][] = [];
  const note = (name: string) => () => seen.push([name, clock.now() - began.getTime()]);
  clock.after(2_000, note('second'));
  clock.after(1_000, () => {
    note('first')();
    clock.after(500, note('from the first'));
  });
  const cancel = clock.after(1_200, note('cancelled'));
  clock.after(5_000, note('later'));
  cancel();
  await clock.move(3_000);
  expect(seen).toEqual([
    ['first', 1_000],
    ['from the first', 1_500],
    ['second', 2_000],
  ]);
  expect(clock.now()).toBe(began.getTime() + 3_000);
  clock.cancelAll();
});

test('a clock that runs goes on running after a move, from its new time', async () => {
  const simulator = await makeSimulator(cleanup, { clock: systemClock });
  const before = Date.now();
  const { json } = await call(simulator, 'PATCH', '/script/clock', { advance: '2d' });
  expect(json.running).toBe(true);
  expect(Date.parse(json.now) - before).toBeGreaterThanOrEqual(2 * 86_400_000);
  const stopped = await call(simulator, 'PATCH', '/script/clock', { running: false });
  expect((await call(simulator, 'GET', '/script/clock')).json).toEqual(stopped.json);
  expect((await call(simulator, 'PATCH', '/script/clock', { to: '2099-01-01T00:00:00Z' })).status).toBe(400);
  const sent = await sendText(simulator, '+5511987654321');
  expect(simulator.ledger.entries().at(-1)?.at).toBe(stopped.json.now);
  expect(sent.status).toBe(200);
});

test('a file of a person is gone after seven days of the moved clock', async () => {
  const simulator = await makeSimulator(cleanup, { standsAt: began });
  const response = await fetch(
    `${simulator.url}/phones/+5511987654321/media?to=${business}&type=image&mime_type=image/png`,
    { method: 'POST', headers: { 'content-type': 'application/octet-stream' }, body: 'a picture' },
  );
  const { media } = (await response.json()) as { media: { id: string } };
  expect((await call(simulator, 'GET', `/v25.0/${media.id}`)).status).toBe(200);
  await call(simulator, 'PATCH', '/script/clock', { advance: '8d' });
  expect((await call(simulator, 'GET', `/v25.0/${media.id}`)).status).toBe(400);
});
