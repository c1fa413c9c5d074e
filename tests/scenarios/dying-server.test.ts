// A dying PostgreSQL ends connections in the packet of an answer: no process ends, and no message is lost or doubled.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DyingServer, startDyingServer } from '../setup/dying-server.ts';
import { makeDatabase, type Scenario, startScenario } from '../setup/scenario.ts';

let server: DyingServer;
let story: Scenario;

beforeAll(async () => {
  server = await startDyingServer(await makeDatabase('migrated'));
  story = await startScenario({ databaseUrl: server.url });
});

afterAll(async () => {
  await story?.close();
  await server?.close();
});

test('connections that end with an answer end no process', async () => {
  const send = async (n: number) => {
    const body = { account_id: story.account.id, to: `+3361300${1000 + n}`, type: 'text', text: { body: 'hello' } };
    for (;;) {
      const answer = await story.api('POST', '/api/v1/messages', body, { 'idempotency-key': `dying-${n}` });
      if (answer.status === 202) return String(answer.body.id);
      expect(answer.status).toBe(503);
    }
  };
  const ids: string[] = [];
  for (let round = 0; round < 4; round++) {
    server.end(4);
    if (round % 2 === 0) server.die(6);
    ids.push(...(await Promise.all(Array.from({ length: 8 }, (_, n) => send(round * 8 + n)))));
  }
  expect(server.ended()).toBeGreaterThan(8);
  for (const id of ids) await expect.poll(async () => (await story.message(id)).status).toBe('read');
  const calls = story.simulator.ledger.entries().map(entry => entry.to);
  expect(new Set(calls).size).toBe(ids.length);
  expect(calls).toHaveLength(ids.length);
});
