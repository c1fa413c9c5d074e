// `npm run faults`: plays a schedule of faults on the real program and prints what was lost, doubled, unexpected or lied about.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Cast } from './cast.ts';
import { castAlone, type Store } from './cast-alone.ts';
import { castCluster } from './cast-cluster.ts';
import { figuresOf, mistakesOf, playScene, type Result, sum } from './scene.ts';

const usage =
  'npm run faults -- [--kills 200] [--store postgres|redis] [--seed N] [--messages-per-kill 60] [--casts alone,cluster]';

interface Order {
  kills: number;
  store: Store;
  seed: number;
  messagesPerKill: number;
  casts: ((store: Store) => Promise<Cast>)[];
}

const casts: Record<string, (store: Store) => Promise<Cast>> = { alone: castAlone, cluster: castCluster };

function readOrder(): Order {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: '200' },
      store: { type: 'string', default: 'postgres' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      'messages-per-kill': { type: 'string', default: '60' },
      casts: { type: 'string', default: 'alone,cluster' },
    },
  });
  const [kills, seed, messagesPerKill] = [values.kills, values.seed, values['messages-per-kill']].map(Number);
  const chosen = values.casts.split(',').map(name => casts[name]);
  const { store } = values;
  if (store !== 'postgres' && store !== 'redis') throw new Error(usage);
  const known = chosen.filter(cast => cast !== undefined);
  if (!kills || !messagesPerKill || seed === undefined || Number.isNaN(seed) || known.length < chosen.length)
    throw new Error(usage);
  return { kills, store, seed, messagesPerKill, casts: known };
}

/** Half of the faults for each cast, one cast after the other. */
async function run(order: Order): Promise<Result> {
  // A fault with its repair and the load before it takes 3 to 5 s; a run that takes three times as long has to end too.
  const deadline = performance.now() + 300_000 + order.kills * 15_000;
  const hardEnd = setTimeout(
    () => {
      console.error('the run did not come to its end in time, and is given up');
      process.exit(1);
    },
    deadline - performance.now() + 900_000,
  );
  hardEnd.unref();
  const results: Result[] = [];
  for (const [index, open] of order.casts.entries()) {
    const share = (order.kills * (index + 1)) / order.casts.length;
    const kills = Math.round(share) - results.reduce((count, result) => count + total(result.faults), 0);
    const cast = await open(order.store);
    try {
      const tell = (line: string) => console.error(`${cast.name}: ${line}`);
      const { seed, messagesPerKill } = order;
      const result = await playScene(cast, { seed: seed + index, kills, messagesPerKill, long: true, deadline, tell });
      tell(figuresOf(result));
      results.push(result);
    } finally {
      await cast.close();
    }
  }
  return sum(results);
}

const total = (counts: Map<string, number>) => [...counts.values()].reduce((left, right) => left + right, 0);
const list = (counts: Map<string, number>) => [...counts].map(([name, count]) => `${name} ${count}`).join(', ');

async function main(): Promise<void> {
  // The processes of the run end with it, whoever ends it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(1));
  const order = readOrder();
  console.error(`seed ${order.seed}, Node ${process.version}, ${cpus().length} cores`);
  const result = await run(order);
  const mistakes = mistakesOf(result);
  for (const mistake of mistakes) console.error(mistake);
  console.log(figuresOf(result));
  console.log(
    `seed ${order.seed}, store ${order.store}, kills ${total(result.faults)}, ${Math.round(result.seconds)} s`,
  );
  console.log(`faults: ${list(result.faults)}`);
  console.log(`of the channel: ${list(result.channelFaults)}`);
  console.log(
    `requests repeated ${result.repeated}; of the unknown, dropped by the channel ${result.unknownByChannelFault}; other mistakes ${mistakes.length}`,
  );
  // What broke in an operation that nobody awaits any more must not keep the run open.
  process.exit(mistakes.length > 0 || total(result.faults) < order.kills ? 1 : 0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
