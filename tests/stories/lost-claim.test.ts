// A claim whose answer is lost with its connection: what it took was never called, and leaves all the same.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { type DatabaseProxy, startProxy } from '../faults/proxy.ts';
import { makeDatabase, type Story, startStory } from '../setup/story.ts';

let proxy: DatabaseProxy;
let story: Story;
beforeAll(async () => {
  const { host, port, user } = inject('postgres');
  proxy = await startProxy(join(host, `.s.PGSQL.${port}`));
  const { pathname } = new URL(await makeDatabase('migrated'));
  story = await startStory({ databaseUrl: `postgresql://${user}@127.0.0.1:${proxy.port}${pathname}` });
});
afterAll(async () => {
  await story.close();
  await proxy.close();
});

const patience = { timeout: 20_000 };
const numbers = Array.from({ length: 8 }, (_, n) => `+3361300810${n}`);

test.each([
  ['after PostgreSQL has answered', true],
  ['as PostgreSQL takes the statement', false],
])('is given back when the connection is cut %s', async (_, answered) => {
  const path = `/api/v1/accounts/${story.account.id}`;
  await story.api('POST', `${path}/pause`);
  await story.settle();
  const { body } = await story.api('POST', '/api/v1/messages/batch', {
    messages: numbers.map(to => ({ account_id: story.account.id, to, type: 'text', text: { body: 'hello' } })),
  });
  const ids: string[] = body.results.map(({ message }: { message: { id: string } }) => message.id);
  await story.settle();
  const before = proxy.cuts();
  proxy.arm('claim_messages', 1, answered);
  await story.api('POST', `${path}/resume`);
  for (const id of ids) await expect.poll(async () => (await story.message(id)).status, patience).toBe('read');
  expect(proxy.cuts()).toBe(before + 1);
  const calls = [];
  for (const id of ids) {
    const { attempts } = await story.message(id);
    calls.push(attempts.map(({ class: outcome }: { class: string }) => outcome));
  }
  if (answered) expect(calls.filter(([first]) => first === 'handed_back').length).toBeGreaterThan(0);
  for (const classes of calls)
    expect(classes.filter((outcome: string) => outcome !== 'handed_back')).toEqual(['accepted']);
});
