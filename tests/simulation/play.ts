// Plays many seeds, side by side in databases of their own.
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../server/kit/migrate.ts';
import { packageRoot } from '../../server/kit/package-root.ts';
import { brokenPromises, lateWords } from './promises.ts';
import { playSeed } from './schedule.ts';
import { openStage, type Server } from './stage.ts';

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
  broken: number;
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

/** Plays `count` seeds from `first` on; `tell` hears of each that breaks a promise. Ends early when `enough` says so. */
export async function playSeeds(
  server: Server,
  databases: string[],
  first: number,
  count: number,
  tell: (seed: number, broken: string[], trace: string[]) => void,
  enough: (total: Total) => boolean = () => false,
): Promise<Total> {
  const total: Total = {
    played: 0,
    steps: 0,
    crashes: 0,
    calls: 0,
    lateWords: 0,
    cancelsOfSending: 0,
    cancelsLostToClaim: 0,
    broken: 0,
  };
  let next = first;
  await Promise.all(
    databases.map(async database => {
      const stage = await openStage(server, database);
      try {
        for (let turn = 1; next < first + count && !enough(total); turn++) {
          const seed = next++;
          if (turn % 200 === 0) await stage.clear();
          const played = await playSeed(seed, stage);
          const broken = await brokenPromises(played);
          const { trace } = played.world;
          total.played++;
          total.steps += trace.length;
          total.crashes += trace.filter(line => line.endsWith(' dies')).length;
          total.calls += played.meta.arrivals.length;
          total.lateWords += await lateWords(played);
          total.cancelsOfSending += played.cancels.ofSending;
          total.cancelsLostToClaim += played.cancels.lostToClaim;
          if (broken.length > 0) {
            total.broken++;
            tell(seed, broken, trace);
            await stage.clear();
          }
        }
      } finally {
        await stage.close();
      }
    }),
  );
  return total;
}
