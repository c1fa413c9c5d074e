// Webhooks of one endpoint, by turns with bare posts of the same bodies to the same receiver.
import { Pool } from 'undici';
import { freePort, until } from '../../tests/faults/processes.ts';
import { type Environment, monotonic, type RecadoContestant, sending } from '../environment.ts';
import { drive } from '../load.ts';
import type { Received } from '../receiver.ts';
import { written } from '../stats.ts';
import type { Order } from './part.ts';

/** How many requests are under way at once, for both. */
const concurrency = 100;
const seconds = 4;

export interface Posts {
  /** A second, in each round. */
  webhooks: number[];
  bare: number[];
}

export async function webhookPosts(environment: Environment, order: Order): Promise<Posts> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  await environment.script('the receiver', './receiver.ts', { port });
  const ask = async <Answer>(path: string) => (await (await fetch(url + path)).json()) as Answer;
  const recado = await environment.startRecado({
    name: 'events_webhooks',
    accounts: 20,
    env: { WEBHOOK_ALLOWED_HOSTS: `127.0.0.1:${port}` },
  });
  // Their messages wait, so that the deliveries have the machine for themselves.
  for (const id of recado.accounts) await succeed(recado, 'POST', `/api/v1/accounts/${id}/pause`);
  const endpoint = await succeed(recado, 'POST', '/api/v1/endpoints', {
    url: `${url}/webhooks`,
    event_types: ['message.queued'],
    concurrency,
  });
  const path = `/api/v1/endpoints/${endpoint.id}`;
  const posts: Posts = { webhooks: [], bare: [] };
  let first = 0;
  for (let round = 0; round <= order.rounds; round++) {
    await ask('/reset');
    await succeed(recado, 'PATCH', path, { status: 'paused' });
    const request = sending(recado, '/api/v1/messages', await recado.token(), `webhooks ${round}`);
    const { count } = await drive({ url: recado.url, connections: 32, seconds, request, first, status: 202 });
    first += count;
    await until('every event has its delivery', 120, async () => (await waiting(recado)) === count, 200);
    const began = monotonic();
    await succeed(recado, 'PATCH', path, { status: 'active' });
    const received = await until('every webhook arrived', 300, async () => {
      const now = await ask<Received>('/');
      return now.count === count && now;
    });
    if (received.repeated > 0) throw new Error(`${received.repeated} webhooks came again`);
    const webhooks = count / ((received.last - began) / 1_000);
    const bare = await barePosts(url, await ask<[string, string][]>('/bodies'));
    order.tell(`events, round ${round}: ${written(webhooks)} webhooks/s, ${written(bare)} bare posts/s`);
    // The first round warms up.
    if (round > 0) posts.webhooks.push(webhooks);
    if (round > 0) posts.bare.push(bare);
  }
  recado.actor.signal('SIGTERM');
  await recado.actor.gone;
  return posts;
}

async function succeed(recado: RecadoContestant, method: string, path: string, body?: object) {
  const answer = await recado.client.call(method, path, body);
  if (answer.status >= 300) throw new Error(`${method} ${path} was answered with ${JSON.stringify(answer)}`);
  return answer.body;
}

async function waiting(recado: RecadoContestant): Promise<number> {
  const [row] = await recado.sql<{ n: number }>(`select count(*)::int as n from delivery where status = 'waiting'`);
  return row?.n ?? Number.NaN;
}

/** Posts these bodies as fast as the receiver takes them. Returns how many a second. */
async function barePosts(url: string, bodies: [string, string][]): Promise<number> {
  const pool = new Pool(url, { connections: concurrency });
  const began = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      for (let post = bodies[next++]; post; post = bodies[next++]) {
        const headers = { 'content-type': 'application/json', 'webhook-id': post[0] };
        const answer = await pool.request({ method: 'POST', path: '/webhooks', headers, body: post[1] });
        await answer.body.dump();
      }
    }),
  );
  const rate = bodies.length / ((performance.now() - began) / 1_000);
  await pool.close();
  return rate;
}
