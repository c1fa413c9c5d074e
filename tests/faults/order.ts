// The options of `npm run faults`.
import { parseArgs } from 'node:util';
import { type Actors, type FaultKind, faultKinds } from './actors.ts';
import { actorsAlone, type Store } from './actors-alone.ts';
import { actorsCluster } from './actors-cluster.ts';
import { actorsDisk } from './actors-disk.ts';

export const usage = `npm run faults -- [--kills 200] [--store postgres|redis] [--seed N] [--messages-per-kill 60]
  [--actors alone,cluster,disk] [--only ${faultKinds.join('|')}]
or npm run faults -- --lost-answers 10000 [--store postgres|redis]
or npm run faults -- --failover [--asynchronous] [--rounds 5] [--seed N]: needs Debian's package postgresql`;

export interface Order {
  kills: number;
  store: Store;
  seed: number;
  messagesPerKill: number;
  actorSets: ((store: Store) => Promise<Actors>)[];
  /** The only kind of fault to play, with timing. */
  only: FaultKind | undefined;
  /** Instead of faults: this many messages whose response is lost. */
  lostAnswers: number | undefined;
  /** Instead of these faults: how often the primary of two servers fails in each way. */
  failovers: number | undefined;
  /** Whether their standby is asynchronous, and gets no more when the primary dies. */
  losesCommits: boolean;
}

const actorSets: Record<string, (store: Store) => Promise<Actors>> = {
  alone: actorsAlone,
  cluster: actorsCluster,
  disk: actorsDisk,
};

/** The order in a command line. @throws Error with the usage */
export function readOrder(args: string[]): Order {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '200' },
      store: { type: 'string', default: 'postgres' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      'messages-per-kill': { type: 'string', default: '60' },
      actors: { type: 'string', default: 'alone,cluster' },
      only: { type: 'string' },
      'lost-answers': { type: 'string' },
      failover: { type: 'boolean', default: false },
      asynchronous: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '5' },
    },
  });
  const [kills, seed, messagesPerKill] = [values.kills, values.seed, values['messages-per-kill']].map(Number);
  const chosen = values.actors.split(',').map(name => actorSets[name]);
  const { store } = values;
  if (store !== 'postgres' && store !== 'redis') throw new Error(usage);
  const known = chosen.filter(actors => actors !== undefined);
  if (!kills || !messagesPerKill || seed === undefined || Number.isNaN(seed) || known.length < chosen.length)
    throw new Error(usage);
  const only = faultKinds.find(kind => kind === values.only);
  if (values.only !== undefined && !only) throw new Error(usage);
  if (only === 'redis-flush' && store !== 'redis') throw new Error(`--only redis-flush needs --store redis\n${usage}`);
  const lostAnswers = values['lost-answers'] === undefined ? undefined : Number(values['lost-answers']);
  if (lostAnswers !== undefined && !(lostAnswers > 0)) throw new Error(usage);
  const rounds = Number(values.rounds);
  if (!(rounds > 0)) throw new Error(usage);
  const failovers = values.failover ? rounds : undefined;
  const losesCommits = values.asynchronous;
  if (losesCommits && failovers === undefined) throw new Error(usage);
  return { kills, store, seed, messagesPerKill, actorSets: known, only, lostAnswers, failovers, losesCommits };
}
