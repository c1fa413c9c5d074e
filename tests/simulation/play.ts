// Plays many seeds, side by side in databases of their own.
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import pg from 'pg';
import { migrate } from '../../server/kit/db/migrate.ts';
import { toUuid } from '../../server/kit/ids.ts';
import { packageRoot } from '../../server/kit/os/package-root.ts';
import type { Environment, Server } from './environment.ts';
import type { Played } from './played.ts';
import { lateWords } from './promises/repeats.ts';
import { brokenPromises } from './promises.ts';
import { playSeed } from './schedule.ts';
import type { World } from './world.ts';

/** What became of schedules; each number is a sum, but for the digest. */
export interface Total {
  played: number;
  steps: number;
  crashes: number;
  calls: number;
  /** How often a process said that it had made no call when another had been told to make it again. */
  lateWords: number;
  /** Cancellations that found their message being sent, and those that began before its claim and lost against it. */
  cancelsOfSending: number;
  cancelsLostToClaim: number;
  /** What operators did, with or without effect. */
  actions: number;
  /** People that were erased to the end. */
  erased: number;
  broken: number;
  /** How often a process died before or after a step of this kind. */
  struck: Record<string, number>;
  /** The same for the same seeds on the same sources, in whatever order they were played. */
  digest: number;
}

export const noTotal: Total = {
  played: 0,
  steps: 0,
  crashes: 0,
  calls: 0,
  lateWords: 0,
  cancelsOfSending: 0,
  cancelsLostToClaim: 0,
  actions: 0,
  erased: 0,
  broken: 0,
  struck: {},
  digest: 0,
};

export function plus(left: Total, right: Total): Total {
  const sum = { ...left, struck: { ...left.struck }, digest: (left.digest ^ right.digest) >>> 0 };
  for (const name of Object.keys(noTotal) as (keyof Total)[])
    if (name !== 'struck' && name !== 'digest') sum[name] += right[name];
  for (const [step, n] of Object.entries(right.struck)) sum.struck[step] = (sum.struck[step] ?? 0) + n;
  return sum;
}

/** A schedule that broke a promise. */
export interface Failure {
  seed: number;
  broken: string[];
  trace: string[];
}

/** Makes a database, migrated, and gives its name. */
export async function makeDatabase(server: Server, name: string): Promise<string> {
  const client = new pg.Client({ ...server, database: 'postgres' });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  await migrate({ ...server, database: name }, join(packageRoot, 'migrations'));
  return name;
}

/** After so many schedules a database forgets them: later its tables make the next ones slow, sooner the forgetting does. */
const mostKept = 40;

/** The seeds from `first` on. */
export const seedsFrom = (first: number, count: number): number[] => Array.from({ length: count }, (_, n) => first + n);

/** Plays these seeds; `tell` hears of each that breaks a promise. */
export async function playSeeds(
  environments: Environment[],
  seeds: readonly number[],
  tell: (failure: Failure) => void,
): Promise<Total> {
  let total = noTotal;
  const left = seeds.values();
  await Promise.all(
    environments.map(async environment => {
      for (const seed of left) {
        if (environment.played >= mostKept) await environment.clear();
        const played = await playSeed(seed, environment);
        const broken = await brokenPromises(played);
        // Awaited apart: another stage adds to the sum meanwhile.
        const own = await totalOf(played);
        await environment.retire(played.accounts.map(({ id }) => toUuid(id)));
        total = plus(total, { ...own, broken: broken.length > 0 ? 1 : 0 });
        if (broken.length === 0) continue;
        tell({ seed, broken, trace: played.world.trace });
        await environment.clear();
      }
    }),
  );
  return total;
}

async function totalOf(played: Played): Promise<Omit<Total, 'broken'>> {
  const { trace } = played.world;
  return {
    played: 1,
    steps: trace.length,
    crashes: trace.filter(line => line.endsWith(' dies')).length,
    calls: played.meta.arrivals.length,
    lateWords: await lateWords(played),
    cancelsOfSending: played.cancels.ofSending,
    cancelsLostToClaim: played.cancels.lostToClaim,
    actions: trace.filter(line => line.startsWith('an operator')).length,
    erased: trace.filter(line => line.endsWith(': erased')).length,
    struck: countStruck(played.world),
    digest: crc32(`${played.seed}\n${trace.join('\n')}`),
  };
}

/** Labels of steps that say whom or what they concern, and what their kinds are called here. */
const kinds: [RegExp, string][] = [
  [/^call arrives at /, 'call'],
  [/^hears /, 'answer'],
  [/^a file arrives/, 'upload'],
  [/^insert into inbound_payload/, 'store a post'],
  [/^select \* from reconcile/, 'reconcile'],
  // Only those that apply posts have no name of their own.
  [/^transaction$/, 'apply posts'],
];

function countStruck({ struck }: World): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { label, side } of struck) {
    const step = `${kinds.find(([words]) => words.test(label))?.[1] ?? label} (${side})`;
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts;
}
