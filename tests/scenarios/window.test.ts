// The 24-hour window: shown, checked when a message is accepted, waited for, and played by the simulator.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const hour = 3_600_000;

let scenario: Scenario;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
let numbers = 0;
const number = () => `+33619${String(100_000 + ++numbers)}`;

beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual', oneClock: true, window: true });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  const body = { name: 'Window', channel: 'sandbox', limits: { per_day: null } };
  account = (await scenario.api('POST', '/api/v1/accounts', body)).body;
});

const textTo = (to: string, more: object = {}) => ({
  account_id: account.id,
  to,
  type: 'text',
  text: { body: 'hello' },
  ...more,
});
const post = (to: string, more?: object) => scenario.api('POST', '/api/v1/messages', textTo(to, more));
const patch = (body: object) => scenario.api('PATCH', `/api/v1/accounts/${account.id}`, body);
const hold = () => patch({ delivery: { on_window_closed: 'hold' } });
const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString();

/** The person writes to the account from their simulated phone. */
async function write(from: string, body = 'hi'): Promise<void> {
  const answer = await fetch(`${scenario.simulator.url}/phones/${from.slice(1)}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to: account.phone_number_id, text: { body } }),
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`);
  await scenario.settle();
}

async function conversationOf(phone: string) {
  const query = encodeURIComponent(phone);
  const contact = (await scenario.api('GET', `/api/v1/contacts?phone=${query}`)).body.data[0];
  return (await scenario.api('GET', `/api/v1/conversations?contact_id=${contact.id}`)).body.data[0];
}

const waitsFor = async (id: string) => (await scenario.message(id)).waiting?.reason;
const statusOf = async (id: string) => (await scenario.message(id)).status;

describe('rejected by default', () => {
  test('a stranger gets no free-form message: 409 window_closed names the remedy', async () => {
    const answer = await post(number());
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({
      code: 'window_closed',
      errors: [{ field: 'conversation window' }],
    });
    expect(answer.body.detail).toContain('template');
    expect((await scenario.api('GET', `/api/v1/messages?account_id=${account.id}`)).body.data).toEqual([]);
  });

  test('the person opens it for 24 hours by writing, and the conversation shows it', async () => {
    const to = number();
    await write(to);
    const opened = scenario.clock.now();
    const { window } = await conversationOf(to);
    expect(window.open).toBe(true);
    expect(Math.abs(Date.parse(window.until) - opened - 24 * hour)).toBeLessThan(2_000);
    const reply = await post(to);
    expect(reply.status).toBe(202);
    await scenario.settle();
    expect(await statusOf(reply.body.id)).toBe('read');
    await scenario.advance(24 * hour + 2_000);
    expect((await conversationOf(to)).window.open).toBe(false);
    expect((await post(to)).body.code).toBe('window_closed');
    await write(to);
    expect((await post(to)).status).toBe(202);
  });

  test('a call opens it as well', async () => {
    const to = number();
    await write(to);
    await scenario.advance(30 * hour);
    expect((await post(to)).status).toBe(409);
    const { id } = await conversationOf(to);
    await scenario.sql('update conversation set last_called_at = $2 where id = $1', [
      (await scenario.sql<{ id: string }>('select conversation_id as id from message order by seq desc limit 1'))[0]
        ?.id,
      new Date(scenario.clock.now()),
    ]);
    expect((await scenario.api('GET', `/api/v1/conversations/${id}`)).body.window.open).toBe(true);
    expect((await post(to)).status).toBe(202);
  });

  test('in a batch only the items outside of it are rejected', async () => {
    const known = number();
    await write(known);
    const messages = [textTo(known), textTo(number()), textTo(known)];
    const { body } = await scenario.api('POST', '/api/v1/messages/batch', { messages });
    expect(body).toMatchObject({ accepted: 2, rejected: 1 });
    expect(body.results[1]).toMatchObject({ status: 409, error: { code: 'window_closed' } });
  });

  test('a rejected request can be repeated with its key once the window is open', async () => {
    const to = number();
    const headers = { 'idempotency-key': `key ${to}` };
    const send = () => scenario.api('POST', '/api/v1/messages', textTo(to), headers);
    expect((await send()).status).toBe(409);
    await write(to);
    expect((await send()).status).toBe(202);
  });

  test('a failed message is sent again only within it', async () => {
    const to = number();
    await write(to);
    scenario.simulator.setFault(() => 'media-failed');
    const { body } = await post(to);
    await scenario.settle();
    scenario.simulator.setFault(null);
    expect(await statusOf(body.id)).toBe('failed');
    await scenario.advance(25 * hour);
    const again = () => scenario.api('POST', `/api/v1/messages/${body.id}/retry`);
    expect((await again()).body.code).toBe('window_closed');
    expect((await scenario.api('POST', '/api/v1/messages/retry', { account_id: account.id })).body.count).toBe(0);
    await write(to);
    expect((await again()).status).toBe(202);
  });
});

describe('scheduled', () => {
  test('beyond the window it is accepted with a warning, also in the answer to a repeat', async () => {
    const to = number();
    await write(to);
    expect((await post(to, { send_at: at(hour) })).body.warnings).toEqual([]);
    const headers = { 'idempotency-key': `late ${to}` };
    const send = () => scenario.api('POST', '/api/v1/messages', late, headers);
    const late = textTo(to, { send_at: at(30 * hour) });
    const answer = await send();
    expect(answer).toMatchObject({ status: 202, body: { status: 'scheduled' } });
    expect(answer.body.warnings).toEqual([{ code: 'window_may_close', message: expect.stringContaining('24-hour') }]);
    expect((await send()).text).toBe(answer.text);
    expect((await scenario.message(answer.body.id)).warnings).toEqual(answer.body.warnings);
  });

  test('WhatsApp judges what leaves late: 131047 fails it', async () => {
    const to = number();
    const { body } = await post(to, { send_at: at(hour) });
    await scenario.advance(2 * hour);
    expect(await scenario.message(body.id)).toMatchObject({ status: 'failed', error: { code: '131047' } });
  });
});

describe('held by choice', () => {
  test('a message waits until the person writes, and then leaves', async () => {
    await hold();
    const to = number();
    const { body, status } = await post(to);
    expect(status).toBe(202);
    await scenario.settle();
    expect(await scenario.message(body.id)).toMatchObject({
      status: 'queued',
      waiting: { reason: 'window_closed', until: null },
    });
    await scenario.advance(3 * hour);
    expect(await waitsFor(body.id)).toBe('window_closed');
    await write(to);
    expect(await statusOf(body.id)).toBe('read');
  });

  test('the field of a message goes before the setting of the account', async () => {
    const held = await post(number(), { on_window_closed: 'hold' });
    expect(held.status).toBe(202);
    await hold();
    expect((await post(number(), { on_window_closed: 'reject' })).status).toBe(409);
    await scenario.settle();
    expect(await waitsFor(held.body.id)).toBe('window_closed');
  });

  test('others of its conversation leave before it, whichever came first', async () => {
    await hold();
    const to = number();
    const held = (await post(to)).body.id;
    const another = (await post(to)).body.id;
    await scenario.settle();
    const now = await post(to, { on_window_closed: 'send' });
    await scenario.settle();
    // WhatsApp's word, not ours.
    expect(await scenario.message(now.body.id)).toMatchObject({ status: 'failed', error: { code: '131047' } });
    expect([await waitsFor(held), await waitsFor(another)]).toEqual(['window_closed', 'window_closed']);
    await write(to);
    const [first, second] = [await scenario.message(held), await scenario.message(another)];
    expect([first.status, second.status]).toEqual(['read', 'read']);
    expect(await scenario.sql('select * from check_queue()')).toEqual([]);
  });

  test('what is queued while the window closes waits as well', async () => {
    await hold();
    const to = number();
    await write(to);
    await scenario.api('POST', `/api/v1/accounts/${account.id}/pause`);
    const first = (await post(to)).body.id;
    const second = (await post(to, { on_window_closed: 'send' })).body.id;
    await scenario.advance(25 * hour);
    await scenario.api('POST', `/api/v1/accounts/${account.id}/resume`);
    await scenario.settle();
    expect(await waitsFor(first)).toBe('window_closed');
    expect((await scenario.message(second)).error.code).toBe('131047');
    await write(to);
    expect(await statusOf(first)).toBe('read');
    expect(await scenario.sql('select * from check_queue()')).toEqual([]);
  });

  test('a scheduled one waits from its time on, and expires as others do', async () => {
    await hold();
    const [late, short] = [number(), number()];
    const scheduled = (await post(late, { send_at: at(hour) })).body.id;
    const brief = (await post(short, { valid_for_seconds: 600 })).body.id;
    await scenario.advance(2 * hour);
    expect(await waitsFor(scheduled)).toBe('window_closed');
    expect(await statusOf(brief)).toBe('expired');
    await write(late);
    expect(await statusOf(scheduled)).toBe('read');
  });
});

test('"send" leaves the decision to WhatsApp', async () => {
  await patch({ delivery: { on_window_closed: 'send' } });
  const { body, status } = await post(number());
  expect(status).toBe(202);
  await scenario.settle();
  expect(await scenario.message(body.id)).toMatchObject({ status: 'failed', error: { code: '131047' } });
});
