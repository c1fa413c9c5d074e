// A scene: actors under load, a fault schedule, a quiet phase, and the audit.
import pg from 'pg';
import type { Actors, Fault } from './actors.ts';
import { audit, type Findings, figureNames, heldQuery, sentStatuses } from './audit.ts';
import { startLoad } from './load.ts';
import { until } from './processes.ts';
import { randomFrom } from './random.ts';
import { addTimes, noTimes, type RecoveryTimes, timeRecovery } from './recovery.ts';
import { type Played, play, unfounded } from './schedule.ts';

export interface SceneOptions {
  seed: number;
  kills: number;
  messagesPerKill: number;
  /** How long they may take. */
  patienceSeconds?: number;
  /**
   * Whether to include faults of half a minute, and to wait two minutes until no message is held by an unknown one;
   * otherwise held messages are counted separately.
   */
  long: boolean;
  /** Which faults are drawn; all by default. */
  fits?: (fault: Fault) => boolean;
  /** Whether to measure recovery after each fault. */
  timed?: boolean;
  /** The deadline of the scene, by performance.now(). */
  deadline: number;
  tell(line: string): void;
}

export interface Result extends Findings {
  scene: string;
  faults: Map<string, number>;
  channelFaults: Map<string, number>;
  repeated: number;
  recovery: RecoveryTimes;
  wakeupsFlushed: number;
  cuts: number;
  failedStarts: number;
  seconds: number;
}

/** Plays one scene with ready actors; the caller closes them. */
export async function playScene(actors: Actors, options: SceneOptions): Promise<Result> {
  const began = performance.now();
  const random = randomFrom(options.seed);
  const accountIds = await openAccounts(actors);
  const load = startLoad(actors, accountIds, randomFrom(random.whole(0, 2 ** 31)));
  const { witness } = load;
  const recovery = noTimes();
  const schedule = {
    ...options,
    accepted: () => witness.accepted.length,
    isOver: () => performance.now() > options.deadline,
    ...(options.timed && {
      after: (began: number, acts: Fault[]) =>
        timeRecovery(actors, witness, { began, byItself: acts.every(fault => fault.byItself) }, recovery),
    }),
  };
  let played: Played;
  try {
    played = await play(actors, schedule, random);
  } finally {
    await load.stop();
  }
  options.tell(`${witness.accepted.length} messages accepted; waiting until everything has settled`);
  const client = new pg.Client(actors.connection());
  client.on('error', () => {});
  await client.connect();
  try {
    const restless = await settle(client, actors, witness.written, options);
    const endings = { spans: played.endings, places: accountIds.length * callsAbreast };
    const findings = await audit(client, witness, await actors.ledger(), endings);
    const failedStarts = actors.failedStarts();
    return {
      ...findings,
      others: [
        ...findings.others,
        ...restless,
        ...actors.deaths(),
        ...played.complaints,
        ...unfounded(failedStarts, played.outages),
      ],
      scene: actors.name,
      faults: played.faults,
      channelFaults: countChannelFaults(witness.accepted),
      repeated: witness.repeated,
      recovery,
      wakeupsFlushed: actors.wakeupsFlushed?.() ?? 0,
      cuts: actors.cuts?.() ?? 0,
      failedStarts: failedStarts.length,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await client.end();
  }
}

const callsAbreast = 10;

/** Three accounts limited only by their concurrency. */
export async function openAccounts(actors: Actors): Promise<string[]> {
  const { call } = actors.client;
  const limits = { rate: { messages: 100_000, seconds: 1 }, per_day: null, concurrency: callsAbreast };
  for (const name of ['Second', 'Third']) await call('POST', '/api/v1/accounts', { name, channel: 'sandbox', limits });
  const { body } = await call('GET', '/api/v1/accounts');
  const ids: string[] = body.data.map(({ id }: { id: string }) => id);
  for (const id of ids) {
    const { status } = await call('PATCH', `/api/v1/accounts/${id}`, { limits });
    if (status !== 200) throw new Error(`the limits of an account were answered with ${status}`);
  }
  return ids;
}

/** Waits, within bounds, until every message has its outcome and every receipt arrived; returns what did not settle. */
async function settle(
  client: pg.Client,
  actors: Actors,
  written: string[],
  { long, tell }: SceneOptions,
): Promise<string[]> {
  const count = async (query: string) => (await client.query(query)).rowCount ?? 0;
  const openQuery = `select id from recado.message where direction = 'outbound' and status in ('queued', 'sending')`;
  const restless: string[] = [];
  const wait = (what: string, seconds: number, look: () => Promise<boolean>) =>
    until(what, seconds, look).catch((error: Error) => {
      restless.push(error.message);
      tell(error.message);
    });

  await wait('every message has left', long ? 300 : 90, async () => {
    const open = await count(openQuery);
    return open === 0 || (!long && open === (await count(heldQuery)));
  });
  // Receipts resolve unknown messages; the simulator retries unacknowledged ones after 30 s at most.
  await wait('every receipt is in', 120, async () => {
    const ledger = await actors.ledger();
    const tokens = ledger.map(entry => entry.token);
    return (
      (await count(`select id from recado.inbound_payload where processed_at is null`)) === 0 &&
      (
        await client.query(
          `select m.id from recado.attempt a join recado.message m on m.id = a.message_id
           where a.token = any ($1::uuid[]) and not m.status = any ($2)`,
          [tokens, sentStatuses.slice(1)],
        )
      ).rowCount === 0
    );
  });
  // They use the same path, and may wait longer for a retry than all receipts.
  await wait('all that was written is in', 120, async () => {
    const { rows } = await client.query<{ text: string }>(
      `select distinct content ->> 'body' as text from recado.message where direction = 'inbound'`,
    );
    const texts = new Set(rows.map(({ text }) => text));
    return written.every(text => texts.has(text));
  });
  return restless;
}

function countChannelFaults(accepted: { fault: string | undefined }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { fault } of accepted) if (fault) counts.set(fault, (counts.get(fault) ?? 0) + 1);
  return counts;
}

// Text -----------------------------------------------------------------------

/** The sum of several scenes. */
export function sum(results: Result[]): Result {
  const [first, ...rest] = results;
  if (!first) throw new Error('there is no result');
  return rest.reduce(
    (left, right) => ({
      scene: `${left.scene}, ${right.scene}`,
      accepted: left.accepted + right.accepted,
      lost: [...left.lost, ...right.lost],
      duplicated: [...left.duplicated, ...right.duplicated],
      unexpected: [...left.unexpected, ...right.unexpected],
      lied: [...left.lied, ...right.lied],
      unknown: left.unknown + right.unknown,
      dropped: left.dropped + right.dropped,
      ended: left.ended + right.ended,
      unexplained: [...left.unexplained, ...right.unexplained],
      uncalled: [...left.uncalled, ...right.uncalled],
      held: left.held + right.held,
      unresolved: [...left.unresolved, ...right.unresolved],
      others: [...left.others, ...right.others],
      faults: addCounts(left.faults, right.faults),
      channelFaults: addCounts(left.channelFaults, right.channelFaults),
      repeated: left.repeated + right.repeated,
      recovery: addTimes(left.recovery, right.recovery),
      wakeupsFlushed: left.wakeupsFlushed + right.wakeupsFlushed,
      cuts: left.cuts + right.cuts,
      failedStarts: left.failedStarts + right.failedStarts,
      seconds: left.seconds + right.seconds,
    }),
    first,
  );
}

function addCounts(left: Map<string, number>, right: Map<string, number>): Map<string, number> {
  const both = new Map(left);
  for (const [name, count] of right) both.set(name, (both.get(name) ?? 0) + count);
  return both;
}

/** The summary line. */
export const summaryOf = (result: Result): string =>
  [
    `accepted ${result.accepted}`,
    ...figureNames.map(name => `${name} ${result[name].length}`),
    `unknown ${result.unknown}: dropped by the channel ${result.dropped}, by faults ${result.ended}`,
  ].join(' ');

/** Broken promises, one line each. */
export const mistakesOf = (result: Result): string[] => [
  ...figureNames.flatMap(name => result[name].map(id => `${name}: ${id}`)),
  ...result.uncalled.map(id => `ended without a call: ${id}`),
  ...result.unexplained.map(id => `unknown, though neither dropped nor under way at a fault: ${id}`),
  ...result.unresolved.map(id => `unknown although its receipts came: ${id}`),
  ...result.others,
];
