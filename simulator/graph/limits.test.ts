// Meta's limits, on a clock that stands until it is moved.
import { afterEach, expect, test } from 'vitest';
import type { Simulator } from '../index.ts';
import { business, call, createCleanup, makeReceiver, makeSimulator, sendText } from '../test-harness.ts';

const cleanup = createCleanup();
afterEach(cleanup.run);
const person = '+5511987654321';
const nth = (n: number) => `+55119${String(n).padStart(8, '0')}`;

const start = async () => {
  const receiver = await makeReceiver(cleanup);
  const simulator = await makeSimulator(cleanup, {
    callbackUrl: receiver.url,
    limits: true,
    standsAt: new Date('2026-03-01T00:00:00Z'),
  });
  const advance = (by: string) => call(simulator, 'PATCH', '/script/clock', { advance: by });
  const limit = (change: unknown) => call(simulator, 'PATCH', '/script/limits', change);
  return { receiver, simulator, advance, limit };
};

/** The codes of that many messages, counted; null for those accepted. */
const codesOf = async (simulator: Simulator, count: number, to: (n: number) => string) => {
  const codes = new Map<number | null, number>();
  for (let n = 0; n < count; n++) {
    const code: number | null = (await sendText(simulator, to(n))).json.error?.code ?? null;
    codes.set(code, (codes.get(code) ?? 0) + 1);
  }
  return Object.fromEntries(codes);
};

test('a number sends 80 messages a second, 20 with coexistence, 1,000 when it is high', async () => {
  const { simulator, advance, limit } = await start();
  expect(await codesOf(simulator, 82, nth)).toEqual({ null: 80, 130429: 2 });
  await advance('1s');
  await limit({ throughput: 'coexistence', phone_number_id: business });
  expect(await codesOf(simulator, 22, nth)).toEqual({ null: 20, 130429: 2 });
  await advance('1s');
  await limit({ throughput: 'high', phone_number_id: business });
  expect(await codesOf(simulator, 100, nth)).toEqual({ null: 100 });
  const shown = await call(simulator, 'GET', `/v25.0/${business}?fields=throughput`);
  expect(shown.json).toEqual({ throughput: { level: 'HIGH' }, id: business });
});

test('a person gets 45 messages of a number at once, then one every six seconds', async () => {
  const { simulator, advance } = await start();
  expect(await codesOf(simulator, 46, () => person)).toEqual({ null: 45, 131056: 1 });
  expect(await codesOf(simulator, 1, nth)).toEqual({ null: 1 });
  await advance('6s');
  expect(await codesOf(simulator, 2, () => person)).toEqual({ null: 1, 131056: 1 });
  await advance('270s');
  expect(await codesOf(simulator, 46, () => person)).toEqual({ null: 45, 131056: 1 });
});

test('more people than the tier allows fail with 131048, unless they wrote first', async () => {
  const { receiver, simulator, advance, limit } = await start();
  await limit({ tier: 'TIER_250' });
  for (let second = 0; second < 4; second++) {
    await codesOf(simulator, second === 3 ? 10 : 80, n => nth(second * 80 + n));
    await advance('1s');
  }
  const failed = () => receiver.statuses().filter(each => each.status === 'failed');
  expect(failed()).toHaveLength(0);
  await sendText(simulator, nth(999));
  await sendText(simulator, nth(0));
  await call(simulator, 'POST', `/phones/${person}/messages`, { to: business, text: { body: 'Hi' } });
  await sendText(simulator, person);
  await advance('1s');
  expect(failed()).toMatchObject([{ recipient_id: nth(999).slice(1), errors: [{ code: 131048 }] }]);
  await advance('24h');
  await sendText(simulator, nth(999));
  await advance('1s');
  expect(failed()).toHaveLength(1);
  const shown = await call(simulator, 'GET', `/v25.0/${business}?fields=whatsapp_business_manager_messaging_limit`);
  expect(shown.json.whatsapp_business_manager_messaging_limit).toBe('TIER_250');
});

test('management calls for a business account are limited by the hour', async () => {
  const { simulator, advance, limit } = await start();
  await limit({ management: 2 });
  const codeOf = async (account = '102290129340398') =>
    (await call(simulator, 'GET', `/v25.0/${account}/phone_numbers`)).json.error?.code;
  const codes = [await codeOf(), await codeOf(), await codeOf(), await codeOf('102290129340399')];
  expect(codes.map(code => code === 80007)).toEqual([false, false, true, false]);
  await advance('1h');
  expect(await codeOf()).not.toBe(80007);
});

test('without limits all is accepted', async () => {
  const simulator = await makeSimulator(cleanup);
  expect(await codesOf(simulator, 100, () => person)).toEqual({ null: 100 });
});
