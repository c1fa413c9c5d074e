// A stream and a socket through lost connections, killed processes and changes of node: the ids that they saw are
// exactly the log.
import type { PublicEvent } from '@recado/contract';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Actor, end, freePort, launchNode, until } from '../faults/processes.ts';
import { randomFrom } from '../faults/random.ts';
import { type Connected, openSocket, openStream, type Wish } from '../setup/event-clients.ts';
import { logIsOpen } from '../setup/event-log.ts';
import { isWhole } from '../setup/rotation.ts';
import { type Scenario, startScenario } from '../setup/scenario.ts';
import { portOf } from '../setup/socket.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

const seed = Number(process.env.SEED ?? 1 + Math.floor(Math.random() * 1e6));
const [disconnections, messages] = isWhole ? [100, 160] : [30, 100];

let scenario: Scenario;
/** A node of its own process, which is killed. */
let mortal: { url: string; actor: Actor };
let port: number;
beforeAll(async () => {
  scenario = await startScenario();
  port = await freePort();
  mortal = await startMortal();
});
afterAll(async () => {
  await end(mortal?.actor);
  await scenario?.close();
});

async function startMortal() {
  const env = { ...scenario.env, PORT: String(port), ROLES: 'api', LOG_LEVEL: 'warn' };
  const actor = launchNode('scripts/start.mjs', '/', env);
  const url = `http://127.0.0.1:${port}`;
  await until(`the node is ready: ${actor.words()}`, 90, async () => (await fetch(`${url}/readyz`)).ok);
  return { url, actor };
}

async function logAfter(after: string): Promise<string[]> {
  await logIsOpen(scenario);
  const ids: string[] = [];
  for (let last = after, isMore = true; isMore; ) {
    const { body } = await scenario.api('GET', `/api/v1/events?limit=1000&after=${last}`);
    ids.push(...body.data.map((event: PublicEvent) => event.id));
    last = body.last_id;
    isMore = body.has_more;
  }
  return ids;
}

/** What a client saw over all its connections. */
interface Journey {
  seen: string[];
  connections: number;
  byNode: Set<string>;
}

/** Connects again and again, after the last event, until it was disconnected often enough and has the whole log. */
async function travel(
  open: (url: string, wish: Wish) => Promise<Connected>,
  start: string,
  random: () => number,
  isOver: () => string | undefined,
): Promise<Journey> {
  const journey: Journey = { seen: [], connections: 0, byNode: new Set() };
  let after: string | undefined = start;
  while (journey.connections <= disconnections || after !== isOver()) {
    const url = random() < 0.5 ? mortal.url : `http://127.0.0.1:${portOf(scenario)}`;
    // A node that is being started again rejects the connection.
    const connected: Connected | undefined = await open(url, { token: await scenario.token(), after }).catch(
      () => undefined,
    );
    if (!connected) {
      await fetch(`${url}/readyz`).catch(() => new Promise(resolve => setImmediate(resolve)));
      continue;
    }
    journey.connections++;
    journey.byNode.add(url);
    const enough = Math.floor(random() * 12);
    let isEnded = false;
    void connected.ended.then(() => {
      isEnded = true;
    });
    const isLast = journey.connections > disconnections;
    await until(
      'the next events came',
      240,
      async () =>
        isEnded ||
        (!isLast && connected.events.length >= enough) ||
        (isOver() !== undefined && connected.lastId() === isOver()),
      2,
    );
    connected.drop();
    // Nothing that comes later is seen.
    journey.seen.push(...connected.events.splice(0).map(({ id }) => id));
    after = journey.seen.at(-1) ?? start;
  }
  return journey;
}

test(`both see exactly the log, whatever happens to them (SEED=${seed})`, async () => {
  const first = await openStream(mortal.url, { token: await scenario.token() });
  const start = await until('a position', 20, async () => first.lastId());
  first.drop();
  let last: string | undefined;
  const write = async () => {
    const { next } = randomFrom(seed);
    for (let n = 0; n < messages; n++) {
      await scenario.send(`+336123700${10 + Math.floor(next() * 20)}`);
      // Twice the node is killed, and starts again.
      if (n % 40 === 39) {
        await end(mortal.actor);
        mortal = await startMortal();
      }
    }
    await scenario.settle();
    last = (await logAfter(start)).at(-1);
  };
  const [streamed, socketed] = await Promise.all([
    travel(openStream, start, randomFrom(seed + 1).next, () => last),
    travel(openSocket, start, randomFrom(seed + 2).next, () => last),
    write(),
  ]);
  const log = await logAfter(start);
  expect(log.length).toBeGreaterThan(messages * 4);
  for (const journey of [streamed, socketed]) {
    expect(journey.seen).toEqual(log);
    expect(journey.connections).toBeGreaterThan(disconnections);
    expect(journey.byNode.size).toBe(2);
  }
});
