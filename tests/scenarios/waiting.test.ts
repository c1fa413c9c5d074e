// Why a message waits where nobody is there to send it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newUuid } from '../../server/kit/ids.ts';
import { type Story, startStory } from '../setup/scenario.ts';

let story: Story;
beforeAll(async () => {
  story = await startStory({ roles: 'api', clock: 'manual' });
});
afterAll(() => story.close());

const waitingOf = async (id: string) => (await story.message(id)).waiting;

/** A worker as the table knows it. */
const worker = (kinds: string, channels: string, secondsAgo = 0) =>
  story.sql(
    `insert into worker (id, kinds, channels, seen_at)
     values ($1, $2, $3, clock_timestamp() - $4 * interval '1 second')`,
    [newUuid(), kinds, channels, secondsAgo],
  );

test('no worker is alive that sends for its channel, and it says so until there is one', async () => {
  const first = await story.send('+33612008001');
  const second = await story.send('+33612008001');
  expect(await waitingOf(first.id)).toEqual({ reason: 'no_worker', until: null, ahead: 0 });
  // Whatever it stands behind, it is the worker that is missing.
  expect(await waitingOf(second.id)).toEqual({ reason: 'no_worker', until: null, ahead: 1 });

  await worker('{send}', '{cloud}');
  await worker('{receive,read}', '{sandbox}');
  await worker('{send}', '{sandbox}', 11);
  expect((await waitingOf(first.id)).reason).toBe('no_worker');
  await worker('{send}', '{sandbox}');
  expect((await waitingOf(first.id)).reason).toBe('next');
  expect((await waitingOf(second.id)).reason).toBe('conversation_order');
  await story.sql('delete from worker');

  const node = await story.node('worker');
  await expect.poll(async () => (await story.message(second.id)).status, { timeout: 20_000 }).toBe('read');
  await node.close();
  expect((await waitingOf((await story.send('+33612008001')).id)).reason).toBe('no_worker');
});

test('what has a hold of its own says that first', async () => {
  const { body: scheduled } = await story.api('POST', '/api/v1/messages', {
    account_id: story.account.id,
    to: '+33612008002',
    type: 'text',
    text: { body: 'later' },
    send_at: new Date(story.clock.now() + 3_600_000).toISOString(),
  });
  expect((await waitingOf(scheduled.id)).reason).toBe('scheduled');
  const { id } = await story.send('+33612008003');
  await story.api('POST', `/api/v1/accounts/${story.account.id}/pause`);
  expect((await waitingOf(id)).reason).toBe('paused');
  await story.api('POST', `/api/v1/accounts/${story.account.id}/resume`);
  expect((await waitingOf(id)).reason).toBe('no_worker');
  // Only a claim queues what is due.
  story.clock.advance(3_600_001);
  expect(await waitingOf(scheduled.id)).toEqual({ reason: 'no_worker', until: null, ahead: null });
});
