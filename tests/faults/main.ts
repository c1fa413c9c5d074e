// `npm run faults`: plays a fault schedule against the real program. Prints lost, duplicated, unexpected or false
// results.
import { cpus } from 'node:os';
import type { Fault } from './actors.ts';
import { actorsAlone } from './actors-alone.ts';
import { actorsCluster } from './actors-cluster.ts';
import { actorsFailover } from './actors-failover.ts';
import { playLostAnswers } from './lost-answers.ts';
import { type LostCommits, playLostCommits } from './lost-commits.ts';
import { type Order, readOrder } from './order.ts';
import { timesInWords, tooLate } from './recovery.ts';
import { mistakesOf, playScene, type Result, sum, summaryOf } from './scene.ts';

/** Ends the run even if something hangs. */
function endHard(deadline: number): void {
  const timer = setTimeout(
    () => {
      console.error('the run exceeded its deadline and is aborted');
      process.exit(1);
    },
    deadline - performance.now() + 900_000,
  );
  timer.unref();
}

/** Half of the faults for each set of actors, one after the other. */
async function run(order: Order): Promise<Result> {
  // A fault with its recovery and load takes 3 to 5 s; even a run three times as slow must end.
  const deadline = performance.now() + 300_000 + order.kills * 15_000;
  endHard(deadline);
  const results: Result[] = [];
  for (const [index, open] of order.actorSets.entries()) {
    const share = (order.kills * (index + 1)) / order.actorSets.length;
    const kills = Math.round(share) - results.reduce((count, result) => count + total(result.faults), 0);
    const actors = await open(order.store);
    try {
      const tell = (line: string) => console.error(`${actors.name}: ${line}`);
      const { messagesPerKill, only } = order;
      const seed = order.seed + index;
      const common = { seed, kills, messagesPerKill, long: true, deadline, tell };
      const timed = only && { fits: (fault: Fault) => fault.kind === only, timed: true };
      const result = await playScene(actors, { ...common, ...timed });
      tell(summaryOf(result));
      results.push(result);
    } finally {
      await actors.close();
    }
  }
  return sum(results);
}

const total = (counts: Map<string, number>) => [...counts.values()].reduce((left, right) => left + right, 0);
const list = (counts: Map<string, number>) => [...counts].map(([name, count]) => `${name} ${count}`).join(', ');

/** Takes a few minutes at most: some hundred messages a second, and receipts within seconds. */
async function loseAnswers({ store, seed }: Order, count: number): Promise<void> {
  const deadline = performance.now() + 300_000 + count * 50;
  endHard(deadline);
  const actors = await actorsAlone(store);
  try {
    const tell = (line: string) => console.error(`${actors.name}: ${line}`);
    const { result, calls, unanswered, resolved, mistakes } = await playLostAnswers(actors, {
      count,
      seed,
      deadline,
      tell,
    });
    for (const mistake of mistakes) console.error(mistake);
    console.log(summaryOf(result));
    console.log(
      `calls ${calls}, without a response ${unanswered}, resolved by receipts ${resolved}, still unknown ${result.unknown}`,
    );
    console.log(`seed ${seed}, store ${store}, ${Math.round(result.seconds)} s`);
    console.log(`of the channel: ${list(result.channelFaults)}`);
    console.log(`requests repeated ${result.repeated}; mistakes ${mistakes.length}`);
    process.exitCode = mistakes.length > 0 ? 1 : 0;
  } finally {
    await actors.close();
  }
  process.exit();
}

/** Each way in which a primary fails, this many times. */
async function failOver({ seed, messagesPerKill }: Order, rounds: number): Promise<void> {
  const deadline = performance.now() + 300_000 + rounds * 120_000;
  endHard(deadline);
  const actors = await actorsFailover(rounds);
  try {
    const tell = (line: string) => console.error(line);
    const kills = rounds * actors.faults.length;
    const result = await playScene(actors, { seed, kills, messagesPerKill, long: true, deadline, tell });
    const { events, mistakes: astray } = await actors.compareEvents();
    const mistakes = [...mistakesOf(result), ...astray];
    for (const mistake of mistakes) console.error(mistake);
    console.log(summaryOf(result));
    console.log(`seed ${seed}, ${Math.round(result.seconds)} s, faults: ${list(result.faults)}`);
    for (const [name, times] of actors.answered) {
      const seconds = times.map(ms => (ms / 1_000).toFixed(1)).join(', ');
      console.log(`${name}: the API took a change after ${seconds} s`);
    }
    console.log(`events compared with an endpoint and a stream: ${events}`);
    console.log(`requests repeated ${result.repeated}; mistakes ${mistakes.length}`);
    process.exitCode = mistakes.length > 0 ? 1 : 0;
  } finally {
    await actors.close();
  }
  process.exit();
}

/** An asynchronous standby takes over without the last commits, this many times. */
async function loseCommits({ seed }: Order, rounds: number): Promise<void> {
  endHard(performance.now() + 300_000 + rounds * 120_000);
  const { rounds: played, mistakes } = await playLostCommits(rounds, seed, line => console.error(line));
  for (const mistake of mistakes) console.error(mistake);
  const sum = (of: (round: LostCommits) => number) => played.reduce((total, round) => total + of(round), 0);
  console.log(
    `accepted ${sum(r => r.accepted)}, lost ${sum(r => r.lost)}, called twice ${sum(r => r.twice)}, unknown ${sum(r => r.unknown)}`,
  );
  for (const [n, { lost, twice, toldAfterMs }] of played.entries())
    console.log(`round ${n + 1}: lost ${lost}, called twice ${twice}, the stream was told after ${toldAfterMs} ms`);
  console.log(`seed ${seed}; mistakes ${mistakes.length}`);
  process.exit(mistakes.length > 0 ? 1 : 0);
}

async function main(): Promise<void> {
  // The processes of the run end with it, on any signal.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const order = readOrder(process.argv.slice(2));
  console.error(`seed ${order.seed}, Node ${process.version}, ${cpus().length} cores`);
  if (order.lostAnswers !== undefined) return loseAnswers(order, order.lostAnswers);
  if (order.failovers !== undefined)
    return order.losesCommits ? loseCommits(order, order.failovers) : failOver(order, order.failovers);
  const result = await run(order);
  const mistakes = [...mistakesOf(result), ...tooLate(result.recovery)];
  if (order.only === 'redis-flush' && order.actorSets.includes(actorsCluster) && result.wakeupsFlushed === 0)
    mistakes.push('no wake-up was lost to the flushes, so they prove nothing');
  for (const mistake of mistakes) console.error(mistake);
  console.log(summaryOf(result));
  console.log(
    `seed ${order.seed}, store ${order.store}, kills ${total(result.faults)}, ${Math.round(result.seconds)} s`,
  );
  if (order.only) for (const line of timesInWords(result.recovery)) console.log(line);
  if (order.only === 'redis-flush') console.log(`wake-ups lost to flushes: ${result.wakeupsFlushed}`);
  const killed = new Map([...result.faults].filter(([name]) => name.includes('killed')));
  console.log(`faults: ${list(result.faults)}; of them with SIGKILL ${total(killed)}`);
  console.log(`of the channel: ${list(result.channelFaults)}`);
  console.log(
    `requests repeated ${result.repeated}, starts that failed ${result.failedStarts}, connections cut ${result.cuts}; mistakes ${mistakes.length}`,
  );
  // A failed operation that nobody awaits must not keep the run open.
  process.exit(mistakes.length > 0 ? 1 : 0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
