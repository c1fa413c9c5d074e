// An api and two workers on a primary with a synchronous standby: the primary fails in four ways. An endpoint and a
// stream take all events meanwhile.
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { eventUuid } from '../../server/features/events/index.ts';
import { toId } from '../../server/kit/ids.ts';
import { type Connected, openStream } from '../setup/event-clients.ts';
import { type Receiver, startReceiver } from '../setup/receiver.ts';
import type { Actors, Fault } from './actors.ts';
import { type Client, owner } from './client.ts';
import { startClusterPrograms } from './cluster-programs.ts';
import { type PostgresPair, startPostgresPair } from './postgres-pair.ts';
import { pause, until } from './processes.ts';
import { makeFolder } from './program.ts';

export interface FailoverActors extends Actors {
  /** From each fault until the API answered a request that writes, in milliseconds, by the name of the fault. */
  answered: Map<string, number[]>;
  /** How many events were compared, and what an endpoint or the stream did not get, or got out of order, as text. */
  compareEvents(): Promise<{ events: number; mistakes: string[] }>;
}

/** `rounds` of each fault. */
export async function actorsFailover(rounds: number): Promise<FailoverActors> {
  const folder = await makeFolder();
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 10 })];
  const close = async () => {
    for (const step of closers.splice(0).reverse()) await step();
  };
  try {
    const pair = await startPostgresPair(folder);
    closers.push(pair.close);
    const receiver = await startReceiver();
    closers.push(receiver.close);
    const env = { DATABASE_URL: pair.url, WEBHOOK_ALLOWED_HOSTS: receiver.host };
    const programs = await startClusterPrograms(folder, env, closers);
    const { client } = programs;
    const { status } = await client.call('POST', '/api/v1/endpoints', { url: receiver.url('/all'), concurrency: 20 });
    if (status !== 201) throw new Error(`the endpoint was answered with ${status}`);
    const { body } = await client.call('GET', '/api/v1/accounts');
    const path = `/api/v1/accounts/${body.data[0].id}`;
    const writes = async () => (await client.call('PATCH', path, { name: 'First' })).status === 200;
    const stream = followStream(client);
    closers.push(stream.close);
    await stream.open();
    const answered = new Map<string, number[]>();
    return {
      name: 'an api and two workers on a primary with a synchronous standby',
      ...programs,
      connection: pair.connection,
      faults: faultsOf(pair, writes, rounds, answered),
      answered,
      compareEvents: () => compareEvents(pair, receiver, stream),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function faultsOf(
  pair: PostgresPair,
  writes: () => Promise<boolean>,
  rounds: number,
  answered: Map<string, number[]>,
): Fault[] {
  const fault = (name: string, act: () => Promise<void>, needsStandby: boolean): Fault => ({
    name,
    target: 'database',
    weight: 1,
    most: rounds,
    keepsFromStarting: true,
    async act() {
      const began = performance.now();
      await act();
      await until('the API takes a change', 60, writes, 20);
      answered.set(name, [...(answered.get(name) ?? []), performance.now() - began]);
      if (needsStandby) await pair.rejoin();
    },
  });
  return [
    fault('primary killed', pair.killPrimary, true),
    fault('primary hung', pair.hangPrimary, true),
    fault('primary restarted', pair.restartPrimary, false),
    fault('standby promoted', pair.promote, true),
  ];
}

// Events ----------------------------------------------------------------------

interface Stream {
  ids: string[];
  /** Settles once it is open. */
  open(): Promise<void>;
  close(): Promise<void>;
}

/** A stream that comes back after what it saw. */
function followStream({ url, call }: Client): Stream {
  const ids: string[] = [];
  let current: Connected | undefined;
  let after: string | undefined;
  let closed = false;
  let opened = () => {};
  const isOpen = new Promise<void>(resolve => {
    opened = resolve;
  });
  async function follow(): Promise<void> {
    while (!closed) {
      try {
        const { body } = await call('POST', '/api/v1/auth/login', owner);
        current = await openStream(url, { token: body.access_token, after });
        opened();
        await current.ended;
        ids.push(...current.events.map(event => event.id));
        after = current.lastId();
        current = undefined;
      } catch {
        // The API is away.
      }
      await pause(200);
    }
  }
  const following = follow();
  return {
    get ids() {
      return [...ids, ...(current?.events.map(event => event.id) ?? [])];
    },
    open: () => isOpen,
    async close() {
      closed = true;
      current?.drop();
      await following;
    },
  };
}

/** Events of messages, as they are in the log, at the endpoint and in the stream. */
async function compareEvents(pair: PostgresPair, receiver: Receiver, stream: Stream) {
  const client = new pg.Client(pair.connection());
  await client.connect();
  const { rows } = await client.query<{ id: string; at: Date }>(
    `select id, at from recado.logged_event where type like 'message.%' order by xid, id`,
  );
  await client.end();
  const expected = rows.map(({ id, at }) => toId('event', eventUuid({ id: Number(id), at })));
  const got = {
    endpoint: () => receiver.got('/all').map(({ event }): string => event.id),
    stream: () => stream.ids,
  };
  const mistakes: string[] = [];
  for (const [where, ids] of Object.entries(got)) {
    const missing = () => {
      const known = new Set(ids());
      return expected.filter(id => !known.has(id));
    };
    await until('all events came', 120, async () => missing().length === 0, 500).catch(() => {});
    mistakes.push(...missing().map(id => `the ${where} did not get ${id}`));
  }
  // At most the event under way is told again after a connection ends: a stream has its order from the log.
  const places = new Map(expected.map((id, place) => [id, place]));
  const order = [...new Set(stream.ids)].flatMap(id => places.get(id) ?? []);
  if (order.some((place, index) => place < (order[index - 1] ?? 0))) mistakes.push('the stream was out of order');
  return { events: expected.length, mistakes };
}
