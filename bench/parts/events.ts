// Events out: from the commit to a client, and the memory of many clients on one process.
import { readFileSync } from 'node:fs';
import { freePort, pause, until } from '../../tests/faults/processes.ts';
import { type Environment, monotonic, openEnvironment, type RecadoContestant, sending } from '../environment.ts';
import type { Arrivals, ListenerSettings } from '../listeners.ts';
import { openConnection } from '../load.ts';
import { residentOf } from '../resident.ts';
import { aim, median, quantile, ratio, spread, written } from '../stats.ts';
import type { Order, Section } from './part.ts';
import { webhookPosts } from './webhook-posts.ts';

const perRound = 100;
/** The aim is for so many; fewer if the system allows fewer open files, or if they are ordered with `--rows`. */
const mostClients = 10_000;
/** So long everything rests before its memory is read. */
const restSeconds = 20;

type Kind = ListenerSettings['kind'];
const kinds: Kind[] = ['stream', 'socket'];
const words: Record<Kind, string> = { stream: 'SSE', socket: 'Socket.IO' };

export async function events(order: Order): Promise<Section> {
  const environment = await openEnvironment(0);
  try {
    const idle = await idleWaits(environment, order);
    const clients = Math.min(mostClients, order.rows, openFiles() - 500);
    const posts = await webhookPosts(environment, order);
    const crowds: Crowd[] = [];
    for (const kind of kinds) crowds.push(await crowd(environment, kind, clients, order));
    return {
      title: 'events: from the commit to the client',
      how: `Idle: one message every 20 to 80 ms to one process with both roles, one client of each kind, ${order.rounds} rounds of ${perRound}. The time is from writing the request to the arrival of its event \`message.queued\` at the client, which includes the commit; and from the response, which follows the commit. Memory: resident memory of an api process with ${clients.toLocaleString('en')} clients of one API key, in another process, less what it had before; both after ${restSeconds} s of rest. One event to all: from writing the request to the arrival at the last client. Webhooks: events of messages that wait, from the moment when their endpoint is resumed to the arrival of the last one at a receiver that answers at once, 100 requests at a time; by turns with posts of the same bodies to it, without Recado.`,
      table: [
        ['', 'SSE', 'Socket.IO'],
        ...[0.5, 0.99].map(part => [
          `idle, request to event, p${part * 100} ms`,
          ...kinds.map(kind => written(quantile(idle[kind].fromRequest, part))),
        ]),
        ['idle, response to event, p50 ms', ...kinds.map(kind => written(median(idle[kind].fromResponse)))],
        ['clients', ...crowds.map(({ clients }) => clients.toLocaleString('en'))],
        ['memory a client, KB', ...crowds.map(({ perClient }) => written(perClient))],
        ['one event to all of them, median ms', ...crowds.map(({ toAll }) => written(median(toAll)))],
        ['connections a second', ...crowds.map(({ rate }) => written(rate))],
      ],
      notes: [
        aim('Webhooks to bare posts of the same bodies', ratio(posts.webhooks, posts.bare), 0.5),
        `Webhooks/s: ${spread(posts.webhooks)}; bare posts/s: ${spread(posts.bare)}.`,
        ...kinds.map(kind =>
          aim(`${words[kind]}, request to event, p50`, quantile(idle[kind].fromRequest, 0.5), 20, 'at most', ' ms'),
        ),
        ...crowds.map(({ kind, perClient }) => aim(`${words[kind]}, memory a client`, perClient, 30, 'at most', ' KB')),
      ],
    };
  } finally {
    await environment.close();
  }
}

interface Waits {
  fromRequest: number[];
  fromResponse: number[];
}

/** The waits of single messages. */
async function idleWaits(environment: Environment, order: Order): Promise<Record<Kind, Waits>> {
  const recado = await environment.startRecado({ name: 'events_idle', accounts: 1 });
  const listeners = new Map<Kind, Listeners>();
  for (const kind of kinds) listeners.set(kind, await listen(environment, recado, kind, 1));
  const waits: Record<Kind, Waits> = {
    stream: { fromRequest: [], fromResponse: [] },
    socket: { fromRequest: [], fromResponse: [] },
  };
  for (let round = 0; round <= order.rounds; round++) {
    const told = await oneByOne(recado, round);
    for (const [kind, { arrivals, reset }] of listeners) {
      const { events } = await until('every event arrived', 30, async () => {
        const now = await arrivals();
        return [...told.keys()].every(id => now.events[id]) && now;
      });
      for (const [id, { asked, answered }] of told) {
        const at = events[id]?.first ?? Number.NaN;
        // The first round warms up.
        if (round > 0) waits[kind].fromRequest.push(at - asked);
        if (round > 0) waits[kind].fromResponse.push(at - answered);
      }
      await reset();
    }
    order.tell(`events, idle, round ${round}`);
  }
  for (const { end } of listeners.values()) await end();
  return waits;
}

/** Sends single messages; returns when each was asked for and answered, by the id of its event. */
async function oneByOne(recado: RecadoContestant, round: number) {
  const request = sending(recado, '/api/v1/messages', await recado.token(), `events ${round}`);
  const connection = await openConnection(recado.url);
  const byMessage = new Map<string, { asked: number; answered: number }>();
  try {
    for (let number = 0; number < perRound; number++) {
      await pause(20 + Math.random() * 60);
      const asked = monotonic();
      const { status, body } = await connection.ask(request(round * perRound + number));
      if (status !== 202) throw new Error(`a message was answered with ${status}: ${body}`);
      byMessage.set(JSON.parse(body).id, { asked, answered: monotonic() });
    }
  } finally {
    connection.close();
  }
  return byEvent(recado, byMessage);
}

/** The same, by the id of the event that the message was queued. */
async function byEvent<Value>(recado: RecadoContestant, byMessage: Map<string, Value>): Promise<Map<string, Value>> {
  const found = new Map<string, Value>();
  for (let after = ''; ; ) {
    const path = `/api/v1/events?types=message.queued&limit=1000${after && `&after=${after}`}`;
    const { body } = await recado.client.call('GET', path);
    for (const { id, data } of body.data) {
      const value = byMessage.get(data.message.id);
      if (value !== undefined) found.set(id, value);
    }
    if (!body.has_more) break;
    after = body.last_id;
  }
  if (found.size !== byMessage.size) throw new Error(`${byMessage.size} messages have ${found.size} events`);
  return found;
}

interface Crowd {
  kind: Kind;
  clients: number;
  /** Kilobytes. */
  perClient: number;
  /** Milliseconds. */
  toAll: number[];
  /** Connections a second. */
  rate: number;
}

/** Connects many clients to one process. */
async function crowd(environment: Environment, kind: Kind, clients: number, order: Order): Promise<Crowd> {
  const recado = await environment.startRecado({ name: `events_${kind}`, accounts: 1, roles: 'api' });
  const few = await listen(environment, recado, kind, Math.min(200, clients));
  await oneByOneQuietly(recado, 20);
  await few.end();
  await pause(restSeconds * 1_000);
  const before = residentOf(recado.actor.pid);
  const began = performance.now();
  const all = await listen(environment, recado, kind, clients);
  const rate = clients / ((performance.now() - began) / 1_000);
  await pause(restSeconds * 1_000);
  const perClient = ((residentOf(recado.actor.pid) - before) * 1_024) / clients;
  order.tell(`events: ${clients} clients by ${words[kind]}, ${written(perClient)} KB each`);
  const toAll: number[] = [];
  for (let number = 0; number < 5; number++) {
    const told = await oneByOneQuietly(recado, 1);
    for (const [id, asked] of told) {
      const arrived = await until('the event arrived everywhere', 60, async () => {
        const event = (await all.arrivals()).events[id];
        return event?.count === clients && event;
      });
      toAll.push(arrived.last - asked);
    }
  }
  const { lost } = await all.arrivals();
  if (lost > 0) throw new Error(`${lost} of ${clients} connections were lost`);
  await all.end();
  recado.actor.signal('SIGTERM');
  await recado.actor.gone;
  return { kind, clients, perClient, toAll, rate };
}

/** Adds contacts, which no worker touches; returns when each was asked for, by the id of its event. */
async function oneByOneQuietly(recado: RecadoContestant, count: number): Promise<Map<string, number>> {
  const byContact = new Map<string, number>();
  const { body: start } = await recado.client.call('GET', '/api/v1/events?limit=1000');
  for (let n = 0; n < count; n++) {
    const asked = monotonic();
    const { body } = await recado.client.call('POST', '/api/v1/contacts', { name: `Contact ${asked}` });
    byContact.set(body.id, asked);
  }
  const { body } = await recado.client.call('GET', `/api/v1/events?limit=1000&after=${start.last_id}`);
  return new Map(
    body.data.flatMap(({ id, data }: { id: string; data: { contact_id?: string } }) => {
      const asked = byContact.get(data.contact_id ?? '');
      return asked === undefined ? [] : [[id, asked] as const];
    }),
  );
}

interface Listeners {
  arrivals(): Promise<Arrivals>;
  reset(): Promise<void>;
  end(): Promise<void>;
}

/** Starts clients in a process of their own, and waits until all are connected. */
async function listen(
  environment: Environment,
  recado: RecadoContestant,
  kind: Kind,
  clients: number,
): Promise<Listeners> {
  const made = await recado.client.call('POST', '/api/v1/keys', {
    name: `Listener ${monotonic()}`,
    scopes: ['messages.read', 'contacts.read'],
  });
  const port = await freePort();
  const settings: ListenerSettings = { port, url: recado.url, kind, clients, key: made.body.key };
  const actor = await environment.script('a crowd', './listeners.ts', settings);
  const ask = async (path: string): Promise<Arrivals> =>
    (await (await fetch(`http://127.0.0.1:${port}${path}`)).json()) as Arrivals;
  const arrivals = () => ask('/');
  await until(`${clients} clients are connected`, 180, async () => (await arrivals()).connected === clients, 200);
  return {
    arrivals,
    reset: async () => void (await ask('/reset')),
    async end() {
      actor.signal('SIGKILL');
      await actor.gone;
    },
  };
}

/** How many files a process may have open. Node.js raises its own limit to this. */
function openFiles(): number {
  const most = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  return most === undefined ? 1_024 : Number(most);
}
