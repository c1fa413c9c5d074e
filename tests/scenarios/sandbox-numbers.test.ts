// The phones know a Sandbox account as soon as it is there: people can write to it before it has sent anything.
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario();
});
afterAll(() => scenario.close());

const phone = '/phones/+12025550180/messages';
const ask = async (path: string, body?: unknown) => {
  const answer = await fetch(`${scenario.simulator.url}${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const numbers = async () => {
  const { numbers: known } = (await ask('/numbers')).body as { numbers: { display_phone_number: string }[] };
  return known.map(each => each.display_phone_number);
};

test('a number is known to the phones from the start, and a new one with its account', async () => {
  expect(await numbers()).toEqual([scenario.account.phone]);
  const made = await scenario.api('POST', '/api/v1/accounts', { name: 'Second', channel: 'sandbox' });
  expect(made.status).toBe(201);
  expect(await numbers()).toEqual([scenario.account.phone, made.body.phone]);

  expect(await ask(phone, { text: { body: 'To whom?' } })).toMatchObject({
    status: 400,
    body: { error: { code: 131008, error_data: { details: expect.stringMatching(/^to: /) } } },
  });
  expect((await ask(phone, { to: made.body.phone, text: { body: 'To the second.' } })).status).toBe(202);
  await scenario.settle();
  const { data } = (await scenario.api('GET', `/api/v1/conversations?account_id=${made.body.id}`)).body;
  expect(data).toMatchObject([{ unread_count: 1 }]);

  expect((await scenario.api('POST', '/api/v1/workspaces', { name: 'Another' })).status).toBe(201);
  expect(await numbers()).toHaveLength(3);
});

test('an account is made also where the simulator is gone', async () => {
  const alone = await startScenario();
  try {
    await alone.simulator.close();
    expect((await alone.api('POST', '/api/v1/accounts', { name: 'Later', channel: 'sandbox' })).status).toBe(201);
  } finally {
    await alone.close();
  }
});

test('at its default pace, a new account stays below the limits of WhatsApp', async () => {
  const own = await startScenario({ clock: 'manual', oneClock: true, limits: true });
  onTestFinished(() => own.close());
  const others = Array.from({ length: 100 }, (_, n) => `+33612${String(n).padStart(6, '0')}`);
  const recipients = [...Array.from({ length: 60 }, () => '+33612999999'), ...others];
  const messages = recipients.map((to, n) => ({
    account_id: own.account.id,
    to,
    type: 'text',
    text: { body: `Number ${n}` },
  }));
  expect((await own.api('POST', '/api/v1/messages/batch', { messages })).body.accepted).toBe(160);
  for (let step = 0; step < 60 && own.simulator.ledger.entries().length < 160; step++) {
    await own.settle();
    await own.advance(6_500);
  }
  expect(own.simulator.ledger.summary()).toMatchObject({ entries: 160, duplicated: 0 });
  expect(own.simulator.calls().filter(each => each.code !== null)).toEqual([]);
});
