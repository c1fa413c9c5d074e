// An asynchronous standby takes over without the last commits. Recado cannot bring them back; it tells everybody of the loss.
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { toUuid } from '../../server/kit/ids.ts';
import { type Connected, openStream } from '../setup/event-clients.ts';
import { type Client, owner } from './client.ts';
import { type ClusterPrograms, startClusterPrograms } from './cluster-programs.ts';
import { type PostgresPair, startPostgresPair } from './postgres-pair.ts';
import { pause, until } from './processes.ts';
import { makeFolder } from './program.ts';
import { type Random, randomFrom } from './random.ts';

export interface LostCommits {
  accepted: number;
  /** Accepted, and not in the new primary. */
  lost: number;
  /** Recipients who were written to twice. */
  twice: number;
  unknown: number;
  /** From the promotion until the stream was told that it misses something, in milliseconds. */
  toldAfterMs: number;
}

interface Accepted {
  id: string;
  to: string;
  at: number;
}

const clients = 8;
/** For how long commits reach the primary only, in milliseconds. */
const [least, most] = [500, 1_500];

/** Plays so many rounds. */
export async function playLostCommits(
  rounds: number,
  seed: number,
  tell: (line: string) => void,
): Promise<{ rounds: LostCommits[]; mistakes: string[] }> {
  const folder = await makeFolder();
  const closers: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 10 })];
  const random = randomFrom(seed);
  const mistakes: string[] = [];
  const played: LostCommits[] = [];
  try {
    const pair = await startPostgresPair(folder, 'async');
    closers.push(pair.close);
    const programs = await startClusterPrograms(folder, { DATABASE_URL: pair.url }, closers);
    for (let round = 1; round <= rounds; round++) {
      const found = await playRound(round, programs, pair, random, mistakes);
      played.push(found);
      tell(`round ${round}: ${found.accepted} accepted, ${found.lost} lost, ${found.twice} called twice`);
      if (round < rounds) await pair.rejoin();
    }
    mistakes.push(...programs.deaths());
    return { rounds: played, mistakes };
  } finally {
    for (const step of closers.splice(0).reverse()) await step();
  }
}

async function playRound(
  round: number,
  { client, ledger }: ClusterPrograms,
  pair: PostgresPair,
  random: Random,
  mistakes: string[],
): Promise<LostCommits> {
  const { body } = await client.call('GET', '/api/v1/accounts');
  const account = body.data[0].id;
  const limits = { rate: { messages: 100_000, seconds: 1 }, per_day: null };
  await client.call('PATCH', `/api/v1/accounts/${account}`, { limits });
  const load = startLoad(client, account, round);
  const stream = followStream(client);
  await stream.open();
  await pause(2_000);
  const cut = performance.now();
  await pair.loseCommits(random.whole(least, most));
  const promoted = performance.now();
  await until('messages are accepted again', 60, async () => (load.accepted.at(-1)?.at ?? 0) > promoted, 20);
  await pause(2_000);
  await load.stop();
  const database = new pg.Client(pair.connection());
  await database.connect();
  const rows = async <Row>(query: string, ...values: unknown[]) => (await database.query(query, values)).rows as Row[];
  await until('every message has left', 120, async () => {
    const open = `select 1 from recado.message where direction = 'outbound' and status in ('queued', 'sending') limit 1`;
    return (await rows(open)).length === 0;
  });
  const ids = load.accepted.map(({ id }) => toUuid(id));
  const kept = new Set(
    (await rows<{ id: string }>('select id from recado.message where id = any ($1::uuid[])', ids)).map(({ id }) => id),
  );
  const lost = load.accepted.filter(({ id }) => !kept.has(toUuid(id)));
  for (const { id, at } of lost)
    if (at < cut - 500) mistakes.push(`round ${round}: ${id} was lost, and was with the standby`);
  const calls = new Map<string, number>();
  for (const { to } of await ledger()) calls.set(to, (calls.get(to) ?? 0) + 1);
  const ofRound = load.accepted.map(({ to }) => to.slice(1));
  const unknown = await rows(`select 1 from recado.message where id = any ($1::uuid[]) and status = 'unknown'`, ids);
  const metrics = await (await fetch(`${client.url}/metrics`)).text();
  const noticed = Number(/^recado_commits_lost_total (\d+)/m.exec(metrics)?.[1] ?? 0);
  if (noticed < round) mistakes.push(`round ${round}: the API has noticed ${noticed} losses`);
  const toldAt = await stream.told().catch(() => undefined);
  if (toldAt === undefined) mistakes.push(`round ${round}: the stream was never told`);
  // The stream tells each later event.
  const after = load.accepted.filter(({ at }) => toldAt !== undefined && at > Math.max(toldAt, promoted));
  await until('the stream told all that came after', 60, async () => {
    const known = stream.messages();
    return after.every(({ id }) => known.has(id));
  }).catch(() => mistakes.push(`round ${round}: the stream left out messages that were accepted after it was told`));
  await stream.close();
  await database.end();
  return {
    accepted: load.accepted.length,
    lost: lost.length,
    twice: ofRound.filter(to => (calls.get(to) ?? 0) > 1).length,
    unknown: unknown.length,
    toldAfterMs: Math.round((toldAt ?? Number.NaN) - promoted),
  };
}

/** Clients that post without a pause, each message to a number of its own, until they are stopped. */
function startLoad({ call }: Client, accountId: string, round: number) {
  const accepted: Accepted[] = [];
  let stopped = false;
  let next = 0;
  async function post(): Promise<void> {
    while (!stopped) {
      const to = `+336${round % 10}${String(10_000_000 + next++).slice(1)}`;
      const message = { account_id: accountId, to, type: 'text', text: { body: 'hello' } };
      const key = { 'idempotency-key': to };
      for (;;) {
        const answer = await call('POST', '/api/v1/messages', message, key).catch(() => undefined);
        if (answer?.status === 202) accepted.push({ id: answer.body.id, to, at: performance.now() });
        if (answer?.status === 202 || stopped) break;
        await pause(100);
      }
      await pause(20);
    }
  }
  const posting = Promise.all(Array.from({ length: clients }, post));
  return {
    accepted,
    async stop() {
      stopped = true;
      await posting;
    },
  };
}

/** A stream that comes back after what it saw, and notes when it was told that it misses something. */
function followStream({ url, call }: Client) {
  const seen = new Set<string>();
  let toldAt: number | undefined;
  let current: Connected | undefined;
  let after: string | undefined;
  let closed = false;
  let isOpen = false;
  const take = () => {
    for (const { data } of current?.events ?? []) if ('message' in data) seen.add((data.message as { id: string }).id);
    if (current?.told.some(({ name }) => name === 'resync_required')) toldAt ??= performance.now();
  };
  async function follow(): Promise<void> {
    while (!closed) {
      try {
        const { body } = await call('POST', '/api/v1/auth/login', owner);
        current = await openStream(url, { token: body.access_token, after });
        isOpen = true;
        await current.ended;
        take();
        after = current.lastId();
      } catch (error) {
        // The API is away, or the event that was seen last is gone.
        if (String(error).includes('resync_required')) {
          toldAt ??= performance.now();
          after = undefined;
        }
      }
      await pause(100);
    }
  }
  const following = follow();
  return {
    open: () => until('the stream is open', 30, async () => isOpen),
    told: () =>
      until('the stream was told', 60, async () => {
        take();
        return toldAt;
      }),
    messages() {
      take();
      return seen;
    },
    async close() {
      closed = true;
      current?.drop();
      await following;
    },
  };
}
