// What the sweep finds and reports by itself, where nobody else would.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Story, startStory } from '../setup/story.ts';

const minute = 60_000;

let story: Story;
let numbers = 0;
// biome-ignore lint/suspicious/noExplicitAny: an account as the API shows it
let account: any;
const patch = (body: object) => story.api('PATCH', `/api/v1/accounts/${account.id}`, body);
const number = () => `+33619${String(100_000 + ++numbers)}`;
const send = async (more: object = {}) => {
  const answer = await story.api('POST', '/api/v1/messages', {
    account_id: account.id,
    to: number(),
    type: 'text',
    text: { body: 'hello' },
    ...more,
  });
  if (answer.status !== 202) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};
const statusOf = async (message: { id: string }) => (await story.message(message.id)).status;
const at = (ms: number) => new Date(story.clock.now() + ms).toISOString().slice(11, 16);

beforeAll(async () => {
  story = await startStory({ clock: 'manual' });
});
afterAll(() => story.close());
beforeEach(async () => {
  story.simulator.setFault(null);
  account = (
    await story.api('POST', '/api/v1/accounts', { name: 'Fresh', channel: 'sandbox', limits: { per_day: null } })
  ).body;
});

/** Sends a message that stays unknown, and one behind it: nothing but the sweep looks at that one when it may leave. */
async function sendBehindUnknown(to: string) {
  const behind = await send({ to });
  await story.settle();
  expect(await statusOf(behind)).toBe('queued');
  await story.advance(2 * minute + 1_000);
  return behind;
}

test('quiet hours that were lifted hide a lane from the sweep no longer', async () => {
  await patch({ limits: { quiet_hours: { from: at(-10 * minute), until: at(50 * minute) } } });
  const first = await send();
  await story.settle();
  expect((await story.message(first.id)).waiting.reason).toBe('quiet_hours');
  story.simulator.setFault(() => 'answer-and-receipts-lost');
  await patch({ limits: { quiet_hours: null } });
  await story.settle();
  expect(await statusOf(first)).toBe('unknown');
  story.simulator.setFault(null);
  expect(await statusOf(await sendBehindUnknown(first.to))).toBe('read');
  const [lane] = await story.sql<{ lifted: boolean }>(
    `select quiet_until = '-infinity' as lifted from lane where kind = 'send' and key = (select account_id from message where address = $1 limit 1)`,
    [first.to],
  );
  expect(lane).toEqual({ lifted: true });
});

test('neither do those that ended earlier than the lane was told', async () => {
  story.simulator.setFault(() => 'answer-and-receipts-lost');
  const first = await send();
  await story.settle();
  story.simulator.setFault(null);
  // As it is where their end falls into the hour that the change to summer time leaves out.
  await story.sql(
    `update lane set quiet_until = $1 where kind = 'send' and key = (select account_id from message where address = $2)`,
    [new Date(story.clock.now() + 30 * minute), first.to],
  );
  expect(await statusOf(await sendBehindUnknown(first.to))).toBe('read');
});
