// Every response of the channel is lost: there must be no second call, and the receipts must resolve all messages.
import pg from 'pg';
import type { Actors } from './actors.ts';
import { audit } from './audit.ts';
import { type ChannelFault, channelFaults, type Witness } from './load.ts';
import { pause, until } from './processes.ts';
import { type Random, randomFrom } from './random.ts';
import { noTimes } from './recovery.ts';
import { mistakesOf, openAccounts, type Result } from './scene.ts';

const manners: ChannelFault[] = ['answer lost', 'garbage for an answer', 'gateway error after accepting'];
const clients = 16;
const [firstArea, areas] = [201, 799];

export interface LostAnswersOptions {
  count: number;
  seed: number;
  /** The deadline, by performance.now(). */
  deadline: number;
  tell(line: string): void;
}

export interface LostAnswers {
  result: Result;
  /** Calls that the channel accepted. */
  calls: number;
  /** Attempts with an unknown outcome, because no response came. */
  unanswered: number;
  /** Messages resolved by receipts. */
  resolved: number;
  mistakes: string[];
}

/** Sends this many messages, waits until all are resolved or the deadline passes, and counts. */
export async function playLostAnswers(actors: Actors, options: LostAnswersOptions): Promise<LostAnswers> {
  const { count, deadline, tell } = options;
  const began = performance.now();
  const accountIds = await openAccounts(actors);
  const witness = await post(actors, accountIds, randomFrom(options.seed), options);
  tell(`${witness.accepted.length} messages accepted; waiting until everything has settled`);
  const client = new pg.Client(actors.connection());
  client.on('error', () => {});
  await client.connect();
  const number = async (query: string) => Number((await client.query(query)).rows[0].n);
  const settled = `select count(*)::int as n from recado.message where direction = 'outbound' and status in ('delivered', 'read')`;
  try {
    const others: string[] = [];
    const seconds = Math.max(1, (deadline - performance.now()) / 1_000);
    await until('every message is resolved', seconds, async () => (await number(settled)) === count).catch(
      (error: Error) => others.push(error.message),
    );
    const ledger = await actors.ledger();
    const findings = await audit(client, witness, ledger, { spans: [], places: 0 });
    const unanswered = await number(`select count(*)::int as n from recado.attempt where class = 'unknown'`);
    const attempts = await number('select count(*)::int as n from recado.attempt');
    if (attempts !== count) others.push(`${attempts} calls were begun for ${count} messages`);
    if (ledger.length !== count) others.push(`the channel accepted ${ledger.length} calls for ${count} messages`);
    if (unanswered !== count) others.push(`${unanswered} of ${count} calls had no readable response`);
    const result: Result = {
      ...findings,
      others: [...findings.others, ...others, ...actors.deaths()],
      scene: actors.name,
      faults: new Map(),
      channelFaults: new Map(
        manners.map(manner => [manner, witness.accepted.filter(({ fault }) => fault === manner).length]),
      ),
      repeated: witness.repeated,
      recovery: noTimes(),
      wakeupsFlushed: 0,
      cuts: 0,
      failedStarts: actors.failedStarts().length,
      seconds: (performance.now() - began) / 1_000,
    };
    const resolved = await number(settled);
    return { result, calls: ledger.length, unanswered, resolved, mistakes: mistakesOf(result) };
  } finally {
    await client.end();
  }
}

async function post(
  actors: Actors,
  accountIds: string[],
  random: Random,
  { count, deadline }: LostAnswersOptions,
): Promise<Witness> {
  const witness: Witness = { accepted: [], pairs: [], written: [], complaints: [], repeated: 0 };
  const places = new Map<ChannelFault, number>();
  let next = 0;

  async function one(n: number): Promise<void> {
    // Reuse known numbers as late as possible: until it is resolved, an unknown message holds its conversation.
    const fault = random.pick(manners);
    const place = places.get(fault) ?? 0;
    places.set(fault, place + 1);
    const area = firstArea + (place % areas);
    const accountId = accountIds[Math.floor(place / areas) % accountIds.length] ?? '';
    const to = `+1${area}55501${channelFaults[fault].digits}`;
    const key = `lost ${n}`;
    const body = { account_id: accountId, to, type: 'text', text: { body: key } };
    while (performance.now() < deadline) {
      const answer = await actors.client.call('POST', '/api/v1/messages', body, { 'idempotency-key': key });
      if (answer.status === 202) {
        witness.accepted.push({ id: answer.body.id, key, to, accountId, fault, at: performance.now() });
        return;
      }
      // A full queue is not a permanent rejection.
      if (answer.status !== 429 && answer.status !== 503) {
        witness.complaints.push(`${key} was rejected with ${answer.status} ${answer.body?.code}`);
        return;
      }
      witness.repeated++;
      await pause(200);
    }
  }

  async function client(): Promise<void> {
    while (next < count) await one(next++);
  }
  await Promise.all(Array.from({ length: clients }, client));
  return witness;
}
