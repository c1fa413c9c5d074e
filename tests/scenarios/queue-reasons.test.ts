// Why messages wait and fail, counted; and what operators do to many messages, by ids and by filter, with a reason.
import {
  messageReasonsSchema,
  queueErrorsSchema,
  queueReasonsSchema,
  requeuedSchema,
  resolvedSchema,
} from '@recado/contract';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Scenario, startScenario } from '../setup/scenario.ts';

const minute = 60_000;
let scenario: Scenario;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
beforeAll(async () => {
  scenario = await startScenario({ clock: 'manual' });
});
afterAll(() => scenario.close());
beforeEach(async () => {
  scenario.simulator.setFault(null);
  account = (await scenario.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox' })).body;
});

type Sent = { id: string; to: string };
const post = async (more: object = {}): Promise<Sent> => {
  const answer = await scenario.api('POST', '/api/v1/messages', {
    account_id: account.id,
    to: `+33617${String(100_000 + ++numbers)}`,
    type: 'text',
    text: { body: 'hello' },
    ...more,
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};
const patch = (body: object) => scenario.api('PATCH', `/api/v1/accounts/${account.id}`, body);
const pause = (what = 'pause') => scenario.api('POST', `/api/v1/accounts/${account.id}/${what}`);
async function sendUnder(fault: 'window-closed' | 'answer-and-receipts-lost', more: object = {}): Promise<Sent> {
  scenario.simulator.setFault(() => fault);
  const message = await post(more);
  await scenario.settle();
  scenario.simulator.setFault(null);
  return message;
}
const statusOf = async ({ id }: Sent) => (await scenario.message(id)).status;
const act = (action: 'retry' | 'cancel' | 'resolve', body: object) =>
  scenario.api('POST', `/api/v1/messages/${action}`, body);
const lastEntry = async (action: string) =>
  (await scenario.api('GET', `/api/v1/audit?action=${action}&limit=1`)).body.data[0];

/** The reasons of the account, which are those of its messages one by one. */
async function reasons(): Promise<Record<string, number>> {
  const counted = queueReasonsSchema.parse(
    (await scenario.api('GET', `/api/v1/queue/reasons?account_id=${account.id}`)).body,
  );
  const all = (await scenario.api('GET', `/api/v1/messages?account_id=${account.id}&status=queued,scheduled&limit=100`))
    .body.data as Sent[];
  const byReason: Record<string, number> = {};
  if (all.length > 0) {
    const answer = await scenario.api('GET', `/api/v1/messages/waiting?ids=${all.map(({ id }) => id).join(',')}`);
    for (const { reason } of messageReasonsSchema.parse(answer.body).data)
      byReason[reason] = (byReason[reason] ?? 0) + 1;
  }
  const summed = Object.fromEntries(counted.reasons.map(({ reason, messages }) => [reason, messages]));
  expect(summed).toEqual(byReason);
  expect(counted.queued + counted.scheduled).toBe(all.length);
  return summed;
}

test('counts what waits by reason, as the messages say one by one', async () => {
  expect(await reasons()).toEqual({});
  await pause();
  for (let n = 0; n < 3; n++) await post();
  await post({ send_at: new Date(scenario.clock.now() + 60 * minute).toISOString() });
  expect(await reasons()).toEqual({ paused: 3, scheduled: 1 });
  const listed = await scenario.api('GET', `/api/v1/messages?account_id=${account.id}&waiting_reason=paused`);
  expect(listed.body.data).toHaveLength(3);
  expect(listed.body.page.total).toBe(3);
});

test('counts the rate, the quiet hours and the order of a conversation', async () => {
  await patch({ limits: { rate: { messages: 1, seconds: 3_600 } } });
  const first = await post();
  await scenario.settle();
  await post();
  await post({ to: first.to });
  expect(await reasons()).toEqual({ rate_limit: 2 });
  await patch({ limits: { rate: { messages: 100, seconds: 1 } } });
  await scenario.settle();
  const at = (ms: number) => new Date(scenario.clock.now() + ms).toISOString().slice(11, 16);
  await patch({ limits: { quiet_hours: { from: at(-10 * minute), until: at(10 * minute) } } });
  await post();
  expect(await reasons()).toEqual({ quiet_hours: 1 });
});

test('counts failed messages by error, of an account and a range', async () => {
  const since = new Date(scenario.clock.now() - minute).toISOString();
  await sendUnder('window-closed');
  await sendUnder('window-closed');
  const errors = async (query: string) =>
    queueErrorsSchema.parse((await scenario.api('GET', `/api/v1/queue/errors?account_id=${account.id}${query}`)).body)
      .data;
  expect(await errors('')).toEqual([{ code: '131047', title: expect.any(String), messages: 2 }]);
  expect(await errors(`&from=${since}`)).toHaveLength(1);
  expect(await errors(`&until=${since}`)).toEqual([]);
});

test('sends chosen messages again, tells which are left out, and writes why into the audit log', async () => {
  const [first, other] = [await sendUnder('window-closed'), await sendUnder('window-closed')];
  const late = await sendUnder('window-closed', { valid_for_seconds: 60 });
  await scenario.advance(2 * minute);
  const body = { ids: [first.id, late.id], reason: 'The window is open again' };
  expect(requeuedSchema.parse((await act('retry', body)).body)).toEqual({
    count: 1,
    left: 0,
    skipped: [{ code: 'message_expired', count: 1 }],
  });
  await scenario.settle();
  expect([await statusOf(first), await statusOf(other)]).toEqual(['read', 'failed']);
  expect((await lastEntry('messages.retried')).detail).toEqual({
    messages: 1,
    reason: 'The window is open again',
    filter: { ids: 2 },
  });
  expect((await act('retry', { reason: 'No filter' })).status).toBe(400);
  expect((await act('retry', { ids: [] })).status).toBe(400);
});

test('cancels chosen messages, or all that are scheduled', async () => {
  await pause();
  const [first, other] = [await post(), await post()];
  const later = await post({ send_at: new Date(scenario.clock.now() + 60 * minute).toISOString() });
  expect((await act('cancel', { account_id: account.id, status: 'scheduled' })).body).toEqual({ count: 1 });
  expect((await act('cancel', { ids: [first.id], reason: 'Sold out' })).body).toEqual({ count: 1 });
  expect(await Promise.all([first, other, later].map(statusOf))).toEqual(['cancelled', 'queued', 'cancelled']);
  expect((await lastEntry('messages.cancelled')).detail).toMatchObject({ messages: 1, reason: 'Sold out' });
});

test('resolves unknown messages by filter and by ids', async () => {
  const unknown: Sent[] = [];
  for (let n = 0; n < 4; n++) unknown.push(await sendUnder('answer-and-receipts-lost'));
  const [first, second, third, fourth] = unknown as [Sent, Sent, Sent, Sent];
  const one = await act('resolve', { ids: [first.id], resolution: 'failed', reason: 'Ana says no' });
  expect(resolvedSchema.parse(one.body)).toEqual({ count: 1, left: 0, skipped: [] });
  expect(await statusOf(first)).toBe('failed');
  expect((await lastEntry('messages.resolved')).detail).toEqual({
    messages: 1,
    reason: 'Ana says no',
    filter: { ids: 1, resolution: 'failed' },
  });
  expect((await act('resolve', { ids: [first.id, second.id], resolution: 'sent' })).body).toMatchObject({ count: 2 });
  expect([await statusOf(first), await statusOf(second)]).toEqual(['sent', 'sent']);
  expect((await act('resolve', { account_id: account.id, resolution: 'retry' })).body).toMatchObject({
    count: 2,
    left: 0,
  });
  await scenario.settle();
  expect([await statusOf(third), await statusOf(fourth)]).toEqual(['read', 'read']);
  expect((await act('resolve', { account_id: account.id, resolution: 'sent' })).body).toMatchObject({ count: 0 });
  expect((await act('resolve', { resolution: 'sent' })).status).toBe(400);
});

test('names contacts by their ids', async () => {
  const { id } = await post();
  const { contact_id: contact } = await scenario.message(id);
  const { body } = await scenario.api('GET', `/api/v1/contacts?ids=${contact}`);
  expect(body.data.map((each: { id: string }) => each.id)).toEqual([contact]);
  expect((await scenario.api('GET', '/api/v1/contacts?ids=nobody')).status).toBe(400);
});
