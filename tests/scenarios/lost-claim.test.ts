// A claim whose answer is lost with its connection: what it took was never called, and leaves all the same.
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { toUuid } from '../../server/kit/ids.ts';
import { type DatabaseProxy, type Manner, startProxy } from '../faults/proxy.ts';
import { makeDatabase, type Story, startStory } from '../setup/scenario.ts';

let proxy: DatabaseProxy;
let story: Story;
let cuts: number;
beforeAll(async () => {
  const { host, port, user } = inject('postgres');
  proxy = await startProxy(join(host, `.s.PGSQL.${port}`));
  const { pathname } = new URL(await makeDatabase('migrated'));
  const databaseUrl = `postgresql://${user}@127.0.0.1:${proxy.port}${pathname}`;
  // By a clock that stands still no lease ends, and no sweep helps.
  story = await startStory({ databaseUrl, clock: 'manual' });
});
afterAll(async () => {
  await story.close();
  await proxy.close();
});
beforeEach(() => {
  cuts = proxy.cuts();
});

/** Eight messages whose first claims, so many, lose their connections. */
async function sendWithCuts(times: number, manner: Manner): Promise<string[]> {
  const path = `/api/v1/accounts/${story.account.id}`;
  await story.api('POST', `${path}/pause`);
  const { body } = await story.api('POST', '/api/v1/messages/batch', {
    messages: Array.from({ length: 8 }, (_, n) => ({
      ...{ account_id: story.account.id, to: `+3361300810${n}`, type: 'text', text: { body: 'hello' } },
    })),
  });
  await story.settle();
  proxy.arm('claim_messages', times, manner);
  await story.api('POST', `${path}/resume`);
  return body.results.map(({ message }: { message: { id: string } }) => message.id);
}

const statuses = async (ids: string[]) =>
  new Set(await Promise.all(ids.map(async id => (await story.message(id)).status)));

/** What came of the calls for these messages, in order. */
async function classesOf(ids: string[]): Promise<string[][]> {
  const rows = await story.sql<{ classes: string[] }>(
    `select array_agg(class order by number) as classes from attempt where message_id = any ($1) group by message_id`,
    [ids.map(toUuid)],
  );
  return rows.map(({ classes }) => classes);
}

/** What was given back shall leave without the clock, but for the moment until the lane is looked at again. */
async function goOn(ids: string[], ms: number): Promise<void> {
  const look = async () => {
    story.clock.advance(ms);
    return statuses(ids);
  };
  await expect.poll(look).toEqual(new Set(['read']));
}

test('is given back when the answer is lost', async () => {
  const ids = await sendWithCuts(1, 'answered');
  await goOn(ids, 0);
  expect(proxy.cuts()).toBe(cuts + 1);
  expect(await classesOf(ids)).toEqual(ids.map(() => ['released', 'accepted']));
});

test('is given back, if it took anything, when the connection is cut as PostgreSQL takes it', async () => {
  const ids = await sendWithCuts(1, 'taken');
  // Who gives back may come before the claim, and looks again.
  await goOn(ids, 100);
  for (const classes of await classesOf(ids))
    expect(classes.filter(name => name !== 'released')).toEqual(['accepted']);
});

test('is given back when it comes to its turn after somebody has looked what it took', async () => {
  // Two, as the messages leave by the next claim that is answered.
  const ids = await sendWithCuts(2, 'late');
  await expect.poll(() => proxy.cuts()).toBe(cuts + 2);
  await story.settle();
  await proxy.passLate();
  expect(await statuses(ids)).toEqual(new Set(['sending']));
  await goOn(ids, 100);
  expect(await classesOf(ids)).toEqual(ids.map(() => ['released', 'accepted']));
});

test('where one after the other is lost, the lane is tried again more and more slowly', async () => {
  const ids = await sendWithCuts(4, 'answered');
  await expect.poll(() => proxy.cuts()).toBe(cuts + 2);
  const cutsAfter = async (ms: number) => {
    await story.settle();
    await story.advance(ms);
    return proxy.cuts() - cuts;
  };
  expect(await cutsAfter(900)).toBe(2);
  expect(await cutsAfter(200)).toBe(3);
  expect(await cutsAfter(1_900)).toBe(3);
  expect(await cutsAfter(200)).toBe(4);
  expect(await cutsAfter(3_900)).toBe(4);
  expect(await statuses(ids)).toEqual(new Set(['queued']));
  await goOn(ids, 200);
  expect(await classesOf(ids)).toEqual(ids.map(() => [...Array(4).fill('released'), 'accepted']));
});

test('what cannot be given back at first is given back later, and keeps the lane from nothing', async () => {
  await story.sql('alter function give_back_claim rename to give_back_nothing');
  const ids = await sendWithCuts(1, 'answered');
  await expect.poll(() => proxy.cuts()).toBe(cuts + 1);
  await story.settle();
  const other = await story.send();
  await goOn([other.id], 0);
  expect(await statuses(ids)).toEqual(new Set(['sending']));
  await story.sql('alter function give_back_nothing rename to give_back_claim');
  await goOn(ids, 1_000);
  expect(await classesOf(ids)).toEqual(ids.map(() => ['released', 'accepted']));
});
